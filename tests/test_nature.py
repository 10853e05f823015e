"""Chance, distributions and the calendar: known answers, properties, and SciPy as the second opinion."""

from __future__ import annotations

import math
from datetime import date, timedelta
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import stats

from sim.nature.calendar import date_of, day_of, month_starts, year_starts
from sim.nature.distributions import Distribution
from sim.nature.luck import Luck
from tests.small import QUICK

GRID = np.linspace(0.0005, 0.9995, 1999)
DAYS = st.dates(date(1950, 1, 1), date(2500, 1, 1))


def distribution(settings: Any) -> Distribution:
    return Distribution.model_validate(settings)


def quantile(settings: Any, u: float) -> float:
    return float(distribution(settings).quantile(np.array([u]))[0])


# ------------------------------------------------------------------------------------- distributions

SPREAD = {"low": 10, "mode": 20, "high": 60}

AGAINST_SCIPY = [
    ({"uniform": {"low": 2, "high": 12}}, stats.uniform(2, 10)),
    ({"triangular": SPREAD}, stats.triang(0.2, 10, 50)),
    ({"triangular": {"low": 1, "mode": 1, "high": 3}}, stats.triang(0, 1, 2)),
    ({"triangular": {"low": 1, "mode": 3, "high": 3}}, stats.triang(1, 1, 2)),
    ({"pert": SPREAD}, stats.beta(1.8, 4.2, 10, 50)),
    ({"lognormal": {"median": 237, "sigma": 0.84}}, stats.lognorm(0.84, scale=237)),
    ({"weibull": {"shape": 0.7, "scale": 900}}, stats.weibull_min(0.7, scale=900)),
    ({"weibull": {"shape": 3, "scale": 900}}, stats.weibull_min(3, scale=900)),
    ({"exponential": {"mean": 40}}, stats.expon(scale=40)),
    ({"beta": {"a": 2.6, "b": 6.6}}, stats.beta(2.6, 6.6)),
    ({"beta": {"a": 0.5, "b": 0.5, "low": -1, "high": 3}}, stats.beta(0.5, 0.5, -1, 4)),
]


@pytest.mark.parametrize(("settings", "expected"), AGAINST_SCIPY, ids=lambda item: str(item)[:60])
def test_quantiles_agree_with_scipy(settings: Any, expected: Any) -> None:
    assert distribution(settings).quantile(GRID) == pytest.approx(expected.ppf(GRID), rel=1e-9)
    assert distribution(settings).support() == pytest.approx(expected.support())


@pytest.mark.parametrize(
    ("settings", "u", "value"),
    [
        (17, 0.3, 17),
        ({"fixed": 17}, 0.9, 17),
        # F(mode) = (mode - low) / width = 0.2; the median is high - sqrt(width * (high - mode) / 2)
        ({"triangular": SPREAD}, 0.2, 20),
        ({"triangular": SPREAD}, 0.5, 60 - math.sqrt(0.5 * 50 * 40)),
        ({"lognormal": {"median": 100, "p80": 250}}, 0.5, 100),
        ({"lognormal": {"median": 100, "p80": 250}}, 0.8, 250),
        ({"lognormal": {"median": 100, "sigma": 0}}, 0.99, 100),
        ({"weibull": {"shape": 5, "scale": 300}}, 1 - math.exp(-1), 300),
        ({"weibull": {"shape": 1, "scale": 300}}, 0.5, 300 * math.log(2)),
        ({"exponential": {"mean": 300}}, 0.5, 300 * math.log(2)),
        ({"empirical": {"values": [9, 3, 6]}}, 0.33, 3),
        ({"empirical": {"values": [9, 3, 6]}}, 0.34, 6),
        ({"empirical": {"values": [9, 3, 6]}}, 0.99, 9),
        ({"beta": {"a": 1, "b": 1}}, 0.25, 0.25),
    ],
)
def test_known_answers(settings: Any, u: float, value: float) -> None:
    assert quantile(settings, u) == pytest.approx(value)


def test_the_mean_of_a_pert_weighs_the_mode_four_times() -> None:
    uniforms = (np.arange(200_000) + 0.5) / 200_000
    mean = distribution({"pert": SPREAD}).quantile(uniforms).mean()
    assert mean == pytest.approx((10 + 4 * 20 + 60) / 6, rel=1e-6)


def test_a_value_listed_twice_is_twice_as_likely() -> None:
    values = distribution({"empirical": {"values": [1, 5, 5]}}).quantile(GRID)
    assert np.mean(values == 5) == pytest.approx(2 / 3, abs=0.001)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 9, 10, 31, 1000, 4097])
def test_the_luckiest_uniform_still_finds_a_value_of_the_list(count: int) -> None:
    largest = 1 - 2.0**-53
    assert quantile({"empirical": {"values": list(range(count))}}, largest) == count - 1


@pytest.mark.parametrize("name", ["triangular", "pert"])
def test_equal_bounds_leave_one_value(name: str) -> None:
    values = distribution({name: {"low": 4, "mode": 4, "high": 4}}).quantile(GRID)
    assert values.shape == GRID.shape
    assert set(values) == {4.0}


