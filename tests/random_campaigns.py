"""Random campaigns for laws that hold in all of them.

The campaigns are small and mean: days that coincide, shared pads and vehicles, losses, windows, budgets,
withdrawals, fallbacks. ``ILRS_EXAMPLES`` sets how many of them each law is tried on.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from sim.model.replicate import replicate
from sim.model.variates import Hand, Variates
from sim.nature.luck import Luck
from sim.scenario.campaign import NONE, Campaign, MissionRow
from sim.scenario.compile import compile_campaign
from sim.scenario.problems import ScenarioError
from tests.campaigns import EVERYTHING, Future, checked, day, flown, mission, scenario_data

EXAMPLES = int(os.environ.get("ILRS_EXAMPLES", "60"))
TINY = 1e-9
law = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


LEARNS = {
    "prior": {"a": 2.0, "b": 1.0},
    "fix_effectiveness": {"uniform": {"low": 0.2, "high": 0.8}},
    "learning": 0.1,
    "cause_found_probability": 0.7,
}
GROUNDED = {"lognormal": {"median": 60, "sigma": 0.8}}
ELEMENTS: dict[str, Any] = {
    "relay": {"name": "Relay", "role": "relay", "life_years": {"weibull": {"shape": 2.0, "scale": 2.0}}},
    "habitat": {"name": "Habitat", "role": "habitat", "load_lit_kw": 3.0},
    "source": {
        "name": "Source",
        "role": "source",
        "generation": "fission",
        "capacity_kw": 10.0,
        "life_years": 1,
    },
}
DAYS = st.sampled_from([0, 30, 60, 90, 100, 100, 110, 120, 200, 365, 400, 700])
SHORT = st.sampled_from([0, 0, 10, 30])


@st.composite
def links(draw: st.DrawFn, earlier: list[str]) -> list[Any]:
    """Predecessors among the missions that come earlier in the list, so that nothing runs in a circle."""
    found: list[Any] = []
    for _ in range(draw(st.integers(0, min(2, len(earlier))))):
        names = draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=2, unique=True))
        link: dict[str, Any] = {"mission": names[0]} if len(names) == 1 else {"any": names}
        link["need"] = draw(st.sampled_from(["success", "success", "departure"]))
        link["lag_days"] = draw(SHORT)
        if draw(st.booleans()):
            link["preferred_until"] = day(draw(DAYS))
        found.append(link)
    return found


@st.composite
def losses(draw: st.DrawFn) -> dict[str, Any]:
    policy = draw(st.sampled_from(["descope", "rebuild", "spare"]))
    length = draw(st.sampled_from([30, 100]))
    return {"policy": policy, "max_attempts": 3, "rebuild_days": length, "spare_days": draw(SHORT)}


@st.composite
def missions(draw: st.DrawFn, earlier: list[str], standbys: list[str]) -> dict[str, Any]:
    entry = mission(
        draw(DAYS),
        programme=draw(st.sampled_from(["agency", "second"])),
        vehicle=draw(st.sampled_from(["rocket", "heavy"])),
        pad=draw(st.sampled_from(["pad", "other"])),
        destination=draw(st.sampled_from(["orbit", "moon", "station"])),
        priority=draw(st.sampled_from([10, 50, 50])),
        flights=draw(st.sampled_from([1, 1, 2])),
        transit_days=draw(SHORT),
        commissioning_days=draw(SHORT),
        cancellation_probability=draw(st.sampled_from([0.0, 0.0, 0.3])),
        elements={name: 1 for name in ELEMENTS if draw(st.integers(0, 3)) == 0},
        landed_mass_kg=draw(st.sampled_from([0.0, 100.0])),
        after=draw(links(earlier)),
        on_loss=draw(losses()),
    )
    if draw(st.booleans()):
        entry["family"] = draw(st.sampled_from(["lander", "twin"]))
        if draw(st.booleans()):
            entry["crew"] = {"size": 2, "stay_days": draw(SHORT), "return_days": 5}
    if draw(st.integers(0, 3)) == 0:
        entry["gate"] = draw(st.sampled_from(["dated", "relayed"]))
    if standbys and draw(st.booleans()):
        entry["fallback"] = draw(st.sampled_from(standbys))
    return entry


@st.composite
def tables(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    slip = {"on_time_probability": 0.4, "median_growth": 1.3, "sigma": 0.4, "median_uncertainty": 0.1}
    shock = draw(st.sampled_from([{"on": day(90)}, {"rate_per_year": 1.0}]))
    shocks = {"cut": {"title": "Cut", "months": 2, "hit_probability": 0.7, **shock}}
    second = {"name": "Second", "slip": "kept", "slip_correlation": 0.5}
    if draw(st.booleans()):
        second["launches_per_year"] = draw(st.integers(1, 3))
    if draw(st.integers(0, 3)) == 0:
        second["withdrawal"] = day(draw(DAYS))
    pad = {
        "turnaround_days": draw(st.sampled_from([0, 20, 45])),
        "scrub_probability": draw(st.sampled_from([0.0, 0.4])),
        "keeps_through_windows": draw(st.booleans()),
        "storm_months": [3, 12],
        "storm_scrub_probability": 0.6,
    }
    relays = {"elements": {"role": "relay", "count": 1}}
    return {
        "horizon": "2034-01-01",
        "idealise": [],
        "slip_classes": {"kept": slip if draw(st.booleans()) else {"on_time_probability": 1.0}},
        "programmes": {
            "agency": {"slip_correlation": 0.5, "shocks": shocks if draw(st.booleans()) else {}},
            "second": second,
        },
        "vehicles": {
            "rocket": {**LEARNS, "pads": ["pad", "other"], "stand_down_days": GROUNDED}
            | {"stock": draw(st.integers(1, 3)), "production_per_year": draw(st.sampled_from([1, 3]))},
            "heavy": {**LEARNS, "name": "Heavy", "pads": ["pad", "other"], "stand_down_days": 40}
            | {"production_per_year": 4},
        },
        "pads": {"pad": {"count": draw(st.integers(1, 2)), **pad}, "other": {"name": "Other", **pad}},
        "families": {
            name: {**LEARNS, "name": name, "programme": "agency", "stand_down_days": GROUNDED}
            for name in ("lander", "twin")
        },
        "windows": {"w": {"first_open": day(100), "period_days": 50, "open_days": 20}},
        "destinations": {"moon": {"windows": ["w"]}},
        "elements": ELEMENTS,
        "gates": {"dated": {"date": day(200)}, "relayed": {**relays, "for_days": draw(SHORT)}},
        "milestones": {
            **{f"done-{name}": {"title": name, "when": {"mission": name}} for name in names},
            **{f"landed-{name}": {"title": name, "when": {"landed": name}} for name in names},
            "all": {"title": "All", "when": {"all": [{"mission": name} for name in names]}},
            "any": {"title": "Any", "when": {"any": [{"landed": name} for name in names]}},
            "two": {"title": "Two", "when": {"any": [{"mission": name} for name in names], "count": 2}},
            "dated": {"title": "Dated", "when": {"gate": "dated"}},
            "relayed": {"title": "Relayed", "when": {"gate": "relayed"}},
            "relays": {"title": "Two", "when": {"elements": {"role": "relay", "count": 2}, "for_days": 60}},
            "crew": {"title": "Crew", "when": {"any": [{"crew": 2}, {"firm_power_kw": 10}]}},
            "in-a-row": {"title": "Row", "when": {"landings_in_a_row": {"family": "lander", "count": 2}}},
        },
        "phases": {
            "x": {"title": "X", "steps": {"a": {"title": "A"}, "b": {"title": "B", "when": relays}}}
        },
    }


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario of two to eight missions that get in one another's way."""
    standbys = [f"standby-{n}" for n in range(draw(st.integers(0, 2)))]
    table: dict[str, Any] = {}
    for n in range(draw(st.integers(2, 8 - len(standbys)))):
        earlier = list(table)
        if draw(st.integers(0, 7)) == 0:
            outcome = draw(st.sampled_from(["success", "landing-failure"]))
            past = flown(
                -30, outcome=outcome, landing=-20, family="lander", programme="second", pad="other"
            )
            table[f"m{n}"] = past | {"elements": {"relay": 1}}
        else:
            table[f"m{n}"] = draw(missions(earlier, standbys))
    called = {entry.get("fallback") for entry in table.values()}
    for name in standbys:
        if name in called:
            entry = {key: value for key, value in draw(missions([], [])).items() if key != "planned"}
            table[name] = entry | {"standby": True, "lead_days": {"uniform": {"low": 10, "high": 100}}}
    return scenario_data(table, **draw(tables(list(table))))


