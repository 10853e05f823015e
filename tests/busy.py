"""A busy small campaign that holds something of everything a scenario can set."""

from __future__ import annotations

from typing import Any

from tests.campaigns import day, mission

LANDS = {"destination": "station", "family": "lander", "commissioning_days": 3}


BUSY: dict[str, Any] = {
    "horizon": day(2600),
    "idealise": [],
    "slip_classes": {
        "kept": {
            "on_time_probability": 0.2,
            "median_growth": 1.3,
            "sigma": 0.2,
            "median_uncertainty": 0.1,
            "lead_cap_years": 1.0,
            "lead_floor_years": 0.05,
        }
    },
    "programmes": {
        "agency": {
            "slip_correlation": 0.3,
            "landing_correlation": 0.4,
            "launches_per_year": 7,
            "crew_loss_stand_down_days": 100,
            "shocks": {"war": {"title": "War", "rate_per_year": 0.5, "months": 3, "hit_probability": 0.5}},
        }
    },
    "vehicles": {
        "rocket": {
            "prior": {"a": 3, "b": 1},
            "record": {"successes": 4, "failures": 2, "until": "2029-01-01"},
            "fix_effectiveness": 0.3,
            "learning": 0.05,
            "cause_found_probability": 0.6,
            "stand_down_days": 50,
            "production_per_year": {"2030": 3, "2032": 4},
            "stock": 4,
        }
    },
    "pads": {
        "pad": {
            "turnaround_days": 25,
            "count": 1,
            "scrub_probability": 0.2,
            "scrub_days": 2,
            "storm_months": [5, 6],
            "storm_scrub_probability": 0.6,
        }
    },
    "families": {
        name: {
            "name": name,
            "programme": "agency",
            "prior": {"a": 3, "b": 1},
            "fix_effectiveness": 0.3,
            "learning": 0.05,
            "cause_found_probability": 0.6,
            "stand_down_days": 60,
        }
        for name in ("lander", "probe")
    },
    "windows": {
        "monthly": {"first_open": day(3), "period_days": 29.5, "open_days": 9},
        "lit": {"lit_days": 4},
    },
    "destinations": {
        "moon": {"windows": ["monthly"]},
        "station": {"landing_windows": ["lit"], "loiter_days": 3},
    },
    "commodities": {
        "food": {
            "name": "Food",
            "initial": 60,
            "per_crew_day": 4,
            "recovery": 0.2,
            "vital": True,
            "return_reserve_days": 3,
        },
        "spares": {"name": "Spares", "initial": 12},
        "oxygen": {"name": "Oxygen"},
    },
    "common_causes": {"flare": {"name": "Flare", "years": 1.3}},
    "elements": {
        "array": {
            "name": "Array",
            "role": "source",
            "generation": "solar",
            "capacity_kw": 14,
            "lit_factor": 0.9,
            "dark_factor": 0.05,
            "decline_per_year": 0.03,
            "dust_loss_per_landing": 0.01,
            "works_probability": 0.9,
            "start_up_days": 2,
            "life_years": 4,
            "failure": {
                "years": {"exponential": {"mean": 0.6}},
                "repair_days": {"rover": 5},
                "spares": {"spares": 5},
            },
            "common_causes": ["flare"],
        },
        "battery": {
            "name": "Battery",
            "role": "storage",
            "usable_kwh": 900,
            "charge_kw": 4,
            "discharge_kw": 3,
            "round_trip_efficiency": 0.8,
        },
        "cabin": {
            "name": "Cabin",
            "role": "habitat",
            "load_lit_kw": 1,
            "load_class": "crew-safety",
            "berths": 4,
        },
        "rover": {
            "name": "Rover",
            "role": "rover",
            "load_lit_kw": 0.5,
            "load_dark_kw": 0.1,
            "survival_kw": 0.3,
            "survives_unpowered_hours": 40,
            "services": True,
        },
        "plant": {
            "name": "Plant",
            "role": "isru",
            "load_lit_kw": 2,
            "load_class": "isru",
            "produces": {"commodity": "oxygen", "kwh_per_unit": 20},
        },
        "relay": {"name": "Relay", "role": "relay"},
        "reactor": {
            "name": "Reactor",
            "role": "source",
            "generation": "fission",
            "capacity_kw": 6,
            "failure": {"years": {"exponential": {"mean": 1}}, "repair_days": {"itself": 0.5}},
        },
    },
    "station": {
        "distribution_efficiency": 0.9,
        "extra_load_kw": 0.3,
        "crew_load_kw": 1.0,
        "crew_safety_tolerance_hours": 20,
        "radiation": {"surface_msv_per_day": 1.0, "transit_msv_per_day": 1.5, "limit_msv": 90},
    },
    "missions": {
        "core": mission(100, **LANDS, elements={"array": 1, "battery": 1, "plant": 1}, landed_mass_kg=900,
                        on_loss={"policy": "rebuild", "max_attempts": 2, "rebuild_days": 200}),
        "house": mission(200, **LANDS, elements={"cabin": 1, "rover": 1, "reactor": 1},
                         landed_mass_kg=400, cargo={"food": 250, "spares": 5},
                         on_loss={"policy": "spare", "max_attempts": 3, "spares": 1, "spare_days": 70,
                                  "rebuild_days": 300}),
        "more": mission(230, **LANDS, after=[{"mission": "core", "lag_days": 150}], elements={"array": 1},
                        cancellation_probability=0.2, transit_days=12, priority=40),
        "probe": mission(235, destination="moon", family="probe", fallback="again", priority=45),
        "again": mission(None, destination="moon", family="probe", standby=True, lead_days=300),
        "relay": mission(300, elements={"relay": 2}),
        **{
            f"crew-{n}": mission(
                400 + 180 * n, **LANDS, flights=2, longest_gap_days=30, gate="visit",
                crew={"size": 2, "stay_days": 40, "return_days": 5, "contingency_days": 2,
                      "needs_berths": True, "medical_per_person_year": 0.8,
                      "risk": {"launch_abort_effectiveness": 0.7, "descent_abort_effectiveness": 0.6,
                               "stay_per_day": 0.001, "ascent": 0.05, "journey_home": 0.05}},
            )
            for n in range(6)
        },
        "cargo": mission(700, **LANDS, gate="reorder", cargo={"food": 500}),
    },
    "delays": {"relay": {"days": 9}, "probe": {"months": 2}, "house": {"years": 0.1}},
    "gates": {
        "visit": {"elements": {"role": "habitat", "count": 1}},
        "reorder": {"stock": {"commodity": "food", "at_most": 250}},
        "odd": {"any": [{"crew_visits": 1}, {"landed": "probe"}], "count": 1},
        **{
            {"crew_visits": "visits"}.get(key, key.partition("_")[0]): {key: value}
            for key, value in {
                "installed_power_kw": 10, "continuous_power_kw": 3.0, "firm_power_kw": 2.0,
                "landed_mass_kg": 800, "crew": 1, "crew_visits": 1, "free_berths": 2,
            }.items()
        },
        "held": {"elements": {"role": "relay", "count": 1}, "for_days": 20},
        "safe": {"landings_in_a_row": {"family": "lander", "count": 2}},
        "made": {"stock": {"commodity": "oxygen", "at_least": 50}},
    },
}  # fmt: skip
BUSY["milestones"] = {name: {"title": name, "when": {"gate": name}} for name in BUSY["gates"]}
