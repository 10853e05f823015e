"""Announced launch dates: a day, a month, a year, or a range, each an interval with a middle."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_PART = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")
_HELP = "a planned date is needed: 2027, 2027-02, 2027-02-15, or a range such as 2033..2035"


class Interval(NamedTuple):
    """The days, both included, in which a launch was announced to take place."""

    first: date
    last: date

    def middle(self, not_before: date = date.min) -> date:
        """Pick the day that stands for the interval: its middle, after ``not_before`` if it can be.

        >>> parse_interval("2027").middle()
        datetime.date(2027, 7, 2)
        >>> parse_interval("2026").middle(not_before=date(2026, 9, 13))
        datetime.date(2026, 11, 6)
        """
        first = max(self.first, min(not_before, self.last))
        return first + timedelta(days=(self.last - first).days // 2)


def parse_interval(text: str) -> Interval:
    """Read a planned date.

    >>> parse_interval("2033..2035").last
    datetime.date(2035, 12, 31)

    Raises:
        PydanticCustomError: the text is no date, or the range ends before it begins.
    """
    first, _, last = text.partition("..")
    interval = Interval(_bounds(first)[0], _bounds(last or first)[1])
    if interval.first > interval.last:
        raise PydanticCustomError("planned", "the range ends before it begins")
    return interval


def _bounds(text: str) -> tuple[date, date]:
    match = _PART.fullmatch(text.strip())
    if match is None:
        raise PydanticCustomError("planned", _HELP)
    year = int(match["year"])
    first_month, last_month = (int(match["month"]),) * 2 if match["month"] else (1, 12)
    try:
        if match["day"]:
            day = date(year, first_month, int(match["day"]))
            return day, day
        last_day = monthrange(year, last_month)[1]
        return date(year, first_month, 1), date(year, last_month, last_day)
    except ValueError as error:
        raise PydanticCustomError("planned", "{reason}", {"reason": str(error)}) from None


def _validate(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        return parse_interval(value)
    if isinstance(value, Interval):
        return value
    raise PydanticCustomError("planned", _HELP)


Planned = Annotated[
    Interval,
    BeforeValidator(_validate),
    WithJsonSchema({"type": ["string", "integer"], "examples": [2027, "2027-02", "2033..2035"]}),
]
