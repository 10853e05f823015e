"""What holds in every campaign, tried on random ones; and what the code must never do.

The campaigns are small and mean: days that coincide, shared pads and vehicles, losses, windows, budgets,
withdrawals, fallbacks. ``ILRS_EXAMPLES`` sets how many of them each law is tried on.
"""

from __future__ import annotations

import ast
import math
import os
import pickle
import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import sim
from sim.model.mission import next_opening
from sim.model.replicate import Outcome, replicate, replicate_one
from sim.model.spans import Cause
from sim.model.variates import Hand, Variates
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import NONE, Campaign, Draw, MissionRow, Status
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario
from sim.scenario.problems import ScenarioError
from tests.campaigns import EVERYTHING, Future, checked, day, flown, futures, merged, mission, scenario_data

EXAMPLES = int(os.environ.get("ILRS_EXAMPLES", "60"))
TINY = 1e-9
law = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

# Random campaigns

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


# Time


@law
@given(scenarios(), seeds)
def test_spans_tile_the_time_of_every_mission(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    assert future.outcome.spans is not None
    for n, row in enumerate(future.campaign.missions):
        spans = future.outcome.spans[n]
        if row.history is not None:
            assert spans == []
            continue
        end = future.outcome.end_day[n]
        expected = future.campaign.horizon_days if math.isnan(end) else end
        edges = [0.0, *(span.end for span in spans)]
        assert edges[-1] == expected
        assert [span.start for span in spans] == edges[:-1]
        assert all(span.start < span.end for span in spans)
        assert [span.attempt for span in spans] == sorted(span.attempt for span in spans)


@law
@given(scenarios(), seeds)
def test_statuses_agree_with_days(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    outcome, horizon = future.outcome, future.campaign.horizon_days
    for n, row in enumerate(future.campaign.missions):
        status = Status(int(outcome.status[n]))
        ended = status not in (Status.WAITING, Status.UNDERWAY, Status.STANDBY)
        assert ended == (not math.isnan(outcome.end_day[n]))
        assert (outcome.attempts[n] > 0) == (not math.isnan(outcome.launch_day[n]))
        if row.history is None:
            assert outcome.attempts[n] <= len(row.attempts)
        days = [outcome.launch_day[n], outcome.arrival_day[n], outcome.end_day[n], horizon]
        known = [when for when in days if not math.isnan(when)]
        assert known == sorted(known)
        assert (status in (Status.SUCCESS, Status.UNDERWAY)) <= (outcome.attempts[n] > 0)
        if status is Status.SUCCESS:
            assert not math.isnan(outcome.arrival_day[n])


# Launches


@law
@given(scenarios(), seeds)
def test_no_launch_outside_its_window_or_after_its_programme_left(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    campaign = future.campaign
    for _, row, when in lift_offs(future):
        windows = row.attempts[0].flights[-1].windows
        if windows != NONE:
            assert next_opening(campaign.windows[0][windows], when) == when
        assert when < campaign.programmes[row.programme].withdrawal_day


@law
@given(scenarios(), seeds)
def test_no_launch_before_its_vehicle_was_built(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    flown_by: dict[int, list[float]] = defaultdict(list)
    for _, row, when in lift_offs(future):
        flown_by[row.vehicle].append(when)
    for vehicle, days in flown_by.items():
        built = future.campaign.vehicles[vehicle].built_days
        assert len(days) <= len(built)
        assert all(when >= there for when, there in zip(days, built, strict=False))


@law
@given(scenarios(), seeds)
def test_no_launch_in_a_stand_down(data: dict[str, Any], seed: int) -> None:
    future, hand = one_future(compiled(data), seed)
    campaign = future.campaign
    grounded: dict[int, list[float]] = defaultdict(list)
    rows = [*campaign.vehicles, *campaign.families]
    for item in future.outcome.log or []:
        row = campaign.missions[item.mission]
        if item.what in ("launched", "launch failure"):
            assert all(until <= item.day for number in row.groundings for until in grounded[number])
        if item.what in ("launch failure", "landing failure"):
            number = row.groundings[0 if item.what == "launch failure" else 1]
            length = hand.values[rows[number].stand_downs[len(grounded[number])]]
            grounded[number].append(item.day + length)


@law
@given(scenarios(), seeds)
def test_a_pad_never_serves_two_launches_within_its_turnaround(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    served: dict[int, list[float]] = defaultdict(list)
    for _, row, when in lift_offs(future):
        served[row.pad].append(when)
    for number, days in served.items():
        pad = future.campaign.pads[number]
        assert days == sorted(days)
        for before, after in zip(days, days[pad.count :], strict=False):
            assert after >= before + pad.turnaround_days


@law
@given(scenarios(), seeds)
def test_no_programme_launches_more_than_its_budget(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    campaign = future.campaign
    spent: dict[tuple[int, int], int] = defaultdict(int)
    for _, row, when in lift_offs(future):
        year = int(np.searchsorted(campaign.year_edges, when, side="right"))
        spent[row.programme, year] += 1
    for (programme, _), launches in spent.items():
        limit = campaign.programmes[programme].launches_per_year
        assert limit == NONE or launches <= limit


@law
@given(scenarios(), seeds)
def test_no_launch_before_its_predecessors(data: dict[str, Any], seed: int) -> None:
    """A success counts from the milestone that it, or its fallback, reached; a departure from the launch
    or the end of the first attempt; a preferred link at the latest from its date, or from the last loss."""
    future, _ = one_future(compiled(data), seed)
    campaign = future.campaign
    first: dict[str, list[float]] = defaultdict(list)
    for _, row, when in lift_offs(future):
        first[row.id].append(when)

    def ready(member: int, by_departure: bool) -> float:
        row = campaign.missions[member]
        if row.history is not None and (by_departure or row.history.status is Status.SUCCESS):
            return row.history.launch_day if by_departure else row.history.landing_day
        if not by_departure:
            return nan_last(future.milestone(f"done-{row.id}"))
        return min([*first[row.id][:1], nan_last(future.end(row.id))])

    for link in campaign.links:
        name = campaign.missions[link.mission].id
        opened = min(ready(member, link.by_departure) for member in link.members) + link.lag_days
        lost = max(nan_last(future.end(campaign.missions[member].id)) for member in link.members)
        if link.preferred_until < math.inf:
            opened = min(opened, max(0.0, link.preferred_until), lost)
        assert all(when >= opened - TINY for when in first[name])


@law
@given(scenarios(), seeds)
def test_no_launch_before_its_gate_held_for_the_first_time(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    campaign = future.campaign
    nodes = {row.node: row.id for row in campaign.milestones if row.id in ("dated", "relayed")}
    for _, row, when in lift_offs(future):
        if row.gate != NONE:
            assert when >= future.milestone(nodes[row.gate])


def nan_last(when: float) -> float:
    return math.inf if math.isnan(when) else when


# Critical paths


@law
@given(scenarios(), seeds)
def test_critical_paths_tile_the_time_to_their_milestone(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    assert future.outcome.spans is not None
    for milestone in future.campaign.milestones:
        pieces, when = future.pieces(milestone.id), future.milestone(milestone.id)
        if math.isnan(when) or when == 0:
            assert pieces == []
            continue
        assert pieces[0].start == 0
        assert pieces[-1].end == when
        assert all(before.end == after.start for before, after in pairwise(pieces))
        assert all(piece.start < piece.end for piece in pieces)
        for piece in pieces:
            if piece.cause in (Cause.HOLD, Cause.CALENDAR):
                continue
            assert any(
                span.cause is piece.cause
                and piece.end <= span.end
                and (span.start <= piece.start or max(span.since, 0.0) == piece.start)
                for span in future.outcome.spans[piece.mission]
            ), (milestone.id, piece)


@law
@given(scenarios(), seeds)
def test_the_calendar_is_on_a_path_only_for_a_date_or_the_past(data: dict[str, Any], seed: int) -> None:
    """Everything else is explained by what a mission spent its time on."""
    future, _ = one_future(compiled(data), seed)
    for milestone in future.campaign.milestones:
        for piece in future.pieces(milestone.id):
            if piece.cause is Cause.CALENDAR:
                past = piece.mission != NONE and future.campaign.missions[piece.mission].history
                assert piece.mission == NONE or past, (milestone.id, piece)


@law
@given(scenarios(), seeds)
def test_milestones_are_reached_when_their_conditions_are(data: dict[str, Any], seed: int) -> None:
    future, _ = one_future(compiled(data), seed)
    for row in future.campaign.missions:
        number = future.number(row.id)
        landed, done = future.milestone(f"landed-{row.id}"), future.milestone(f"done-{row.id}")
        assert nan_last(landed) <= nan_last(done)
        if row.fallback == NONE:
            succeeded = future.outcome.status[number] == Status.SUCCESS
            assert nan_last(done) == (max(0.0, future.end(row.id)) if succeeded else math.inf)
            assert nan_last(landed) == max(0.0, nan_last(future.arrival(row.id)))
    names = [row.id for row in future.campaign.missions]
    done_days = sorted(nan_last(future.milestone(f"done-{name}")) for name in names)
    assert nan_last(future.milestone("all")) == done_days[-1]
    assert nan_last(future.milestone("two")) == done_days[1]
    assert nan_last(future.milestone("any")) == min(
        nan_last(future.milestone(f"landed-{name}")) for name in names
    )
    assert future.milestone("dated") == 200


# What must not matter


@law
@given(scenarios(), seeds, st.randoms(use_true_random=False))
def test_the_order_in_the_file_does_not_matter(
    data: dict[str, Any], seed: int, shuffler: random.Random
) -> None:
    """Nor, with it, the order in which the processes are created."""
    shuffled = dict(data)
    for table in ("missions", "programmes", "vehicles", "pads", "families", "elements", "milestones"):
        keys = list(data[table])
        shuffler.shuffle(keys)
        shuffled[table] = {key: data[table][key] for key in keys}
    one, other = by_id(one_future(compiled(data), seed)[0]), by_id(one_future(compiled(shuffled), seed)[0])
    assert set(one) == set(other)
    assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}


def address_values(campaign: Campaign, hand: Hand) -> dict[Any, float]:
    """Every value of a hand by its address, and the slips by mission."""
    values: dict[Any, float] = {
        (slot.stream, slot.index): hand.values[n]
        for n, slot in enumerate(campaign.slots)
        if isinstance(slot, Draw)
    }
    values |= {("slip", row.id): hand.slip_days[n] for n, row in enumerate(campaign.missions)}
    rows = [*campaign.vehicles, *campaign.families]
    return values | {("p", row.id): hand.failure_probability[n] for n, row in enumerate(rows)}


def with_another(data: dict[str, Any], entry: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Put one more mission before all others."""
    wider = merged(data, more)
    wider["missions"] = {"zz": entry, **wider["missions"]}
    return wider


@law
@given(scenarios(), seeds, missions([], []))
def test_one_more_mission_leaves_the_luck_of_all_others(
    data: dict[str, Any], seed: int, entry: dict[str, Any]
) -> None:
    one, wider = compiled(data), compiled(with_another(data, entry))
    few = address_values(one, Variates(one, Luck(seed)).hand(0))
    many = address_values(wider, Variates(wider, Luck(seed)).hand(0))
    assert {key: value for key, value in few.items() if many[key] != value} == {}
    assert len(many) > len(few)


@law
@given(scenarios(), seeds, missions([], []))
def test_one_more_mission_that_shares_nothing_changes_nothing(
    data: dict[str, Any], seed: int, entry: dict[str, Any]
) -> None:
    own: dict[str, Any] = {
        "programmes": {"own": {"name": "Own", "slip": "kept", "slip_correlation": 0.5}},
        "pads": {"own": {"name": "Own", "turnaround_days": 9}},
        "vehicles": {"own": {**data["vehicles"]["rocket"], "name": "Own", "pads": ["own"]}},
        "families": {"own": {**data["families"]["lander"], "name": "Own", "programme": "own"}},
    }
    entry = {**entry, "programme": "own", "pad": "own", "vehicle": "own", "destination": "moon"}
    entry |= {"elements": {}, "priority": 0} | ({"family": "own"} if "family" in entry else {})
    few, _ = one_future(compiled(data), seed)
    many, _ = one_future(compiled(with_another(data, entry, **own)), seed)
    one, other = by_id(few), by_id(many)
    assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}


@law
@given(scenarios(), seeds, st.integers(0, 40), st.integers(0, 9), st.integers(1, 9))
def test_an_address_has_one_outcome(
    data: dict[str, Any], seed: int, replication: int, before: int, after: int
) -> None:
    """Alone, in a run with any others, twice, and in another process."""
    campaign = compiled(data)
    first = max(0, replication - before)
    run = Variates(campaign, Luck(seed, first=first, count=replication - first + after))
    alone = Future(campaign, replicate_one(campaign, seed, replication, EVERYTHING))
    hand = run.hand(replication)
    for twin in (campaign, pickle.loads(pickle.dumps(campaign))):
        assert by_id(Future(twin, replicate(twin, hand, EVERYTHING))) == by_id(alone)


@law
@given(scenarios(), seeds)
def test_what_is_recorded_does_not_matter(data: dict[str, Any], seed: int) -> None:
    campaign = compiled(data)
    hand = Variates(campaign, Luck(seed)).hand(0)
    full = replicate(campaign, hand, EVERYTHING)
    bare = replicate(campaign, hand, Record(series=False))
    for name in ("status", "attempts", "launch_day", "arrival_day", "end_day", "milestone_day"):
        np.testing.assert_array_equal(getattr(full, name), getattr(bare, name))
    assert full.crew_days == bare.crew_days
    assert bare.series is bare.phases is bare.spans is bare.paths is bare.log is None


# What must make things worse


def unshared(data: dict[str, Any]) -> dict[str, Any]:
    """The same missions with pads, vehicles and money for all, no windows, no learning, no ends of life."""
    alone = merged(data, {})
    plenty = {"turnaround_days": 0, "count": 60, "scrub_probability": 0.0, "storm_scrub_probability": 0.0}
    for pad in alone["pads"].values():
        pad |= plenty
    for vehicle in alone["vehicles"].values():
        vehicle |= {"stock": 60}
    for reliable in (*alone["vehicles"].values(), *alone["families"].values()):
        reliable |= {"stand_down_days": 0, "fix_effectiveness": 0.0, "learning": 0.0}
    for programme in alone["programmes"].values():
        for key in ("launches_per_year", "withdrawal", "shocks"):
            programme.pop(key, None)
    for element in alone["elements"].values():
        element["life_years"] = 1000
    return alone | {"idealise": ["windows"], "horizon": "2045-01-01"}


@law
@given(scenarios(), seeds, st.data())
def test_more_slip_never_helps_where_nothing_is_shared(
    data: dict[str, Any], seed: int, choice: st.DataObject
) -> None:
    planned = [name for name, entry in data["missions"].items() if "planned" in entry]
    assume(planned)
    late = choice.draw(st.sampled_from(planned))
    easy = unshared(data)
    one, _ = one_future(compiled(easy), seed)
    other, _ = one_future(
        compiled(easy | {"delays": {late: {"days": choice.draw(st.integers(1, 300))}}}), seed
    )
    for row in one.campaign.missions:
        if row.is_standby:
            continue  # one that is not called any more is no gain
        assert nan_last(other.end(row.id)) >= nan_last(one.end(row.id)), row.id
        if Status.CANCELLED not in (one.status(row.id), other.status(row.id)):
            assert nan_last(other.launch(row.id)) >= nan_last(one.launch(row.id)), row.id
    for milestone in one.campaign.milestones:
        if milestone.id != "in-a-row":
            assert nan_last(other.milestone(milestone.id)) >= nan_last(one.milestone(milestone.id))


@law
@given(scenarios(), seeds)
def test_a_more_reliable_vehicle_never_loses_what_flew_before(data: dict[str, Any], seed: int) -> None:
    """One launch of each mission: with better odds and the same luck, whoever flew flies again."""
    easy = unshared(data)
    for entry in easy["missions"].values():
        if "actual" not in entry:
            entry |= {"on_loss": {"policy": "descope"}, "after": [], "gate": "dated"}
    one, _ = one_future(compiled(easy), seed)
    better = merged(easy, {"vehicles": {"rocket": {"prior": {"a": 4.0, "b": 1.0}}}})
    other, _ = one_future(compiled(better), seed)
    for row in one.campaign.missions:
        if not row.is_standby and one.status(row.id) is Status.SUCCESS:
            assert other.status(row.id) is Status.SUCCESS


# The shipped baseline keeps the laws, too


@cache
def baseline_future() -> Future:
    resolved = load_scenario("baseline")[0]
    campaign = compile_campaign(resolved.scenario, resolved.name)
    return next(futures(campaign, 1))


def test_the_baseline_s_spans_and_paths_tile() -> None:
    future = baseline_future()
    outcome: Outcome = future.outcome
    assert outcome.spans is not None
    for n, row in enumerate(future.campaign.missions):
        if row.history is None:
            end = outcome.end_day[n]
            last = future.campaign.horizon_days if math.isnan(end) else end
            edges = [0.0, *(span.end for span in outcome.spans[n])]
            assert (edges[-1], edges[:-1]) == (last, [span.start for span in outcome.spans[n]])
    for milestone in future.campaign.milestones:
        when = future.milestone(milestone.id)
        pieces = future.pieces(milestone.id)
        assert sum(piece.end - piece.start for piece in pieces) == pytest.approx(
            0 if math.isnan(when) else when
        )


# What the code must never do

SOURCES = sorted(Path(sim.__file__).resolve().parent.rglob("*.py"))
CHANCE = ("random", "secrets", "numpy.random", "scipy.stats.qmc", "os.urandom", "uuid")
DICE = {"urandom", "getrandom", "uuid1", "uuid4", "rvs", "default_rng", "RandomState", "SystemRandom"}
FORBIDDEN_IN_MODEL = (
    "rich",
    "matplotlib",
    "yaml",
    "pandas",
    "xarray",
    "pathlib",
    "os",
    "io",
    "click",
    "time",
)


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module, and every name taken from a module, that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_part_of(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def chance_in(tree: ast.AST) -> list[str]:
    """Every use of a random generator in a file."""
    found = [name for name in imported(tree) if is_part_of(name, CHANCE)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (
            node.attr in DICE or (node.attr == "random" and ast.unparse(node.value) in ("np", "numpy"))
        ):
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_only_luck_makes_random_numbers(path: Path) -> None:
    found = chance_in(ast.parse(path.read_text(encoding="utf-8")))
    if path.parts[-2:] == ("nature", "luck.py"):
        assert found == ["scipy.stats.qmc", "np.random"]
    else:
        assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from random import uniform",
        "import numpy.random as r",
        "from numpy import random",
        "import numpy as np\nnp.random.rand()",
        "import os\nos.urandom(3)",
        "from uuid import uuid4",
        "from scipy.stats import norm\nnorm.rvs()",
        "import secrets",
    ],
)
def test_a_random_generator_would_be_found(text: str) -> None:
    assert chance_in(ast.parse(text)) != []


MODEL = [path for path in SOURCES if path.parent.name == "model"]


@pytest.mark.parametrize("path", MODEL, ids=lambda path: path.name)
def test_the_model_opens_no_files_and_draws_no_pictures(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [name for name in imported(tree) if is_part_of(name, FORBIDDEN_IN_MODEL)] == []
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called & {"open", "print", "input", "exec", "eval", "__import__", "np.load", "np.save"} == set()


def test_the_model_is_looked_at() -> None:
    assert len(MODEL) >= 10
    assert len(SOURCES) >= 40
