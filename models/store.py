"""The models of this machine: those that ship with the program, and those in the data folder."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadInput, Conflict, NotFound, SharpEyesError

from .card import NAME_PATTERN, Card, load_card
from .download import Progress, check_address, download
from .entry import Entry, ModelState, Origin, Verdict
from .model_file import ModelFile, check_hash
from .precision import Precision
from .whole_files import held, move, on_disk, room_beside, sha256_of

_HERE = Path(__file__).parent
_CARDS = _HERE / "cards"
_WEIGHTS = _HERE / "weights"

Fits = Callable[[ModelFile], object]
"""Raises `BadInput` where an ONNX file does not fit its card (`inference.fit.open_session`)."""


class ModelStore:
    """Models by name. Any thread and any process may call it: files appear whole, by an atomic rename.

    `folder` is the data folder's `models/`, made when first needed; `mirror` a folder or a base URL to pull from
    instead of the internet.
    """

    def __init__(self, folder: Path, mirror: str | None = None) -> None:
        self._folder = folder
        self._mirror = mirror

    def card(self, name: str) -> Card:
        """The card of the model called `name`. Raises `NotFound` with the names that are known."""
        return self._card(name)[0]

    def find(self, name: str, prefer: Precision | None = None) -> ModelFile:
        """The model called `name`, without looking into its weights. Raises `NotFound` (with how to get it).

        Of a card with several files it is the one of precision `prefer`, else the first of the card that is here.
        """
        card, origin = self._card(name)
        here = self._here(card)
        if here:
            return next((model for model in here if model.precision is prefer), here[0])
        path = self._folder / card.file(card.precisions[0])
        if origin is Origin.ADDED:
            raise NotFound(f"the weights of model {name!r} are gone: {path}", hint=f"Add them again: {_adding(name)}")
        hint = f"Fetch it: sharp-eyes models pull {name}; or, from a file: {_adding(name)}"
        raise NotFound(f"model {name!r} is known, but its weights are not here yet ({path})", hint=hint)

    def pull(
        self, name: str, progress: Progress = lambda here, total: None, precision: Precision | None = None
    ) -> ModelFile:
        """Fetch a file of `name`, unless it is here: that of `precision`, else the first of the card.

        A broken download goes on where it stopped. Raises `NotFound`, `BadInput` (wrong bytes), `Unavailable` (network,
        disk), `Conflict` (being pulled already).
        """
        card, _ = self._card(name)
        which = card.precisions[0] if precision is None else precision
        if which not in card.precisions:
            raise NotFound(f"the card of {name!r} has no {which} file")
        model = ModelFile(card, self._path(card, which), which)
        if model.path.is_file() and card.accepts(sha256_of(model.path), which):
            return model
        if model.path.parent == _WEIGHTS:
            raise BadInput(f"the shipped weights of {name!r} are damaged: {model.path}", hint="Install it again.")
        with self._part(model) as part:
            if not (part.is_file() and card.accepts(sha256_of(part), which)):
                self._fetch(model, part, progress)
            move(part, model.path)
        return model

    def add(self, file: Path, card: str, fits: Fits) -> ModelFile:
        """Take `file` in, described by `card`: the path of a TOML file, or the name of a card that is known here.

        Which of the card's files it is, its hash tells. Raises `NotFound`, `Conflict` (the name is taken by another
        card), `BadInput` (wrong hash, bad card, or what `fits` says); nothing is changed then.
        """
        known, text = self._card_to_add(card)
        with on_disk(file):
            if not file.is_file():
                raise NotFound(f"there is no file {file}")
            which = _check_source(known, None, file)
        target = self._folder / known.file(which)
        with room_beside(target) as copy:
            shutil.copyfile(file, copy)
            check_hash(known, which, sha256_of(copy), copy.stat().st_size, str(file))
            fits(ModelFile(known, file, which))
            move(copy, target)
        if text is not None:
            with room_beside(described := self._folder / f"{known.name}.toml") as copy:
                copy.write_bytes(text)
                move(copy, described)
        return ModelFile(known, target, which)

    def verify(self, fits: Fits) -> tuple[Verdict, ...]:
        """A verdict on every file of every model, broken ones too. Raises nothing that a model can be blamed for."""
        return tuple(verdict for entry in self.list() for verdict in _judge(entry, fits))

    def list(self) -> tuple[Entry, ...]:
        """Every model that is known here, shipped ones first, then by name. A broken card is listed with its fault."""
        entries = []
        for path in (*sorted(_CARDS.glob("*.toml")), *self._added()):
            name = path.stem
            try:
                card, origin = self._card(name)
            except SharpEyesError as error:
                entries.append(Entry(name, Origin.ADDED, None, (), error.message))
                continue
            entries.append(Entry(name, origin, card, self._here(card)))
        return tuple(entries)

    def _card(self, name: str) -> tuple[Card, Origin]:
        if re.fullmatch(NAME_PATTERN, name):
            if (shipped := _CARDS / f"{name}.toml").is_file():
                card = load_card(shipped)
                is_here = any((_WEIGHTS / card.file(which)).is_file() for which in card.precisions)
                return card, Origin.SHIPPED if is_here else Origin.TO_PULL
            if (added := self._folder / f"{name}.toml").is_file():
                card = load_card(added)
                if card.name != name:
                    raise BadInput(f"{added} holds the card of {card.name!r}; expected {name!r}", field="name")
                return card, Origin.ADDED
        known = ", ".join(sorted(path.stem for path in (*_CARDS.glob("*.toml"), *self._added())))
        raise NotFound(
            f"there is no model called {name!r}; known are {known}", hint=f"To add one: {_adding('CARD.toml')}"
        )

    def _card_to_add(self, given: str) -> tuple[Card, bytes | None]:
        """The card, and its text where that is still to be stored."""
        path = Path(given)
        if path.suffix != ".toml":
            card, _ = self._card(given)
            if all(self._path(card, which).parent == _WEIGHTS for which in card.precisions):
                raise Conflict(f"the weights of {card.name!r} came with the program; there is nothing to add")
            return card, None
        card = load_card(path)
        try:
            known, origin = self._card(card.name)
        except NotFound:
            return card, path.read_bytes()
        if known != card or origin is Origin.SHIPPED:
            raise Conflict(f"there is already a model called {card.name!r}", hint=f"Rename it in {given}.")
        return known, None

    def _path(self, card: Card, which: Precision | None) -> Path:
        """Where the card's file of precision `which` lies, or will."""
        shipped = _WEIGHTS / card.file(which)
        is_shipped = (_CARDS / f"{card.name}.toml").is_file() and shipped.is_file()
        return shipped if is_shipped else self._folder / shipped.name

    def _here(self, card: Card) -> tuple[ModelFile, ...]:
        models = (ModelFile(card, self._path(card, which), which) for which in card.precisions)
        return tuple(model for model in models if model.path.is_file())

    def _added(self) -> tuple[Path, ...]:
        paths = sorted(self._folder.glob("*.toml"))
        return tuple(path for path in paths if not (_CARDS / path.name).exists())

    def _fetch(self, model: ModelFile, part: Path, progress: Progress) -> None:
        """Fill `part` with what the card accepts. What turns out to be something else does not stay."""
        card = model.card
        try:
            self._gather(model, part, progress)
            fetched = f"what was fetched for {card.name!r}"
            check_hash(card, model.precision, sha256_of(part), part.stat().st_size, fetched)
        except BadInput:
            part.unlink(missing_ok=True)
            raise

    def _gather(self, model: ModelFile, part: Path, progress: Progress) -> None:
        card, name = model.card, model.path.name
        wanted = card.files(model.precision)
        sizes = {file.size_bytes for file in wanted}
        if self._mirror is None:
            url = next((file.url for file in wanted if file.url), None)
            if url is None:
                what = "it" if len(card.precisions) == 1 else f"its {model.precision} file"
                hint = f"From a file: {_adding(card.name)}"
                raise NotFound(f"the card of {card.name!r} does not say where to fetch {what} from", hint=hint)
            download(url, part, sizes, progress, allow_http=False)
        elif "://" in self._mirror:
            check_address(self._mirror, allow_http=True)
            allow_http = self._mirror.startswith("http://")
            download(f"{self._mirror.rstrip('/')}/{name}", part, sizes, progress, allow_http=allow_http)
        else:
            source = Path(self._mirror) / name
            if not source.is_file():
                raise NotFound(f"the mirror has no {source}", hint=f"Put the weights of {card.name!r} there.")
            _check_source(card, model.precision, source)
            shutil.copyfile(source, part)
            progress(part.stat().st_size, part.stat().st_size)

    @contextmanager
    def _part(self, model: ModelFile) -> Iterator[Path]:
        """Where a download gathers, held by this process alone. It outlives a failure, so that the next goes on."""
        part = self._folder / f".{model.path.name}.part"
        with on_disk(part):
            self._folder.mkdir(parents=True, exist_ok=True)
            with held(part.with_suffix(".lock"), f"model {model.card.name!r} is being pulled"):
                yield part


