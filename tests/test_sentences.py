"""Results in plain words, by known answers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.batch.store import ResultsError
from sim.scenario.load import load_scenario
from tests.made import NEVER, Made, day, reaching, results_of

EARLY, LATE = day("2041-05-10"), day("2047-03-01")
LAND = {"says": "see people land"}


def said(*dates: float) -> str:
    (sentence,) = results_of(reaching(dates, **LAND)).in_words()
    return sentence


def test_half_and_p80_and_never() -> None:
    dates = [EARLY] * 600 + [LATE] * 260 + [NEVER] * 140
    assert said(*dates) == (
        "Half of the futures see people land by May 2041 (P80: March 2047); "
        "14 +- 1 in a hundred never before 2051."
    )


def test_a_p80_that_is_not_reached_is_said_so() -> None:
    assert said(*[EARLY] * 700, *[NEVER] * 300) == (
        "Half of the futures see people land by May 2041 (P80: not by 2051); "
        "30 +- 1 in a hundred never before 2051."
    )


def test_fewer_than_half_is_said_only_where_it_is_sure() -> None:
    assert said(*[EARLY] * 200, *[NEVER] * 800) == (
        "Fewer than half of the futures see people land before 2051: 20 +- 1 in a hundred."
    )
    assert said(*[EARLY] * 48, *[NEVER] * 52) == (
        "About half of the futures see people land before 2051: 48 +- 5 in a hundred."
    )


def test_all_and_none_and_all_at_once() -> None:
    assert said(*[EARLY] * 600, *[LATE] * 400) == (
        "All 1,000 futures see people land before 2051, half of them by May 2041 (P80: March 2047)."
    )
    assert said(*[EARLY] * 50) == "All 50 futures see people land in May 2041."
    # the Wilson interval of 0 of 60: z^2 / (60 + z^2) with z = 1.645, which is 4.3 percent
    assert said(*[NEVER] * 60) == (
        "None of the 60 futures see people land before 2051 (at most 5 in a hundred)."
    )


def test_few_futures_are_only_counted() -> None:
    assert said(EARLY, NEVER) == "Goal: reached before 2051 in 1 of 2 futures, too few to say more."
    assert said(EARLY) == "Goal: reached before 2051 in 1 of 1 future, too few to say more."


@pytest.mark.parametrize(
    ("years", "words"), [(0.4, "by June 2040"), (12.0, "by about 2040"), (3.0, "by 2040")]
)
def test_a_date_is_said_as_exactly_as_it_is_known(years: float, words: str) -> None:
    spread = np.linspace(-years, years, 101) * 365.25
    assert f"half of them {words} (P80" in said(*(day("2040-06-15") + spread))


def test_a_median_whose_interval_reaches_the_horizon_is_later_perhaps() -> None:
    dates = [*np.linspace(EARLY, LATE, 52), *[NEVER] * 48]
    assert said(*dates).startswith(
        "Half of the futures see people land in 2046 or later (P80: not by 2051)"
    )


def test_without_a_phrase_the_title_is_said() -> None:
    (sentence,) = results_of(reaching([EARLY] * 20)).in_words()
    assert sentence == 'All 20 futures reach "Goal" in May 2041.'


def test_headlines_come_by_default_and_any_milestone_can_be_asked() -> None:
    about = [
        {"id": "one", "title": "One", "planned": None, "headline": True},
        {"id": "two", "title": "Two", "planned": None},
    ]
    results = results_of(Made({"milestones": about}, {"milestone_day": [[EARLY, LATE]] * 20}))
    assert results.in_words() == ['All 20 futures reach "One" in May 2041.']
    assert results.in_words(["two"]) == ['All 20 futures reach "Two" in March 2047.']
    with pytest.raises(ResultsError, match="no milestone `three`; there are `one`, `two`"):
        results.in_words(["three"])


def compared(*pairs: tuple[float, float]) -> str:
    before, after = zip(*pairs, strict=True)
    made = results_of(reaching(before, "base", "Base"), reaching(after, "new", "New"))
    return made.in_words()[-1]


def test_a_scenario_is_later_on_the_same_luck() -> None:
    year = 365.25
    pairs = [(EARLY, EARLY + 1.1 * year), (EARLY, EARLY + 0.9 * year)] * 50
    # the months differ by 13.2 and 10.8: deviation 1.2, of the mean 1.2 / sqrt(99)
    assert compared(*pairs) == (
        "New against Base, mean dates on the same luck: Goal 12.0 +- 0.1 months later."
    )
    assert compared(*((after, before) for before, after in pairs)).endswith("months earlier.")


def test_what_may_be_chance_is_no_difference() -> None:
    assert compared(*[(EARLY, EARLY + 90), (EARLY, EARLY - 80)] * 20).endswith(": no sure difference.")
    assert compared(*[(EARLY, EARLY)] * 20).endswith(": the same dates in every future.")


def test_of_many_changes_the_headlines_are_told() -> None:
    about = [{"id": f"m{n}", "title": f"M{n}", "planned": None, "headline": n == 3} for n in range(6)]
    base, new = (
        Made({"milestones": about}, {"milestone_day": np.full((20, 6), when)}, name, name)
        for name, when in (("base", EARLY), ("new", LATE))
    )
    assert results_of(base, new).in_words()[-1] == (
        "new against base, mean dates on the same luck: M3 70 months later; 5 more dates differ, too."
    )


def test_of_many_changes_the_largest_is_told_too() -> None:
    about = [{"id": f"m{n}", "title": f"M{n}", "planned": None, "headline": n == 3} for n in range(6)]
    later = np.tile([EARLY + 30.4375 * months for months in (1, 1, 1, 2, 9, 1)], (20, 1))
    base = Made({"milestones": about}, {"milestone_day": np.full((20, 6), EARLY)}, "base", "base")
    new = Made({"milestones": about}, {"milestone_day": later}, "new", "new")
    assert (
        results_of(base, new)
        .in_words()[-1]
        .endswith(": M3 2 months later; M4 9 months later; 4 more dates differ, too.")
    )


def test_the_shipped_milestones_have_phrases_and_headlines() -> None:
    milestones = load_scenario("baseline")[0].scenario.milestones
    assert all(row.says for row in milestones.values())
    assert any(row.headline for row in milestones.values())
