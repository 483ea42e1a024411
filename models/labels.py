"""Which labels a card may have: names of things, never a guess who or of what kind a person is.

A list of forbidden words alone would not hold (names of people have no end), so it is the other way round: a label is
made of words that name a thing or what somebody does there, and those words stand in `words.txt`. A few words are
refused with an explanation of their own, since whoever writes them meant something that Sharp Eyes does not do.

It is a check of words, not of honesty: a card that calls its face matcher `car` passes here. The second wall is the
decoding: it takes boxes and scores alone, and a file with any other output (an embedding, landmarks) does not fit.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from core.errors import BadInput

from .task import Task

MOST_LABELS = 1000
MOST_WORDS = 4

_RULED_OUT: dict[str, str] = {
    "age": "adult adults age aged ages baby boy boys child children elderly girl girls infant kid kids minor minors"
    " old senior seniors teen teenager teenagers toddler young youth",
    "sex": "boy boys female females gender girl girls lady ladies male males man men sex transgender woman women",
    "ethnicity or religion": "african arab asian black caucasian ethnic ethnicity european han hijab hispanic hui"
    " indian latino mongol muslim race skin tibetan turban uighur uygur uyghur veil white",
    "emotion or character": "afraid anger angry attractive beautiful criminal disgust drunk emotion emotional fear"
    " happy honest liar mood nervous neutral sad smile smiling surprise surprised suspect suspicious",
    "a face's identity": "arcface celebrity descriptor embedding eye eyes face faceid faces facial fingerprint gait id"
    " identity iris landmark landmarks name names reid wanted blacklist watchlist whitelist",
    "a plate's text": "alphanumeric anpr alpr character characters digit digits letter letters lpr ocr plate plates"
    " text",
}


def check_labels(task: Task, labels: Sequence[str]) -> None:
    """Raises `BadInput` (field `labels` or `labels[i]`) for a label that Sharp Eyes does not look for."""
    if not 1 <= len(labels) <= MOST_LABELS:
        raise BadInput(f"{len(labels)} labels; expected 1 to {MOST_LABELS}", field="labels")
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise BadInput(f"label {twice!r} stands there twice; expected each once", field="labels")
    if task is Task.FACES:
        if list(labels) != ["face"]:
            raise BadInput(
                f"found {list(labels)[:4]!r}; a face finder has the one label 'face', since faces are found to be"
                " masked and for nothing else",
                field="labels",
            )
        return
    for index, label in enumerate(labels):
        if problem := _problem(label):
            raise BadInput(f"label {label!r}: {problem}", field=f"labels[{index}]")


def _problem(label: str) -> str | None:
    """Why an object detector may not have this label, or None."""
    words = label.split(" ")
    for word in label.lower().replace("_", " ").replace("-", " ").split():
        if meant := ruled_out(word):
            return f"{word!r} is about {meant}. Sharp Eyes says what happened, never who, so it takes no such model"
    unknown = [word for word in words if word not in known_words()]
    if unknown:
        return (
            f"{unknown[0]!r} is not among the words that labels are made of (models/words.txt: small letters, names of"
            " things). If it names a thing, call it by a word from there, or propose the word to the project"
        )
    if len(words) > MOST_WORDS:
        return f"{len(words)} words; expected at most {MOST_WORDS}"
    return None


def ruled_out(word: str) -> str | None:
    """What about a person a word would tell ("age", "sex" ...), if it would tell something of the kind."""
    return next((about for about, words in _RULED_OUT.items() if word in words.split()), None)


@cache
def known_words() -> frozenset[str]:
    """The words that labels of object detectors are made of."""
    text = files(__package__).joinpath("words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
