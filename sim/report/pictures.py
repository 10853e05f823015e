"""The pictures of a report: what they show, in words and in numbers, and how they are drawn."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from sim import plots
from sim.analysis.results import Results
from sim.analysis.sentences import headlines
from sim.batch.store import write_whole
from sim.plots.style import Picture as Canvas
from sim.plots.style import as_png
from sim.plots.words import scenario_labels
from sim.report import descriptions
from sim.report.station_pictures import STATION, of_people

MOST_SCENARIOS = 8
"""Phases and power are drawn for so many scenarios; a sweep of fifty would make a page nobody reads."""

FEWEST_FOR_DRIVERS = 50
"""With fewer replications hardly any correlation can be told from chance."""

_HALF_WIDTH_INCHES = 6.2, 3.9


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        name: of its file, without ending.
        section: of the page in which it stands.
        scenario: name of the scenario it is about; empty where it compares several.
        caption: what it shows and how to read it.
        description: its numbers in words, for who cannot see it.
        draw: makes the figure.
    """

    name: str
    section: str
    scenario: str
    caption: str
    description: str
    draw: Callable[[], Figure]

    @cached_property
    def png(self) -> bytes:
        """The drawn picture."""
        return as_png(self.draw())

    @property
    def source(self) -> str:
        """The drawn picture as the address of an image."""
        return f"data:image/png;base64,{b64encode(self.png).decode()}"


Watch = Callable[[Sequence[Picture]], Iterable[Picture]]


def write_plots(results: Results, folder: str | Path, watch: Watch = iter) -> list[Path]:
    """Write the pictures of the report as PNG files.

    Args:
        results: one scenario or several.
        folder: where to write them.
        watch: goes through the pictures and may show how far it is.

    Returns:
        The files, in the order of the report.

    Raises:
        ResultsError: the files cannot be written.
    """
    return [_write(picture, Path(folder)) for picture in watch(pictures(results, None))]


def pictures(results: Results, reference: str | None) -> tuple[Picture, ...]:
    """Plan the pictures for results; each is drawn when it is first looked at, and once.

    Scenarios of which no replication was completed have none.

    Args:
        results: one scenario or several.
        reference: name of the one that is shown in detail and compared with; by default the first.
    """
    shown = completed(results)
    if shown is None:
        return ()
    chosen = reference if reference in shown.scenarios else None
    return _planned(shown, chosen or shown.scenarios[0])


@lru_cache(maxsize=1)
def _planned(results: Results, reference: str) -> tuple[Picture, ...]:
    """Plan the pictures; kept, so that the page and the files share the drawing."""
    return _uniquely_named(
        (
            *_probabilities(results),
            *_precision(results, reference),
            *_differences(results, reference),
            *_missions(results, reference),
            *_delays(results),
            *_why(results, reference),
            *_drivers(results, reference),
            *_series(results),
            *_station(results, reference),
        )
    )


def completed(results: Results) -> Results | None:
    """Leave out the scenarios of which no replication was completed; None if that leaves nothing."""
    names = [saved.name for saved in results.saved if saved.completed.any()]
    if names == results.scenarios:
        return results
    return results[names] if names else None


def _write(picture: Picture, folder: Path) -> Path:
    path = folder / f"{picture.name}.png"
    write_whole(path, picture.png)
    return path


def _file_name(*parts: str) -> str:
    """Join parts to a name that every file system takes.

    >>> _file_name("power", "luna-slip-sweep[months=12]")
    'power-luna-slip-sweep-months=12'
    """
    return re.sub(r"[^A-Za-z0-9._=]+", "-", "-".join(parts)).strip("-.")[:100]


def _uniquely_named(planned: Sequence[Picture]) -> tuple[Picture, ...]:
    """Number the pictures whose file names a file system, also one without capitals, would mix up."""
    used: Counter[str] = Counter()
    unique = []
    for picture in planned:
        used[picture.name.lower()] += 1
        count = used[picture.name.lower()]
        unique.append(picture if count == 1 else replace(picture, name=f"{picture.name}-{count}"))
    return tuple(unique)


