"""docs/reference/rules.md says of each kind what the code says."""

import re
from pathlib import Path

import pytest

from core.ids import CameraId
from core.rule import NEEDS, TAKES, RuleKind
from core.unfulfilled import Unfulfilled
from sharp_eyes.rules_file import STREET_LABELS, read_rules

PAGE = (Path(__file__).parent.parent / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^### (\w+)\n.*?^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
OF_ALL_TRACKS = {"min_score", "min_size", "min_path", "once_per_track"}


def test_each_kind_has_a_section_with_an_example() -> None:
    assert [kind for kind, _ in EXAMPLES] == [
        "object_in_zone",
        "intrusion",
        "line_crossed",
        "wrong_way",
        "loitering",
        "fast_motion",
        "crowding",
        "flow",
        "motion",
        "stream_lost",
    ]
    assert {kind for kind, _ in EXAMPLES} == {kind.value for kind in RuleKind}


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_each_example_is_a_rule_of_its_kind(kind: str, example: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(example)
    (rule,) = read_rules(path, CameraId(1), STREET_LABELS)
    assert rule.kind == kind


@pytest.mark.parametrize("kind", list(RuleKind))
def test_the_table_says_what_each_kind_needs_and_takes(kind: RuleKind) -> None:
    row = re.search(rf"^\| `{kind.value}` \|[^|]*\|([^|]*)\|([^|]*)\| (\d/\d+) \|$", PAGE, re.MULTILINE)
    assert row is not None
    needs, takes = (re.findall(r"`(\w+)`", cell) for cell in row.group(1, 2))
    assert tuple(needs) == NEEDS[kind]
    assert set(needs) | set(takes) == TAKES[kind] - (OF_ALL_TRACKS if kind is not RuleKind.MOTION else set())
    assert row.group(3) == "{}/{}".format(*kind.alarm_code)


def test_each_condition_at_which_a_track_may_fail_is_named() -> None:
    assert [condition for condition in Unfulfilled if f"`{condition.value}`" not in PAGE] == []
