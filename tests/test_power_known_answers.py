"""Power adequacy against systems with exact answers, within three standard errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from math import comb, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.model.power import HOURS, Balance, Load, Source, Storage
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.terms import LoadClass
from tests.campaigns import campaign_of, futures
from tests.stations import NEVER, here, load, reactor, series

Floats = NDArray[np.float64]
OPERATIONS = LoadClass.OPERATIONS


def is_near(samples: Floats, exact: float) -> bool:
    """True if a mean is within three standard errors of what it should be."""
    error = samples.std(ddof=1) / sqrt(len(samples))
    return bool(abs(samples.mean() - exact) <= 3 * error) and bool(error < 0.05 * exact + 1e-4)


def balance_of(kilowatts: Sequence[float], demand: float) -> Balance:
    balance = Balance()
    balance.set_sources([Source(1, kw, kw) for kw in kilowatts])
    balance.add(Load(OPERATIONS, 0, demand, demand))
    return balance


def unserved_kw(kilowatts: Sequence[float], demand: float) -> float:
    return sum(balance_of(kilowatts, demand).flow(lit=False).unserved)


def ups(availabilities: Sequence[float], count: int, step: int = 0) -> NDArray[np.bool_]:
    """Draw whether each unit is up, shape (units, count)."""
    luck = Luck(7, count=count)
    return np.array([luck.uniforms(f"unit-{n}", step) < a for n, a in enumerate(availabilities)])


def drawn(
    availabilities: Sequence[float], of: Callable[[tuple[bool, ...]], float], step: int = 0
) -> Floats:
    """What a function of the units' states comes to in each of many draws."""
    known = cache(of)
    return np.array([known(tuple(state)) for state in ups(availabilities, 100_000, step).T.tolist()])


# Single moments

PRAS_WIND = {
    "sizes": [(10, 10, 10)] * 4,
    "certain": [5, 6, 7, 8],
    "load": [25, 28, 27, 24],
    "lolp": [0.028, 0.271, 0.028, 0.028],
    "eue": [0.29, 0.832, 0.29, 0.178],
}
PRAS_CHANGING = {
    "sizes": [(10, 20)] * 3 + [(15, 25)] * 3,
    "certain": [7, 8, 9, 9, 8, 7],
    "load": [28, 29, 30, 31, 32, 33],
    "lolp": [0.19, 0.19, 0.19, 0.1, 0.1, 0.19],
    "eue": [1.29, 1.29, 1.29, 0.85, 1.05, 1.34],
}


@pytest.mark.parametrize("system", [PRAS_WIND, PRAS_CHANGING], ids=["wind", "changing"])
def test_the_single_node_systems_of_pras(system: dict[str, list]) -> None:
    """Test systems of NREL's PRAS (Probabilistic Resource Adequacy Suite): units of availability 0.9 and
    a source that is certain, with the LOLP and EUE of every hour."""
    for step, sizes in enumerate(system["sizes"]):
        certain, demand = system["certain"][step], system["load"][step]
        kw = drawn(
            [0.9] * len(sizes),
            lambda state: unserved_kw([*np.multiply(sizes, state), certain], demand),  # noqa: B023
            step,
        )
        assert is_near((kw > 0).astype(float), system["lolp"][step])
        assert is_near(kw, system["eue"][step])


@pytest.mark.parametrize(
    ("demand", "lolp", "eens"),
    [(70, 0.00725, 0.2225), (35, 0.000125, 0.004375), (90, 0.142625, 1.72125)],
)
def test_three_units_of_40_kw(demand: float, lolp: float, eens: float) -> None:
    """Three units of availability 0.95, enumerated by hand: 0.05**3 is the chance that none is left."""
    kw = drawn([0.95] * 3, lambda state: unserved_kw(np.multiply(40.0, state).tolist(), demand))
    short = np.mean(kw > 0)
    assert abs(short - lolp) <= 3 * sqrt(lolp * (1 - lolp) / len(kw))
    assert abs(kw.mean() - eens) <= 3 * kw.std() / sqrt(len(kw))


@pytest.mark.parametrize(
    ("demand", "lolp", "eens"),
    [(60, 0.00160242, 0.03330433), (80, 0.00756213, 0.12672), (100, 0.07842905, 1.69501196)],
)
def test_two_large_and_four_small_units(demand: float, lolp: float, eens: float) -> None:
    """Two of 40 kW and 0.96, four of 10 kW and 0.98: by enumeration of all 64 states, exactly."""
    sizes, availability = [40.0] * 2 + [10.0] * 4, [0.96] * 2 + [0.98] * 4
    found_lolp = found_eens = 0.0
    for state in product([0, 1], repeat=6):
        chance = float(np.prod([a if up else 1 - a for a, up in zip(availability, state, strict=True)]))
        kw = unserved_kw(np.multiply(sizes, state).tolist(), demand)
        found_lolp += chance * (kw > 0)
        found_eens += chance * kw
    assert found_lolp == pytest.approx(lolp, rel=1e-6)
    assert found_eens == pytest.approx(eens, rel=1e-6)
    kw = drawn(availability, lambda state: unserved_kw(np.multiply(sizes, state).tolist(), demand))
    assert abs(kw.mean() - eens) <= 3 * kw.std() / sqrt(len(kw))


