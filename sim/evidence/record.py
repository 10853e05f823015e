"""The shipped record: landings, announcements, launches and stand-downs, read from CSV.

`known_at` cuts a record back to what was known on a day: later rows are gone, and what happened later is
censored at that day. A forecast made from it can not have seen the future.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

DATA = Path(__file__).with_name("data")

HALF_WIDTH_DAYS = {"day": 0.5, "month": 15.0, "quarter": 46.0, "half": 91.0, "year": 183.0}
"""Half of the interval that a date of a given precision stands for [d]."""

T = TypeVar("T")


class RecordError(ValueError):
    """A table of the record cannot be read; the text says where and how to mend it."""


@dataclass(frozen=True)
class Announcement:
    """What was said on a day about the launch of a mission, and what became of it.

    Attributes:
        planned_half_width: half of the announced interval [d].
        launched: day of launch; none if it had not flown by `as_of`.
        state: `flown`, `censored` (not yet) or `cancelled`.
        as_of: last day on which it was known not to have flown.
        current_plan: the plan at `as_of`.
    """

    mission: str
    agency: str
    group: str
    kind: str
    announced: date
    planned: date
    planned_half_width: float
    launched: date | None
    state: str
    as_of: date | None
    current_plan: date | None


@dataclass(frozen=True)
class Landing:
    """A launched mission that was meant to land.

    Attributes:
        kind: `robotic state`, `robotic commercial` or `crewed`.
        descended: it came to its descent, which is what the landing draw of the model means.
        success: landed upright and undamaged (a toppled lander is a failure).
        soft_success: landed softly, toppled or not.
        counts: false for what was no lander in the usual sense.
    """

    mission: str
    country: str
    kind: str
    family: str
    launched: date
    landed: date | None
    descended: bool
    success: bool
    soft_success: bool
    counts: bool

    @property
    def known(self) -> date:
        """Day on which the outcome was known."""
        return self.landed or self.launched


@dataclass(frozen=True)
class LaunchCount:
    """Flights of a launch vehicle up to a day; partial failures are failures of the mission."""

    vehicle: str
    country: str
    attempts: int
    failures: int
    first_launch: date | None
    failure_dates: tuple[date, ...]
    as_of: date


@dataclass(frozen=True)
class StandDown:
    """From a failure to the next flight.

    Attributes:
        days: duration, or what of it had passed if `censored` [d].
        gap_before_days: median of up to ten gaps between flights before the failure [d].
        successor_meant: another flight of the system was meant to follow.
    """

    system: str
    kind: str
    country: str
    failed: date
    flown_again: date | None
    days: float
    censored: bool
    total_loss: bool
    gap_before_days: float | None
    successor_meant: bool


@dataclass(frozen=True)
class Record:
    """All tables together."""

    announcements: tuple[Announcement, ...]
    landings: tuple[Landing, ...]
    launches: tuple[LaunchCount, ...]
    stand_downs: tuple[StandDown, ...]

    @property
    def evidence(self) -> date:
        """The newest day that any table speaks of."""
        days = [row.as_of for row in self.announcements if row.as_of]
        days += [row.announced for row in self.announcements] + [row.known for row in self.landings]
        return max(days, default=date.min)


class Row:
    """A row of a CSV file with its place, for messages."""

    def __init__(self, file: str, line: int, cells: dict[str, str]) -> None:
        self.file, self.line, self.cells = file, line, cells

    def text(self, column: str) -> str:
        """Give a text that must not be empty."""
        value = self.maybe(column)
        return value if value else self.fail(column, "must not be empty")

    def maybe(self, column: str) -> str:
        """Give a text; empty if there is none."""
        if column not in self.cells:
            return self.fail(column, "there is no such column")
        return (self.cells[column] or "").strip()

    def choice(self, column: str, allowed: Iterable[str]) -> str:
        """Give one of the allowed words."""
        value, words = self.text(column), tuple(allowed)
        return value if value in words else self.fail(column, f"must be one of {', '.join(words)}")

    def flag(self, column: str) -> bool:
        """Read 0 or 1."""
        return self.choice(column, ("0", "1")) == "1"

    def number(self, column: str) -> float:
        """Read a number that is not negative."""
        try:
            value = float(self.text(column))
        except ValueError:
            return self.fail(column, "must be a number")
        return value if 0 <= value < 1e9 else self.fail(column, "must not be negative, nor endless")

    def day(self, column: str) -> date:
        """Read an ISO date."""
        return self.maybe_day(column) or self.fail(column, "a date is needed, written as 2026-09-13")

    def maybe_day(self, column: str) -> date | None:
        """Read an ISO date, if there is one."""
        value = self.maybe(column)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            return self.fail(column, "a date is needed, written as 2026-09-13")

    def fail(self, column: str, message: str) -> T:  # type: ignore[type-var]
        """Say what is wrong, and where."""
        shown = self.cells.get(column)
        given = "" if shown is None else f', not "{shown}"'
        raise RecordError(f"{self.file}:{self.line}: {column}: {message}{given}")


def read_record(folder: Path | None = None) -> Record:
    """Read the shipped record, or one in another folder.

    Raises:
        RecordError: a table is missing or wrong; says file, line, column and the mend.
    """
    base = folder or DATA
    return Record(
        announcements=_table(base / "schedule_slips.csv", _announcement),
        landings=_table(base / "lunar_landings.csv", _landing),
        launches=_table(base / "launch_record.csv", _launch_count),
        stand_downs=_table(base / "standdowns.csv", _stand_down),
    )


def known_at(record: Record, day: date) -> Record:
    """Cut a record back to what was known on a day.

    A mission that flew later is not yet flown; its current plan is what had been announced last. Launch
    counts are totals, so those made after the day are left out altogether.
    """
    said = [row for row in record.announcements if row.announced <= day]
    last: dict[str, Announcement] = {}
    for row in said:
        if row.mission not in last or row.announced >= last[row.mission].announced:
            last[row.mission] = row
    return Record(
        announcements=tuple(_seen_from(row, day, last[row.mission].planned) for row in said),
        landings=tuple(row for row in record.landings if row.known <= day),
        launches=tuple(row for row in record.launches if row.as_of <= day),
        stand_downs=tuple(
            _stand_down_seen_from(row, day) for row in record.stand_downs if row.failed <= day
        ),
    )


def _seen_from(row: Announcement, day: date, last_plan: date) -> Announcement:
    if row.launched is not None and row.launched <= day:
        return row
    if row.launched is None and row.as_of is not None and row.as_of <= day:
        return row
    return replace(row, launched=None, state="censored", as_of=day, current_plan=last_plan)


def _stand_down_seen_from(row: StandDown, day: date) -> StandDown:
    ended = row.flown_again is not None and row.flown_again <= day
    passed = float((day - row.failed).days)
    if ended or (row.censored and row.days <= passed):
        return row
    return replace(row, flown_again=None, days=max(1.0, passed), censored=True)


def _table(path: Path, make: Callable[[Row], T]) -> tuple[T, ...]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            return tuple(make(Row(path.name, reader.line_num, cells)) for cells in reader)
    except OSError as error:
        raise RecordError(f"{path.name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RecordError(f"{path.name}: is no UTF-8 text; save it as UTF-8") from None


def _announcement(row: Row) -> Announcement:
    state = row.choice("state", ("flown", "censored", "cancelled"))
    made = Announcement(
        mission=row.text("mission"),
        agency=row.text("agency"),
        group=row.text("agency_group"),
        kind=row.text("class"),
        announced=row.day("announcement_date"),
        planned=row.day("planned_launch_date"),
        planned_half_width=HALF_WIDTH_DAYS[row.choice("planned_precision", HALF_WIDTH_DAYS)],
        launched=row.day("actual_launch_date") if state == "flown" else None,
        state=state,
        as_of=None if state == "flown" else row.day("status_as_of"),
        current_plan=row.maybe_day("current_plan_date"),
    )
    if made.launched is not None and made.launched < made.announced:
        row.fail("announcement_date", "must not be after the launch")
    return made


def _landing(row: Row) -> Landing:
    return Landing(
        mission=row.text("mission"),
        country=row.text("country"),
        kind=row.text("kind"),
        family=row.text("lander_family"),
        launched=row.day("launch_date"),
        landed=row.maybe_day("landing_attempt_date"),
        descended=row.flag("descent_attempted"),
        success=row.flag("success_strict"),
        soft_success=row.flag("success_soft"),
        counts=row.flag("in_base_statistics"),
    )


def _launch_count(row: Row) -> LaunchCount:
    attempts = int(row.number("attempts"))
    failures = int(row.number("failures") + row.number("partial_failures"))
    if failures + int(row.number("successes")) != attempts:
        row.fail("attempts", "must be the sum of successes, partial failures and failures")
    dates = [text for text in row.maybe("failure_dates").split(";") if text]
    try:
        failed = tuple(date.fromisoformat(text) for text in dates)
    except ValueError:
        row.fail("failure_dates", "dates are needed, written as 2026-09-13 with `;` between them")
    return LaunchCount(
        vehicle=row.text("vehicle"),
        country=row.text("country"),
        attempts=attempts,
        failures=failures,
        first_launch=row.maybe_day("first_launch_date"),
        failure_dates=failed,
        as_of=row.day("as_of"),
    )


def _stand_down(row: Row) -> StandDown:
    gap = row.maybe("median_gap_before_days")
    note = row.maybe("note")
    return StandDown(
        system=row.text("system"),
        kind=row.text("kind"),
        country=row.text("country"),
        failed=row.day("failure_date"),
        flown_again=row.maybe_day("next_flight_date"),
        days=row.number("days"),
        censored=row.flag("censored"),
        total_loss=row.choice("severity", ("total", "partial")) == "total",
        gap_before_days=row.number("median_gap_before_days") if gap else None,
        successor_meant=not any(text in note for text in ("successor abandoned", "single flight")),
    )
