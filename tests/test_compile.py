"""A whole campaign: conditions, slots, and that it can be neither changed nor mixed up."""

from __future__ import annotations

import dataclasses
import math
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.nature.distributions import Distribution
from sim.scenario.campaign import NONE, Campaign, Draw
from sim.scenario.compile.conditions import NodeList
from sim.scenario.compile.slots import SlotList
from sim.scenario.schema import Condition
from sim.terms import ROLES, BoardLevel, NodeKind, Role
from tests.small import SHIPPED, draw_in, number_of, row_of, shipped, small_campaign, small_scenario

# ------------------------------------------------------------------------------------------ conditions


def nodes(**settings: Any) -> NodeList:
    scenario = small_scenario()
    missions = {name: number for number, name in enumerate(scenario.missions)}
    return NodeList(scenario, missions, {"hopper": 0}, **settings)


def condition(**settings: Any) -> Condition:
    return Condition.model_validate(settings)


def test_equal_conditions_share_a_node() -> None:
    network = nodes()
    power = network.node(condition(continuous_power_kw=10))
    assert network.node(condition(continuous_power_kw=10.0)) == power
    assert network.gate("power") == power
    assert network.node(condition(gate="power")) == power
    assert network.node(condition(continuous_power_kw=11)) != power
    assert network.node(condition(firm_power_kw=10)) != power
    assert network.node(condition(continuous_power_kw=10, for_days=3)) != power


def test_a_network_counts_its_parts_and_knows_its_parents() -> None:
    network = nodes()
    top = network.node(
        condition(
            all=[
                {"any": [{"landed": "lander-1"}, {"mission": "crew-1"}, {"crew": 2}], "count": 2},
                {"elements": {"role": "habitat", "count": 2}},
                {"date": "2027-01-01"},
                {"crew": 1, "for_days": 180},
                {"landings_in_a_row": {"family": "hopper", "count": 2}},
            ]
        )
    )
    rows = network.finish((), ())
    choice, habitats, day, held, landings = (rows[number] for number in rows[top].children)
    assert (rows[top].kind, rows[top].threshold) == (NodeKind.COUNT, 5)
    assert (choice.kind, choice.threshold, len(choice.children)) == (NodeKind.COUNT, 2, 3)
    assert habitats.quantity == BoardLevel.FIRST_ROLE + Role.HABITAT
    assert (day.kind, day.threshold) == (NodeKind.DATE, 365)
    assert (held.kind, held.threshold) == (NodeKind.HOLD, 180)
    assert rows[held.children[0]].quantity == BoardLevel.CREW
    assert (landings.quantity, landings.threshold) == (network.quantities.families, 2)
    for number, row in enumerate(rows):
        assert all(number in rows[child].parents for child in row.children)
        assert all(number in rows[parent].children for parent in row.parents)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_network_of_a_campaign_hangs_together(name: str) -> None:
    campaign = shipped(name)
    seen = {(row.kind, row.quantity, row.threshold, row.children) for row in campaign.nodes}
    assert len(seen) == len(campaign.nodes), "equal nodes are shared"
    assert len(campaign.node_names) == len(campaign.nodes)
    assert len(campaign.watchers) == campaign.quantities.count
    for quantity, watchers in enumerate(campaign.watchers):
        assert all(campaign.nodes[number].quantity == quantity for number in watchers)
    watched = {number for watchers in campaign.watchers for number in watchers}
    assert watched == {n for n, row in enumerate(campaign.nodes) if row.kind is NodeKind.LEVEL}
    for number, milestone in enumerate(campaign.milestones):
        assert number in campaign.nodes[milestone.node].milestones
    for number, track in enumerate(campaign.tracks):
        assert track.nodes[0] == NONE
        assert all(number in campaign.nodes[node].tracks for node in track.nodes[1:])


def test_nodes_are_named_after_their_gate_or_what_they_compare() -> None:
    campaign = shipped("baseline")
    names = set(campaign.node_names)
    assert {"crew-visit", "crew-rotation"} <= names
    assert any(name.startswith("continuous power [kW] of at least ") for name in names)
    assert "landing of chang-e-7 of at least 1" in names
    assert all(names)


def test_the_quantities_of_a_board_do_not_run_into_one_another() -> None:
    campaign = small_campaign()
    places = campaign.quantities
    assert places.families == BoardLevel.FIRST_ROLE + len(ROLES)
    assert places.accomplished == places.families + len(campaign.families)
    assert places.landed == places.accomplished + len(campaign.missions)
    assert places.count == places.landed + len(campaign.missions)


# ----------------------------------------------------------------------------------------------- slots


def test_two_draws_with_one_address_are_an_error() -> None:
    slots = SlotList()
    slots.uniform("luna-26/landing")
    slots.uniform("luna-26/landing", 1)
    with pytest.raises(ValueError, match="two draws share the address"):
        slots.uniform("luna-26/landing")
    with pytest.raises(ValueError, match="two draws share the address"):
        slots.variate("luna-26/landing", 1, Distribution.model_validate({"exponential": {"mean": 1}}))