def _probabilities(results: Results) -> Iterator[Picture]:
    table = results.milestones()
    for milestone, rows in table.groupby("milestone", sort=False):
        yield Picture(
            name=_file_name("probability", str(milestone)),
            section="probability",
            scenario="",
            caption=f"{rows['title'].iloc[0]}: how likely is it to have been reached by a date?",
            description=descriptions.of_probability(rows, scenario_labels(results.saved)),
            draw=partial(plots.probability_by_date, results, str(milestone)),
        )


def _precision(results: Results, scenario: str) -> Iterator[Picture]:
    """How exactly the first of the headlines is known."""
    milestone = next(iter(headlines(results[scenario].saved)), None)
    if milestone is None:
        return
    table = plots.precision_table(results, milestone, scenario)
    yield Picture(
        name=_file_name("precision", milestone, scenario),
        section="probability",
        scenario=scenario,
        caption=f"{table['title'].iloc[0]}: half of the 90 % interval of its date by the number of "
        "replications, and how many a month would take.",
        description=descriptions.of_precision(table),
        draw=partial(plots.precision, results, milestone, scenario),
    )


def _differences(results: Results, reference: str) -> Iterator[Picture]:
    if len(results) < 2 or results.compare(reference).empty:
        return
    yield Picture(
        name=_file_name("differences", reference),
        section="comparison",
        scenario="",
        caption="Difference in the mean date. Thick: 90 % interval on common random numbers, replication "
        "by replication; thin under it: the interval that independent runs would have had.",
        description=descriptions.of_differences(plots.differences_table(results, reference)),
        draw=partial(plots.differences, results, reference),
    )


def _missions(results: Results, scenario: str) -> Iterator[Picture]:
    yield Picture(
        name=_file_name("gantt", scenario),
        section="missions",
        scenario=scenario,
        caption="When do the missions fly, against what was planned? An arrow: P90 is beyond the horizon, "
        "or the mission is not launched in more than a tenth of the replications.",
        description=descriptions.of_gantt(plots.gantt_table(results, scenario)),
        draw=partial(plots.gantt, results, scenario),
    )
    yield Picture(
        name=_file_name("slips", scenario),
        section="missions",
        scenario=scenario,
        caption="By how many months does each mission slip against its plan? Bars reach from P10 to P90, "
        "grey diamonds are what was flown; on the right how often it is never launched.",
        description=descriptions.of_slips(plots.slips_table(results, scenario)),
        draw=partial(plots.slips, results, scenario),
    )
    yield Picture(
        name=_file_name("outcomes", scenario),
        section="missions",
        scenario=scenario,
        caption="What becomes of the missions, in percent of the replications?",
        description=descriptions.of_outcomes(
            plots.mission_outcomes_table(results, scenario), results.saved[0].meta["statuses"]
        ),
        draw=partial(plots.mission_outcomes, results, scenario),
    )


def _delays(results: Results) -> Iterator[Picture]:
    """What makes the headlines late, side by side in all scenarios, if critical paths were recorded."""
    shown = results[results.scenarios[:MOST_SCENARIOS]]
    if len(shown) < 2 or not all(saved.has("path_start") for saved in shown.saved):
        return
    reached = shown.milestones().groupby("milestone")["reached"].max()
    for milestone in headlines(shown.saved):
        if reached[milestone] == 0:
            continue
        table = plots.delay_by_cause_table(shown, milestone)
        yield Picture(
            name=_file_name("delay", milestone),
            section="why",
            scenario="",
            caption=f"{table['title'].iloc[0]}: what makes it late, in each scenario? Mean months beyond "
            "development as planned, by cause; over the replications that reach it.",
            description=descriptions.of_delays(table),
            draw=partial(plots.delay_by_cause, shown, milestone),
        )


