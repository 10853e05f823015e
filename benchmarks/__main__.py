"""Run all benchmarks, or those named: ``python -m benchmarks engine missions``."""

from __future__ import annotations

import platform
import sys

from benchmarks import engine, first_plot, luck, memory, parallel, startup, station, versions
from sim.batch.run import available_cores

ALL = {
    "engine": engine.engine,
    "missions": engine.growth_with_missions,
    "replications": engine.growth_with_replications,
    "elements": station.growth_with_elements,
    "nights": station.growth_with_nights,
    "parallel": parallel.parallel_gain,
    "luck": luck.quasi_random,
    "rare": luck.rare_events,
    "startup": startup.startup,
    "memory": memory.peak_memory,
    "versions": versions.versions,
    "first-plot": first_plot.first_plot,
}
ON_DEMAND = ("first-plot",)  # it installs the program anew


def main() -> None:
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        print(f"\nThere are {', '.join(ALL)}; {', '.join(ON_DEMAND)} runs only if it is named.")
        return
    chosen = sys.argv[1:] or [name for name in ALL if name not in ON_DEMAND]
    unknown = [name for name in chosen if name not in ALL]
    if unknown:
        sys.exit(f"there is no benchmark {unknown[0]!r}; there are {', '.join(ALL)}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {available_cores()} cores\n")
    for name in chosen:
        for line in ALL[name]():
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
