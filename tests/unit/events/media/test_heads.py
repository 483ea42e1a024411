"""Where heads are looked for."""

import pytest

from core.box import Box
from events.media.heads import head_around_face, head_of_person, upper_half

WIDE = 16 / 9


def _person(height: float, tallness: float, *, top: float = 0.2, left: float = 0.3) -> Box:
    """A box `tallness` times as tall as wide in a picture of 16:9, `height` in shares of its height."""
    return Box(left, top, left + height / tallness / WIDE, top + height)


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )


def test_hair_ears_and_chin_are_covered_with_the_face() -> None:
    face = Box(0.4, 0.4, 0.5, 0.6)
    head = head_around_face(face)

    assert head.top <= 0.4 - 0.4 * face.height
    assert head.bottom >= 0.6 + 0.2 * face.height
    assert (head.left, head.right) == pytest.approx((0.365, 0.535))


def test_a_face_at_the_edge_is_covered_up_to_the_edge() -> None:
    assert _holds(head_around_face(Box(0.0, 0.0, 0.05, 0.1)), Box(0, 0, 0.05, 0.1))
    assert head_around_face(Box(0.9, 0.9, 1.0, 1.0)).bottom == 1.0


@pytest.mark.parametrize("tallness", [2.2, 2.8, 3.5])
def test_of_somebody_upright_the_upper_quarter_is_covered_and_not_the_body(tallness: float) -> None:
    person = _person(0.6, tallness)
    head = head_of_person(person, WIDE)

    assert _holds(head, Box(person.left, person.top, person.right, person.top + 0.25 * 0.6))
    assert head.bottom < person.top + 0.3 * 0.6


@pytest.mark.parametrize("tallness", [0.85, 1.0])
def test_of_somebody_cut_off_at_the_waist_the_upper_half_is_covered(tallness: float) -> None:
    person = _person(0.4, tallness)
    assert _holds(head_of_person(person, WIDE), Box(person.left, person.top, person.right, person.top + 0.2))


def test_somebody_lying_is_covered_whole() -> None:
    person = _person(0.15, 0.4)
    assert _holds(head_of_person(person, WIDE), person)


def test_a_head_above_the_box_is_covered_too() -> None:
    person = _person(0.6, 2.8)
    assert head_of_person(person, WIDE).top < person.top - 0.03 * person.height


def test_the_shape_of_the_picture_counts() -> None:
    upright_when_wide = Box(0.4, 0.2, 0.5, 0.6)
    assert head_of_person(upright_when_wide, 1.0).bottom < head_of_person(upright_when_wide, 4.0).bottom


def test_a_box_without_width_is_no_error() -> None:
    line = Box(0.5, 0.2, 0.5, 0.6)
    assert head_of_person(line, WIDE) == line


def test_a_closer_look_takes_in_what_is_covered_of_somebody_upright() -> None:
    person = _person(0.6, 2.8)
    head, look = head_of_person(person, WIDE), upper_half(person)
    assert _holds(look, Box(head.left, person.top, head.right, head.bottom))
