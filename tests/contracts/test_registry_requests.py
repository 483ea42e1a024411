"""Codes that are given out once, and requests that act once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from core.camera_facts import CameraFacts
from core.errors import BadInput, Conflict
from core.gb_code import LAST_SERIAL
from core.gb_tables import GbEdition
from registry import cameras, departments, gb_codes, idempotency, regions
from registry.db import Database
from registry.idempotency import KEPT_FOR, KeptAnswer
from registry.idempotency_table import idempotency as idempotency_table
from registry.regions import Region
from registry.tables import gb_counter
from tests.support.builders import START, after

PREFIX = "31010400111320"
ANSWER = KeptAnswer(201, {"Location": "/api/v1/cameras/1"}, '{"id":1}')


def give_out(database: Database) -> str:
    with database.write() as connection:
        return gb_codes.give_out(
            connection, centre="31010400", industry="11", kind="132", network="0", edition=GbEdition.E2022
        ).text


class TestCodes:
    def test_serials_follow_each_other_and_skip_those_that_cameras_have(self, database: Database) -> None:
        with database.write() as connection:
            kept = cameras.add(connection, name="two", facts=CameraFacts(gb_code=PREFIX + "000002"))
            for serial in range(3, 120):
                cameras.add(connection, name=f"{serial}", facts=CameraFacts(gb_code=f"{PREFIX}{serial:06}"))
            cameras.remove(connection, kept.id, START)
        assert [give_out(database)[14:] for _ in range(3)] == ["000001", "000120", "000121"]

    def test_many_who_ask_at_once_get_codes_of_their_own(self, database: Database) -> None:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: give_out(database), range(24)))
        assert sorted(found) == [f"{PREFIX}{serial:06}" for serial in range(1, 25)]

    def test_after_the_last_serial_there_is_none(self, database: Database) -> None:
        with database.write() as connection:
            connection.execute(insert(gb_counter).values(prefix=PREFIX, last=LAST_SERIAL - 1))
        assert give_out(database).endswith("999999")
        for _ in range(2):
            with pytest.raises(Conflict, match="used up"):
                give_out(database)

    def test_the_beginning_comes_from_region_and_department(self, database: Database) -> None:
        with database.write() as connection:
            regions.put(connection, Region("310104003", "天平路街道"))
            regions.put(connection, Region("3101", "市辖区"))
            schools = departments.add(connection, name="Schools", gb_industry={GbEdition.E2022: "11"})
            assert gb_codes.centre_of(connection, "310104003") == "31010400"
            assert gb_codes.centre_of(connection, "3101") == "31010000"
            assert gb_codes.industry_of(connection, schools.id, GbEdition.E2022) == "11"
            with pytest.raises(BadInput, match="no industry code of the edition of 2016"):
                gb_codes.industry_of(connection, schools.id, GbEdition.E2016)


class TestRequestsThatComeTwice:
    def test_the_second_one_gets_the_answer_of_the_first(self, database: Database) -> None:
        with database.write() as connection:
            assert idempotency.begin(connection, "k" * 16, ["digest"], START) is None
            idempotency.keep(connection, "k" * 16, ANSWER)
        with database.write() as connection:
            assert idempotency.begin(connection, "k" * 16, ["digest"], after(1)) == ANSWER

    def test_a_repetition_is_known_by_the_digest_of_a_former_key(self, database: Database) -> None:
        with database.write() as connection:
            idempotency.begin(connection, "k" * 16, ["by the old key"], START)
            idempotency.keep(connection, "k" * 16, ANSWER)
        with database.write() as connection:
            assert idempotency.begin(connection, "k" * 16, ["by the new key", "by the old key"], START) == ANSWER

    def test_the_key_of_another_request_is_refused(self, database: Database) -> None:
        with database.write() as connection:
            idempotency.begin(connection, "k" * 16, ["digest"], START)
        with database.write() as connection, pytest.raises(BadInput, match="another request") as caught:
            idempotency.begin(connection, "k" * 16, ["other digest"], START)
        assert caught.value.field == "Idempotency-Key"

    def test_what_failed_leaves_the_key_free(self, database: Database) -> None:
        def fail() -> None:
            with database.write() as connection:
                idempotency.begin(connection, "k" * 16, ["digest"], START)
                raise Conflict("no")

        with pytest.raises(Conflict):
            fail()
        with database.write() as connection:
            assert idempotency.begin(connection, "k" * 16, ["other digest"], START) is None

    def test_a_day_later_the_key_is_new_and_old_ones_go_a_few_at_a_time(self, database: Database) -> None:
        row = {"request": "digest", "status": 201, "headers": "{}", "answer": "{}", "made_at": START}
        with database.write() as connection:
            rows = [{"key": f"old key number {n:04}", **row} for n in range(120)]
            connection.execute(insert(idempotency_table), rows)
        count = select(func.count()).select_from(idempotency_table)
        late = START + KEPT_FOR + timedelta(seconds=1)
        with database.write() as connection:
            assert idempotency.begin(connection, "old key number 0119", ["another digest"], late) is None
            assert connection.execute(count).scalar_one() == 120 - 1 - 50 + 1
        with database.write() as connection:
            idempotency.begin(connection, "k" * 16, ["digest"], late)
            assert connection.execute(count).scalar_one() == 70 - 50 + 1

    def test_of_many_at_once_one_acts_and_the_others_hear_of_it(self, database: Database) -> None:
        def ask(_: int) -> int:
            with database.write() as connection:
                kept = idempotency.begin(connection, "k" * 16, ["digest"], START)
                if kept is not None:
                    return int(kept.body)
                number = cameras.add(connection, name="gate").id
                idempotency.keep(connection, "k" * 16, KeptAnswer(201, {}, str(number)))
                return number

        assert_all_one(database, ask)


def assert_all_one(database: Database, ask: Callable[[int], int]) -> None:
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(12))) == {1}
    with database.read() as connection:
        assert cameras.count(connection) == 1
