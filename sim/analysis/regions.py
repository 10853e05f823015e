"""Scenario discovery: in which regions of what we do not know does the programme fail?

A small decision tree (scikit-learn) looks for regions in one half of the replications; the other half,
which it has not seen, tells how often it fails there ("honest" trees, Athey and Imbens 2016). The usual
PRIM of the EMA workbench would bring half a dozen large packages for one function.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.drivers import Sample, column_of, horizon_days
from sim.analysis.estimates import Floats, wilson_interval
from sim.batch.store import ResultsError

_DEPTH = 3
_SMALLEST_SHARE = 0.08
_FEWEST = 60

REGION_COLUMNS = [
    "milestone", "title", "region", "share", "failing", "failing_low", "failing_high",
    "overall", "lift", "of_all_failures", "replications",
]  # fmt: skip


def regions(sample: Sample, milestone: str, by: str | None = None) -> pd.DataFrame:
    """Regions of the unknowns that lead to failure, or away from it.

    Args:
        sample: replications with what was not known in each.
        milestone: failing is not reaching it.
        by: date by which it should be reached; by default the horizon.

    Returns:
        A row for each region, the worst first: its ``region`` in words, its ``share`` of the
        replications, the share ``failing`` in it with its 90 percent interval, the ``lift`` against the
        overall share, and how many ``of_all_failures`` lie in it. All from the half that the tree has not
        seen.

    Raises:
        ResultsError: scikit-learn is not installed, no such milestone, or too few replications.
    """
    column = column_of(sample.meta, milestone)
    limit = horizon_days(sample.meta)
    if by is not None:
        try:
            day = pd.Timestamp(by)
        except ValueError:
            raise ResultsError(f"{by!r} is no day such as 2035-01-01") from None
        limit = float((day - pd.Timestamp(sample.meta["data_date"])).days)
    days = np.where(np.isnan(sample.days[:, column]), np.inf, sample.days[:, column])
    failed = (days > limit).astype(float)
    if len(failed) < _FEWEST:
        raise ResultsError(f"{len(failed)} replications are too few to find regions; run {_FEWEST}")
    learn = np.arange(len(failed)) % 2 == 0
    boxes = _boxes(sample.unknowns[:, learn].T, failed[learn])
    rows = [_row(sample, box, ~learn, failed) for box in boxes]
    about = {"milestone": milestone, "title": sample.meta["milestones"][column]["title"]}
    table = pd.DataFrame([{**about, **row} for row in rows], columns=REGION_COLUMNS)
    return table.sort_values("failing", ascending=False, kind="stable", ignore_index=True)


Box = dict[int, tuple[float, float]]


def _boxes(unknowns: Floats, failed: Floats) -> list[Box]:
    try:
        from sklearn.tree import DecisionTreeRegressor
    except ImportError:
        message = "scenario discovery needs scikit-learn: pip install 'ilrs-sim[drivers]'"
        raise ResultsError(message) from None
    smallest = max(10, int(_SMALLEST_SHARE * len(failed)))
    tree = DecisionTreeRegressor(max_depth=_DEPTH, min_samples_leaf=smallest, random_state=0)
    return _leaves(tree.fit(unknowns, failed).tree_, 0, {})


def _leaves(tree: Any, node: int, box: Box) -> list[Box]:
    """Go down a tree; each leaf is a box of intervals of quantiles."""
    if tree.children_left[node] < 0:
        return [box]
    feature, cut = int(tree.feature[node]), float(tree.threshold[node])
    low, high = box.get(feature, (0.0, 1.0))
    below = _leaves(tree, int(tree.children_left[node]), {**box, feature: (low, cut)})
    return below + _leaves(tree, int(tree.children_right[node]), {**box, feature: (cut, high)})


def _row(sample: Sample, box: Box, unseen: Any, failed: Floats) -> dict[str, Any]:
    inside = unseen.copy()
    for feature, (low, high) in box.items():
        inside &= (sample.unknowns[feature] > low) & (sample.unknowns[feature] <= high)
    count, failures = int(inside.sum()), float(failed[inside].sum())
    overall = float(failed[unseen].mean())
    interval = wilson_interval(failures, count) if count else (np.nan, np.nan)
    failing = failures / count if count else np.nan
    return {
        "region": _in_words(sample.meta["unknowns"], box),
        "share": count / int(unseen.sum()),
        "failing": failing,
        "failing_low": float(interval[0]),
        "failing_high": float(interval[1]),
        "overall": overall,
        "lift": failing / overall if overall else np.nan,
        "of_all_failures": failures / float(failed[unseen].sum()) if overall else np.nan,
        "replications": count,
    }


def _in_words(unknowns: list[dict[str, Any]], box: Box) -> str:
    parts = []
    for feature, (low, high) in box.items():
        title = unknowns[feature]["title"]
        if low <= 0:
            parts.append(f"{title} in its lowest {100 * high:.0f} %")
        elif high >= 1:
            parts.append(f"{title} in its highest {100 * (1 - low):.0f} %")
        else:
            parts.append(f"{title} between its P{100 * low:.0f} and P{100 * high:.0f}")
    return " and ".join(parts) or "everywhere"
