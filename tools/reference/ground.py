"""What the numbers of the baseline rest on, and the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from sim.scenario.assumptions import Assumption, assumptions_of
from sim.scenario.load import Resolved, load_scenario
from sim.scenario.merge import plainly
from sim.scenario.schema.fields import Source
from tools.reference.markdown import code, escaped, page, table

KINDS = {
    "source": "a public source says so",
    "derived": "worked out from sources; the remark says how",
    "recalled": "known, but not looked up again; the remark says how sure",
    "judgement": "an expert's or the project's judgement; the remark says whose",
    "assumption": "nobody has published it; the remark says why this value",
    "none": "what says nothing of the world, such as the horizon",
}
LONGEST_VALUE = 90


def baseline() -> Resolved:
    """Load the baseline."""
    (resolved,) = load_scenario("baseline")
    return resolved


def assumptions_page(resolved: Resolved) -> str:
    """Write the page of the numbers and dates of the baseline."""
    rows = list(assumptions_of(resolved.tree))
    counts = Counter(row.kind for row in rows)
    lines = [
        "# Assumptions",
        "",
        f"The {len(rows)} numbers and dates of the baseline, and what each rests on. `ilrs assumptions "
        "FILE` gives the same for a scenario of yours; keys in capitals are [sources](sources.md).",
        "",
        *table(("rests on", "values", "which means"), [(k, str(counts[k]), KINDS[k]) for k in KINDS]),
    ]
    for title, part in groupby(rows, key=lambda row: row.parameter.partition(".")[0]):
        lines += [f"## {title}", "", *_table_of(part)]
    return page(lines)


def _table_of(rows: Iterable[Assumption]) -> list[str]:
    """Write the values of one top key; an entry is named once, at its first value."""
    cells, before = [], ""
    for row in rows:
        top, _, rest = row.parameter.partition(".")
        entry, _, key = rest.partition(".")
        name = code(entry) if entry and key and entry != before else ""
        cells.append((name, code(key or entry or top), _value(row), escaped(row.basis)))
        before = entry
    return table(("of", "parameter", "value", "rests on"), cells)


def _value(row: Assumption) -> str:
    text = plainly(row.value)
    shown = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} ..."
    return f"{escaped(shown)} {row.unit}" if row.unit not in ("", "-") else escaped(shown)


def sources_page(resolved: Resolved) -> str:
    """Write the page of the sources."""
    lines = [
        "# Sources",
        "",
        "The public sources that the shipped scenarios name. Titles are in English, often translated or "
        "described. Much of it is press relaying press: [how far to trust it](../trust.md).",
        "",
        *table(("key", "source", "date"), map(_source, resolved.scenario.sources.items())),
    ]
    return page(lines)


def _source(item: tuple[str, Source]) -> tuple[str, str, str]:
    key, source = item
    title = (
        f"[{escaped(source.title)}](<{source.url}>)"
        if source.url.startswith("http")
        else escaped(source.title)
    )
    elsewhere = "" if source.url.startswith("http") or not source.url else f", {code(source.url)}"
    return code(key), f"{title}. {escaped(source.site)}{elsewhere}", escaped(source.date)
