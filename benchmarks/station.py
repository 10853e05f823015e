"""How the cost of a replication grows with the elements of the station and with its nights."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from statistics import median

from benchmarks.engine import AIM_EXPONENT, run
from sim.scenario.campaign import Campaign
from sim.scenario.compile import compile_campaign
from sim.scenario.problems import Origin
from sim.scenario.tree import plant
from sim.scenario.validate import validate

AIM_RATIO = 1.1
HOURLY = {"first_dawn": "2030-01-01", "period_days": 0.5, "lit_days": 0.4}
RARE = {"first_dawn": "2030-01-01", "period_days": 29.5, "lit_days": 23.6}


def growth_with_elements() -> Iterator[str]:
    """Time of a replication from 10 to 500 elements, as the exponent of a power law."""
    sizes = [10, 30, 100, 250, 500]
    times = []
    yield "elements: time of a replication against the number of elements that fail and are repaired"
    for size in sizes:
        campaign = station_campaign(size)
        replications = max(4, 400 // size)
        best, events = min(run(campaign, 0, replications) for _ in range(3))
        times.append(best / replications)
        yield (
            f"  {size:5d} elements {1e3 * times[-1]:9.2f} ms, {1e6 * times[-1] / size:6.1f} us an element, "
            f"{1e6 * best / events:5.1f} us an event"
        )
    exponent = log(times[-1] / times[0]) / log(sizes[-1] / sizes[0])
    yield f"  exponent {exponent:.2f} (aim: under {AIM_EXPONENT})"


def growth_with_nights() -> Iterator[str]:
    """Time of a replication with many nights that change nothing, against one with few."""
    yield "nights: time of a replication of a station without solar power, with 60 times as many nights"
    few, many = (station_campaign(50, light, solar=False) for light in (RARE, HOURLY))
    ratios, events = [], set()
    for _ in range(9):
        (short, some), (long, others) = run(few, 0, 10), run(many, 0, 10)
        ratios.append(long / short)
        events |= {some, others}
    yield f"  events of ten replications: {' and '.join(map(str, sorted(events)))} (aim: one number)"
    yield f"  ratio {median(ratios):.2f}, median of alternating rounds (aim: under {AIM_RATIO})"


def station_campaign(size: int, light: dict[str, object] = RARE, solar: bool = True) -> Campaign:
    """A station of `size` elements: sources, storages, loads and rovers, that come one by one."""
    fails = {"failure": {"years": {"exponential": {"mean": 5}}, "repair_days": {"rover": 10}}}
    kind = {"generation": "solar" if solar else "fission"}
    elements = {
        "source": {"name": "S", "role": "source", "capacity_kw": 10, **kind, **fails},
        "storage": {"name": "B", "role": "storage", "usable_kwh": 100, **fails},
        "load": {"name": "L", "role": "science", "load_lit_kw": 4, "load_class": "science", **fails},
        "rover": {"name": "R", "role": "rover", "services": True, "load_lit_kw": 1, **fails},
        "plant": {"name": "P", "role": "isru", "load_lit_kw": 2, "load_class": "isru", **fails},
    }
    manifest = {
        f"m-{n}": {
            "name": f"M{n}", "programme": "p", "destination": "site", "vehicle": "v",
            "planned": f"{2027 + n % 20}", "elements": dict.fromkeys(elements, 1),
        }
        for n in range(size // len(elements))
    }  # fmt: skip
    sure = {"prior": {"a": 1, "b": 1}, "fix_effectiveness": 0, "learning": 0, "stand_down_days": 0}
    tree = {
        "title": "benchmark", "question": "how fast?", "data_date": "2026-01-01", "horizon": "2051-01-01",
        "idealise": ["launch-failures"],
        "station": {"name": "S", "light": light, "crew_load_kw": 1},
        "slip_classes": {"c": {"on_time_probability": 1, "median_growth": 1, "sigma": 0}},
        "programmes": {"p": {"name": "P", "slip": "c", "slip_correlation": 0}},
        "pads": {"pad": {"name": "Pad", "turnaround_days": 0, "count": 100}},
        "vehicles": {"v": {"name": "V", "pads": ["pad"], "production_per_year": 0, "stock": 200, **sure}},
        "destinations": {"site": {"name": "Site", "is_station": True, "transit_days": 5}},
        "elements": elements, "missions": manifest,
    }  # fmt: skip
    scenario, _ = validate(plant(tree, Origin("benchmark", 0, 0)))
    return compile_campaign(scenario, "benchmark")
