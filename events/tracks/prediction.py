"""What a smoothed value will be next, told from the newest thing that went into it.

Trackers smooth scores and speeds by formulas of their own. Two factors, fitted anew for each column, foretell most of
such a value; what is left are small numbers. All in whole numbers: every machine must come to the same ones.
"""

from typing import Final, NamedTuple

import numpy as np

from .integers import Integers

_ONE: Final = 10
"""Factors are in parts of 2 to the power of this."""
_LARGEST: Final = 1 << 16


class Factors(NamedTuple):
    """How much of the news, and of the value before, is added to the value before."""

    news: int
    before: int


def fit(column: Integers, news: Integers, goes_on: Integers) -> Factors:
    """The factors that foretell `column` best from `news` (both of shape (n,)), in the rows of `goes_on`: those whose
    row before is of the same track."""
    if not len(goes_on):
        return Factors(0, 0)
    known = np.stack((news[goes_on], column[goes_on - 1]), axis=1).astype(np.float64)
    wanted = (column[goes_on] - column[goes_on - 1]).astype(np.float64)
    found = np.linalg.lstsq(known, wanted, rcond=None)[0] * (1 << _ONE)
    first, second = np.clip(np.rint(found), -_LARGEST, _LARGEST).astype(int).tolist()
    return Factors(first, second)


def surprises(column: Integers, news: Integers, goes_on: Integers, factors: Factors) -> Integers:
    """By how much each value differs from what was foretold, or from the value before it where a track begins."""
    left = np.diff(column, prepend=0)
    left[goes_on] -= (factors.news * news[goes_on] + factors.before * column[goes_on - 1]) >> _ONE
    return left


def restore(left: Integers, news: Integers, goes_on: Integers, factors: Factors) -> Integers:
    """The column of which `surprises` made `left`. Raises `OverflowError` where it is none."""
    foretold = np.zeros(len(left), np.bool_)
    foretold[goes_on] = True
    value, column = 0, []
    for surprise, new, is_foretold in zip(left.tolist(), news.tolist(), foretold.tolist(), strict=True):
        if is_foretold:
            value += (factors.news * new + factors.before * value) >> _ONE
        value += surprise
        column.append(value)
    return np.array(column, np.int64)
