"""A trial as the API and the command line tell it."""

from api.account_view import track_sums
from api.event_views import course_view
from api.flow_view import FlowItem
from api.trial_words import TrialEvent, TrialView
from core.event import Event

from .trial import MOST_EVENTS, Trial

NO_LOG = (
    "there is no log of this time: nobody watched the camera, the log is switched off (tracks.track_log_h), or it is "
    "written within the next seconds"
)


def answer(trial: Trial) -> TrialView:
    """`trial` as it is told."""
    return TrialView.model_validate(
        {
            "from": trial.from_at,
            "to": trial.to_at,
            "looks": trial.looks,
            "events": tuple(_event(event) for event in trial.events),
            "account": track_sums(trial.account),
            "flow": tuple(
                FlowItem(at=step.minute, direction=step.direction, label=step.label, count=count)
                for step, count in sorted(trial.flow.items())
            ),
            "hint": _hint(trial),
        }
    )


def _hint(trial: Trial) -> str | None:
    if trial.is_cut:
        much = f"{len(trial.events)} events" if len(trial.events) >= MOST_EVENTS else f"{trial.looks:,} looks"
        return f"the trial ended early, after {much}: go on from `to`"
    return None if trial.looks else NO_LOG


def _event(event: Event) -> TrialEvent:
    box = event.box
    return TrialEvent(
        label=event.label,
        track=event.track,
        score=event.score,
        box=None if box is None else (box.left, box.top, box.right, box.bottom),
        direction=event.direction,
        count=event.count,
        course=None if event.course is None else course_view(event.course),
        started_at=event.started_at,
        last_seen_at=event.last_seen_at,
        ended_at=event.ended_at,
        end_reason=event.end_reason,
    )