def _why(results: Results, scenario: str) -> Iterator[Picture]:
    """Why each milestone that is reached is no earlier, if critical paths were recorded."""
    saved = results[scenario].saved[0]
    if not saved.has("path_start"):
        return
    dates = saved.dates("milestone_day")
    for number, about in enumerate(saved.meta["milestones"]):
        if not np.isfinite(dates[:, number]).any():
            continue
        yield Picture(
            name=_file_name("why", about["id"], scenario),
            section="why",
            scenario=scenario,
            caption=f"{about['title']}: where does the time go? Mean days by cause along the critical "
            "path; they add up to the mean date of the replications that reach it.",
            description=descriptions.of_waterfall(plots.waterfall_table(results, about["id"], scenario)),
            draw=partial(plots.waterfall, results, about["id"], scenario),
        )
        yield Picture(
            name=_file_name("path", about["id"], scenario),
            section="why",
            scenario=scenario,
            caption=f"{about['title']}: who is on the critical path? The thicker a bar, the more often; "
            "arrows lead from a mission to the one that waited for it.",
            description=descriptions.of_path(plots.path_diagram_table(results, about["id"], scenario)),
            draw=partial(plots.path_diagram, results, about["id"], scenario),
        )


def _drivers(results: Results, scenario: str) -> Iterator[Picture]:
    """What the milestones hang on, if there are replications enough to tell."""
    saved = results[scenario].saved[0]
    if int(saved.completed.sum()) < FEWEST_FOR_DRIVERS or not saved.meta.get("unknowns"):
        return
    yield Picture(
        name=_file_name("drivers", scenario),
        section="drivers",
        scenario=scenario,
        caption="How each milestone goes with each thing that nobody knows: rank correlations; towards +1 "
        "a higher value goes with a later date. Grey ones may be chance.",
        description=descriptions.of_dependence(plots.dependence_table(results, scenario)),
        draw=partial(plots.dependence, results, scenario),
    )


def _series(results: Results) -> Iterator[Picture]:
    """Phases and power of each scenario, if monthly series were recorded."""
    if results.batch["record"] == "dates":
        return
    for saved in results.saved[:MOST_SCENARIOS]:
        for track in saved.meta["tracks"]:
            yield _ribbon(results, saved.name, track["id"], track["title"])
        yield _power(results, saved.name)


def _station(results: Results, reference: str) -> Iterator[Picture]:
    """People in all scenarios, and power, elements and gates of the one that is shown in detail."""
    saved = results[reference].saved[0]
    if results.batch["record"] != "dates":
        yield Picture(
            name="people",
            section="people",
            scenario="",
            caption="People at the station: mean over the replications and the twelve months up to then "
            "(thick) and of each month (thin).",
            description=of_people(plots.people_at_station_table(results)),
            draw=partial(plots.people_at_station, results),
        )
    for plan in STATION:
        if plan.is_shown(results, saved):
            yield Picture(
                name=_file_name(plan.plot.replace("_", "-"), reference),
                section=plan.section,
                scenario=reference,
                caption=plan.caption,
                description=plan.describe(
                    getattr(plots, f"{plan.plot}_table")(results, scenario=reference)
                ),
                draw=partial(getattr(plots, plan.plot), results, scenario=reference),
            )


def _ribbon(results: Results, scenario: str, track: str, title: str) -> Picture:
    def draw() -> Figure:
        canvas = Canvas(figsize=_HALF_WIDTH_INCHES, layout="constrained")
        return plots.phase_ribbon(results, scenario, track, ax=canvas.add_subplot())

    return Picture(
        name=_file_name("phases", track, scenario),
        section="phases",
        scenario=scenario,
        caption=f"{title}: share of the replications in each phase. A phase can be left again, so that "
        "fewer may be in it than have ever reached its milestone.",
        description=descriptions.of_phases(plots.phase_ribbon_table(results, scenario, track)),
        draw=draw,
    )


def _power(results: Results, scenario: str) -> Picture:
    return Picture(
        name=_file_name("power", scenario),
        section="power",
        scenario=scenario,
        caption="Installed, continuous (through the longest darkness) and firm power (without the largest "
        "source) against the load; lines are means, areas reach from P10 to P90.",
        description=descriptions.of_power(plots.power_table(results, scenario)),
        draw=partial(plots.power, results, scenario),
    )
