import pytest

from core.box import Box
from inference.rules import condition_of
from tests.support.builders import a_box, a_rule, a_track, a_zone


@pytest.mark.parametrize(("label", "holds"), [("car", True), ("truck", True), ("person", False), ("ca", False)])
def test_it_holds_for_the_labels_of_the_rule(label: str, holds: bool) -> None:
    assert condition_of(a_rule(labels=["car", "truck"])).holds(a_track(label=label)) is holds


def test_without_a_zone_it_holds_anywhere() -> None:
    assert condition_of(a_rule()).holds(a_track(box=Box(0.95, 0.9, 1, 1)))


@pytest.mark.parametrize(("x", "holds"), [(0.2, True), (0.8, False)])
def test_with_a_zone_it_holds_for_feet_inside(x: float, holds: bool) -> None:
    assert condition_of(a_rule(zone=a_zone())).holds(a_track(box=a_box(x))) is holds