FINITE = st.floats(0, 1e6, allow_nan=False)
POSITIVE = st.floats(0.05, 1e4)


def bounds(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, float]]:
    ordered = st.lists(FINITE, min_size=len(names), max_size=len(names)).map(sorted)
    return ordered.map(lambda values: dict(zip(names, values, strict=True)))


ANY_DISTRIBUTION = st.one_of(
    FINITE,
    st.fixed_dictionaries({"uniform": bounds(("low", "high"))}),
    st.fixed_dictionaries({"triangular": bounds(("low", "mode", "high"))}),
    st.fixed_dictionaries({"pert": bounds(("low", "mode", "high"))}),
    st.fixed_dictionaries(
        {"lognormal": st.fixed_dictionaries({"median": POSITIVE, "sigma": st.floats(0, 3)})}
    ),
    st.fixed_dictionaries(
        {"lognormal": bounds(("median", "p80")).filter(lambda row: row["median"] > 0.01)},
    ),
    st.fixed_dictionaries(
        {"weibull": st.fixed_dictionaries({"shape": st.floats(0.2, 10), "scale": POSITIVE})}
    ),
    st.fixed_dictionaries({"exponential": st.fixed_dictionaries({"mean": POSITIVE})}),
    st.fixed_dictionaries(
        {"beta": st.fixed_dictionaries({"a": st.floats(0.1, 50), "b": st.floats(0.1, 50)})}
    ),
    st.fixed_dictionaries(
        {"empirical": st.fixed_dictionaries({"values": st.lists(FINITE, min_size=1, max_size=20)})}
    ),
)


@given(ANY_DISTRIBUTION)
@QUICK
def test_quantiles_rise_and_stay_within_the_support(settings: Any) -> None:
    some = distribution(settings)
    values = some.quantile(GRID)
    low, high = some.support()
    slack = 1e-9 * max(1.0, abs(low), abs(high) if math.isfinite(high) else 1.0)
    assert values.shape == GRID.shape
    assert np.isfinite(values).all()
    assert (np.diff(values) >= -slack).all()
    assert values.min() >= low - slack
    assert values.max() <= high + slack


@given(ANY_DISTRIBUTION)
@QUICK
def test_a_distribution_survives_being_written_and_read(settings: Any) -> None:
    some = distribution(settings)
    assert distribution(some.model_dump(mode="json")) == some
    assert hash(distribution(settings)) == hash(some)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_quantiles_keep_the_shape_of_the_uniforms(shape: tuple[int, ...]) -> None:
    for settings, _ in AGAINST_SCIPY:
        assert np.shape(distribution(settings).quantile(np.full(shape, 0.4))) == shape


@pytest.mark.parametrize(
    "settings",
    [
        "12",
        True,
        None,
        {},
        {"fixed": float("nan")},
        {"fixed": 1, "uniform": {"low": 0, "high": 1}},
        {"normal": {"mean": 1, "sigma": 1}},
        {"uniform": {"low": 2, "high": 1}},
        {"uniform": {"low": 0, "high": float("inf")}},
        {"triangular": {"low": 0, "mode": 9, "high": 1}},
        {"pert": {"low": 0, "high": 1}},
        {"lognormal": {"median": 1}},
        {"lognormal": {"median": 1, "sigma": 1, "p80": 2}},
        {"lognormal": {"median": 1, "p80": 0.5}},
        {"lognormal": {"median": 0, "sigma": 1}},
        {"weibull": {"shape": 0, "scale": 1}},
        {"exponential": {"mean": -1}},
        {"beta": {"a": 0, "b": 1}},
        {"beta": {"a": 1, "b": 1, "low": 2, "high": 1}},
        {"empirical": {"values": []}},
        {"empirical": {"values": ["1"]}},
    ],
)
def test_impossible_settings_are_refused(settings: Any) -> None:
    with pytest.raises(ValidationError):
        distribution(settings)


def test_a_distribution_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        distribution(3).fixed = 4  # type: ignore[misc]


# ----------------------------------------------------------------------------------------------- luck


def test_values_at_an_address_never_change() -> None:
    """All results rest on these values: a change here changes every one of them."""
    first = Luck(1, 0, 3).uniforms("chang-e-8/landing")
    later = Luck(7, 1000, 2).uniforms("roscosmos/slip", 3)
    assert first.tolist() == [0.5523390908598472, 0.8750732952190411, 0.544621063829705]
    assert later.tolist() == [0.3880324745875011, 0.9574791071174936]