def test_equal_constants_share_a_slot_and_take_no_luck() -> None:
    slots = SlotList()
    assert slots.constant(2.0) == slots.constant(2) == slots.variate("a", 0, Distribution(fixed=2))
    assert slots.variate("a", 0, Distribution(fixed=3)) != slots.constant(2)
    assert slots.finish() == (2.0, 3.0)


def test_a_shared_uniform_is_the_same_for_all_that_ask() -> None:
    slots = SlotList()
    assert slots.shared("roscosmos/slip") == slots.shared("roscosmos/slip")
    assert slots.shared("clep/slip") != slots.shared("roscosmos/slip")


def draws(campaign: Campaign) -> list[Draw]:
    return [slot for slot in campaign.slots if isinstance(slot, Draw)]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_draw_of_a_campaign_has_an_address_of_its_own(name: str) -> None:
    addresses = [(draw.stream, draw.index) for draw in draws(shipped(name))]
    assert len(set(addresses)) == len(addresses) > 500


def test_adding_a_mission_changes_no_other_missions_luck() -> None:
    before = {(draw.stream, draw.index): draw.distribution for draw in draws(shipped("baseline"))}
    after = {(draw.stream, draw.index): draw.distribution for draw in draws(shipped("russia-withdraws"))}
    changed = {address for address in before if after.get(address) != before[address]}
    assert changed == set()
    extra = {stream for stream, _ in after.keys() - before.keys()}
    assert extra
    for stream in extra:
        assert "chinese-power-plant" in stream or "/stand-down" in stream


# ---------------------------------------------------------------------------------------- the campaign


def parts(item: Any) -> Iterator[Any]:
    """A campaign taken apart into plain values, to be compared."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        for field in dataclasses.fields(item):
            yield from parts(getattr(item, field.name))
    elif isinstance(item, (tuple, list)):
        yield len(item)
        for part in item:
            yield from parts(part)
    elif isinstance(item, dict):
        yield from parts(sorted(item.items()))
    elif isinstance(item, np.ndarray):
        yield (item.dtype, item.tobytes())
    else:
        yield "nan" if isinstance(item, float) and math.isnan(item) else item


@pytest.mark.parametrize("name", SHIPPED)
def test_a_campaign_pickles(name: str) -> None:
    campaign = shipped(name)
    assert list(parts(pickle.loads(pickle.dumps(campaign)))) == list(parts(campaign))


def test_compiling_twice_gives_the_same_campaign() -> None:
    assert list(parts(small_campaign())) == list(parts(small_campaign()))


def test_a_campaign_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small_campaign().name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_months_tile_the_simulation(name: str) -> None:
    campaign = shipped(name)
    assert campaign.month_edges[0] == 0
    assert campaign.month_edges[-1] == campaign.horizon_days
    assert (np.diff(campaign.month_edges) > 0).all()
    assert len(campaign.month_edges) == len(campaign.months) + 1
    assert campaign.months[0] == campaign.data_date.replace(day=1)
    assert campaign.horizon_days == (campaign.horizon - campaign.data_date).days


def test_shocks_hit_the_missions_of_their_programme() -> None:
    campaign = small_campaign(
        "programmes:\n  probes:\n    withdrawal: 2030-01-01\n    shocks:\n"
        "      cut: {title: Budget cut, on: 2028-01-01, months: 6, hit_probability: 0.5}\n"
        "      war: {title: War, rate_per_year: 0.2, months: {exponential: {mean: 9}}}\n"
    )
    programme = campaign.programmes[number_of(campaign.programmes, "probes")]
    cut, war = programme.shocks
    assert programme.withdrawal_day == 1461
    assert (cut.first_day, len(cut.gaps), len(cut.months)) == (730, 0, 1)
    own = {number_of(campaign.missions, name) for name in ("relay-1", "lander-1", "lander-2")}
    assert set(cut.hits) == set(war.hits) == own
    # 2 are expected in ten years; far more are provided for
    assert len(war.gaps) == len(war.months) > 15
    gap = draw_in(campaign, war.gaps[0]).distribution
    assert gap is not None
    assert gap.exponential is not None
    assert gap.exponential.mean == pytest.approx(365.25 / 0.2)


def test_vehicles_fly_from_their_first_pad_unless_the_mission_names_one() -> None:
    text = "vehicles: {carrier: {pads: [north, south]}}\nmissions: {lander-1: {pad: south}}"
    campaign = small_campaign(text)
    assert campaign.pads[row_of(campaign, "relay-1").pad].id == "north"
    assert campaign.pads[row_of(campaign, "lander-1").pad].id == "south"


def test_groundings_name_the_vehicle_and_the_family() -> None:
    campaign = small_campaign()
    carrier = number_of(campaign.vehicles, "carrier")
    assert row_of(campaign, "relay-1").groundings == (carrier,)
    assert row_of(campaign, "lander-1").groundings == (carrier, len(campaign.vehicles))
