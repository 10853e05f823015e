"""The exact results of a few replications, kept in ``baseline_exact.json``.

They change only on purpose. After a change that is meant to alter results::

    python -m tests.update_baseline

and a line in ``CHANGELOG.md`` under "Changes that alter results".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.replicate import Outcome
from sim.scenario.campaign import Campaign
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario
from sim.terms import Status
from tests.campaigns import campaign_of, day, flown, futures, mission

FILE = Path(__file__).with_name("baseline_exact.json")
SEED = 1
REPLICATIONS = 6
DECIMALS = 6
"""Digits of the hashed arrays: the last bits of a logarithm differ between processors."""

Exact = dict[str, Any]


def contention() -> Campaign:
    """Two vehicles, one pad, one budget: slips, scrubs, windows, losses, stand-downs and a fallback."""
    reliability = {
        "prior": {"a": 3.0, "b": 1.0},
        "fix_effectiveness": {"beta": {"a": 2.6, "b": 6.6}},
        "learning": 0.1,
        "cause_found_probability": 0.8,
        "stand_down_days": {"lognormal": {"median": 90, "sigma": 0.7}},
    }
    rebuild = {"policy": "rebuild", "rebuild_days": {"triangular": {"low": 200, "mode": 300, "high": 500}}}
    return campaign_of(
        {
            "first": mission(300, family="lander", destination="moon", on_loss=rebuild),
            "second": mission(320, vehicle="heavy", after=[{"any": ["first", "third"]}], fallback="rescue"),
            "third": mission(330, priority=10, family="lander", cancellation_probability=0.3),
            "fourth": mission(700, flights=2, after=["second"], on_loss=rebuild),
            "rescue": mission(
                None, standby=True, lead_days={"pert": {"low": 90, "mode": 200, "high": 400}}
            ),
        },
        idealise=[],
        slip_classes={"kept": {"on_time_probability": 0.3, "median_growth": 1.4, "sigma": 0.4}},
        programmes={
            "agency": {
                "slip_correlation": 0.5,
                "launches_per_year": 2,
                "shocks": {
                    "cut": {"title": "Cut", "rate_per_year": 0.3, "months": 4, "hit_probability": 0.5}
                },
            }
        },
        vehicles={
            "rocket": {**reliability, "stock": 1, "production_per_year": 2},
            "heavy": {**reliability, "name": "Heavy", "pads": ["pad"], "production_per_year": {"2030": 1}},
        },
        families={"lander": reliability},
        pads={
            "pad": {
                "count": 1,
                "turnaround_days": 25,
                "scrub_probability": 0.2,
                "scrub_days": 2,
                "storm_months": [6, 7],
                "storm_scrub_probability": 0.5,
            }
        },
        windows={"w": {"first_open": day(12), "period_days": 29.53, "open_days": 11}},
        destinations={"moon": {"windows": ["w"], "transit_days": {"uniform": {"low": 5, "high": 30}}}},
        milestones={
            "done": {"title": "Done", "when": {"all": [{"mission": "second"}, {"mission": "fourth"}]}}
        },
    )


def outpost() -> Campaign:
    """A small station: power, relays that wear out, a gate, crews, phases."""
    life = {"weibull": {"shape": 2.0, "scale": 4.0}}
    crew = {"size": 2, "stay_days": {"uniform": {"low": 30, "high": 90}}, "return_days": 5}
    powered = {"all": [{"firm_power_kw": 8, "for_days": 60}, {"elements": {"role": "relay", "count": 1}}]}
    cargo = {"destination": "station", "landed_mass_kg": 3000.0, "commissioning_days": 20}
    visit = {"destination": "station", "family": "lander", "gate": "powered", "crew": crew}
    return campaign_of(
        {
            "relay-1": flown(-200, landing=-190, elements={"relay": 1}),
            "relay-2": mission(900, elements={"relay": 2}),
            "power": mission(250, elements={"reactor": 1, "array": 1, "battery": 2}, **cargo),
            "more-power": mission(500, elements={"reactor": 1}, after=["power"], **cargo),
            "crew-1": mission(400, after=["power"], **visit),
            "crew-2": mission(
                800, after=[{"mission": "crew-1", "need": "departure", "lag_days": 60}], **visit
            ),
        },
        slip_classes={"kept": {"on_time_probability": 0.2, "median_growth": 1.3, "sigma": 0.3}},
        elements={
            "relay": {"name": "Relay", "role": "relay", "life_years": life},
            "reactor": {
                "name": "Reactor",
                "role": "source",
                "generation": "fission",
                "capacity_kw": 10.0,
                "life_years": life,
            },
            "array": {"name": "Array", "role": "source", "generation": "solar", "capacity_kw": 15.0},
            "battery": {"name": "Battery", "role": "storage", "usable_kwh": 500.0, "discharge_kw": 3.0},
        },
        gates={"powered": powered},
        phases={
            "presence": {
                "title": "Presence",
                "steps": {
                    "robotic": {"title": "Robotic"},
                    "tended": {"title": "Tended", "when": {"crew_visits": 1}},
                    "crewed": {"title": "Crewed", "when": {"crew": 1, "for_days": 20}},
                },
            }
        },
        milestones={
            "powered": {"title": "Powered", "when": {"gate": "powered"}},
            "visit": {"title": "Visit", "when": {"crew_visits": 2}},
        },
    )


def baseline() -> Campaign:
    resolved = load_scenario("baseline")[0]
    return compile_campaign(resolved.scenario, resolved.name)


CAMPAIGNS = {"baseline": baseline, "contention": contention, "outpost": outpost}


def compute() -> Exact:
    """Run the replications: scenario, thing, and one text for each replication."""
    return {name: dict(_columns(make())) for name, make in CAMPAIGNS.items()}


def written_out(exact: Exact) -> str:
    """Write as JSON, one line for each thing, so that a change is easy to see."""
    tables = [
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(f" {json.dumps(key)}: {json.dumps(values)}" for key, values in table.items())
        + "\n}"
        for name, table in exact.items()
    ]
    return "{\n" + ",\n".join(tables) + "\n}\n"


def _columns(campaign: Campaign) -> Iterator[tuple[str, list[str]]]:
    runs = [future.outcome for future in futures(campaign, REPLICATIONS, SEED)]
    for n, row in enumerate(campaign.missions):
        yield f"status of {row.id}", [Status(int(run.status[n])).name.lower() for run in runs]
        yield f"launch day of {row.id}", [repr(float(run.launch_day[n])) for run in runs]
    for n, milestone in enumerate(campaign.milestones):
        yield f"day of {milestone.id}", [repr(float(run.milestone_day[n])) for run in runs]
    yield "crew-days", [repr(run.crew_days) for run in runs]
    yield "sha256 of the rest", [_digest(run) for run in runs]


def _digest(run: Outcome) -> str:
    """Hash what is not written out: attempts, other days, series, phases, spans and critical paths."""
    assert run.series is not None
    assert run.phases is not None
    tables: list[Any] = [run.attempts, run.arrival_day, run.end_day, *run.phase_day, run.series, run.phases]
    tables += [np.array(spans, dtype=float) for spans in run.spans or []]
    tables += [np.array(path, dtype=float) for path in run.paths or []]
    digest = sha256()
    for table in tables:
        rounded: NDArray[np.float64] = np.round(np.asarray(table, dtype=float), DECIMALS) + 0.0
        digest.update(repr(rounded.shape).encode())
        digest.update(np.where(np.isnan(rounded), np.nan, rounded).astype("<f8").tobytes())
    return digest.hexdigest()


def main() -> None:
    """Write the file anew."""
    FILE.write_text(written_out(compute()), encoding="utf-8")
    print(
        f"wrote {FILE.name}; say in CHANGELOG.md, under 'Changes that alter results', what changed and why"
    )


if __name__ == "__main__":
    main()
