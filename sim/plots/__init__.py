"""Plots of saved results: one question a function, the table that it draws beside it.

Every plot gives a matplotlib figure and takes axes to draw on; ``<plot>_table`` gives what it draws.
"""

from sim.plots.chain import station_of_future, station_of_future_table
from sim.plots.differences import differences, differences_table
from sim.plots.future import gantt_of_future, gantt_of_future_table
from sim.plots.gantt import gantt, gantt_table
from sim.plots.gates import gate_bars, gate_bars_table
from sim.plots.lifetimes import (
    element_survival,
    element_survival_table,
    function_survival,
    function_survival_table,
)
from sim.plots.margin import power_margin, power_margin_table
from sim.plots.missions import mission_outcomes, mission_outcomes_table
from sim.plots.people import people_at_station, people_at_station_table
from sim.plots.phases import phase_ribbon, phase_ribbon_table
from sim.plots.power import power, power_table
from sim.plots.probability import probability_by_date, probability_by_date_table
from sim.plots.season import state_of_charge, state_of_charge_table
from sim.plots.shortfalls import shortfall_heat, shortfall_heat_table
from sim.plots.sources import power_by_source, power_by_source_table
from sim.plots.stock import stock, stock_table

__all__ = [
    "differences",
    "differences_table",
    "element_survival",
    "element_survival_table",
    "function_survival",
    "function_survival_table",
    "gantt",
    "gantt_of_future",
    "gantt_of_future_table",
    "gantt_table",
    "gate_bars",
    "gate_bars_table",
    "mission_outcomes",
    "mission_outcomes_table",
    "people_at_station",
    "people_at_station_table",
    "phase_ribbon",
    "phase_ribbon_table",
    "power",
    "power_by_source",
    "power_by_source_table",
    "power_margin",
    "power_margin_table",
    "power_table",
    "probability_by_date",
    "probability_by_date_table",
    "shortfall_heat",
    "shortfall_heat_table",
    "state_of_charge",
    "state_of_charge_table",
    "station_of_future",
    "station_of_future_table",
    "stock",
    "stock_table",
]
