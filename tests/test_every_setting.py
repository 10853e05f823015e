"""Every number that a scenario can set changes some outcome: a dead setting is a defect.

For each numeric field of the schema one place in the busy campaign is changed, and some recorded value of
some replication must differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from sim.batch.chunks import Task, compute_chunk
from sim.model.world import Record
from sim.nature.distributions import Distribution
from sim.nature.luck import Luck
from sim.scenario.compile import compile_campaign
from sim.scenario.draft import put_all
from sim.scenario.problems import Origin
from sim.scenario.schema import Pattern, Scenario
from sim.scenario.shape import shape_of
from sim.scenario.tree import plant
from sim.scenario.validate import validate
from tests.busy import BUSY
from tests.campaigns import day, merged, mission, scenario_data

REPLICATIONS = 24
NO_EFFECT = {"Element.mass_kg": "for the record, as its documentation says"}


POLAR = {
    "light": None,
    "site": {"latitude_deg": -88.0, "longitude_deg": 10.0, "mask": [[0, 1.0], [180, 2.0]]},
}
MEASURED = {"light": None, "site": {"latitude_deg": -89.0, "longitude_deg": 10.0,
            "measured_horizon": "connecting-ridge"}}  # fmt: skip
FLAT = {"light": None, "site": {"latitude_deg": -88.0, "longitude_deg": 10.0, "dip_deg": 0.3}}
SHARE = {"light": None, "site": {**POLAR["site"], "mean_lit_share": 0.6}}  # type: ignore[dict-item]

QUEUE = {name: mission(50, priority=50) for name in ("first", "last")}

ALWAYS_ABORTS = {
    "missions": {"crew-0": BUSY["missions"]["crew-0"] | {"gate": None}},
    "missions.crew-0.flights": 1,
    "missions.crew-0.crew.needs_berths": False,
    "missions.crew-0.crew.contingency_days": 0,
    "vehicles.rocket.prior.b": 20,
}
DARK_GAPS = {
    "missions.core.elements.battery": 0,
    "elements.array.dark_factor": 0,
    "elements.reactor.failure.years": {"exponential": {"mean": 0.1}},
}


# field: where it is changed, and to what; a third entry changes the busy campaign beforehand
CHANGES: dict[str, tuple[Any, ...]] = {
    "BetaPrior.a": ("families.lander.prior.a", 6),
    "BetaPrior.b": ("families.lander.prior.b", 3),
    "Commodity.initial": ("commodities.food.initial", 90),
    "Commodity.per_crew_day": ("commodities.food.per_crew_day", 6),
    "Commodity.recovery": ("commodities.food.recovery", 0.5),
    "Commodity.return_reserve_days": ("commodities.food.return_reserve_days", 30),
    "CommonCause.years": ("common_causes.flare.years", 2.1),
    "Condition.count": ("gates.odd.count", 2),
    "Condition.installed_power_kw": ("gates.installed.installed_power_kw", 20),
    "Condition.continuous_power_kw": ("gates.continuous.continuous_power_kw", 7.0),
    "Condition.firm_power_kw": ("gates.firm.firm_power_kw", 8.0, {"missions.house.elements.reactor": 2}),
    "Condition.landed_mass_kg": ("gates.landed.landed_mass_kg", 1300),
    "Condition.crew": ("gates.crew.crew", 3),
    "Condition.crew_visits": ("gates.visits.crew_visits", 3),
    "Condition.free_berths": ("gates.free.free_berths", 5),
    "Condition.for_days": ("gates.held.for_days", 50),
    "Crew.size": ("missions.crew-0.crew.size", 3),
    "Crew.stay_days": ("missions.crew-0.crew.stay_days", 30),
    "Crew.return_days": ("missions.crew-0.crew.return_days", 8),
    "Crew.contingency_days": ("missions.crew-0.crew.contingency_days", 40),
    "Crew.medical_per_person_year": ("missions.crew-0.crew.medical_per_person_year", 6.0),
    "CrewRisk.launch_abort_effectiveness": (
        "missions.crew-0.crew.risk.launch_abort_effectiveness", 0.0, ALWAYS_ABORTS
    ),
    "CrewRisk.descent_abort_effectiveness": ("missions.crew-0.crew.risk.descent_abort_effectiveness", 0.0),
    "CrewRisk.stay_per_day": ("missions.crew-0.crew.risk.stay_per_day", 0.02),
    "CrewRisk.ascent": ("missions.crew-0.crew.risk.ascent", 0.6),
    "CrewRisk.journey_home": ("missions.crew-0.crew.risk.journey_home", 0.6),
    "DeclaredLight.period_days": ("station.light.period_days", 24),
    "DeclaredLight.lit_days": ("station.light.lit_days", 13),
    "Delay.days": ("delays.relay.days", 19),
    "Delay.months": ("delays.probe.months", 4),
    "Delay.years": ("delays.house.years", 0.4),
    "Destination.loiter_days": ("destinations.station.loiter_days", 0),
    "Destination.transit_days": ("destinations.orbit.transit_days", 12),
    "Element.capacity_kw": ("elements.array.capacity_kw", 10),
    "Element.lit_factor": ("elements.array.lit_factor", 0.8),
    "Element.dark_factor": ("elements.array.dark_factor", 0.1),
    "Element.usable_kwh": ("elements.battery.usable_kwh", 300),
    "Element.charge_kw": ("elements.battery.charge_kw", 2),
    "Element.discharge_kw": ("elements.battery.discharge_kw", 1),
    "Element.round_trip_efficiency": ("elements.battery.round_trip_efficiency", 0.6),
    "Element.decline_per_year": ("elements.array.decline_per_year", 0.1),
    "Element.dust_loss_per_landing": ("elements.array.dust_loss_per_landing", 0.05),
    "Element.load_lit_kw": ("elements.cabin.load_lit_kw", 1.5),
    "Element.load_dark_kw": ("elements.rover.load_dark_kw", 0.2),
    "Element.survival_kw": ("elements.rover.survival_kw", 0.4),
    "Element.survives_unpowered_hours": ("elements.rover.survives_unpowered_hours", 2, DARK_GAPS),
    "Element.works_probability": ("elements.array.works_probability", 0.5),
    "Element.start_up_days": ("elements.array.start_up_days", 9),
    "Element.life_years": ("elements.array.life_years", 2),
    "Element.berths": ("elements.cabin.berths", 1),
    "Failure.years": ("elements.array.failure.years", 1.1),
    "Failure.repair_days": ("elements.array.failure.repair_days.rover", 50),
    "Failure.spares": ("elements.array.failure.spares.spares", 500),
    "FlightRecord.successes": ("vehicles.rocket.record.successes", 12),
    "FlightRecord.failures": ("vehicles.rocket.record.failures", 6),
    "LandingsInARow.count": ("gates.safe.landings_in_a_row.count", 3),
    "Link.lag_days": ("missions.more.after", [{"mission": "core", "lag_days": 400}]),
    "Mission.flights": ("missions.crew-0.flights", 1),
    "Mission.longest_gap_days": ("missions.crew-0.longest_gap_days", 1),
    "Mission.lead_days": ("missions.again.lead_days", 500),
    "Mission.priority": ("missions.last.priority", 1, {"missions": QUEUE, "idealise": ["slips"]}),
    "Mission.cancellation_probability": ("missions.more.cancellation_probability", 0.7),
    "Mission.transit_days": ("missions.more.transit_days", 30),
    "Mission.commissioning_days": ("missions.core.commissioning_days", 30),
    "Mission.elements": ("missions.core.elements.array", 2),
    "Mission.landed_mass_kg": ("missions.core.landed_mass_kg", 500),
    "Mission.cargo": ("missions.house.cargo.food", 150),
    "OnLoss.max_attempts": ("missions.core.on_loss.max_attempts", 5),
    "OnLoss.rebuild_days": ("missions.core.on_loss.rebuild_days", 500),
    "OnLoss.spares": ("missions.house.on_loss.spares", 2),
    "OnLoss.spare_days": ("missions.house.on_loss.spare_days", 250),
    "Pad.turnaround_days": ("pads.pad.turnaround_days", 90),
    "Pad.count": ("pads.pad.count", 3),
    "Pad.scrub_probability": ("pads.pad.scrub_probability", 0.6),
    "Pad.scrub_days": ("pads.pad.scrub_days", 9),
    "Pad.storm_months": ("pads.pad.storm_months", [1, 2, 3, 9, 10, 11]),
    "Pad.storm_scrub_probability": ("pads.pad.storm_scrub_probability", 0.9),
    "Pattern.count": ("patterns.row.count", 4),
    "Pattern.every_days": ("patterns.row.every_days", 80),
    "Pattern.lag_days": ("patterns.row.lag_days", 200),
    "Production.kwh_per_unit": ("elements.plant.produces.kwh_per_unit", 40),
    "Programme.slip_correlation": ("programmes.agency.slip_correlation", 0.9),
    "Programme.landing_correlation": ("programmes.agency.landing_correlation", 1.0),
    "Programme.launches_per_year": ("programmes.agency.launches_per_year", 2),
    "Programme.crew_loss_stand_down_days": ("programmes.agency.crew_loss_stand_down_days", 600),
    "Radiation.surface_msv_per_day": ("station.radiation.surface_msv_per_day", 1.2),
    "Radiation.transit_msv_per_day": ("station.radiation.transit_msv_per_day", 2.0),
    "Radiation.limit_msv": ("station.radiation.limit_msv", 40),
    "RoleCount.count": ("gates.held.elements.count", 3),
    "Shock.rate_per_year": ("programmes.agency.shocks.war.rate_per_year", 2.0),
    "Shock.months": ("programmes.agency.shocks.war.months", 9),
    "Shock.hit_probability": ("programmes.agency.shocks.war.hit_probability", 1.0),
    "Site.latitude_deg": ("station.site.latitude_deg", -87.0, {"station": POLAR}),
    "Site.longitude_deg": ("station.site.longitude_deg", 100.0, {"station": POLAR}),
    "Site.mast_height_m": ("station.site.mast_height_m", 2.0, {"station": MEASURED}),
    "Site.mask": ("station.site.mask", [[0, 0.5], [180, 0.5]], {"station": POLAR}),
    "Site.dip_deg": ("station.site.dip_deg", 1.0, {"station": FLAT}),
    "Site.mean_lit_share": ("station.site.mean_lit_share", 0.8, {"station": SHARE}),
    "SlipClass.on_time_probability": ("slip_classes.kept.on_time_probability", 0.7),
    "SlipClass.median_growth": ("slip_classes.kept.median_growth", 1.8),
    "SlipClass.sigma": ("slip_classes.kept.sigma", 0.4),
    "SlipClass.median_uncertainty": ("slip_classes.kept.median_uncertainty", 0.4),
    "SlipClass.lead_cap_years": ("slip_classes.kept.lead_cap_years", 0.4),
    "SlipClass.lead_floor_years": ("slip_classes.kept.lead_floor_years", 0.9),
    "Station.distribution_efficiency": ("station.distribution_efficiency", 0.8),
    "Station.extra_load_kw": ("station.extra_load_kw", 0.8),
    "Station.crew_load_kw": ("station.crew_load_kw", 2.0),
    "Station.crew_safety_tolerance_hours": ("station.crew_safety_tolerance_hours", 2, DARK_GAPS),
    "Stock.at_least": ("gates.made.stock.at_least", 500),
    "Stock.at_most": ("gates.reorder.stock.at_most", 40),
    "Window.period_days": ("windows.monthly.period_days", 45),
    "Window.open_days": ("windows.monthly.open_days", 2),
    "Window.lit_days": ("windows.lit.lit_days", 12),
    **{
        f"{kind}.{field}": (f"{place}.{field}", value)
        for kind, place in (("Family", "families.lander"), ("Vehicle", "vehicles.rocket"))
        for field, value in {
            "fix_effectiveness": 0.9, "learning": 0.3, "cause_found_probability": 0.1,
            "stand_down_days": 300,
        }.items()
    },
    "Vehicle.production_per_year": ("vehicles.rocket.production_per_year.2030", 1),
    "Vehicle.stock": ("vehicles.rocket.stock", 0),
}  # fmt: skip


PATTERN = {
    "patterns": {
        "row": {
            "first": day(300), "every_days": 40, "count": 3, "in_order": True, "lag_days": 30,
            "mission": {"name": "Row {n}", "programme": "agency", "destination": "orbit",
                        "vehicle": "rocket"},
        }
    }
}  # fmt: skip


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    shape = shape_of(annotation)
    if shape.model is not None and shape.model is not Distribution:
        yield shape.model
    for inner in get_args(shape.type):
        yield from models(inner)


def is_numeric(annotation: Any) -> bool:
    shape = shape_of(annotation)
    return shape.type in (int, float, Distribution) or any(map(is_numeric, get_args(shape.type)))


def numeric_fields() -> set[str]:
    """Every field of the schema that holds numbers of its own."""
    waiting, seen, found = [Scenario, Pattern], set(), set()
    while waiting:
        model = waiting.pop()
        seen.add(model)
        for name, info in model.model_fields.items():
            below = list(models(info.annotation))
            waiting += [record for record in below if record not in seen]
            if not below and is_numeric(info.annotation):
                found.add(f"{model.__name__}.{name}")
    return found


def digest(changes: Mapping[str, Any]) -> str:
    data = merged(scenario_data({}, **{k: v for k, v in BUSY.items() if k != "missions"}), BUSY)
    tree = put_all(plant(data, Origin("busy", 1, 1)), changes, Origin("change", 1, 1))
    campaign = compile_campaign(validate(tree)[0], "busy")
    return compute_chunk(
        campaign, Luck(1, 0, REPLICATIONS), Task(0, 0, REPLICATIONS), Record(series=True)
    ).digest


@cache
def before(extra: str) -> str:
    return digest(json.loads(extra))


def test_every_numeric_field_has_its_change() -> None:
    assert numeric_fields() == CHANGES.keys() | NO_EFFECT.keys()


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_every_setting_changes_something(field: str) -> None:
    path, value, *extra = CHANGES[field]
    first = {**(extra[0] if extra else {}), **(PATTERN if field.startswith("Pattern") else {})}
    assert digest({**first, path: value}) != before(json.dumps(first))


def test_what_is_for_the_record_has_no_effect() -> None:
    assert digest({"elements.array.mass_kg": 5}) == before("{}")
