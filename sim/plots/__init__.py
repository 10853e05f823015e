"""Plots of saved results: one question a function, the table that it draws beside it.

Every plot gives a matplotlib figure and takes axes to draw on; ``<plot>_table`` gives what it draws.
"""

from sim.plots.differences import differences, differences_table
from sim.plots.future import gantt_of_future, gantt_of_future_table
from sim.plots.gantt import gantt, gantt_table
from sim.plots.missions import mission_outcomes, mission_outcomes_table
from sim.plots.path import path_diagram, path_diagram_table
from sim.plots.phases import phase_ribbon, phase_ribbon_table
from sim.plots.power import power, power_table
from sim.plots.probability import probability_by_date, probability_by_date_table
from sim.plots.waterfall import (
    waterfall,
    waterfall_of_difference,
    waterfall_of_difference_table,
    waterfall_table,
)
from sim.plots.whatif import (
    counterfactuals,
    counterfactuals_table,
    levers,
    levers_table,
    partner_dependency,
    partner_dependency_table,
)

__all__ = [
    "counterfactuals",
    "counterfactuals_table",
    "differences",
    "differences_table",
    "gantt",
    "gantt_of_future",
    "gantt_of_future_table",
    "gantt_table",
    "levers",
    "levers_table",
    "mission_outcomes",
    "mission_outcomes_table",
    "partner_dependency",
    "partner_dependency_table",
    "path_diagram",
    "path_diagram_table",
    "phase_ribbon",
    "phase_ribbon_table",
    "power",
    "power_table",
    "probability_by_date",
    "probability_by_date_table",
    "waterfall",
    "waterfall_of_difference",
    "waterfall_of_difference_table",
    "waterfall_table",
]
