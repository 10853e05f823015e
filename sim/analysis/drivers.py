"""What drives a date? How it hangs on each thing that we do not know.

Three views on the same question, all on addressed luck, so that nothing has to be recorded:

- *rank correlations* and *conditional dates*, from any saved batch: the unknowns of a replication are
  looked up again by their address;
- the *tornado*: each unknown at its P10 and at its P90, everything else on the same luck;
- *Sobol indices* of the simulator itself (`sim.analysis.indices`), with chance as one factor more.

Outcomes are restricted dates: what is not reached by the horizon counts as the horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from sim.analysis.estimates import Floats, mean, restricted, z_value
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError
from sim.nature.calendar import DAYS_PER_MONTH
from sim.nature.luck import Luck

LOW, HIGH = 0.1, 0.9
"""Quantiles between which the tornado moves each unknown."""
_FIFTH = 0.2
FEWEST = 20
_BINS = 10

CORRELATION_COLUMNS = [
    "scenario", "milestone", "title", "unknown", "stream", "replications",
    "rank_correlation", "low", "high", "first_order", "first_order_se", "fifths_months", "fifths_months_se",
]  # fmt: skip
TORNADO_COLUMNS = [
    "milestone", "title", "unknown", "stream", "replications", "p10_months", "p10_months_se",
    "p90_months", "p90_months_se", "swing_months", "swing_months_se",
    "p10_reached", "p90_reached", "swing_reached", "swing_reached_se",
]  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What we did not know in each replication, and when milestones came.

    Attributes:
        meta: description of the scenario.
        unknowns: quantile of each unknown in each replication, shape (unknowns, replications) [-].
        days: of the milestones from the data date, nan for never [d], shape (replications, milestones).
    """

    meta: dict[str, Any]
    unknowns: Floats
    days: Floats

    def months(self, milestone: str) -> Floats:
        """Restricted dates of a milestone, in months from the data date, shape (replications,)."""
        return restricted_months(self.meta, self.days[:, column_of(self.meta, milestone)])


def horizon_days(meta: dict[str, Any]) -> float:
    """Days from the data date to the horizon [d]."""
    return float((pd.Timestamp(meta["horizon"]) - pd.Timestamp(meta["data_date"])).days)


def restricted_months(meta: dict[str, Any], days: Floats) -> Floats:
    """Cut days at the horizon and give them in months from the data date."""
    return restricted(days, horizon_days(meta)) / DAYS_PER_MONTH


def column_of(meta: dict[str, Any], milestone: str) -> int:
    """Column of a milestone.

    Raises:
        ResultsError: there is no such milestone.
    """
    known = [row["id"] for row in meta["milestones"]]
    if milestone not in known:
        raise ResultsError(f"there is no milestone `{milestone}`; there are {', '.join(known)}")
    return known.index(milestone)


def sample_of(saved: SavedScenario, seed: int) -> Sample:
    """Look up again what was not known in each saved replication.

    In a nested batch the seeds of a draw share what is not known; they are averaged by `correlations`.

    Raises:
        ResultsError: the results are older than the list of unknowns.
    """
    if "unknowns" not in saved.meta:
        raise ResultsError(f"{saved.name} was run by an older version, without its unknowns; run it again")
    count = saved.replications
    rows = saved.meta["unknowns"]
    addresses = tuple((row["stream"], row["index"]) for row in rows)
    all_of_them = tuple((stream, index) for stream, index in saved.meta["epistemic_addresses"])
    luck = saved.sampling.luck(seed, 0, count, all_of_them)
    values = np.array([luck.uniforms(*address, epistemic=True) for address in addresses])
    values = values.reshape(len(rows), count)[:, saved.completed]
    return Sample(saved.meta, values, saved.read("milestone_day")[saved.completed])