def test_the_store_of_pras() -> None:
    """A 10 kW unit and a 10 kWh store, both up with 0.9 in each hour; the store starts empty, and keeps
    what it holds while it is down. Loads of 8 and 9 kW. PRAS: LOLP 0.1 and 0.1, EUE 0.8 and 0.7542 kWh,
    mean energy stored 1.62 and 2.2842 kWh."""

    def two_hours(state: tuple[bool, ...]) -> tuple[tuple[float, float], ...]:
        balance, hours = balance_of([], 0.0), []
        balance.remove(Load(OPERATIONS, 0, 0.0, 0.0))
        for unit, store, demand in zip(state[::2], state[1::2], (8.0, 9.0), strict=True):
            power = 10.0 if store else 0.0
            balance.set_sources([Source(1, 10.0, 10.0)] if unit else [])
            assert balance.set_storage(Storage(10.0, power, power)) == 0
            balance.add(Load(OPERATIONS, 0, demand, demand))
            hours.append((one_hour(balance), balance.stored_kwh))
            balance.remove(Load(OPERATIONS, 0, demand, demand))
        return tuple(hours)

    known = cache(two_hours)
    table = np.array([known(tuple(state)) for state in ups([0.9] * 4, 60_000).T.tolist()])
    for hour, (eue, stored) in enumerate([(0.8, 1.62), (0.7542, 2.2842)]):
        assert is_near((table[:, hour, 0] > 0).astype(float), 0.1)
        assert is_near(table[:, hour, 0], eue)
        assert is_near(table[:, hour, 1], stored)


def one_hour(balance: Balance) -> float:
    """Let an hour pass, and give the energy that was not served [kWh]."""
    left, unserved = 1.0, 0.0
    while left > 1e-12:
        flow = balance.flow(lit=False)
        hours = min(left, balance.days_until_change(flow) * HOURS)
        balance.advance(flow, hours / HOURS)
        if hours < left:
            balance.fill_or_empty(flow)
        unserved += sum(flow.unserved) * hours
        left -= hours
    return unserved


# Units that fail and are repaired, through the whole model

UP_DAYS, DOWN_DAYS = 73.05, 18.0
FAILS = {
    "years": {"exponential": {"mean": UP_DAYS / 365.25}},
    "repair_days": {"itself": {"exponential": {"mean": DOWN_DAYS}}},
}
FIRST, MONTHS = 12, 96  # the first year is left out: all units start up


def short_hours(kilowatts: Sequence[float], demand: float, replications: int = 60) -> tuple[Floats, Floats]:
    """Share of time that is short, and mean power not served [kW], in each replication."""
    elements = {f"r{n}": reactor(kw, failure=FAILS) for n, kw in enumerate(kilowatts)}
    campaign = campaign_of(
        {"o": here({**dict.fromkeys(elements, 1), "load": 1})},
        elements={**elements, "load": load(demand)},
        station={"light": NEVER},
        horizon="2039-01-01",
    )
    weights = np.diff(campaign.month_edges)[FIRST:]
    names = ("short_operations_share", "unserved_operations_kw")
    table = [
        [np.average(series(future, name)[FIRST:], weights=weights) for name in names]
        for future in futures(campaign, replications, record=Record(series=True))
    ]
    share, kw = np.array(table).T
    return share, kw


def test_k_of_n_units_with_exponential_up_and_down_times() -> None:
    """Five units of 10 kW, of which three are needed: the number that is up is binomial."""
    a = UP_DAYS / (UP_DAYS + DOWN_DAYS)
    chance = [comb(5, k) * a**k * (1 - a) ** (5 - k) for k in range(6)]
    share, kw = short_hours([10.0] * 5, 30.0)
    assert is_near(share, sum(chance[:3]))
    assert is_near(kw, sum((30 - 10 * k) * chance[k] for k in range(3)))


def test_lolh_of_two_units_by_convolution() -> None:
    """The capacity table of 20 kW and 10 kW, built up unit by unit, against a load of 15 kW [h/yr]."""
    a = UP_DAYS / (UP_DAYS + DOWN_DAYS)
    table = {0.0: 1.0}
    for size in (20.0, 10.0):
        larger: dict[float, float] = {}
        for kw, chance in table.items():
            larger[kw + size] = larger.get(kw + size, 0.0) + chance * a
            larger[kw] = larger.get(kw, 0.0) + chance * (1 - a)
        table = larger
    share, kw = short_hours([20.0, 10.0], 15.0)
    assert is_near(8766 * share, 8766 * sum(chance for kw, chance in table.items() if kw < 15))
    assert is_near(kw, sum(max(0.0, 15 - kw) * chance for kw, chance in table.items()))
