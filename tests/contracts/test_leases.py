"""Leases over both databases: cameras are spread, taken over, handed over and let go."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event, select, text

from core.errors import NotFound
from events.index import changes
from registry import cameras, epochs, leases, workers
from registry.db import Database, Engines
from registry.deal import deal
from registry.deal_plan import plan
from registry.server_clock import server_time, server_up_for
from registry.tables import camera_epoch
from registry.workers import WorkerId
from tests.support.builders import START
from tests.support.leasing import Leasing


@pytest.fixture
def leasing(database: Database) -> Leasing:
    return Leasing(database)


class TestRenewing:
    def test_it_answers_the_databases_time_and_how_often_cameras_were_dealt(self, leasing: Leasing) -> None:
        leasing.add_cameras(1)
        worker = leasing.join(silent_s=3)
        leasing.deal(worker)
        with leasing.database.write() as connection:
            renewed = leases.renew(connection, worker)
            assert abs(renewed.now - server_time(connection)) < timedelta(seconds=1)
            assert renewed.dealt == 1
            assert [one.heartbeat_at for one in workers.list_workers(connection)] == [renewed.now]

    def test_a_forgotten_worker_cannot_renew(self, leasing: Leasing) -> None:
        with leasing.database.write() as connection, pytest.raises(NotFound, match="no worker 7"):
            leases.renew(connection, WorkerId(7))

    def test_a_glance_tells_the_version_the_deals_and_the_dealer(self, leasing: Leasing) -> None:
        eldest, other = leasing.join(), leasing.join()
        with leasing.database.read() as connection:
            glance = leases.glance(connection, other)
            assert (glance.dealt, glance.eldest) == (0, eldest)
            assert leases.glance(connection, WorkerId(99)).dealt is None

    def test_how_long_the_server_is_up_is_known_where_there_is_one(self, leasing: Leasing) -> None:
        with leasing.database.read() as connection:
            up = server_up_for(connection)
            assert (up is None) == (connection.dialect.name == "sqlite")
            assert up is None or up > timedelta(0)


class TestSpreading:
    def test_thirty_cameras_on_three_workers_are_ten_each(self, leasing: Leasing) -> None:
        leasing.add_cameras(30)
        three = [leasing.join() for _ in range(3)]
        dealt = leasing.deal(three[0])
        assert dict(leasing.spread()) == dict.fromkeys(three, 10)
        assert set(dealt.epochs.values()) == {1}
        assert leasing.settle(three[0]) == 0

    def test_who_has_twice_the_processors_gets_twice_the_cameras(self, leasing: Leasing) -> None:
        leasing.add_cameras(12)
        small, big = leasing.join(1), leasing.join(2)
        leasing.deal(small)
        assert dict(leasing.spread()) == {small: 4, big: 8}

    def test_a_big_picture_weighs_as_much_as_many_small_ones(self, leasing: Leasing) -> None:
        cameras_ = leasing.add_cameras(11)
        leasing.see(cameras_[:1], 1920, 1080, 25.0)  # 10
        leasing.see(cameras_[1:], 640, 360, None)  # 2 each
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        of_big, of_small = sorted(leasing.spread().values())
        assert (of_big, of_small) == (4, 7)
        assert cameras_[0] in leasing.held(first if leasing.spread()[first] == of_big else second)

    def test_streams_that_are_still_being_opened_count_as_much_as_the_others(self, leasing: Leasing) -> None:
        leasing.add_cameras(12)
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        leasing.see(leasing.held(second), 1920, 1080, 25.0)
        assert leasing.settle(first) == 0
        assert dict(leasing.spread()) == {first: 6, second: 6}

    def test_a_camera_that_is_off_or_removed_or_has_no_stream_is_nobodys(self, leasing: Leasing) -> None:
        off, removed, watched = leasing.add_cameras(3)
        leasing.switch_off(off)
        with leasing.database.write() as connection:
            cameras.remove(connection, removed, START)
            cameras.add(connection, name="without a stream")
        worker = leasing.join()
        leasing.deal(worker)
        assert leasing.held(worker) == [watched]

    def test_the_lease_of_a_camera_that_is_switched_off_ends(self, leasing: Leasing) -> None:
        camera, other = leasing.add_cameras(2)
        worker = leasing.join()
        leasing.deal(worker)
        leasing.switch_off(camera)
        assert leasing.deal(worker).ended == (camera,)
        assert leasing.held(worker) == [other]
        assert leasing.epochs(camera) == [(1, worker, False)]

    def test_only_the_eldest_deals(self, leasing: Leasing) -> None:
        leasing.add_cameras(2)
        leasing.join()
        second = leasing.join()
        assert leasing.deal(second).epochs == {}
        assert leasing.held(second) == []


class TestTakingOver:
    def test_a_silent_workers_cameras_go_to_the_others_evenly(self, leasing: Leasing) -> None:
        leasing.add_cameras(12)
        first, dead, third = (leasing.join() for _ in range(3))
        leasing.deal(first)
        lost = leasing.held(dead)
        leasing.silence(dead)
        with leasing.database.read() as connection:
            heard_at = {one.id: one.heartbeat_at for one in workers.list_workers(connection)}[dead]
        dealt = leasing.deal(first)
        assert dict(leasing.spread()) == {first: 6, third: 6}
        (silenced,) = dealt.silenced
        assert (silenced.worker, silenced.heard_at, sorted(silenced.cameras)) == (dead, heard_at, lost)
        assert dealt.epochs == dict.fromkeys(lost, 2)

    def test_epochs_follow_each_other_without_gap_or_overlap(self, leasing: Leasing) -> None:
        leasing.add_cameras(1)
        dead = leasing.join()
        leasing.deal(dead)
        leasing.silence(dead)
        dealt = leasing.deal(leasing.join())
        with leasing.database.read() as connection:
            rows = connection.execute(select(camera_epoch).order_by(camera_epoch.c.epoch)).all()
        assert [(row.epoch, row.until_at) for row in rows] == [(1, dealt.at), (2, None)]
        assert rows[1].from_at == dealt.at

    def test_no_epoch_ends_before_it_began_though_the_clock_was_set_back(self, leasing: Leasing) -> None:
        (camera,) = leasing.add_cameras(1)
        first = leasing.join()
        leasing.deal(first)
        with leasing.database.write() as connection:
            hour_ago = server_time(connection) - timedelta(hours=1)
            for worker in (2, 3):
                epochs.take(connection, WorkerId(worker), [camera], hour_ago)
            epochs.end(connection, [camera], hour_ago)
            rows = connection.execute(select(camera_epoch).order_by(camera_epoch.c.epoch)).all()
        assert [row.epoch for row in rows] == [1, 2, 3]
        assert all(row.until_at >= row.from_at for row in rows)
        assert all(one.until_at == then.from_at for one, then in pairwise(rows))

    def test_a_silent_worker_is_forgotten_once_its_cameras_are_with_others(self, leasing: Leasing) -> None:
        leasing.add_cameras(2)
        dead = leasing.join()
        leasing.deal(dead)
        leasing.silence(dead)
        alive = leasing.join()
        leasing.deal(alive)
        with leasing.database.read() as connection:
            assert [one.id for one in workers.list_workers(connection)] == [alive]

    def test_within_its_lease_nobody_takes_from_a_worker(self, leasing: Leasing) -> None:
        leasing.add_cameras(4)
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        leasing.silence(second, 4.0)
        assert leasing.deal(first).epochs == {}
        assert leasing.spread()[second] == 2

    def test_after_a_restart_of_the_database_nothing_is_taken_over_but_free_cameras_are_given(
        self, leasing: Leasing
    ) -> None:
        leasing.add_cameras(2)
        silent = leasing.join()
        leasing.deal(silent)
        leasing.silence(silent)
        alive = leasing.join()
        (free,) = leasing.add_cameras(1)
        assert leasing.deal(alive, may_take_over=False).epochs == {free: 1}
        assert leasing.spread()[silent] == 2
        with leasing.database.read() as connection:
            assert silent in {one.id for one in workers.list_workers(connection)}

    def test_a_worker_that_came_back_after_the_plan_keeps_its_cameras(self, leasing: Leasing) -> None:
        leasing.add_cameras(2)
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        leasing.silence(second)
        with leasing.database.read() as connection:
            planned = plan(connection, may_take_over=True)
        assert planned.moves
        with leasing.database.write() as connection:
            leases.renew(connection, second)
            assert deal(connection, first, planned.moves, may_take_over=True).epochs == {}
        assert len(leasing.held(second)) == 1

    def test_who_fell_silent_after_the_plan_hands_nothing_over_before_its_lease_is_looked_at(
        self, leasing: Leasing
    ) -> None:
        leasing.add_cameras(16)
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        leasing.join()
        with leasing.database.read() as connection:
            planned = plan(connection, may_take_over=False)
        assert planned.moves
        leasing.silence(second)
        with leasing.database.write() as connection:
            handed = deal(connection, first, planned.moves, may_take_over=False).handed_over
        assert {move.camera for move in planned.moves if move.holder == second}.isdisjoint(handed)

    def test_a_heartbeat_of_before_the_databases_clock_was_set_back_counts_for_nothing(self, leasing: Leasing) -> None:
        leasing.add_cameras(1)
        dead = leasing.join()
        leasing.deal(dead)
        leasing.silence(dead, -3600)
        alive = leasing.join()
        leasing.deal(alive)
        assert leasing.spread()[alive] == 1

    def test_the_oldest_that_is_silent_does_not_keep_others_from_dealing(self, leasing: Leasing) -> None:
        leasing.join(silent_s=10)
        alive = leasing.join()
        with leasing.database.read() as connection:
            assert leases.glance(connection, alive).eldest == alive


class TestHandingOver:
    def test_a_new_worker_gets_its_share_some_at_a_time_and_then_nothing_moves(self, leasing: Leasing) -> None:
        leasing.add_cameras(32)
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        third = leasing.join()
        dealt = leasing.deal(first)
        assert 1 <= len(dealt.handed_over) <= 4
        assert leasing.held(third) == sorted(dealt.epochs)
        leasing.settle(first)
        assert sorted(leasing.spread().values()) == [10, 11, 11]
        assert leasing.settle(first) == 0
        assert second in leasing.spread()

    def test_no_camera_goes_back_and_forth(self, leasing: Leasing) -> None:
        watched = leasing.add_cameras(21)
        leasing.see(watched[:7], 1920, 1080, 25.0)
        leasing.see(watched[7:], 704, 576, 24.7)
        first = leasing.join()
        leasing.deal(first)
        leasing.join()
        leasing.join(1.5)
        leasing.settle(first)
        for camera in watched:
            holders = [worker for _, worker, _ in leasing.epochs(camera)]
            assert len(set(holders)) == len(holders)

    def test_both_sides_see_that_cameras_were_dealt(self, leasing: Leasing) -> None:
        leasing.add_cameras(4)
        first = leasing.join()
        leasing.deal(first)
        second = leasing.join()
        leasing.deal(first)
        with leasing.database.read() as connection:
            assert leases.glance(connection, first).dealt == 2
            assert leases.glance(connection, second).dealt == 1

    def test_who_is_told_to_stop_lets_go_at_once_and_is_forgotten(self, leasing: Leasing) -> None:
        leasing.add_cameras(4)
        first, second = leasing.join(), leasing.join()
        leasing.deal(first)
        let_go = leasing.held(second)
        with leasing.database.write() as connection:
            assert leases.release(connection, second) == let_go
        dealt = leasing.deal(first, may_take_over=False)
        assert dealt.epochs == dict.fromkeys(let_go, 2)
        assert dealt.silenced == ()
        assert leasing.spread() == {first: 4}


def test_the_holder_of_a_camera_is_who_has_its_lease(leasing: Leasing) -> None:
    (camera,) = leasing.add_cameras(1)
    worker = leasing.join()
    with leasing.database.read() as connection:
        assert workers.holder_of(connection, camera) is None
    leasing.deal(worker)
    with leasing.database.read() as connection:
        found = workers.holder_of(connection, camera)
        assert found is not None
        assert found.id == worker


def test_who_holds_what_others_wait_for_is_given_up_when_it_is_frozen(leasing: Leasing) -> None:
    if leasing.database.kind is Engines.SQLITE:
        pytest.skip("a frozen writer of SQLite is waited for")
    worker = leasing.join()
    asked = text("SHOW idle_in_transaction_session_timeout")
    holding = (
        lambda connection: leases.renew(connection, worker),
        leases.lock,
        changes.lock,
    )
    for hold in holding:
        with leasing.database.write() as connection:
            usual = connection.execute(asked).scalar_one()
            hold(connection)
            assert (usual, connection.execute(asked).scalar_one()) == ("1min", "5s")


def test_a_plan_takes_few_questions_however_many_cameras_there_are(leasing: Leasing) -> None:
    leasing.add_cameras(40)
    leasing.join()
    leasing.join()
    asked: list[str] = []
    with leasing.database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        plan(connection, may_take_over=True)
    assert len(asked) <= 6
