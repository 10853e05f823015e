"""How fast one process simulates, against bare SimPy in the same run."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from math import log
from statistics import median

import simpy

from sim.model.replicate import replicate
from sim.model.variates import Variates
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario
from sim.scenario.problems import Origin
from sim.scenario.tree import plant
from sim.scenario.validate import validate

AIM_SHARE = 0.25
AIM_EXPONENT = 1.2


def engine(rounds: int = 15, replications: int = 40) -> Iterator[str]:
    """Replications and events per second of the baseline; events as a share of bare timeouts."""
    campaign = compile_campaign(load_scenario("baseline")[0].scenario, "baseline")
    gc.collect()
    gc.freeze()
    rates, events, bare = [], [], []
    for number in range(rounds):
        bare.append(bare_timeouts_per_second())
        seconds, count = run(campaign, number * replications, replications)
        rates.append(replications / seconds)
        events.append(count / seconds)
    gc.unfreeze()
    shares = [event / reference for event, reference in zip(events, bare, strict=True)]
    yield "engine: the baseline in one process, medians of alternating rounds"
    yield f"  {median(rates):8.0f} replications per second"
    yield f"  {median(events):8.0f} events per second ({median(events) / median(rates):.0f} a replication)"
    yield f"  {median(bare):8.0f} bare SimPy timeouts per second"
    yield f"  {median(shares):8.2f} share of bare SimPy (aim: at least {AIM_SHARE})"


def growth_with_missions() -> Iterator[str]:
    """Time of a replication from 10 to 1,000 missions, as the exponent of a power law."""
    sizes = [10, 30, 100, 300, 1000]
    times = []
    yield "missions: time of a replication against the number of missions in one campaign"
    for size in sizes:
        campaign = chain_campaign(size)
        replications = max(4, 2000 // size)
        seconds = min(run(campaign, 0, replications)[0] for _ in range(3)) / replications
        times.append(seconds)
        yield f"  {size:5d} missions {1e3 * seconds:9.2f} ms, {1e6 * seconds / size:6.1f} us a mission"
    exponent = log(times[-1] / times[0]) / log(sizes[-1] / sizes[0])
    yield f"  exponent {exponent:.2f} (aim: under {AIM_EXPONENT})"


def growth_with_replications() -> Iterator[str]:
    """Time of a replication in short and in long runs."""
    campaign = compile_campaign(load_scenario("baseline")[0].scenario, "baseline")
    run(campaign, 0, 20)
    short = median(run(campaign, 0, 50)[0] / 50 for _ in range(5))
    long = run(campaign, 0, 1000)[0] / 1000
    yield "replications: time of a replication in a run of 1,000 against one in a run of 50"
    yield f"  ratio {long / short:.2f} (1 means that cost grows linearly)"


def bare_timeouts_per_second(processes: int = 10, timeouts: int = 3000) -> float:
    """Processes that do nothing but wait."""

    def wait(env: simpy.Environment) -> Iterator[simpy.Event]:
        for _ in range(timeouts):
            yield env.timeout(1)

    env = simpy.Environment()
    for _ in range(processes):
        env.process(wait(env))
    started = time.perf_counter()
    env.run()
    return processes * timeouts / (time.perf_counter() - started)


def run(campaign: Campaign, first: int, count: int) -> tuple[float, int]:
    """Seconds and events of a run of replications, drawing included."""
    started = time.perf_counter()
    variates = Variates(campaign, Luck(1, first, count))
    events = sum(replicate(campaign, variates.hand(first + n)).events for n in range(count))
    return time.perf_counter() - started, events


def chain_campaign(missions: int) -> Campaign:
    """A campaign of many missions: chains of ten, pads and vehicles shared by a hundred."""
    shared = max(1, missions // 100)
    pads = {f"pad-{n}": {"name": f"Pad {n}", "turnaround_days": 2} for n in range(shared)}
    reliable = {
        "prior": {"a": 9, "b": 1}, "fix_effectiveness": 0.3, "learning": 0.1, "stand_down_days": 30
    }  # fmt: skip
    vehicles = {
        f"vehicle-{n}": {"name": f"V{n}", **reliable, "pads": [f"pad-{n}"], "production_per_year": 100}
        for n in range(shared)
    }
    manifest = {}
    for n in range(missions):
        after = [f"m-{n - 1}"] if n % 10 else []
        manifest[f"m-{n}"] = {
            "name": f"M{n}", "programme": "p", "destination": "site", "vehicle": f"vehicle-{n % shared}",
            "family": "f", "planned": f"{2027 + n % 20}", "after": after,
            "on_loss": {"policy": "rebuild", "max_attempts": 3, "rebuild_days": 200},
        }  # fmt: skip
    tree = {
        "title": "benchmark", "question": "how fast?", "data_date": "2026-01-01", "horizon": "2051-01-01",
        "station": {
            "name": "S",
            "light": {"first_dawn": "2030-01-01", "period_days": 45, "lit_days": 36},
            "crew_load_kw": 1,
        },
        "slip_classes": {"c": {"on_time_probability": 0.3, "median_growth": 1.5, "sigma": 0.4}},
        "programmes": {"p": {"name": "P", "slip": "c", "slip_correlation": 0.3}},
        "pads": pads, "vehicles": vehicles,
        "families": {"f": {"name": "F", "programme": "p", **reliable}},
        "destinations": {"site": {"name": "Site", "is_station": True, "transit_days": 5}},
        "missions": manifest,
    }  # fmt: skip
    scenario, _ = validate(plant(tree, Origin("benchmark", 0, 0)))
    return compile_campaign(scenario, "benchmark")
