"""Plots of saved results: one question a function, the table that it draws beside it.

Every plot gives a matplotlib figure and takes axes to draw on; ``<plot>_table`` gives what it draws.
"""

from sim.plots.calibration import (
    fitted_growth,
    fitted_growth_table,
    fitted_stand_downs,
    fitted_stand_downs_table,
    landing_success,
    landing_success_table,
    launch_success,
    launch_success_table,
    weak_evidence,
    weak_evidence_table,
)
from sim.plots.capability import capability, capability_table, landed_mass, landed_mass_table
from sim.plots.chain import station_of_future, station_of_future_table
from sim.plots.delays import delay_by_cause, delay_by_cause_table
from sim.plots.dependence import dependence, dependence_table
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
from sim.plots.gates import gate_bars, gate_bars_table
from sim.plots.hindcast import (
    forecast_against_fact,
    forecast_against_fact_table,
    interval_calibration,
    interval_calibration_table,
    pit,
    pit_table,
    receding_plan,
    receding_plan_table,
)
from sim.plots.lifetimes import (
    element_survival,
    element_survival_table,
    function_survival,
    function_survival_table,
)
from sim.plots.margin import power_margin, power_margin_table
from sim.plots.missions import mission_outcomes, mission_outcomes_table
from sim.plots.path import path_diagram, path_diagram_table
from sim.plots.people import people_at_station, people_at_station_table
from sim.plots.phases import phase_ribbon, phase_ribbon_table
from sim.plots.power import power, power_table
from sim.plots.precision import precision, precision_table
from sim.plots.probability import probability_by_date, probability_by_date_table
from sim.plots.season import state_of_charge, state_of_charge_table
from sim.plots.shortfalls import shortfall_heat, shortfall_heat_table
from sim.plots.slips import slips, slips_table
from sim.plots.sources import power_by_source, power_by_source_table
from sim.plots.stock import stock, stock_table
from sim.plots.sweeps import sweep_curves, sweep_curves_table, sweep_map, sweep_map_table
from sim.plots.uncertainty import uncertainty, uncertainty_table
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
    "capability",
    "capability_table",
    "counterfactuals",
    "counterfactuals_table",
    "delay_by_cause",
    "delay_by_cause_table",
    "dependence",
    "dependence_table",
    "differences",
    "differences_table",
    "element_survival",
    "element_survival_table",
    "failure_regions",
    "failure_regions_table",
    "fitted_growth",
    "fitted_growth_table",
    "fitted_stand_downs",
    "fitted_stand_downs_table",
    "forecast_against_fact",
    "forecast_against_fact_table",
    "function_survival",
    "function_survival_table",
    "gantt",
    "gantt_of_future",
    "gantt_of_future_table",
    "gantt_table",
    "gate_bars",
    "gate_bars_table",
    "interval_calibration",
    "interval_calibration_table",
    "landed_mass",
    "landed_mass_table",
    "landing_success",
    "landing_success_table",
    "launch_success",
    "launch_success_table",
    "levers",
    "levers_table",
    "mission_outcomes",
    "mission_outcomes_table",
    "partner_dependency",
    "partner_dependency_table",
    "path_diagram",
    "path_diagram_table",
    "people_at_station",
    "people_at_station_table",
    "phase_ribbon",
    "phase_ribbon_table",
    "pit",
    "pit_table",
    "power",
    "power_by_source",
    "power_by_source_table",
    "power_margin",
    "power_margin_table",
    "power_table",
    "precision",
    "precision_table",
    "probability_by_date",
    "probability_by_date_table",
    "rank_correlations",
    "rank_correlations_table",
    "receding_plan",
    "receding_plan_table",
    "shortfall_heat",
    "shortfall_heat_table",
    "slips",
    "slips_table",
    "sobol_indices",
    "sobol_indices_table",
    "state_of_charge",
    "state_of_charge_table",
    "station_of_future",
    "station_of_future_table",
    "stock",
    "stock_table",
    "sweep_curves",
    "sweep_curves_table",
    "sweep_map",
    "sweep_map_table",
    "tornado",
    "tornado_table",
    "uncertainty",
    "uncertainty_table",
    "waterfall",
    "waterfall_of_difference",
    "waterfall_of_difference_table",
    "waterfall_table",
    "weak_evidence",
    "weak_evidence_table",
]
