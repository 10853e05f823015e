"""Plots of saved results: one question a function, the table that it draws beside it.

Every plot gives a matplotlib figure and takes axes to draw on; ``<plot>_table`` gives what it draws.
"""

from sim.plots.differences import differences, differences_table
from sim.plots.drivers import (
    failure_regions,
    failure_regions_table,
    rank_correlations,
    rank_correlations_table,
    sobol_indices,
    sobol_indices_table,
    tornado,
    tornado_table,
)
from sim.plots.future import gantt_of_future, gantt_of_future_table
from sim.plots.gantt import gantt, gantt_table
from sim.plots.missions import mission_outcomes, mission_outcomes_table
from sim.plots.phases import phase_ribbon, phase_ribbon_table
from sim.plots.power import power, power_table
from sim.plots.probability import probability_by_date, probability_by_date_table
from sim.plots.uncertainty import uncertainty, uncertainty_table

__all__ = [
    "differences",
    "differences_table",
    "failure_regions",
    "failure_regions_table",
    "gantt",
    "gantt_of_future",
    "gantt_of_future_table",
    "gantt_table",
    "mission_outcomes",
    "mission_outcomes_table",
    "phase_ribbon",
    "phase_ribbon_table",
    "power",
    "power_table",
    "probability_by_date",
    "probability_by_date_table",
    "rank_correlations",
    "rank_correlations_table",
    "sobol_indices",
    "sobol_indices_table",
    "tornado",
    "tornado_table",
    "uncertainty",
    "uncertainty_table",
]
