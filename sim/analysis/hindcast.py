"""How good were the forecasts? Saved hindcasts against what happened, and cross-validation of the slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from sim.analysis.display import Rendered, as_html
from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.analysis.scoring import (
    LEVELS,
    Floats,
    Score,
    coverage,
    coverage_bounds,
    crps_of_cdf,
    crps_of_point,
    ensemble_cdf,
    mission_weights,
    pit,
    pit_histogram,
)
from sim.evidence.calibrate import slug
from sim.evidence.cases import Case, announced_cases, data_dates, standing_cases, weights
from sim.evidence.record import Record, known_at
from sim.evidence.slips import POOL, SlipFit, fit_slips
from sim.nature.calendar import DAYS_PER_YEAR, EPOCH

ALL = "all dates"
_SHOWN = ["data_date", "cases", "happened", "crps", "crps_plan", "better_than_plan", "inside_80%"]


@dataclass(frozen=True)
class Hindcast:
    """Forecasts made from the past, with their scores.

    Attributes:
        results: the simulations, one scenario for each data date.
        scored: scores of the launch dates.
        landings: forecasts of landings that have been tried since, see `landing_scores.score_landings`.
    """

    results: Results
    scored: Scored
    landings: pd.DataFrame

    def __repr__(self) -> str:
        return f"{self._headline()}\n{self.scored.summary()[_SHOWN].to_string(index=False)}"

    def _repr_html_(self) -> str:
        return as_html(self._headline(), self.scored.summary()[_SHOWN])

    def _headline(self) -> str:
        days = ", ".join(dict.fromkeys(self.scored.table["data_date"]))
        return f"Hindcasts from {days}: launch dates (CRPS in years), and {len(self.landings)} landings"


@dataclass(frozen=True)
class Scored(Rendered):
    """Scores with the forecast that they are of, one a case.

    Attributes:
        scores: the scores.
        table: a row for each: ``data_date``, ``mission``, ``group``, ``planned``, ``p10``, ``p50``,
            ``p90``, ``happened`` (NaT: not by the end of the evidence), ``crps``, ``crps_plan``,
            ``crps_mean_slip``, ``pit_low``, ``pit_high``.
    """

    scores: tuple[Score, ...]
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"Scores of {len(self.scores)} forecasts\n{self.summary()[_SHOWN].to_string(index=False)}"

    def summary(self) -> pd.DataFrame:
        """Scores by data date and over all: CRPS beside the naive forecasts, coverage with its bounds."""
        days = list(dict.fromkeys(self.table["data_date"]))
        parts = [(day, np.flatnonzero(self.table["data_date"] == day)) for day in days]
        if len(days) > 1:
            parts.append((ALL, np.arange(len(self.scores))))
        return pd.DataFrame([_summary(name, [self.scores[n] for n in rows]) for name, rows in parts])

    def pit_histogram(self) -> Floats:
        """Share of the cases in each tenth of the forecast [-]; a mission counts once."""
        return pit_histogram(self.scores, mission_weights([score.mission for score in self.scores]))

    def reliability(self) -> pd.DataFrame:
        """Share of the cases inside central intervals of many levels; a mission counts once."""
        weight = mission_weights([score.mission for score in self.scores])
        levels = np.arange(0.1, 1.0, 0.1)
        rows = []
        for level in levels:
            low, high = coverage_bounds(self.scores, level, weight)
            rows.append((level, coverage(self.scores, level, weight), low, high))
        return pd.DataFrame(rows, columns=["level", "inside", "at_least", "at_most"])


def _summary(name: str, scores: Sequence[Score]) -> dict[str, object]:
    weight = mission_weights([score.mission for score in scores])
    mean = {
        key: float(np.average([getattr(score, key) for score in scores], weights=weight))
        for key in ("crps", "crps_plan", "crps_mean_slip")
    }
    row: dict[str, object] = {
        "data_date": name,
        "cases": len(scores),
        "happened": sum(not score.censored for score in scores),
        **mean,
        "better_than_plan": 1 - mean["crps"] / mean["crps_plan"] if mean["crps_plan"] else float("nan"),
        "better_than_mean_slip": (
            1 - mean["crps"] / mean["crps_mean_slip"] if mean["crps_mean_slip"] else float("nan")
        ),
    }
    for level in LEVELS:
        low, high = coverage_bounds(scores, level, weight)
        row[f"inside_{level:.0%}"] = coverage(scores, level, weight)
        row[f"inside_{level:.0%}_at_least"], row[f"inside_{level:.0%}_at_most"] = low, high
    return row


def score_hindcasts(results: Results, record: Record) -> Scored:
    """Score saved hindcasts against the whole record.

    Args:
        results: one scenario for each data date, made by `sim.scenario.hindcast`.
        record: the whole record, with what happened after the data dates.
    """
    scores: list[Score] = []
    rows: list[dict[str, object]] = []
    for saved in results.saved:
        for case, times in _forecasts(saved, record):
            score, row = _scored(case, times, record, saved.data_date)
            scores.append(score)
            rows.append(row)
    return Scored(tuple(scores), pd.DataFrame(rows))


def _forecasts(saved: SavedScenario, record: Record) -> list[tuple[Case, Floats]]:
    """Each case of a data date, with the simulated times to its launch [years]."""
    launches = (saved.dates("launch_day") - saved.origin) / DAYS_PER_YEAR
    columns = {name: number for number, name in enumerate(saved.ids("missions"))}
    cases = standing_cases(record, [saved.data_date], plan_floor=False)
    return [(case, launches[:, columns[slug(case.mission)]]) for case in cases]


def _scored(case: Case, times: Floats, record: Record, day: date) -> tuple[Score, dict[str, object]]:
    cdf = ensemble_cdf(times)
    mean_slip = known_mean_slip(record, day, case.group)
    score = _score(case, cdf, mean_slip, record.evidence)
    ordered = np.sort(np.where(np.isfinite(times), times, np.inf))
    quantiles = [float(ordered[int(q * (len(ordered) - 1))]) for q in (0.1, 0.5, 0.9)]
    row: dict[str, object] = {
        "data_date": f"{day:%Y-%m-%d}",
        "mission": case.mission,
        "group": case.group,
        "planned": _stamp(day, case.lead),
        **{f"p{p}": _stamp(day, value) for p, value in zip((10, 50, 90), quantiles, strict=True)},
        "happened": _stamp(day, case.time if case.flown else float("inf")),
        "not_before": _stamp(day, case.time),
        "crps": score.crps,
        "crps_plan": score.crps_plan,
        "crps_mean_slip": score.crps_mean_slip,
        "pit_low": score.pit_low,
        "pit_high": score.pit_high,
    }
    return score, row


def _score(case: Case, cdf: object, mean_slip: float, evidence: date) -> Score:
    happened = case.time if case.flown else None
    end = (evidence - case.seen).days / DAYS_PER_YEAR if case.flown else case.time
    assert callable(cdf)
    return Score(
        case.mission,
        case.group,
        crps_of_cdf(cdf, happened, end),
        crps_of_point(case.lead, happened, end),
        crps_of_point(case.lead + mean_slip, happened, end),
        *pit(cdf, happened, end),
    )


def known_mean_slip(record: Record, day: date, group: str) -> float:
    """Mean slip of an agency's announcements as known on a day, unflown ones at what they have slipped
    already; of all agencies if it has none [years].
    """
    cases = announced_cases(known_at(record, day))
    own = [case for case in cases if case.group == group] or cases
    return float(np.average([case.time - case.lead for case in own], weights=weights(own))) if own else 0.0


def _stamp(day: date, years: float) -> pd.Timestamp:
    if not np.isfinite(years):
        return pd.NaT  # type: ignore[return-value]
    days = (day - EPOCH).days + years * DAYS_PER_YEAR
    return (pd.Timestamp(0) + pd.Timedelta(days=days)).floor("D")


def cross_validate(record: Record) -> Scored:
    """Forecast every mission from the fits to all others, on all plans that stood in January and July.

    The slip model alone, by its formula: conditional on not having flown, from the day of the last
    announcement. The missions left out are new to the fit, but other missions of their time are not: this
    tests the slip model, not foresight.
    """
    cases = announced_cases(record)
    said = {(case.mission, case.seen): case for case in announced_cases(record, plan_floor=False)}
    scores: list[Score] = []
    rows: list[dict[str, object]] = []
    standing = standing_cases(record, data_dates(record), plan_floor=False)
    for mission in sorted({case.mission for case in standing}):
        own = [case for case in standing if case.mission == mission]
        others = [case for case in cases if case.mission != mission]
        fits = fit_slips(others)
        fit = fits.get(own[0].group, fits[POOL])
        mean_slip = _mean_slip(others, own[0].group)
        for case in own:
            spoken = _spoken(said, mission, case.seen)
            if spoken is None:
                continue
            score = _score(case, conditional_cdf(fit, spoken, case.seen), mean_slip, record.evidence)
            scores.append(score)
            rows.append({"data_date": "left out", "mission": mission, "group": case.group})
    return Scored(tuple(scores), pd.DataFrame(rows))


def conditional_cdf(fit: SlipFit, spoken: Case, seen: date) -> object:
    """CDF of the time from a day to the launch, given the announcement and no launch by that day."""
    age = (seen - spoken.seen).days / DAYS_PER_YEAR
    past = float(fit.cdf(spoken.lead, spoken.half, np.array([age]))[0])

    def cdf(times: Floats) -> Floats:
        value = fit.cdf(spoken.lead, spoken.half, times + age)
        return np.asarray((value - past) / max(1 - past, 1e-9))

    return cdf


def _spoken(said: dict[tuple[str, date], Case], mission: str, day: date) -> Case | None:
    days = [when for name, when in said if name == mission and when <= day]
    return replace(said[mission, max(days)]) if days else None


def _mean_slip(cases: Sequence[Case], group: str) -> float:
    own = [case for case in cases if case.group == group] or cases
    return float(np.average([case.time - case.lead for case in own], weights=weights(own)))


def receding_plans(scored: Scored, missions: Sequence[str] = ("Luna-26", "Luna-27A")) -> pd.DataFrame:
    """The plans that recede: what was announced, what was forecast, what happened, by data date."""
    table = scored.table[scored.table["mission"].isin(missions)]
    wanted = ["mission", "data_date", "planned", "p10", "p50", "p90", "happened"]
    return table[wanted].sort_values(["mission", "data_date"], ignore_index=True)
