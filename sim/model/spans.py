"""What was waited for, because of whom: the time of every mission, tiled without gap or overlap."""

from __future__ import annotations

from typing import NamedTuple

from sim.scenario.campaign import NONE
from sim.terms import Cause


class Span(NamedTuple):
    """A stretch of a mission's time.

    Attributes:
        attempt: 0 for the first try.
        cause: what the time was spent on.
        start, end: days since the data date [d].
        by: the mission that ended the wait, or `NONE`.
        since: when that mission did what ended it (a launch, a failure, a commissioning) [d].
        what: the row of the gate, vehicle, pad, window or family waited for, or `NONE`.
    """

    attempt: int
    cause: Cause
    start: float
    end: float
    by: int = NONE
    since: float = 0.0
    what: int = NONE


class PathPiece(NamedTuple):
    """A stretch of a critical path, spent by a mission on a cause."""

    mission: int
    cause: Cause
    start: float
    end: float


def critical_path(
    spans: list[list[Span]], mission: int, day: float, since: float | None = None
) -> list[PathPiece]:
    """Walk back from an event to the data date along what bound it.

    A wait that another mission ended leads over to that mission, at the moment when it did so; every
    other span leads to the one before. What a mission sets off after its end its elements do, once they
    have started up or been repaired. The pieces tile the time from the data date to the event.

    Args:
        spans: spans of all missions.
        mission: the mission whose event is explained; `NONE` for a date that nobody decides.
        day: the day of the event [d].
        since: the day on which the mission did what led to the event, if it took time to count [d].

    Returns:
        Pieces from the data date on, their days adding up to `day`.
    """
    pieces: list[PathPiece] = []
    if mission == NONE:
        return [PathPiece(NONE, Cause.CALENDAR, 0.0, day)] if day > 0 else []
    if since is not None and since < day:
        pieces.append(PathPiece(mission, Cause.HOLD, max(since, 0.0), day))
        day = since
    while day > 0:
        span = _span_ending_after(spans[mission], day)
        if span is None:
            over = _end_before(spans[mission], day)
            pieces.append(PathPiece(mission, Cause.ELEMENTS, over, day))
            day = over
            continue
        start = span.start
        if span.by != NONE and day == span.end:
            start = min(span.since, day)
        if start < day:
            pieces.append(PathPiece(mission, span.cause, max(start, 0.0), day))
        mission = span.by if span.by != NONE and day == span.end else mission
        day = start
    return pieces[::-1]


def _span_ending_after(spans: list[Span], day: float) -> Span | None:
    """The span in which a day lies, its end included."""
    return next((span for span in reversed(spans) if span.start < day <= span.end), None)


def _end_before(spans: list[Span], day: float) -> float:
    """The end of a mission that was over by a day; the data date for one of the past [d]."""
    return max((span.end for span in spans if span.end < day), default=0.0)
