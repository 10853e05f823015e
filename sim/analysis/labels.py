"""What scenarios are called where several stand side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sim.analysis.saved import SavedScenario


def scenario_labels(scenarios: Sequence[SavedScenario]) -> dict[str, str]:
    """Label each scenario by its title; where titles are equal, as in a sweep, by what tells them apart."""
    titles = Counter(saved.title for saved in scenarios)
    return {
        saved.name: saved.title if titles[saved.title] == 1 else f"{saved.title} {_distinction(saved.name)}"
        for saved in scenarios
    }


def _distinction(name: str) -> str:
    """The swept values of a scenario's name, or all of it.

    >>> _distinction("luna-slip-sweep[months=12]"), _distinction("mine")
    ('[months=12]', '(mine)')
    """
    swept = re.search(r"\[.*\]$", name)
    return swept[0] if swept else f"({name})"
