"""What must not matter to a random campaign, and what must make it worse."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model.replicate import replicate, replicate_one
from sim.model.variates import Hand, Variates
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign, Draw
from sim.terms import Status
from tests.campaigns import EVERYTHING, Future, merged
from tests.random_campaigns import by_id, compiled, law, missions, nan_last, one_future, scenarios, seeds

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