def plain_sample(meta: dict[str, Any], seed: int, days: Floats) -> Sample:
    """Make a sample of the first replications of plain luck."""
    luck = Luck(seed, 0, len(days))
    values = np.array([luck.uniforms(row["stream"], row["index"]) for row in meta["unknowns"]])
    return Sample(meta, values.reshape(len(meta["unknowns"]), len(days)), days)


def correlations(sample: Sample, milestone: str, groups: Any = None, name: str = "") -> pd.DataFrame:
    """Rank what is not known by how a date goes with it.

    Args:
        sample: at least 20 replications.
        milestone: whose date.
        groups: draw of each replication of a nested batch; dates are averaged over the seeds of a draw.
        name: of the scenario.

    Returns:
        A row for each unknown, the strongest first: Spearman's ``rank_correlation`` with its 90 percent
        interval (Bonett and Wright 2000), ``first_order``, the share of the variance that goes with it
        alone (correlation ratio over ten bins, without its bias: a first Sobol index from given data),
        and ``fifths_months``, by how much the mean date in its highest fifth lies after that in its
        lowest. Without an interaction the sign tells the direction: a success probability that matters
        has a negative one.

    Raises:
        ResultsError: there is no such milestone, or there are too few replications.
    """
    months, unknowns = sample.months(milestone), sample.unknowns
    if groups is not None:
        months, unknowns = _averaged(months, unknowns, groups)
    count = len(months)
    if count < FEWEST:
        raise ResultsError(f"{count} replications are too few to tell what drives a date; run {FEWEST}")
    about = sample.meta["milestones"][column_of(sample.meta, milestone)]
    rows = []
    for row, values in zip(sample.meta["unknowns"], unknowns, strict=True):
        rank = rank_correlation(values, months)
        low, high = correlation_interval(rank, count)
        first, first_error = first_order(values, months)
        fifths, fifths_error = between_fifths(values, months)
        rows.append(
            {
                "scenario": name or sample.meta["name"],
                "milestone": milestone,
                "title": about["title"],
                "unknown": row["title"],
                "stream": row["stream"],
                "replications": count,
                "rank_correlation": rank,
                "low": low,
                "high": high,
                "first_order": first,
                "first_order_se": first_error,
                "fifths_months": fifths,
                "fifths_months_se": fifths_error,
            }
        )
    table = pd.DataFrame(rows, columns=CORRELATION_COLUMNS)
    return table.sort_values("rank_correlation", key=abs, ascending=False, kind="stable", ignore_index=True)


def _averaged(months: Floats, unknowns: Floats, groups: Any) -> tuple[Floats, Floats]:
    """Average dates over the replications of a draw, which share what is not known."""
    _, first, numbers = np.unique(groups, return_index=True, return_inverse=True)
    return np.bincount(numbers, months) / np.bincount(numbers), unknowns[:, first]


def rank_correlation(left: Floats, right: Floats) -> float:
    """Spearman's correlation with average ranks for ties [-]; 0 if one of them does not vary."""
    ranks = np.array([rankdata(left), rankdata(right)])
    spread = ranks.std(axis=1)
    if not spread.all():
        return 0.0
    return float(((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())).mean() / spread.prod())


def correlation_interval(rank: float, count: int) -> tuple[float, float]:
    """90 percent interval of a rank correlation: Fisher's z with the error of Bonett and Wright (2000)."""
    half = z_value(0.9) * sqrt((1 + rank**2 / 2) / max(count - 3, 1))
    centre = np.arctanh(np.clip(rank, -0.999999, 0.999999))
    return float(np.tanh(centre - half)), float(np.tanh(centre + half))


def first_order(values: Floats, outcome: Floats) -> tuple[float, float]:
    """Share of the variance of an outcome that goes with one unknown, with a jackknife error [-].

    The correlation ratio over bins of equal counts, corrected for the noise within them.
    """
    ordered = outcome[np.argsort(values, kind="stable")]
    blocks = np.arange(len(ordered)) % FEWEST
    left_out = np.array([_ratio(ordered[blocks != block]) for block in range(FEWEST)])
    error = sqrt((FEWEST - 1) / FEWEST * float(((left_out - left_out.mean()) ** 2).sum()))
    return _ratio(ordered), error


