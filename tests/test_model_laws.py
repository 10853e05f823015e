"""What holds in every campaign, tried on random ones: time, launches and critical paths."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from sim.model.mission import next_opening
from sim.model.replicate import Outcome
from sim.scenario.campaign import NONE
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario
from sim.terms import Cause, Status
from tests.campaigns import Future, futures
from tests.random_campaigns import TINY, compiled, law, lift_offs, nan_last, one_future, scenarios, seeds

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
