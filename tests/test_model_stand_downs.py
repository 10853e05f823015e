"""Stand-downs after a loss, by hand."""

from __future__ import annotations

import pytest

from sim.model.fleet import Grounding
from sim.terms import Cause
from tests.campaigns import ANOTHER, OTHER_PAD, campaign_of, future_of, futures, mission, one_pad, uniforms


def test_a_launch_failure_grounds_the_vehicle_and_nobody_else() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(120), "c": mission(130, vehicle="another"), "d": mission(200)},
        vehicles={"rocket": {"stand_down_days": 60}, "another": ANOTHER},
        force={"a": {"launch": "failure"}},
    )
    assert future.launches() == {"a": 100, "b": 160, "c": 130, "d": 200}
    assert future.spans("b")[1] == ("stand-down", 120, 160)


def test_a_landing_failure_grounds_the_family_and_nobody_else() -> None:
    future = future_of(
        {
            "a": mission(100, family="lander"),
            "b": mission(105, family="lander"),
            "c": mission(120, family="lander"),
            "d": mission(130),
        },
        families={"lander": {"stand_down_days": 60}},
        force={"a": {"landing": "failure"}},
    )
    assert future.launches() == {"a": 100, "b": 105, "c": 170, "d": 130}


def test_a_return_to_flight_frees_at_its_own_moment() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(160)},
        vehicles={"rocket": {"stand_down_days": 60}},
        force={"a": {"launch": "failure"}},
    )
    assert future.spans("b") == [("development", 0, 160), ("transit", 160, 170)]


def test_the_later_return_of_vehicle_and_family_counts() -> None:
    def c_after(vehicle_days: float, family_days: float) -> float:
        future = future_of(
            {
                "a": mission(100, family="lander"),
                "b": mission(109, vehicle="another"),
                "c": mission(115, vehicle="another", family="lander"),
            },
            vehicles={"another": {**ANOTHER, "stand_down_days": vehicle_days}},
            families={"lander": {"stand_down_days": family_days}},
            force={"a": {"landing": "failure"}, "b": {"launch": "failure"}},
        )
        return future.launch("c")

    assert c_after(50, 20) == 159
    assert c_after(20, 50) == 160


def test_of_two_stand_downs_of_one_family_the_later_return_counts() -> None:
    length = {"uniform": {"low": 5, "high": 100}}
    campaign = campaign_of(
        {
            "a": mission(100, family="lander"),
            "b": mission(109, family="lander"),
            "c": mission(120, family="lander"),
        },
        families={"lander": {"stand_down_days": length}},
        force={"a": {"landing": "failure"}, "b": {"landing": "failure"}},
    )
    stream = "family/lander/stand-down"
    first, second = (5 + 95 * uniforms(stream, 40, n) for n in (0, 1))
    for n, future in enumerate(futures(campaign, 40)):
        expected = max(110 + first[n], 119 + second[n])
        assert future.launch("c") == pytest.approx(expected, rel=1e-12)


def test_grounding_keeps_the_later_return_and_who_caused_it() -> None:
    grounding = Grounding("Rocket")
    grounding.begin(mission=3, day=100, days=50)
    grounding.begin(mission=4, day=110, days=20)
    assert (grounding.until, grounding.by, grounding.since, grounding.failures) == (150, 3, 100, 2)
    grounding.begin(mission=5, day=120, days=40)
    assert (grounding.until, grounding.by, grounding.since, grounding.failures) == (160, 5, 120, 3)


def test_a_stand_down_holds_a_mission_on_the_pad_which_it_gives_up() -> None:
    """Day 120: b is scrubbed until 140 while a is lost; at 140 c takes the pad; b follows it."""
    future = future_of(
        {
            "a": mission(110, family="lander", pad="other"),
            "b": mission(115, family="lander"),
            "c": mission(130, vehicle="another"),
        },
        vehicles={"rocket": {"pads": ["pad", "other"]}, "another": ANOTHER},
        families={"lander": {"stand_down_days": 50}},
        pads={**one_pad(40, scrub_probability=0.5, scrub_days=25), "other": OTHER_PAD},
        force={"a": {"landing": "failure"}},
        luck={"mission/b/flight-1/scrub": 0.3, "mission/c/flight-1/scrub": 0.9},
    )
    assert future.launches() == {"a": 110, "b": 180, "c": 140}
    assert future.spans("b")[1:4] == [("scrub", 115, 140), ("stand-down", 140, 170), ("pad", 170, 180)]


def test_missions_that_wait_for_a_pad_wait_on_in_a_stand_down() -> None:
    """The pad is free at 140, but b's rocket is grounded until 160; the other vehicle goes first."""
    future = future_of(
        {"a": mission(100), "b": mission(105), "c": mission(150, vehicle="another")},
        vehicles={"rocket": {"stand_down_days": 60}, "another": ANOTHER},
        pads=one_pad(40),
        force={"a": {"launch": "failure"}},
    )
    assert future.launches() == {"a": 100, "b": 190, "c": 150}


def test_a_second_failure_in_a_stand_down_makes_those_who_wait_wait_on() -> None:
    future = future_of(
        {
            "a": mission(100, family="lander"),
            "b": mission(105, family="lander", transit_days=40),
            "c": mission(115, family="lander"),
        },
        families={"lander": {"stand_down_days": 50}},
        force={"a": {"landing": "failure"}, "b": {"landing": "failure"}},
    )
    assert future.launch("c") == 195
    assert future.days_of("c", Cause.STAND_DOWN) == 80
