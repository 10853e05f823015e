"""Calendar dates at the edges, days since the data date inside.

The model counts time in days since the data date, 00:00 UTC, as a float. These functions are the only
place where the two meet.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
EPOCH = date(1970, 1, 1)


def day_of(when: date, data_date: date) -> float:
    """Count the days from the data date to a calendar date.

    >>> day_of(date(2026, 9, 20), date(2026, 9, 13))
    7.0
    """
    return float((when - data_date).days)


def date_of(day: float, data_date: date) -> date:
    """Name the calendar date in which a day of the model falls.

    >>> date_of(7.9, date(2026, 9, 13))
    datetime.date(2026, 9, 20)
    """
    return (datetime.combine(data_date, datetime.min.time()) + timedelta(days=day)).date()


def year_starts(data_date: date, horizon: date) -> list[date]:
    """List the first of January of every year that begins after the data date, up to the horizon's.

    >>> year_starts(date(2026, 9, 13), date(2028, 1, 1))
    [datetime.date(2027, 1, 1), datetime.date(2028, 1, 1)]
    """
    return [date(year, 1, 1) for year in range(data_date.year + 1, horizon.year + 1)]


def month_starts(first: date, last: date) -> list[date]:
    """List the first day of every month from the month of ``first`` to the one that contains ``last``.

    >>> month_starts(date(2026, 11, 21), date(2027, 1, 1))
    [datetime.date(2026, 11, 1), datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)]
    """
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]
