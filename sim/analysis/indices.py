"""Sobol indices of the simulator itself, by SALib, with chance as one factor more.

No metamodel stands between: every point is a replication. The design of Saltelli et al. (2010) needs two
independent samples A and B and, for each factor, A with that factor taken from B. With addressed luck A is
the first `n` replications, B the next `n`, and the mixed samples are A with some streams looked up `n`
replications further on. What chance decides (thousands of streams) is one factor, so that first and total
indices of all factors add up to the variance of the date as it is.

The unknowns of one family, vehicle, programme or class are one factor together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.drivers import column_of, restricted_months
from sim.analysis.estimates import CONFIDENCE, Floats
from sim.batch.store import ResultsError
from sim.nature.luck import Address

CHANCE = "chance"
_RESAMPLES = 300

INDEX_COLUMNS = [
    "milestone", "title", "factor", "unknowns", "base", "first", "first_low", "first_high",
    "total", "total_low", "total_high",
]  # fmt: skip


def factors(unknowns: list[dict[str, Any]]) -> dict[str, list[Address]]:
    """Put the unknowns of one thing together: title of the factor and its addresses."""
    found: dict[str, list[Address]] = {}
    for row in unknowns:
        found.setdefault(row["title"].partition(": ")[0], []).append((row["stream"], row["index"]))
    return found


def indices(meta: dict[str, Any], runs: list[Floats], milestone: str, seed: int = 1) -> pd.DataFrame:
    """First and total Sobol indices of a restricted date, with 90 percent intervals.

    Args:
        meta: description of the scenario.
        runs: days of A, of the mixed samples in the order of `factors`, of the one with the chance of B,
            and of B; each of shape (replications, milestones) [d].
        milestone: whose date.
        seed: of the bootstrap that SALib makes its intervals with.

    Returns:
        A row for each factor, the largest total first. Estimates may lie below 0 or above 1 by their
        error; a first index well below its total says that the factor acts together with others.

    Raises:
        ResultsError: SALib is not installed, or there is no such milestone.
    """
    try:
        from SALib.analyze import sobol
    except ImportError:
        message = "Sobol indices need SALib: pip install 'ilrs-sim[drivers]'"
        raise ResultsError(message) from None
    column = column_of(meta, milestone)
    outcome = np.stack([restricted_months(meta, run[:, column]) for run in runs], axis=1)
    names = [*factors(meta["unknowns"]), CHANCE]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    if outcome.std() > 0:
        found = sobol.analyze(
            problem, outcome.ravel(), calc_second_order=False, num_resamples=_RESAMPLES,
            conf_level=CONFIDENCE, seed=seed,
        )  # fmt: skip
    else:
        found = {key: np.zeros(len(names)) for key in ("S1", "S1_conf", "ST", "ST_conf")}
    groups = factors(meta["unknowns"])
    rows = [
        {
            "milestone": milestone, "title": meta["milestones"][column]["title"], "factor": name,
            "unknowns": len(groups.get(name, [])), "base": len(outcome),
            "first": float(found["S1"][n]),
            "first_low": float(found["S1"][n] - found["S1_conf"][n]),
            "first_high": float(found["S1"][n] + found["S1_conf"][n]),
            "total": float(found["ST"][n]),
            "total_low": float(found["ST"][n] - found["ST_conf"][n]),
            "total_high": float(found["ST"][n] + found["ST_conf"][n]),
        }
        for n, name in enumerate(names)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=INDEX_COLUMNS)
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True)
