"""Every list, counted and searched by everybody: it has what the rules say, and not a word of anything else."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from core.access import Right, Role
from tests.support.waiting import wait_for
from tests.system.api.walked_city import MARKS, Asker, WalkedCity
from tests.system.api.walked_routes import NEVER, ROUTES, About, a_path, told
from tests.system.api.walked_streets import a_walked_city

FILES = ("/cameras.csv", "/cameras.json", "/cameras.geojson")
READERS = (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, Role.AUDITOR)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WalkedCity]:
    with a_walked_city(tmp_path_factory.mktemp("walked")) as found:
        program = found.askers["department_admin of water"].client
        begun = program.post(
            "/cameras:import", params={"dry_run": True}, content=b"name\nnew\n", headers={"content-type": "text/csv"}
        )
        found.imported = int(begun.json()["id"])
        wait_for(
            lambda: program.get(f"/imports/{found.imported}").json()["ended_at"] is not None, "the import is over", 20
        )
        yield found


def items(asker: Asker, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = asker.ask("GET", path, limit=1000, **query)
    assert answer.status_code == 200, f"{asker.name}: {answer.text}"
    found = answer.json()
    assert found["next"] is None
    listed: list[dict[str, Any]] = found["items"]
    return listed


def test_lists_of_cameras_have_those_within_reach(walked: WalkedCity) -> None:
    of_stations = {site.camera for site in walked.sites.values()}
    for asker in walked.askers.values():
        seen = walked.cameras(asker, Right.LIST)
        assert {one["id"] for one in items(asker, "/cameras")} == seen, asker.name
        gone = walked.cameras(asker, Right.LIST, removed=True)
        assert {one["id"] for one in items(asker, "/cameras", removed=True)} == gone, asker.name
        assert set(asker.ask("GET", "/camera-points").json()["id"]) == seen, asker.name
        assert {one["camera"] for one in items(asker, "/stream-states")} == seen & of_stations, asker.name
        assert {int(one["key"]) for one in items(asker, "/uptime", by="camera")} == seen | gone, asker.name
        assert {one["id"] for one in items(asker, "/cameras", q="mark")} == seen, asker.name


def test_the_overview_counts_what_is_within_reach(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        seen = walked.cameras(asker, Right.LIST)
        found = asker.ask("GET", "/overview").json()
        counted: dict[int, int] = {}
        for camera in seen:
            owner = walked.world.cameras[camera].owner
            counted[owner] = counted.get(owner, 0) + 1
        shown = {one["id"]: one["registered"] for one in found["by_department"]}
        assert {number: count for number, count in shown.items() if count} == counted, asker.name
        empty = {number for number, count in shown.items() if not count}
        assert all(walked.sees_all_of(asker, Right.LIST, number) for number in empty), asker.name
        assert found["cameras"] == len(seen), asker.name
        watched = seen & {site.camera for site in walked.sites.values()}
        assert found["by_state"] == ({"unreachable": len(watched)} if watched else {}), asker.name
        in_regions = sum(1 for camera in seen if walked.world.cameras[camera].region is not None)
        assert sum(one["registered"] for one in found["by_region"]) == in_regions, asker.name
        assert sum(one["registered"] for one in found["by_sector"]) == len(seen), asker.name


def test_files_have_what_may_be_taken_along(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        may = walked.cameras(asker, Right.EXPORT)
        for path in FILES:
            answer = asker.ask("GET", path)
            assert answer.status_code == 200 or (answer.status_code == 403 and not may), f"{asker.name}: {answer.text}"
            marks = MARKS.findall(answer.text)
            assert {int(number) for kind, number in marks if kind == "C"} == may, asker.name
            addresses = {int(number) for kind, number in marks if kind == "u"}
            expected = may & walked.cameras(asker, Right.MANAGE) & {site.camera for site in walked.sites.values()}
            assert addresses == expected, f"{asker.name} {path}"
        answer = asker.ask("GET", "/uptime.csv", by="camera")
        once = walked.cameras(asker, Right.EXPORT, removed=True)  # what was is still counted
        assert {int(number) for _, number in MARKS.findall(answer.text)} == may | once, asker.name


def test_a_search_finds_the_events_within_reach(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        seen = walked.events_of(asker)
        assert {int(one["id"]) for one in items(asker, "/events")} == seen, asker.name
        for site in walked.sites.values():
            found = {int(one["id"]) for one in items(asker, "/events", camera=site.camera)}
            assert found == {one for one in seen if walked.events[one][0] == site.camera}, asker.name


def test_events_are_counted_and_taken_along_as_far_as_they_are_within_reach(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        facets = asker.ask("GET", "/events/facets").json()
        assert facets["total"] == {"count": len(walked.events_of(asker)), "at_least": False}, asker.name
        counted = sum(one["count"] for one in facets["departments"]["counts"])
        assert counted == len(walked.events_of(asker)), asker.name
        may = walked.events_of(asker, Right.EXPORT)
        answer = asker.ask("GET", "/events.csv")
        assert answer.status_code == 200 or (answer.status_code == 403 and not may), f"{asker.name}: {answer.text}"
        if answer.status_code == 200:
            assert {int(line.partition(",")[0]) for line in answer.text.splitlines()[1:]} == may, asker.name


def test_the_live_list_replays_the_events_within_reach(walked: WalkedCity) -> None:
    for asker in list(walked.askers.values())[::3]:
        ids: set[int] = set()
        with asker.client.stream("GET", "/event-changes", headers={"Last-Event-ID": "0"}) as answer:
            assert answer.status_code == 200
            for line in answer.iter_lines():
                ids |= {int(number) for number in re.findall(r'^data: .*?"id":"?(\d+)', line)}
                assert walked.leaks(asker, line) == set(), asker.name
                if line.startswith(":") and len(ids) >= len(walked.events_of(asker)):
                    break
        assert ids == walked.events_of(asker), asker.name


def test_people_and_keys_are_listed_for_those_who_look_after_them(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        is_admin = asker.who.is_person and asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN)
        for path, known in (("/people", walked.persons), ("/api-keys", walked.keys)):
            if not is_admin:
                assert asker.ask("GET", path).status_code == 403, asker.name
                continue
            expected = {number for number, one in known.items() if walked.looks_after(asker, one.department)}
            assert {one["id"] for one in items(asker, path)} - {1} == expected - {1}, asker.name


@pytest.mark.parametrize("path", ["/people/{person}", "/people/{person}/sessions", "/people/{person}/sight"])
def test_a_person_is_shown_to_those_who_look_after_them(walked: WalkedCity, path: str) -> None:
    is_sight = path.endswith("/sight")
    for asker in walked.askers.values():
        never = asker.ask("GET", a_path(path))
        for number, some in list(walked.persons.items())[:: 1 if asker.who.is_person else 4]:
            answer = asker.ask("GET", a_path(path, person=number))
            may = walked.looks_after(asker, some.department)
            if is_sight and asker.who.is_person:
                is_reader = asker.who.role in READERS and walked.is_home(asker, some.department)
                may = may or is_reader or number == asker.who.number
            if may:
                assert answer.status_code == 200, f"{asker.name} of {number}: {answer.text}"
            else:
                assert told(answer, number) == told(never, NEVER["person"]), f"{asker.name} of {number}"


def test_grants_are_listed_for_those_whom_they_concern(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        if not asker.who.is_person:
            assert asker.ask("GET", "/grants").status_code == 403
            continue
        expected = {number for number in walked.grants if walked.is_grant_seen(asker, number)}
        assert {one["id"] for one in items(asker, "/grants")} == expected, asker.name


@pytest.mark.parametrize("act", ["", ":approve", ":refuse", ":revoke"])
def test_a_grant_of_others_is_told_of_as_one_that_never_was(walked: WalkedCity, act: str) -> None:
    method, path = ("POST" if act else "GET"), f"/grants/{{grant}}{act}"
    for asker in walked.askers.values():
        never = asker.ask(method, a_path(path), ROUTES[method, path].body)
        for number in list(walked.grants)[:: 1 if asker.who.is_person else 12]:
            if not walked.is_grant_seen(asker, number):
                answer = asker.ask(method, a_path(path, grant=number), ROUTES[method, path].body)
                assert told(answer, number) == told(never, NEVER["grant"]), asker.name


def may_know_of_the_unmasking(walked: WalkedCity, asker: Asker) -> bool:
    """Who asked for it, and the admins of the department whose event it is."""
    is_own = asker.who == walked.askers["water operator"].who
    return is_own or walked.looks_after(asker, walked.departments["water"])


def test_unmaskings_are_listed_for_who_asked_and_who_decides(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        if not asker.who.is_person:
            assert asker.ask("GET", "/unmaskings").status_code == 403
            continue
        expected = [walked.unmasking] if may_know_of_the_unmasking(walked, asker) else []
        assert [one["id"] for one in items(asker, "/unmaskings")] == expected, asker.name


@pytest.mark.parametrize("act", ["/clip", ":approve", ":refuse"])
def test_an_unmasking_of_others_is_told_of_as_one_that_never_was(walked: WalkedCity, act: str) -> None:
    method, path = ("GET" if act == "/clip" else "POST"), f"/unmaskings/{{unmasking}}{act}"
    for asker in walked.askers.values():
        answer = asker.ask(method, a_path(path, unmasking=walked.unmasking), ROUTES[method, path].body)
        if asker.who.is_person and may_know_of_the_unmasking(walked, asker):
            # It was opened at once, and who asked has no right to originals: there is nothing to decide or to see.
            assert answer.status_code in (403, 409), f"{asker.name}: {answer.text}"
        else:
            never = asker.ask(method, a_path(path), ROUTES[method, path].body)
            assert told(answer, walked.unmasking) == told(never, NEVER["unmasking"]), asker.name


def readers_of_subscriptions(walked: WalkedCity) -> list[Asker]:
    """All of them, and one of each other role."""
    others = {asker.who.role: asker for asker in walked.askers.values() if not walked.reads_subscriptions(asker)}
    return [asker for asker in walked.askers.values() if walked.reads_subscriptions(asker)] + list(others.values())


OF_SUBSCRIPTIONS = [one for one, route in ROUTES.items() if route.about is About.SUBSCRIPTION and "{" in one[1]]


@pytest.mark.parametrize(("method", "path"), OF_SUBSCRIPTIONS, ids=[" ".join(one) for one in OF_SUBSCRIPTIONS])
def test_a_subscription_is_shown_to_its_readers_and_changed_by_its_admins(
    walked: WalkedCity, method: str, path: str
) -> None:
    route, part = ROUTES[method, path], re.findall(r"\{(\w+)\}", path)[0]
    numbers = walked.deliveries if part == "delivery" else {number: number for number in walked.subscriptions}
    for asker in readers_of_subscriptions(walked):
        never = asker.ask(method, a_path(path), route.body)
        may_change = method == "GET" or asker.who.role is not Role.OPERATOR
        for number, subscription in numbers.items():
            may = walked.sees_subscription(asker, subscription)
            if may and may_change and not route.harmless:
                continue
            answer, about = asker.ask(method, a_path(path, **{part: number}), route.body), f"{asker.name} of {number}"
            if not walked.reads_subscriptions(asker) or (may and not may_change):
                assert answer.status_code == 403, about
            elif may:
                assert answer.status_code in (200, 409), f"{about}: {answer.text}"
            else:
                assert told(answer, number) == told(never, NEVER[part]), about
            assert walked.leaks(asker, answer.text) == set(), about


def test_subscriptions_are_listed_for_their_readers(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        if not walked.reads_subscriptions(asker):
            assert asker.ask("GET", "/subscriptions").status_code == 403, asker.name
            continue
        expected = {number for number in walked.subscriptions if walked.sees_subscription(asker, number)}
        assert {one["id"] for one in items(asker, "/subscriptions")} == expected, asker.name


def test_a_subscription_is_made_for_who_looks_after_its_department(walked: WalkedCity) -> None:
    for asker in readers_of_subscriptions(walked):
        for number, owner in walked.subscriptions.items():
            # The name of one that is there: who may make it is told of that, and nothing comes of it.
            body = {"name": f"MARK-S{number}-", "url": "https://alerts.example/hook", "department": owner}
            answer = asker.ask("POST", "/subscriptions", body)
            may = walked.sees_subscription(asker, number) and asker.who.role is not Role.OPERATOR
            assert answer.status_code == (409 if may else 403), f"{asker.name} of {number}: {answer.text}"


def test_imports_are_shown_to_those_who_began_them_and_to_city_admins(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        may = asker.name == "department_admin of water" or asker.who.role is Role.CITY_ADMIN
        assert [one["id"] for one in items(asker, "/imports")] == ([walked.imported] if may else []), asker.name
        for path in ("/imports/{number}", "/imports/{number}/rows", "/imports/{number}/progress"):
            answer = asker.ask("GET", a_path(path, number=walked.imported))
            never = asker.ask("GET", a_path(path))
            if may:
                assert answer.status_code == 200, asker.name
            else:
                assert told(answer, walked.imported) == told(never, NEVER["number"]), asker.name


def test_the_record_shows_each_reader_the_rows_of_home(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        answer = asker.ask("GET", "/audit", limit=1000)
        if asker.who.role not in READERS:
            assert answer.status_code == asker.ask("GET", "/audit.csv").status_code == 403, asker.name
            continue
        for row in answer.json()["items"]:
            of_home = [one for one in row["departments"] if walked.is_home(asker, one["id"])]
            assert of_home or asker.who.department is None, f"{asker.name}: {row}"


def test_one_sees_oneself(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        found = asker.ask("GET", "/session").json()
        whoever = found["person"] if asker.who.is_person else found["key"]
        assert (whoever["id"], found["role"]) == (asker.who.number, asker.who.role.value)
        if asker.who.is_person:
            assert [one["is_this"] for one in items(asker, "/sessions")] == [True]


def may_stand_in(walked: WalkedCity, asker: Asker, path: str) -> set[str]:
    """Marks beside the usual ones: record and grants name what was one's own once, and the record who touched it."""
    if not path.startswith(("/audit", "/grants")):
        return set()
    once = {
        f"C{number}"
        for number, camera in walked.world.cameras.items()
        if any(walked.is_home(asker, owner) for _, owner in camera.owners)
    }
    return once | {f"P{number}" for number in walked.persons if path.startswith("/audit")}


