"""How long things are kept, as the API takes and shows it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from core.camera import DepartmentId
from core.rule import RuleKind
from events.retention.forecast import Forecast, Line
from events.retention.medium import Medium
from events.retention.policy import Policy, Term
from events.retention.rules import Concerns, RetentionRule

from .answers import Named
from .fields import Body, DepartmentNumber, Instant

Days = Annotated[
    int | None, Field(ge=1, le=36_600, description="For how many days; null: for ever.", examples=[30], strict=True)
]


class RuleToPut(Body):
    """How long something is to be kept. There is one rule for each department, kind and medium."""

    medium: Medium
    department: DepartmentNumber | None = Field(
        default=None, description="Whose, with all departments below it; null: the city's."
    )
    kind: RuleKind | None = Field(default=None, description="Of events of this kind alone; null: of all kinds.")
    days: Days

    def concerns(self) -> Concerns:
        """What it is about. Raises `BadInput`."""
        return Concerns(self.medium, self.department, self.kind)


class RetentionRuleView(Body):
    """A rule of how long something is kept."""

    id: int
    medium: Medium
    department: Named | None = Field(description="Whose, with all below it; null: the city's.")
    kind: RuleKind | None = Field(description="null: all kinds of events.")
    days: int | None = Field(description="null: for ever.")
    revision: int = Field(description="Counts its changes; its `ETag`.")
    changed_at: Instant


class TermView(Body):
    """How long something is kept in the end."""

    medium: Medium
    kind: RuleKind | None = Field(description="null: all kinds that have no line of their own.")
    days: float | None = Field(description="null: for ever.")
    rule: int | None = Field(description="The number of the rule that says so; null: the settings do.")
    limited_by: Medium | None = Field(
        description="The medium whose time counts instead: an event stays as long as what shows it, and a masked clip "
        "goes with its original."
    )


class RetentionView(Body):
    """What counts for a department, or for the city."""

    department: Named | None
    terms: tuple[TermView, ...]
    longest_days: int = Field(description="The longest time that a department's own admin may set.")


class AmountView(Body):
    """How much of something there is."""

    count: int
    bytes: int


class ForecastLineView(Body):
    """What would go of a department, kind of event and medium."""

    department: Named
    medium: Medium
    kind: RuleKind | None = Field(description="null: of tracks, which are of no kind.")
    goes: AmountView
    oldest: Instant | None = Field(description="When the oldest of what would go began; null where nothing would.")
    newest: Instant | None
    held: AmountView = Field(description="What would go, too, if no hold were on it.")


class ForecastView(Body):
    """What would go now."""

    at: Instant
    lines: tuple[ForecastLineView, ...]
    goes: AmountView = Field(description="All that would go.")
    held: AmountView = Field(description="All that holds keep.")
    is_whole: bool = Field(description="false: time was too short to look at all, and there may be more.")


def rule_view(rule: RetentionRule, names: Mapping[DepartmentId, str]) -> RetentionRuleView:
    """A rule as the API shows it; `names` has its department's."""
    concerns = rule.concerns
    return RetentionRuleView(
        id=rule.id,
        medium=concerns.medium,
        department=named(concerns.department, names),
        kind=concerns.kind,
        days=rule.days,
        revision=rule.revision,
        changed_at=rule.changed_at,
    )


def retention_view(
    policy: Policy, department: DepartmentId | None, names: Mapping[DepartmentId, str], longest_days: int
) -> RetentionView:
    """What counts for `department`: a line for each medium, and for each kind that is kept for another time."""
    terms = []
    for medium in Medium:
        terms.append(_term_view(medium, None, policy.term(department, None, medium)))
        terms += [
            _term_view(medium, kind, policy.term(department, kind, medium))
            for kind in sorted(policy.kinds(department, medium))
        ]
    return RetentionView(department=named(department, names), terms=tuple(terms), longest_days=longest_days)


def forecast_view(found: Forecast, names: Mapping[DepartmentId, str]) -> ForecastView:
    """A dry run as the API shows it."""
    goes, held = ([getattr(line, side) for line in found.lines] for side in ("goes", "held"))
    return ForecastView(
        at=found.at,
        lines=tuple(_line_view(line, names) for line in found.lines),
        goes=AmountView(count=sum(one.count for one in goes), bytes=sum(one.bytes for one in goes)),
        held=AmountView(count=sum(one.count for one in held), bytes=sum(one.bytes for one in held)),
        is_whole=found.is_whole,
    )


def named(department: DepartmentId | None, names: Mapping[DepartmentId, str]) -> Named | None:
    """A department by number and name, if it is one."""
    return None if department is None else Named(id=department, name=names[department])


def _line_view(line: Line, names: Mapping[DepartmentId, str]) -> ForecastLineView:
    return ForecastLineView(
        department=Named(id=line.department, name=names[line.department]),
        medium=line.medium,
        kind=line.kind,
        goes=AmountView(count=line.goes.count, bytes=line.goes.bytes),
        oldest=line.oldest,
        newest=line.newest,
        held=AmountView(count=line.held.count, bytes=line.held.bytes),
    )


def _term_view(medium: Medium, kind: RuleKind | None, term: Term) -> TermView:
    rule = None if term.rule is None else term.rule.id
    return TermView(medium=medium, kind=kind, days=term.days, rule=rule, limited_by=term.limited_by)
