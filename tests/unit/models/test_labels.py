"""Labels: things may be looked for, traits and names of people may not."""

import pytest

from core.errors import BadInput
from models.card import parse_card
from models.labels import check_labels, known_words, ruled_out
from models.task import Task

from .conftest import a_card

RULED_OUT = """
    man woman girl child female-person male_person face adult elderly asian han uyghur muslim happy angry smiling drunk
    suspect wanted plate letter digit landmark embedding criminal teenager gender age
"""


@pytest.mark.parametrize("label", RULED_OUT.split())
def test_a_label_about_a_person_is_refused_with_the_reason(label: str) -> None:
    with pytest.raises(BadInput, match="never who") as refusal:
        check_labels(Task.OBJECTS, ["car", label])
    assert refusal.value.field == "labels[1]"


@pytest.mark.parametrize("label", ["young person", "person old", "Black person", "licence plate", "happy face"])
def test_a_trait_beside_a_thing_is_refused(label: str) -> None:
    with pytest.raises(BadInput, match="never who"):
        check_labels(Task.OBJECTS, [label])


@pytest.mark.parametrize(
    "label", ["alice", "Zhang Wei", "张伟", "person 17", "0", "A", "female1", "m", "", " ", "car  "]
)
def test_a_name_or_a_number_is_refused(label: str) -> None:
    with pytest.raises(BadInput):
        check_labels(Task.OBJECTS, [label])


@pytest.mark.parametrize(
    "label", ["person", "fire hydrant", "excavator", "person without helmet", "smoke", "teddy bear"]
)
def test_a_thing_is_allowed(label: str) -> None:
    check_labels(Task.OBJECTS, [label])


def test_no_word_of_labels_is_one_that_is_ruled_out() -> None:
    assert not [word for word in known_words() if ruled_out(word)]


@pytest.mark.parametrize("labels", [["face", "eye"], ["person"], ["happy face"], []])
def test_a_face_finder_has_the_label_face_alone(labels: list[str]) -> None:
    with pytest.raises(BadInput):
        check_labels(Task.FACES, labels)


def test_a_label_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="'car' stands there twice"):
        check_labels(Task.OBJECTS, ["car", "bus", "car"])


def test_a_card_with_a_ruled_out_label_is_refused_as_a_whole() -> None:
    text = a_card().replace('"traffic light"', '"woman"')
    with pytest.raises(BadInput, match=r"small\.toml is refused: labels\[1\]: label 'woman': .* sex\."):
        parse_card(text, "small.toml")