PLAIN = [path for method, path in ROUTES if method == "GET" and "{" not in path and path != "/event-changes"]


@pytest.mark.parametrize("path", [path for path in PLAIN if ROUTES["GET", path].about is not About.PUBLIC])
def test_no_answer_has_a_word_of_what_is_hidden(walked: WalkedCity, path: str) -> None:
    queries: list[dict[str, Any]] = [{}]
    if "cameras" in path:
        queries.append({"removed": True})
    if path.startswith("/uptime"):
        queries += [{"by": by} for by in ("camera", "department", "region", "sector")]
    for asker in walked.askers.values():
        for query in queries:
            text = asker.ask("GET", path, **query).text if path != "/metrics" else metrics(walked, asker).text
            assert walked.leaks(asker, text) - may_stand_in(walked, asker, path) == set(), asker.name


def metrics(walked: WalkedCity, asker: Asker) -> httpx2.Response:
    return asker.client.get(f"{walked.city.server.url}/metrics")


BY_NUMBER = ("camera", "zone", "line", "person", "key", "rule")
ALIKE = {"/event-changes", "/events.ndjson", "/events.geojson"}
"""Routes that ask as another one does, and one that has no end."""


def queries(walked: WalkedCity) -> list[tuple[str, str]]:
    """Routes and their filters that take the number of something that may be hidden."""
    description = walked.city.client.get("/api/v1/openapi.json", timeout=60).json()
    return [
        (path.removeprefix("/api/v1"), one["name"])
        for path, methods in description["paths"].items()
        for one in methods.get("get", {}).get("parameters", [])
        if one["in"] == "query"
        and one["name"] in BY_NUMBER
        and "{" not in path
        and path.removeprefix("/api/v1") not in ALIKE
    ]


