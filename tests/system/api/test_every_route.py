"""Every route, asked by everybody: none answers strangers, and each lets in, refuses and hides as the rules say."""

import re
from collections.abc import Iterator

import httpx2
import pytest

from api.server import HttpServer
from core.access import Right, Role
from tests.system.api.walked_city import NO_CAMERA, Asker, Site, WalkedCity
from tests.system.api.walked_routes import NEVER, ROUTES, About, Route, a_path, base, filled, told
from tests.system.api.walked_streets import a_walked_city

OF_CAMERAS = [one for one, route in ROUTES.items() if route.about in (About.CAMERA, About.EVENT)]
OF_DEPARTMENTS = [one for one, route in ROUTES.items() if route.about is About.DEPARTMENT]
OF_THE_CITY = [one for one, route in ROUTES.items() if route.about is About.CITY_ADMIN]


def walk(*routes: tuple[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("method", "path"), routes, ids=[" ".join(one) for one in routes])


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WalkedCity]:
    with a_walked_city(tmp_path_factory.mktemp("walked")) as found:
        yield found


def described(server: HttpServer, key: str) -> set[tuple[str, str]]:
    headers = {"Authorization": f"Bearer {key}"}
    description = httpx2.get(f"{server.url}/api/v1/openapi.json", headers=headers, trust_env=False, timeout=60).json()
    return {(method.upper(), path) for path, methods in description["paths"].items() for method in methods}


def test_every_route_has_its_place_in_the_table(walked: WalkedCity) -> None:
    known = {(method, base(path)) for method, path in ROUTES}
    assert described(walked.city.server, walked.city.key) == known


@pytest.mark.parametrize("cookie", [None, "sharp-eyes=none"])
def test_no_route_but_the_public_ones_answers_a_stranger(walked: WalkedCity, cookie: str | None) -> None:
    headers = {"Origin": walked.city.server.url, **({} if cookie is None else {"Cookie": cookie})}
    with httpx2.Client(base_url=walked.city.server.url, headers=headers, trust_env=False, timeout=20) as stranger:
        for (method, path), route in ROUTES.items():
            body = filled(route.body, {"department": 1, "camera": 1})
            status = stranger.request(method, base(a_path(path)), json=body).status_code
            is_public = route.about is About.PUBLIC
            assert (status == 401) is not is_public, f"{method} {path}: {status}"


def expected_of_camera(walked: WalkedCity, route: Route, asker: Asker, site: Site) -> set[int] | None:
    """The statuses that may come; None: those of what never was."""
    assert route.right is not None
    camera, who = int(site.camera), asker.who
    if route.persons and not who.is_person:
        return {403}
    if route.about is About.EVENT:
        if not walked.sees_event(asker, Right.EVENTS, site.event):
            return None
        return {200, 202, 404} if walked.sees_event(asker, route.right, site.event) else {403}
    if not walked.sees(asker, Right.LIST, camera):
        return None
    right = Right.LIST if route.persons and who.role is Role.AUDITOR else route.right
    if not walked.sees(asker, right, camera) or (
        route.whole and not walked.sees_all_of(asker, right, walked.world.cameras[camera].owner)
    ):
        # Of a camera that was removed some parts are not there: not for those either who could see them.
        return {403, 404} if camera in walked.removed else {403}
    if route.persons and not walked.is_home(asker, walked.world.cameras[camera].owner):
        return {403}
    return {200, 400, 404, 409, 422, 503}  # there is no worker here: nobody has a latest picture, for one


@walk(*OF_CAMERAS)
def test_what_is_asked_of_one_camera_is_let_in_refused_or_hidden(walked: WalkedCity, method: str, path: str) -> None:
    route, seen = ROUTES[method, path], set()
    part = re.findall(r"\{(\w+)\}", path)[0]
    for asker in walked.askers.values():
        never = asker.ask(method, a_path(path), filled(route.body, {"camera": NO_CAMERA}))
        for name, site in walked.sites.items():
            number, about = getattr(site, part), f"{asker.name} of {name}"
            expected = expected_of_camera(walked, route, asker, site)
            if expected is not None and 403 not in expected and not route.harmless:
                continue
            answer = asker.ask(method, a_path(path, **{part: number}), filled(route.body, {"camera": site.camera}))
            if expected is None:
                assert answer.status_code == 404, about
                assert told(answer, number, site.camera) == told(never, NEVER[part], NO_CAMERA), about
                assert answer.headers.keys() == never.headers.keys(), about
            else:
                assert answer.status_code in expected, f"{about}: {answer.text}"
            unexpected = {f"P{one}" for one in walked.persons} if path.endswith("/viewers") else set()
            assert walked.leaks(asker, answer.text) - unexpected == set(), about
            seen.add("hidden" if expected is None else "refused" if 403 in expected else "let in")
    assert {"hidden"} < seen, "a walk that meets one kind of answer alone shows nothing"