def _ratio(ordered: Floats) -> float:
    total = float(ordered.var(ddof=1))
    if total <= 0:
        return 0.0
    bins = np.array_split(ordered, _BINS)
    within = float(np.mean([part.var(ddof=1) for part in bins]))
    return 1 - within / total


def between_fifths(values: Floats, months: Floats) -> tuple[float, float]:
    """Mean date in the highest fifth of an unknown minus that in its lowest, with its error [months]."""
    low, high = mean(months[values < _FIFTH]), mean(months[values >= 1 - _FIFTH])
    return high.value - low.value, float(np.hypot(low.standard_error, high.standard_error))


def tornado(
    meta: dict[str, Any], base: Floats, ends: Sequence[tuple[Floats, Floats]], milestone: str
) -> pd.DataFrame:
    """What each unknown does to a date between its P10 and its P90, on the same luck.

    Args:
        meta: description of the scenario.
        base: days with all unknowns as drawn, shape (replications, milestones) [d].
        ends: for each unknown the days with it at its P10 and at its P90.
        milestone: whose date.

    Returns:
        A row for each unknown, the largest swing first: mean restricted date at either end minus that of
        the base (``p10_months``, ``p90_months``), their difference ``swing_months``, and the same for the
        share that reaches the milestone; errors are those of paired differences.
    """
    column = column_of(meta, milestone)
    rows = []
    for row, (low, high) in zip(meta["unknowns"], ends, strict=True):
        days = [table[:, column] for table in (base, low, high)]
        centre, left, right = (restricted_months(meta, item) for item in days)
        reached = [np.isfinite(item).astype(float) for item in days]
        parts = {
            "p10_months": mean(left - centre), "p90_months": mean(right - centre),
            "swing_months": mean(right - left), "swing_reached": mean(reached[2] - reached[1]),
        }  # fmt: skip
        record: dict[str, Any] = {
            "milestone": milestone, "title": meta["milestones"][column]["title"],
            "unknown": row["title"], "stream": row["stream"], "replications": len(centre),
            "p10_reached": mean(reached[1]).value, "p90_reached": mean(reached[2]).value,
        }  # fmt: skip
        for name, estimate in parts.items():
            record[name], record[f"{name}_se"] = estimate.value, estimate.standard_error
        rows.append(record)
    table = pd.DataFrame(rows, columns=TORNADO_COLUMNS)
    return table.sort_values("swing_months", key=abs, ascending=False, kind="stable", ignore_index=True)


def assumptions(samples: Sequence[tuple[Sample, Any, str]]) -> pd.DataFrame:
    """The assumption register: how strongly each headline depends on each thing that is not known.

    Returns:
        The rows of `correlations` for all milestones, and ``matters``: the rank correlation differs from
        zero, at a level of 5 percent for all rows of the table together (Holm 1979).
    """
    tables = [
        correlations(sample, row["id"], groups, name)
        for sample, groups, name in samples
        for row in sample.meta["milestones"]
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CORRELATION_COLUMNS)
    table["matters"] = _holm(table)
    return table


def _holm(table: pd.DataFrame) -> Any:
    """Tell which correlations differ from zero at a family-wise level of 5 percent."""
    if table.empty:
        return pd.Series(dtype=bool)
    from scipy.special import ndtr

    statistic = np.abs(np.arctanh(table["rank_correlation"].clip(-0.999999, 0.999999)))
    p_values = 2 * ndtr(-(statistic * np.sqrt(table["replications"] - 3)).to_numpy())
    order = np.argsort(p_values, kind="stable")
    passed = p_values[order] <= 0.05 / np.arange(len(order), 0, -1)
    kept = np.zeros(len(order), dtype=bool)
    kept[order] = np.logical_and.accumulate(passed)
    return kept
