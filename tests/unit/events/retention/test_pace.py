"""How many go at once follows how long they take."""

from events.retention.pace import LONG_S, Pace


def test_fewer_go_where_it_takes_long_and_never_less_than_the_fewest() -> None:
    pace = Pace(100, fewest=20, most=200)
    sizes = []
    for _ in range(4):
        pace.took(LONG_S * 1.1, pace.at_once)
        sizes.append(pace.at_once)
    assert sizes == [50, 25, 20, 20]


def test_more_go_where_it_takes_little_time_up_to_the_most() -> None:
    pace = Pace(100, fewest=20, most=200)
    pace.took(LONG_S / 4, 99)
    assert pace.at_once == 100, "fewer than could go tell nothing"
    pace.took(LONG_S / 4, 100)
    assert pace.at_once == 151
    pace.took(LONG_S / 4, 151)
    assert pace.at_once == 200
    pace.took(LONG_S * 0.8, 200)
    assert pace.at_once == 200


def test_others_have_as_long_as_it_took() -> None:
    pace = Pace(100, fewest=20, most=200)
    pace.took(0.5, 100)
    assert pace.pause_s == 0.5
    pace.took(0.001, 100)
    assert 0 < pace.pause_s < 0.1
