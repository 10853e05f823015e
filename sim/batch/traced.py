"""A traced replication as plain tables: what saved results and the engine have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trace:
    """A traced replication. Days count from the data date.

    Attributes:
        meta: what rows and columns mean, as for saved results.
        seed, replication: its address.
        missions: a record for each mission.
        spans: a record for each span.
        happenings: a record for each thing that happened, in order.
        milestones: the day of each milestone, nan for never [d].
        paths: for each milestone, the pieces of its critical path.
        phases: for each track, the day of first entry into each phase [d].
        series: monthly means, shape (series, months).
        station: tables of numbers, by name: ``flows`` (day, then powers and stored energy), ``standings``
            (day, powers, people, mass), ``lit`` and ``in_view`` (spells [d]), ``phases/<track>`` (day and
            number), ``store/<commodity>`` (day, level, rate); what each column is stands in `columns`.
        columns: names of the columns of the tables of `station`.
    """

    meta: dict[str, Any]
    seed: int
    replication: int
    missions: list[dict[str, Any]]
    spans: list[dict[str, Any]]
    happenings: list[dict[str, Any]]
    milestones: list[float]
    paths: list[list[dict[str, Any]]]
    phases: list[list[float]]
    series: Any
    station: dict[str, Any]
    columns: dict[str, list[str]]