def test_a_filter_by_what_is_hidden_finds_what_one_by_what_never_was_finds(walked: WalkedCity) -> None:
    asked = queries(walked)
    assert len(asked) >= 8
    for path, name in asked:
        for asker in list(walked.askers.values())[::2]:
            never = asker.ask("GET", path, **{name: NEVER[name]})
            for hidden in hidden_numbers(walked, asker, name):
                answer = asker.ask("GET", path, **{name: hidden})
                assert told(answer, hidden) == told(never, NEVER[name]), f"{asker.name}: {path}?{name}={hidden}"


def hidden_numbers(walked: WalkedCity, asker: Asker, name: str) -> list[int]:
    """Of what `asker` sees nothing of; one is enough."""
    if name in ("person", "key"):
        # Whatever somebody has done to one's own cameras is on record, with who it was.
        known = walked.persons if name == "person" else walked.keys
        mine = asker.who.role in READERS
        return [] if mine else [number for number, one in known.items() if number != asker.who.number][:1]
    marks = walked.may_read(asker)
    sites = [site for site in walked.sites.values() if f"C{site.camera}" not in marks]
    owned = [site for site in sites if not any(walked.is_home(asker, of) for _, of in owners(walked, site.camera))]
    return [int(getattr(site, name)) for site in owned][:1]


