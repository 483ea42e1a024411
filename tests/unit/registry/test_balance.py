"""Sharing out cameras by weight and capacity: even, with few moves, and never back and forth."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.ids import CameraId
from registry.balance import SLACK, Load, Weighed, even_out, share_out
from registry.workers import WorkerId

weights = st.floats(1, 20, allow_nan=False)
capacities = st.sampled_from([0.5, 1.0, 2.0, 4.0, 64.0])


def weighed(*weights: float) -> list[Weighed]:
    return [Weighed(CameraId(n), weight) for n, weight in enumerate(weights, 1)]


def loads_of(*capacities: float) -> dict[WorkerId, Load]:
    return {WorkerId(n): Load(capacity) for n, capacity in enumerate(capacities, 1)}


def test_heavy_cameras_are_given_first_so_that_light_ones_even_out_the_rest() -> None:
    loads = loads_of(1, 1)
    share_out(weighed(1, 1, 1, 1, 4), loads)
    assert sorted(load.weight for load in loads.values()) == [4, 4]


def test_a_difference_of_no_more_than_the_cameras_weight_moves_nothing() -> None:
    assert even_out({WorkerId(1): weighed(2, 2)}, {WorkerId(1): Load(1, 2, 4.0), WorkerId(2): Load(1, 1, 2.0)}) == {}


def test_at_most_an_eighth_of_a_share_moves_at_a_time() -> None:
    cameras = weighed(*[1.0] * 64)
    loads = {WorkerId(1): Load(1, 64, 64.0), WorkerId(2): Load(1)}
    assert len(even_out({WorkerId(1): cameras}, loads)) == 4


@settings(max_examples=150, deadline=None)
@given(st.lists(weights, min_size=1, max_size=40), st.lists(capacities, min_size=2, max_size=5))
def test_moves_come_to_an_end_with_no_camera_moved_twice_over_and_the_highest_load_only_falls(
    some: list[float], workers: list[float]
) -> None:
    cameras = weighed(*some)
    loads = loads_of(*workers)
    holders = dict.fromkeys([one.camera for one in cameras], WorkerId(1))
    for one in cameras:
        loads[WorkerId(1)].add(one.weight)
    highest = max(load.filling for load in loads.values())
    for _ in range(len(cameras) * len(workers) + 1):
        having = {number: [one for one in cameras if holders[one.camera] == number] for number in loads}
        moves = even_out(having, loads)
        holders |= moves
        now = max(load.filling for load in loads.values())
        assert now <= highest + 1e-9
        highest = now
        if not moves:
            break
    else:
        raise AssertionError("cameras move for ever")
    mean = sum(some) / sum(workers)
    emptiest = min(loads.values(), key=lambda load: load.filling)
    fullest = max(loads, key=lambda number: loads[number].filling)
    least = min((one.weight for one in cameras if holders[one.camera] == fullest), default=0.0)
    even = loads[fullest].filling - emptiest.filling <= SLACK * mean + 1e-9
    assert even or (emptiest.weight + least) / emptiest.capacity >= loads[fullest].filling - 1e-9
