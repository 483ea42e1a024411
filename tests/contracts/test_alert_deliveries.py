"""What becomes of deliveries that are not taken, by a clock that runs as fast as a test likes."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Right
from events.alerts import replays, subscription_secrets, subscriptions
from events.alerts.circuits import read_circuits
from events.alerts.delivery_log import attempts_of, list_deliveries
from events.alerts.outcomes import Fate
from events.alerts.preparing import Letter
from events.alerts.subscription import SubscriptionState
from registry.access import grant_deciding
from registry.audit.tables import audit_row
from registry.db import Database
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from registry.visibility import EventFacts
from tests.support.alerting import URL, Office, an_office
from tests.support.builders import START, after, an_event
from tests.support.sharing import neighbours

ORIGIN = "https://alerts.example.com:443"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return an_office(sqlite_database, cameras=1)


@pytest.fixture
def on_both(database: Database) -> Office:
    return an_office(database, cameras=1)


def made(office: Office, count: int = 1) -> None:
    """So many deliveries of one subscription wait."""
    office.subscribe()
    office.happen(*(an_event(n, camera=office.cameras[0], at=after(n / 1_000)) for n in range(1, count + 1)))
    office.match()


def one(office: Office) -> Letter:
    """The one letter that is due, once all is written that is to be."""
    [letter] = office.desk.turn() or office.desk.turn()
    return letter


def test_what_is_taken_is_delivered_with_its_attempt(on_both: Office) -> None:
    office = on_both
    made(office)
    letter = one(office)
    office.answer(letter, 204, answer="well")
    office.desk.turn()
    [row] = office.deliveries()
    assert (row.state, row.attempts, row.first_try_at, row.ended_at) == ("delivered", 1, START, START)
    with office.database.read() as connection:
        [attempt] = attempts_of(connection, letter.claimed.id)
    assert (attempt.n, attempt.status, attempt.took_ms, attempt.error, attempt.answer) == (1, 204, 3, "", "well")


def test_what_fails_is_tried_again_after_five_seconds(on_both: Office) -> None:
    office = on_both
    made(office)
    office.answer(one(office), 500)
    assert office.desk.turn() == []
    [row] = office.deliveries()
    assert (row.state, row.reason, row.due_at) == ("waiting", "HTTP 500", after(5))
    office.clock.advance(5)
    assert one(office).claimed.attempts == 1


def test_after_an_hour_of_silence_everything_arrives_under_its_own_id(on_both: Office) -> None:
    office = on_both
    made(office, 40)
    ids: Counter[str] = Counter()
    taken: Counter[str] = Counter()

    def answer(letter: Letter) -> int | None:
        is_up = office.clock.now() >= after(3_600)
        ids[letter.claimed.message_id] += 1
        taken[letter.claimed.message_id] += is_up
        return 204 if is_up else None

    while office.states().get("waiting"):
        office.deliver(answer)
        office.clock.advance(30)
    assert office.states() == {"delivered": 40}
    assert len(ids) == 40
    assert set(taken.values()) == {1}
    # A receiver that is down costs a trial now and then, however much waits for it.
    assert ids.total() - 40 < 5 + 3_600 / 30
    assert office.clock.now() < after(2 * 3_600)


def test_after_a_day_it_is_given_up_with_the_reason(office: Office) -> None:
    made(office)
    while office.states().get("waiting"):
        office.deliver(lambda _: 404)
        office.clock.advance(600)
    [row] = office.deliveries()
    assert row.state == "dead"
    assert row.reason.startswith(f"given up after {row.attempts} attempts in 24 h: HTTP 404")
    assert after(23 * 3_600) < row.ended_at <= after(24 * 3_600 + 600)


def test_a_pause_that_the_receiver_asks_for_is_kept(office: Office) -> None:
    made(office)
    office.answer(one(office), 503, asked=timedelta(minutes=20))
    office.desk.turn()
    assert office.deliveries()[0].due_at == after(1_200)


def test_a_receiver_that_wants_no_more_stops_the_subscription_and_that_is_on_record(on_both: Office) -> None:
    office = on_both
    made(office, 3)
    office.answer(one(office), 410)
    office.desk.turn()
    assert office.desk.turn() == []
    assert office.states() == {"dead": 1, "waiting": 2}
    with office.database.read() as connection:
        [some] = subscriptions.every(connection)
        recorded = connection.execute(select(audit_row.c.act, audit_row.c.object_kind, audit_row.c.object)).all()
    assert (some.state, some.state_reason) == (SubscriptionState.STOPPED, "HTTP 410")
    assert recorded == [("change", "subscription", str(some.id))]


def test_what_waits_while_it_is_paused_is_not_tried_and_arrives_afterwards(office: Office) -> None:
    made(office)
    with office.database.write() as connection:
        [some] = subscriptions.every(connection)
        subscriptions.pause(connection, some.id, START)
    assert office.desk.turn() == []
    office.clock.advance(3_600)
    with office.database.write() as connection:
        subscriptions.resume(connection, some.id, START)
    assert one(office).claimed.attempts == 0


def test_what_was_claimed_before_the_pause_is_given_back(office: Office) -> None:
    made(office)
    original = office.desk._claim

    def paused(*arguments: object) -> object:
        claimed = original(*arguments)  # type: ignore[arg-type]
        subscriptions.pause(arguments[0], claimed[0].subscription, START)  # type: ignore[arg-type]
        return claimed

    office.desk._claim = paused  # type: ignore[method-assign, assignment]
    assert office.desk.turn() == []
    office.desk._claim = original  # type: ignore[method-assign]
    office.desk.turn()
    [row] = office.deliveries()
    assert (row.state, row.attempts, row.claimed_by) == ("waiting", 0, None)


def test_a_grant_that_ended_meanwhile_withholds_it(database: Database) -> None:
    office = an_office(database, facts=EventFacts.GRANT)
    with database.write() as connection:
        city = neighbours(connection)
        grant = city.granted(rights=frozenset({Right.EVENTS}), history=True)
    office.subscribe(department=city.rail)
    office.happen(an_event(1, camera=city.weir))
    office.match()
    with database.write() as connection:
        grant_deciding.revoke(connection, grant.id, city["water.admin"], "over", after(1))
    assert office.desk.turn() == []
    office.desk.turn()
    [row] = office.deliveries()
    assert (row.state, row.reason, row.attempts) == ("withheld", "the department may not see the event any more", 0)


def test_of_a_removed_subscription_nothing_is_sent(office: Office) -> None:
    made(office)
    with office.database.write() as connection:
        [some] = subscriptions.every(connection)
        subscriptions.remove(connection, some.id, START)
    assert office.desk.turn() == []


def test_two_desks_never_have_the_same_delivery(on_both: Office) -> None:
    office = on_both
    made(office, 30)
    other = an_office(office.database, clock=office.clock)
    office.answer(one(office), 204)
    other.answer(one(other), 204)
    mine, others = office.desk.turn(), other.desk.turn()
    assert mine
    assert others
    assert not {letter.claimed.id for letter in mine} & {letter.claimed.id for letter in others}


def test_who_died_with_a_claim_is_followed_under_the_same_id_when_it_is_over(on_both: Office) -> None:
    office = on_both
    made(office)
    first = one(office)
    other = an_office(office.database, clock=office.clock)
    office.clock.advance(59)
    assert other.desk.turn() == []
    office.clock.advance(2)
    assert one(other).claimed.message_id == first.claimed.message_id


def test_who_comes_late_writes_nothing_over_what_another_wrote(on_both: Office) -> None:
    office = on_both
    made(office)
    late = one(office)
    other = an_office(office.database, clock=office.clock)
    office.clock.advance(61)
    other.answer(one(other), 204)
    other.desk.turn()
    office.answer(late, 500)
    office.desk.turn()
    [row] = office.deliveries()
    assert (row.state, row.attempts) == ("delivered", 1)


def test_a_clock_that_leaps_lets_a_delivery_be_sent_twice_and_written_once(on_both: Office) -> None:
    office = on_both
    made(office)
    first = one(office)
    office.clock.advance(100)
    second = one(office)
    office.answer(first, 204)
    office.answer(second, 500)
    office.desk.turn()
    [row] = office.deliveries()
    assert (row.state, row.attempts, row.reason) == ("waiting", 1, "HTTP 500")


def test_a_trial_that_never_reached_the_receiver_does_not_say_that_it_works(office: Office) -> None:
    made(office, 10)
    while not (letters := office.desk.turn()) or not letters[0].claimed.is_trial:
        for letter in letters:
            office.answer(letter, 500)
        office.clock.advance(5)
    office.answer(letters[0], None, blames_receiver=False)
    office.desk.turn()
    with office.database.read() as connection:
        assert read_circuits(connection)[ORIGIN].is_broken


def test_a_receiver_is_tried_with_one_before_it_is_given_many(office: Office) -> None:
    made(office, 30)
    office.answer(one(office), 204)
    many = office.desk.turn()
    assert len(many) == 16
    for letter in many:
        office.answer(letter, 500)
    assert len(office.desk.turn()) <= 1


def test_after_five_failures_nothing_is_sent_there_for_half_a_minute(on_both: Office) -> None:
    office = on_both
    made(office, 30)
    office.answer(one(office), 204)
    for letter in office.desk.turn():
        office.answer(letter, 500)
    office.desk.turn()
    with office.database.read() as connection:
        assert read_circuits(connection)[ORIGIN].shut_until == after(30)
    office.clock.advance(29)
    assert office.desk.turn() == []
    office.clock.advance(1)
    trial = one(office)
    assert trial.claimed.is_trial
    other = an_office(office.database, clock=office.clock)
    assert other.desk.turn() == []
    office.answer(trial, 204)
    office.desk.turn()
    with office.database.read() as connection:
        assert read_circuits(connection) == {}
    assert office.deliver()


def test_what_only_a_receiver_refuses_shuts_nothing(office: Office) -> None:
    made(office, 10)
    for _ in range(10):
        office.answer(one(office), 404)
    office.desk.turn()
    with office.database.read() as connection:
        assert read_circuits(connection) == {}


def test_one_that_fails_does_not_keep_others_from_being_sent(office: Office) -> None:
    made(office, 5)
    office.subscribe(name="other", url="https://other.example.com/hook")
    office.happen(an_event(100, camera=office.cameras[0], at=after(9)))
    office.match()
    sent = office.deliver(lambda letter: 204 if "other" in letter.url else None)
    assert [letter.url for letter in sent if "other" in letter.url] == ["https://other.example.com/hook"]


def test_subscriptions_that_share_a_receiver_share_its_room(on_both: Office) -> None:
    office = on_both
    for number in range(3):
        office.subscribe(name=f"subscription {number}", url=f"{URL}/{number}")
    office.happen(*(an_event(n, camera=office.cameras[0], at=after(n)) for n in range(1, 31)))
    office.match()
    office.answer(one(office), 204)
    letters = office.desk.turn()
    assert len(letters) == 16
    assert min(Counter(letter.url for letter in letters).values()) == 5


def test_no_more_are_on_their_way_than_is_set(sqlite_database: Database) -> None:
    office = an_office(sqlite_database, cameras=1, senders=3)
    for number in range(5):
        office.subscribe(name=f"subscription {number}", url=f"https://receiver-{number}.example.com/")
    office.happen(an_event(1, camera=office.cameras[0]))
    office.match()
    letters = office.desk.turn()
    assert len(letters) == 3
    office.answer(letters[0], 204)
    assert office.desk.turn() == []
    assert len(office.desk.turn()) == 1


def test_receivers_that_work_slowly_leave_room_for_others(sqlite_database: Database) -> None:
    office = an_office(sqlite_database, cameras=1, senders=8)
    slow = [office.subscribe(name=f"slow {n}", url=f"https://slow-{n}.example.com/") for n in range(2)]
    office.happen(*(an_event(n, camera=office.cameras[0], at=after(n)) for n in range(1, 31)))
    office.match()
    for letter in office.desk.turn():
        office.answer(letter, 204, took_ms=9_000)
    on_their_way = office.desk.turn() + office.desk.turn()
    assert {letter.claimed.subscription for letter in on_their_way} == {some.id for some in slow}
    other = office.subscribe(name="other", url="https://other.example.com/")
    office.happen(an_event(100, camera=office.cameras[0], at=after(99)))
    office.match()
    assert [letter.claimed.subscription for letter in office.desk.turn()] == [other.id]


def test_of_a_receiver_that_works_slowly_no_more_is_claimed_than_is_sent_at_once(office: Office) -> None:
    made(office, 30)
    office.answer(one(office), 204, took_ms=1_001)
    assert len(office.desk.turn()) == 4


def test_a_claim_of_which_nobody_told_keeps_nothing_from_being_sent_for_ever(office: Office) -> None:
    made(office)
    one(office)
    office.clock.advance(59)
    assert office.desk.turn() == []
    office.clock.advance(2)
    assert one(office).claimed.attempts == 0


def test_it_is_signed_by_each_secret_in_force(office: Office) -> None:
    made(office)
    with office.database.write() as connection:
        [some] = subscriptions.every(connection)
        subscription_secrets.rotate(connection, office.keys, some.id, after(1))
        secrets = subscription_secrets.in_force(connection, office.keys, some.id, after(2))
    office.clock.advance(2)
    assert list(one(office).secrets) == secrets
    assert len(secrets) == 2


def test_a_secret_that_nobody_can_open_is_a_failure_and_nothing_goes_out(office: Office) -> None:
    made(office)
    stranger = an_office(office.database, clock=office.clock, keys=ring_of(SealingKey(b"?" * 32)))
    assert stranger.desk.turn() == []
    stranger.desk.turn()
    [row] = office.deliveries()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert "no secret that can be opened" in row.reason


def test_a_test_and_a_replay_are_sent_too(on_both: Office) -> None:
    office = on_both
    made(office)
    office.deliver()
    with office.database.write() as connection:
        [some] = subscriptions.every(connection)
        [row] = list_deliveries(connection, some.id).items
        replays.replay(connection, row.id)
        replays.test(connection, some)
    office.clock.set(office.deliveries()[-1].due_at)
    ids = [letter.claimed.message_id for letter in office.deliver()]
    assert ids[0] == row.message_id
    assert ids[1].startswith("test-")
    assert office.states() == {"delivered": 3}


def test_what_was_given_back_is_due_at_once_and_was_no_try(on_both: Office) -> None:
    office = on_both
    made(office)
    office.answer(one(office), None, fate=Fate.GIVEN_BACK)
    assert one(office).claimed.attempts == 0