def test_values_are_those_of_philox_with_the_key_of_seed_and_stream() -> None:
    digest = blake2b(b"1/chang-e-8/landing", digest_size=16).digest()
    key = [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")]
    words = np.random.Philox(key=key, counter=[0, 5, 0, 0]).random_raw(50)
    expected = [((int(word) >> 12) + 0.5) / 2**52 for word in words]
    assert Luck(1, 0, 50).uniforms("chang-e-8/landing", 5).tolist() == expected


STREAMS = st.text(st.sampled_from("abc/-19"), min_size=1, max_size=12)


@given(st.integers(0, 2**63), st.integers(0, 5000), st.integers(1, 40), STREAMS, st.integers(0, 50))
@QUICK
def test_the_value_at_an_address_does_not_depend_on_the_chunk(
    seed: int, first: int, count: int, stream: str, index: int
) -> None:
    chunk = Luck(seed, first, count).uniforms(stream, index)
    one_by_one = [Luck(seed, first + n, 1).uniforms(stream, index)[0] for n in range(count)]
    assert chunk.tolist() == one_by_one
    before = min(first, 3)
    longer = Luck(seed, first - before, before + count + 2).uniforms(stream, index)
    assert chunk.tolist() == longer[before:-2].tolist()


@given(st.permutations([("a", 0), ("b", 0), ("a", 1), ("a/b", 0), ("c", 7)]))
@QUICK
def test_the_value_at_an_address_does_not_depend_on_the_order_of_asking(
    order: list[tuple[str, int]],
) -> None:
    asked = Luck(5, 17, 4)
    values = {address: asked.uniforms(*address).tolist() for address in order}
    assert values == {address: Luck(5, 17, 4).uniforms(*address).tolist() for address in order}


def test_no_two_addresses_share_a_value() -> None:
    values = [
        value
        for seed in (0, 1, 2)
        for stream in ("a", "b", "a/b", "1/a", "luna-26/landing", "luna-26/launch")
        for index in (0, 1, 2)
        for value in Luck(seed, 0, 200).uniforms(stream, index).tolist()
    ]
    assert len(set(values)) == len(values) == 3 * 6 * 3 * 200


def test_seed_and_stream_do_not_run_into_one_another() -> None:
    assert Luck(1).uniforms("1/a").tolist() != Luck(11).uniforms("a").tolist()
    assert Luck(11).uniforms("a").tolist() != Luck(1).uniforms("1a").tolist()


def test_uniforms_lie_strictly_between_0_and_1() -> None:
    values = Luck(3, 0, 200_000).uniforms("bounds")
    assert values.min() > 0
    assert values.max() < 1


def test_even_the_extreme_words_give_uniforms_between_0_and_1(monkeypatch: pytest.MonkeyPatch) -> None:
    class Extremes:
        state: object = None

        def random_raw(self, count: int) -> NDArray[np.uint64]:
            return np.array([0, 2**64 - 1], dtype=np.uint64)

    luck = Luck(1, 0, 2)
    monkeypatch.setattr(luck, "_generator", Extremes())
    assert luck.uniforms("a").tolist() == [2.0**-53, 1 - 2.0**-53]


@pytest.mark.parametrize("stream", ["chang-e-7/landing", "x", "vehicle/long-march-10/success-probability"])
def test_uniforms_over_replications_are_uniform(stream: str) -> None:
    assert stats.kstest(Luck(2026, 0, 20_000).uniforms(stream), "uniform").pvalue > 0.001


def test_uniforms_over_streams_and_over_indices_are_uniform() -> None:
    over_streams = [Luck(2026).uniforms(f"mission-{n}/landing")[0] for n in range(3000)]
    over_indices = [Luck(2026).uniforms("mission/landing", n)[0] for n in range(3000)]
    over_seeds = [Luck(n).uniforms("mission/landing")[0] for n in range(3000)]
    for values in (over_streams, over_indices, over_seeds):
        assert stats.kstest(values, "uniform").pvalue > 0.001


def test_neighbouring_addresses_are_not_correlated() -> None:
    columns = [
        Luck(9, 0, 20_000).uniforms("a"),
        Luck(9, 1, 20_000).uniforms("a"),
        Luck(9, 0, 20_000).uniforms("a", 1),
        Luck(9, 0, 20_000).uniforms("b"),
        Luck(10, 0, 20_000).uniforms("a"),
    ]
    correlation = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(correlation).max() < 4 / math.sqrt(20_000)


# ------------------------------------------------------------------------------------------- calendar


@given(DAYS, DAYS)
@QUICK
def test_a_date_survives_the_way_to_days_and_back(when: date, data_date: date) -> None:
    day = day_of(when, data_date)
    assert date_of(day, data_date) == when
    assert date_of(day + 0.999, data_date) == when
    assert date_of(day - 0.001, data_date) == when - timedelta(days=1)


def test_days_count_leap_days() -> None:
    assert day_of(date(2028, 3, 1), date(2028, 2, 1)) == 29
    assert day_of(date(2020, 1, 1), date(2026, 9, 13)) == -2447


@given(DAYS, DAYS)
@QUICK
def test_months_follow_one_another(one: date, other: date) -> None:
    first, last = sorted((one, other))
    starts = month_starts(first, last)
    assert starts[0] == first.replace(day=1)
    assert starts[-1] == last.replace(day=1)
    assert {start.day for start in starts} == {1}
    assert all(27 < (after - before).days < 32 for before, after in pairwise(starts))


def test_years_begin_after_the_data_date() -> None:
    assert year_starts(date(2026, 1, 1), date(2027, 12, 31)) == [date(2027, 1, 1)]
    assert year_starts(date(2026, 5, 1), date(2026, 12, 31)) == []