def _check_source(card: Card, precision: Precision | None, file: Path) -> Precision | None:
    """Raises `BadInput` for another file, before it is copied: it may be larger than the disk. Says which it is."""
    sha256 = sha256_of(file)
    check_hash(card, precision, sha256, file.stat().st_size, str(file))
    return next(accepted.precision for accepted in card.accepted if accepted.sha256 == sha256)


def _judge(entry: Entry, fits: Fits) -> Iterator[Verdict]:
    if entry.card is None:
        yield Verdict(entry.name, ModelState.BROKEN, entry.fault or "its card cannot be read")
        return
    for model in entry.files:
        yield Verdict(entry.name, *_found_in(model, fits), model.precision)
    is_usable = bool(entry.files)
    for which in entry.absent:
        if entry.origin is Origin.ADDED and not is_usable:
            yield Verdict(entry.name, ModelState.BROKEN, f"its weights are gone; {_adding(entry.name)}", which)
        else:
            hint = f"not fetched yet; sharp-eyes models pull {entry.name}"
            yield Verdict(entry.name, ModelState.ABSENT, hint, which)


def _found_in(model: ModelFile, fits: Fits) -> tuple[ModelState, str]:
    try:
        model.read()
    except SharpEyesError as error:
        return ModelState.WRONG_HASH, error.message
    try:
        fits(model)
    except SharpEyesError as error:
        return ModelState.UNFIT, error.message
    return ModelState.SOUND, str(model.path)


def _adding(name: str) -> str:
    return f"sharp-eyes models add FILE --card {name}"
