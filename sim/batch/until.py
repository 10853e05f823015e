"""Running until a quantile is known well enough: sequential stopping with an honest interval.

The procedure: look after 100, 200, 400, ... replications. At the k-th look take the distribution-free
interval of the quantile from order statistics with a confidence of ``1 - alpha / (k (k + 1))``. The
``alpha / (k (k + 1))`` add up to ``alpha``, so that all intervals together hold with a probability of at
least ``1 - alpha`` (Bonferroni, with this spending: Darling and Robbins 1967), and stopping at any of them
is fair. It ends at the first look at which the interval is no wider than twice the wished half-width, or
at which it is certain at this confidence that the quantile lies beyond the horizon. Doubling keeps the
number of looks small: the last replications are at most twice as many as needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf, isfinite

from sim.nature.calendar import DAYS_PER_MONTH

CONFIDENCE = 0.9
FIRST_LOOK = 100
_FORM = re.compile(
    r"\s*(?P<half>\d+(\.\d+)?)\s*(?P<unit>days?|months?)\s+on\s+[Pp](?P<percent>\d{1,2})\s+of\s+"
    r"(?P<milestone>\w[\w -]*?)\s*"
)
EXAMPLE = "0.5 months on P80 of permanent-presence"


@dataclass(frozen=True)
class Goal:
    """What should be known: a quantile of a milestone's date to within a half-width."""

    half_days: float
    share: float
    milestone: str

    @property
    def quantile(self) -> str:
        """The quantile as it is called, such as ``P80``."""
        return f"P{100 * self.share:.0f}"

    def reached(self, low: float, high: float) -> bool:
        """Tell whether an interval is narrow enough; both bounds infinite: surely not by the horizon."""
        if low == inf:
            return True
        return isfinite(low) and isfinite(high) and high - low <= 2 * self.half_days


def read_goal(text: str, milestones: list[str]) -> Goal:
    """Read a goal such as ``0.5 months on P80 of permanent-presence``.

    Raises:
        ValueError: says what is wrong with it.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is not understood; write it like `{EXAMPLE}`")
    half, percent = float(match["half"]), int(match["percent"])
    if half <= 0:
        raise ValueError("the half-width must be more than 0")
    if not 1 <= percent <= 99:
        raise ValueError(f"P{percent} is no quantile; it goes from P1 to P99")
    name = re.sub(r"[_\s]+", "-", match["milestone"].lower())
    if name not in milestones:
        raise ValueError(f"there is no milestone `{name}`; there are {', '.join(milestones)}")
    unit = DAYS_PER_MONTH if match["unit"].startswith("month") else 1.0
    return Goal(half * unit, percent / 100, name)


@dataclass(frozen=True)
class Look:
    """What one look showed: interval in days from the data date, infinite where unbounded.

    Attributes:
        number: of the look, from 1.
        replications: that were completed.
        confidence: of its interval; together all looks have 90 percent.
        value, low, high: the quantile and its interval [d].
        done: it is known well enough.
    """

    number: int
    replications: int
    confidence: float
    value: float
    low: float
    high: float
    done: bool


def confidence_at(look: int, overall: float = CONFIDENCE) -> float:
    """Confidence of the interval at a look, counted from 1, so that all together have the overall one.

    >>> [round(confidence_at(look), 4) for look in (1, 2, 3)]
    [0.95, 0.9833, 0.9917]
    """
    return 1 - (1 - overall) / (look * (look + 1))


def sizes(most: int) -> list[int]:
    """Replications at each look, up to `most`.

    >>> sizes(500)
    [100, 200, 400, 500]
    """
    looks = []
    size = FIRST_LOOK
    while size < most:
        looks.append(size)
        size *= 2
    return [*looks, most]
