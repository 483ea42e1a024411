"""What the worker answers about rules, on its internal port."""

from collections import Counter

from api.account_view import AccountView
from api.trial_words import TrialOrder, TrialView
from core.errors import NotFound
from core.ids import CameraId
from core.rule import RuleId
from core.unfulfilled import RuleAccount, Unfulfilled
from inference.scheduler import Scheduler

from ..trials.child import ChildTrials
from .city import City


class WorkerRuleDesk:
    """`RuleDesk` of api/worker_port. Any thread may call it."""

    def __init__(self, city: City, scheduler: Scheduler, trials: ChildTrials) -> None:
        self._city = city
        self._scheduler = scheduler
        self._trials = trials

    def account(self, rule: RuleId, camera: CameraId | None) -> AccountView | None:
        """See `RuleDesk`. It asks one camera after the other, each between two of its looks."""
        watching = self._city.watching_for(rule)
        if camera is not None:
            watching = {number: since for number, since in watching.items() if number == camera}
        found = [
            (since, account)
            for number, since in watching.items()
            if (account := self._of_camera(rule, number)) is not None
        ]
        if not found:
            return None
        unfulfilled: Counter[Unfulfilled] = Counter()
        for _, account in found:
            unfulfilled.update(account.unfulfilled)
        return AccountView(
            since=min(since for since, _ in found),
            cameras=len(found),
            tracks=sum(account.tracks for _, account in found),
            with_event=sum(account.with_event for _, account in found),
            unfulfilled={condition: unfulfilled[condition] for condition in Unfulfilled if unfulfilled[condition]},
        )

    def try_rule(self, order: TrialOrder) -> TrialView:
        """See `RuleDesk`."""
        return self._trials.try_rule(order)

    def _of_camera(self, rule: RuleId, camera: CameraId) -> RuleAccount | None:
        try:
            return self._scheduler.change(camera, lambda watch: watch.accounts()).get(rule)
        except NotFound:
            return None  # It was removed at this moment.
