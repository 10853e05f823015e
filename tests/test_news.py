"""What has happened so far: a later data date with new facts forecasts anew, and the comparison says what changed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import sim

NEWS = {
    "data_date": date(2027, 6, 1),
    "missions": {
        "chang-e-7": {
            "actual": {"launch": date(2027, 3, 20), "landing": date(2027, 4, 20), "outcome": "success"}
        },
        "luna-26": {
            "announcements": [{"announced": date(2027, 4, 1), "planned": 2033, "by": "an invented example"}]
        },
    },
}


@pytest.fixture(scope="module")
def results() -> sim.Results:
    news = sim.scenario("baseline").with_changes(NEWS, name="june-2027")
    return sim.run(["baseline", news], n=30, workers=1, record="dates", progress=False)


def test_what_has_happened_is_history(results: sim.Results) -> None:
    """Chang'e-7 has landed in every replication; what is past counts at the data date."""
    now = results["june-2027"].milestones().set_index("milestone").loc["south-pole-landing"]
    assert now["reached"] == 1
    assert now["p10"].date() == now["p90"].date() == date(2027, 6, 1)
    missions = results["june-2027"].missions().set_index("mission")
    assert bool(missions.loc["chang-e-7", "history"])
    before = results["baseline"].missions().set_index("mission")
    assert not bool(before.loc["chang-e-7", "history"])


def test_a_new_announcement_is_the_plan_from_then_on(results: sim.Results) -> None:
    """Six years of lead instead of two: nothing flies before the data date, and Luna-26 flies later."""
    saved = {item.name: item for item in results.saved}
    launches = {}
    for name in ("baseline", "june-2027"):
        column = saved[name].ids("missions").index("luna-26")
        launches[name] = saved[name].dates("launch_day")[:, column]
    assert np.nanmin(launches["june-2027"]) > saved["june-2027"].origin
    assert np.nanmedian(launches["june-2027"]) > np.nanmedian(launches["baseline"]) + 365


def test_the_comparison_says_what_the_news_changed(results: sim.Results) -> None:
    """It is no late landing any more that keeps the station waiting."""
    table = results.compare("baseline").set_index("milestone")
    landing = table.loc["south-pole-landing"]
    assert landing["mean_months"] < -1
    assert landing["reached"] > 0
    assert table.loc["luna-27-landing", "pairs"] == 30