@walk(*OF_DEPARTMENTS)
def test_what_is_asked_of_a_department_takes_a_right_on_all_of_it(walked: WalkedCity, method: str, path: str) -> None:
    route, seen = ROUTES[method, path], set()
    assert route.right is not None
    site_of = {"water": "weir", "rivers": "river", "rail": "platform"}
    for asker in walked.askers.values():
        for name, site in site_of.items():
            number = walked.departments[name]
            may = walked.sees_all_of(asker, route.right, number)
            if path == "/departments/{department}":
                may = asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN) and walked.is_home(asker, number)
            if path == "/cameras:import":  # it refuses row by row
                may = any(walked.sees_all_of(asker, Right.MANAGE, one) for one in walked.departments.values())
            seen.add(may)
            if may and not route.harmless:
                continue
            body = filled(route.body, {"department": number, "camera": walked.sites[site].camera})
            query = {"department": number} if path == "/cameras:import" else {}
            headers = {"content-type": "text/csv"} if query else {}
            answer = asker.client.request(
                method,
                a_path(path, department=number),
                params=query,
                headers=headers,
                **({"content": b"name\na\n"} if query else {"json": body}),
            )
            refused = {404} if method == "GET" else {403}
            assert answer.status_code in ({200, 409} if may else refused), f"{asker.name} of {name}: {answer.text}"
    assert seen == {True, False}


@walk(*OF_THE_CITY)
def test_what_is_the_citys_is_for_its_admins_alone(walked: WalkedCity, method: str, path: str) -> None:
    for asker in walked.askers.values():
        if path == "/metrics":
            answer = asker.client.get(f"{walked.city.server.url}/metrics")
        else:
            body = ROUTES[method, path].body
            numbers = {"department": walked.departments["water"], "region": "3101"}
            answer = asker.ask(method, a_path(path, **numbers), body)
        of_the_city = asker.who.department is None
        may = asker.who.role is Role.CITY_ADMIN or (
            path == "/metrics" and asker.who.role is Role.AUDITOR and of_the_city
        )
        assert (answer.status_code == 403) is not may, f"{asker.name}: {answer.text}"


@walk(*[one for one, route in ROUTES.items() if route.about is About.HOLD and "{" in one[1]])
def test_a_hold_is_shown_to_whom_it_concerns_and_released_by_whose_it_is(
    walked: WalkedCity, method: str, path: str
) -> None:
    route, seen = ROUTES[method, path], set()
    for asker in walked.askers.values():
        never = asker.ask(method, a_path(path), route.body)
        for number, owner in walked.holds.items():
            answer, about = asker.ask(method, a_path(path, hold=number), route.body), f"{asker.name} of {number}"
            is_admin = asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN)
            may = method == "GET" or (is_admin and walked.is_home(asker, owner))
            if not walked.reads_holds(asker):
                assert answer.status_code == 403, about
            elif not walked.sees_hold(asker, number):
                assert told(answer, number) == told(never, NEVER["hold"]), about
                assert answer.status_code == 404, about
            else:
                expected = 403 if not may else 200 if method == "GET" else 422  # a release that does not say why
                assert answer.status_code == expected, f"{about}: {answer.text}"
            assert walked.leaks(asker, answer.text) == set(), about
            seen.add(answer.status_code)
    assert {403, 404} < seen


def test_holds_are_listed_for_whom_they_concern(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        answer = asker.ask("GET", "/holds")
        if not walked.reads_holds(asker):
            assert answer.status_code == 403, asker.name
            continue
        expected = {number for number in walked.holds if walked.sees_hold(asker, number)}
        assert {one["id"] for one in answer.json()["items"]} == expected, asker.name


def test_a_hold_is_taken_by_who_looks_after_what_it_is_on(walked: WalkedCity) -> None:
    for asker in walked.askers.values():
        for name, site in {"water": "weir", "rivers": "river", "rail": "platform"}.items():
            home = walked.is_home(asker, walked.departments[name])
            is_admin = asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN)
            for field, number in (
                ("department", walked.departments[name]),
                ("camera", walked.sites[site].camera),
                ("event", str(walked.sites[site].event)),
            ):
                # Without a reason: who may take it is told of that, and nothing comes of it.
                answer = asker.ask("POST", "/holds", {"name": "a", "reason": "", field: number})
                about = f"{asker.name} of {field} {number}: {answer.text}"
                if is_admin and home:
                    assert (answer.status_code, answer.json()["field"]) == (422, "reason"), about
                elif is_admin and answer.status_code == 422:
                    assert answer.json()["field"] == field, about
                    assert f"there is no {field} {number}" in answer.text, about
                else:
                    assert answer.status_code == 403, about
                assert walked.leaks(asker, answer.text) == set(), about
