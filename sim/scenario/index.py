"""The index of the shipped scenarios: which question each answers."""

from __future__ import annotations

from typing import NamedTuple

from sim.scenario.shipped import shipped_scenarios
from sim.scenario.tree import read_tree


class Entry(NamedTuple):
    """What a shipped scenario says of itself."""

    name: str
    title: str
    question: str
    extends: str
    sweep: bool


def shipped_entries() -> list[Entry]:
    """List the shipped scenarios, the baseline first, then by name."""
    entries = []
    for path in shipped_scenarios():
        about = {key: place.value for key, place in read_tree(path, path.name).mapping().items()}
        words = [str(about.get(key, "")) for key in ("title", "question", "extends")]
        entries.append(Entry(path.stem, words[0], words[1], words[2], "sweep" in about))
    return entries


def index_rows() -> list[str]:
    """Write the index as rows of a table in Markdown."""
    head = ["| name | question |", "|---|---|"]
    kinds = {True: " (a sweep)", False: ""}
    return [*head, *(f"| `{row.name}` | {row.question}{kinds[row.sweep]} |" for row in shipped_entries())]


def index_page() -> str:
    """Write the index page of the documentation."""
    text = (
        "# The shipped scenarios\n\n"
        "Each answers one question; each is a file of `scenarios/` to read, to copy and to combine "
        "(`ilrs run baseline --with late-reactor --with second-pad`). `ilrs show baseline --diff NAME` "
        "says what a scenario changes, `ilrs new mine --from NAME` begins one of your own.\n\n"
        "This page is made from the files: `python -m sim.scenario.index > docs/scenario-index.md`.\n"
    )
    return "\n".join([text, *index_rows()]) + "\n"


if __name__ == "__main__":
    print(index_page(), end="")