def owners(walked: WalkedCity, camera: int) -> tuple[tuple[Any, int], ...]:
    return walked.world.cameras[camera].owners


RULE = {"name": "tried", "labels": ["person"]}


def test_a_body_that_names_what_is_hidden_is_told_of_what_never_was(walked: WalkedCity) -> None:
    weir, platform = walked.sites["weir"], walked.sites["platform"]
    for asker in walked.askers.values():
        if f"C{platform.camera}" in walked.may_read(asker):
            continue
        grant = {"rights": ["events"], "purpose": "to look at it", "to": {"department": asker.who.department}}
        bodies: list[tuple[str, str, dict[str, Any], dict[str, Any], tuple[int, int]]] = [
            (method, path, body | {field: number}, body | {field: NEVER[field]}, (number, NEVER[field]))
            for method, path, body, field, number in (
                ("POST", "/rules:try", {"rule": RULE}, "camera", platform.camera),
                ("POST", f"/cameras/{weir.camera}/rules", RULE, "zone", platform.zone),
                ("POST", f"/cameras/{weir.camera}/rules", RULE, "line", platform.line),
                ("PATCH", f"/rules/{weir.rule}", {}, "zone", platform.zone),
            )
        ]
        on = [{"on": {"camera": number}} for number in (platform.camera, NEVER["camera"])]
        bodies.append(("POST", "/grants", grant | on[0], grant | on[1], (platform.camera, NEVER["camera"])))
        for method, path, hidden, never, (number, no_number) in bodies:
            answer, other = asker.ask(method, path, hidden), asker.ask(method, path, never)
            assert answer.status_code in (403, 404, 409, 422), f"{asker.name}: {path}"
            assert told(answer, number) == told(other, no_number), f"{asker.name}: {path}"
