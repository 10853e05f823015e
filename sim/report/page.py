"""One self-contained HTML page about saved results: no script, no other file."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from sim.analysis.estimates import CONFIDENCE
from sim.analysis.results import Results
from sim.batch.store import ResultsError, write_whole
from sim.plots.words import listed, replications_in_words
from sim.report.numbers import changes_in_words, comparisons, headlines, sentences
from sim.report.origin import about, failures, origin, repeat_command
from sim.report.pictures import MOST_SCENARIOS, Picture, completed, pictures
from sim.report.station_numbers import adequacy_tables, crew_tables
from sim.report.studies import asked
from sim.report.trust import assumed, trust, trust_pictures


def write_report(
    results: Results, path: str | Path, *, reference: str | None = None, study: str | Path | None = None
) -> Path:
    """Write one HTML page that answers what the scenarios ask, with its tables and pictures inside.

    The same results give the same page, byte for byte.

    Args:
        results: one scenario or several.
        path: of the file to write.
        reference: name of the scenario with which the others are compared; by default the first.
        study: folder of a study (``out=`` of the verbs of `sim.studies`) that the page tells, too; by
            default that in the folder ``study`` of the results, if there is one.

    Returns:
        The file.

    Raises:
        ResultsError: there is no such scenario, or the file cannot be written.
    """
    if reference is not None and reference not in results.scenarios:
        raise ResultsError(
            f"there is no scenario `{reference}` in these results; there are {listed(results.scenarios)}"
        )
    page = Path(path)
    write_whole(page, render(results, reference, None if study is None else Path(study)).encode())
    return page


def render(results: Results, reference: str | None, study: Path | None = None) -> str:
    """Give the page as text."""
    return _template().render(**_facts(results, reference, study))


def _facts(results: Results, reference: str | None, study: Path | None) -> dict[str, Any]:
    """Everything the template says."""
    shown = completed(results)
    scenarios = about(results)
    names = [] if shown is None else shown.scenarios
    told = asked(results.folder, study)
    base = reference if reference in names else next(iter(names), None)
    return {
        "scenarios": scenarios,
        "incomplete": [item for item in scenarios if item.completed < item.asked],
        "replications": replications_in_words(item.completed for item in scenarios),
        "reference": next((item for item in scenarios if item.name == base), None),
        "sentences": sentences(shown, base) if shown and base else [],
        "changes": changes_in_words(shown, base) if shown and base else {},
        "headlines": headlines(shown) if shown else [],
        "comparisons": comparisons(shown, base) if shown and base else [],
        "confidence": f"{100 * CONFIDENCE:.0f} %",
        "pictures": _by_section(
            (*pictures(results, base), *(told.pictures if told else ()), *trust_pictures())
        ),
        "study": told,
        "trust": trust(),
        "assumed": assumed(shown, base) if shown and base else None,
        "most_scenarios": MOST_SCENARIOS,
        "adequacy": adequacy_tables(shown) if shown else [],
        "crew": crew_tables(shown) if shown else [],
        "failures": failures(results),
        "origin": origin(results),
        "repeat": repeat_command(results),
    }


def _by_section(drawn: tuple[Picture, ...]) -> dict[str, list[Picture]]:
    ordered = sorted(drawn, key=lambda picture: picture.section)
    return {section: list(items) for section, items in groupby(ordered, lambda item: item.section)}


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
