"""A desk that answers about rules without applying any."""

from api.account_view import AccountView, TrackSums
from api.trial_words import TrialOrder, TrialView
from core.errors import SharpEyesError
from core.ids import CameraId
from core.rule import RuleId
from core.unfulfilled import Unfulfilled

from .builders import START, after

ACCOUNT = AccountView(
    since=START, cameras=1, tracks=3, with_event=1, unfulfilled={Unfulfilled.PLACE: 1, Unfulfilled.DURATION: 1}
)
TRIED = TrialView.model_validate(
    {
        "from": START,
        "to": after(60),
        "looks": 300,
        "events": (),
        "account": TrackSums(tracks=0, with_event=0, unfulfilled={}),
        "flow": (),
        "hint": None,
    }
)


class FakeDesk:
    """Knows an account of rule 1 and of no other; each trial ends as `TRIED`, or with `fault`."""

    def __init__(self, fault: SharpEyesError | None = None) -> None:
        self._fault = fault
        self.orders: list[TrialOrder] = []
        self.asked: list[tuple[RuleId, CameraId | None]] = []

    def account(self, rule: RuleId, camera: CameraId | None) -> AccountView | None:
        self.asked.append((rule, camera))
        return ACCOUNT if rule == 1 else None

    def try_rule(self, order: TrialOrder) -> TrialView:
        self.orders.append(order)
        if self._fault is not None:
            raise self._fault
        return TRIED


class AccountingDesk(FakeDesk):
    """Knows the account of `rule` and of no other."""

    def __init__(self, rule: int) -> None:
        super().__init__()
        self._rule = rule

    def account(self, rule: RuleId, camera: CameraId | None) -> AccountView | None:
        self.asked.append((rule, camera))
        return ACCOUNT if rule == self._rule else None
