"""The words, the endings of names and the causes of waiting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sim.plots.words import CAUSES
from tools.reference.markdown import code, page, table

DOCS = Path(__file__).parents[2] / "docs"
FIELDS = {
    "simulation": "Simulation and estimates",
    "schedule": "Dates",
    "missions": "Missions",
    "reliability": "Reliability",
    "power": "Power",
    "station": "The station",
    "exploration": "Scenarios, uncertainty, trust",
}


def read_words() -> dict[str, dict[str, dict[str, str]]]:
    """Read the words by field; each with its meaning, and what not to say."""
    words: dict[str, dict[str, dict[str, str]]] = _read("words.yaml")
    return words


def read_units() -> dict[str, dict[str, str]]:
    """Read the endings of names; each with its unit and meaning."""
    units: dict[str, dict[str, str]] = _read("units.yaml")
    return units


def _read(name: str) -> Any:
    return yaml.safe_load((DOCS / name).read_text(encoding="utf-8"))


def words_page() -> str:
    """Write the page of the words."""
    lines = [
        "# Words",
        "",
        "What the words of the program, its tables and its pictures mean. One thing has one word.",
        "",
    ]
    for field, entries in read_words().items():
        rows = [(f"**{word}**", _meaning(entry)) for word, entry in sorted(entries.items(), key=_alphabet)]
        lines += [f"## {FIELDS[field]}", "", *table(("word", "meaning"), rows)]
    lines += [
        "## Causes",
        "",
        "What a day on the way to a date was spent on: in spans, on critical paths and in plots.",
        "",
        *table(("cause", "in plots"), [(code(cause), words) for cause, words in CAUSES.items()]),
        "## Endings of names",
        "",
        "A plain number carries its unit at the end of its name.",
        "",
    ]
    units = [(code(ending), entry["unit"], entry["means"]) for ending, entry in read_units().items()]
    return page([*lines, *table(("ending", "unit", "meaning"), units)])


def _meaning(entry: dict[str, str]) -> str:
    unlike = entry.get("unlike")
    return entry["means"] + (f" Not: {unlike}." if unlike else "")


def _alphabet(item: tuple[str, Any]) -> str:
    return item[0].lower()