def compiled(data: dict[str, Any]) -> Campaign:
    """Compile a scenario; one that contradicts itself is not a case."""
    try:
        return compile_campaign(checked(data), "law")
    except ScenarioError as error:
        assume("wait for one another" not in str(error))
        raise


seeds = st.integers(0, 10**6)


def one_future(campaign: Campaign, seed: int) -> tuple[Future, Hand]:
    hand = Variates(campaign, Luck(seed)).hand(0)
    return Future(campaign, replicate(campaign, hand, EVERYTHING)), hand


def by_id(future: Future) -> dict[str, Any]:
    """All that came of the missions of a future and of its milestones, by their ids."""
    campaign, outcome = future.campaign, future.outcome
    assert outcome.spans is not None
    assert outcome.paths is not None
    ids = {NONE: "", **{n: row.id for n, row in enumerate(campaign.missions)}}
    fields = (outcome.status, outcome.attempts, outcome.launch_day, outcome.arrival_day, outcome.end_day)
    result: dict[str, Any] = {"crew-days": outcome.crew_days}
    for n, row in enumerate(campaign.missions):
        result[row.id] = [repr(float(field[n])) for field in fields]
        result[row.id, "spans"] = [(*span[:4], ids[span.by], span.since) for span in outcome.spans[n]]
    for n, milestone in enumerate(campaign.milestones):
        result[milestone.id] = repr(float(outcome.milestone_day[n]))
        result[milestone.id, "path"] = [(ids[piece.mission], *piece[1:]) for piece in outcome.paths[n]]
    for track, days in zip(campaign.tracks, outcome.phase_day, strict=True):
        result[track.id] = [repr(float(when)) for when in days]
    return result


def lift_offs(future: Future) -> Iterator[tuple[int, MissionRow, float]]:
    """Place in the log, mission and day of every lift-off."""
    for place, item in enumerate(future.outcome.log or []):
        if item.what in ("launched", "launch failure"):
            yield place, future.campaign.missions[item.mission], item.day


def nan_last(when: float) -> float:
    return math.inf if math.isnan(when) else when
