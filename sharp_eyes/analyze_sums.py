"""The last lines of `sharp-eyes analyze`: what flow rules counted, and why nothing happened."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.line import Direction
from core.rule import Rule, RuleId, RuleKind
from core.unfulfilled import RuleAccount

Line = dict[str, Any]
Flow = tuple[RuleId, Direction, str]
"""What is counted apart: rule, direction, label."""


def flow_lines(rules: Sequence[Rule], flows: Counter[Flow]) -> Iterator[Line]:
    """For each flow rule and each direction, how many of each label crossed; 0 of any label where none did."""
    for rule in rules:
        if rule.kind is not RuleKind.FLOW or rule.line is None:
            continue
        for direction in Direction:
            counts = {label: count for (by, way, label), count in flows.items() if (by, way) == (rule.id, direction)}
            labels: list[str | None] = [*sorted(counts)] or [None]
            for label in labels:
                yield {
                    "type": "flow",
                    "rule": rule.name,
                    "line": rule.line.name,
                    "direction": direction.value,
                    "label": label,
                    "count": 0 if label is None else counts[label],
                }


def account_lines(rules: Sequence[Rule], accounts: Mapping[RuleId, RuleAccount]) -> Iterator[Line]:
    """For each rule of tracks: how many it saw, how many made an event, and at which condition the others failed."""
    for rule in rules:
        account = accounts[rule.id]
        yield {
            "type": "account",
            "rule": rule.name,
            "tracks": account.tracks,
            "with_event": account.with_event,
            "unfulfilled": {condition.value: count for condition, count in account.unfulfilled.items()},
        }
