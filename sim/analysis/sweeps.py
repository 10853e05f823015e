"""Scenarios that were swept: what their names say of the values that were set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from sim.batch.store import ResultsError

UNITS = {"months": "months", "years": "years", "days": "days", "kw": "kW", "kwh": "kWh", "kg": "kg"}
_SWEPT = re.compile(r"(?P<base>.+?)\[(?P<values>.*)\]")


def sweep_of(name: str) -> str:
    """Give the sweep that a scenario belongs to; nothing for a scenario of its own.

    >>> sweep_of("luna-slip-sweep[months=12]"), sweep_of("baseline")
    ('luna-slip-sweep', '')
    """
    match = _SWEPT.fullmatch(name)
    return match["base"] if match else ""


def swept_values(name: str) -> dict[str, str]:
    """Read the values that a sweep has set from the name of its scenario.

    >>> swept_values("both[luna_months=24,reactor={years: 3, days: 0}]")
    {'luna_months': '24', 'reactor': '{years: 3, days: 0}'}
    """
    match = _SWEPT.fullmatch(name)
    # a comma parts two values if what follows it is a key, and no bracket is open
    parts = re.split(r",(?=[^,\[\]{}]+?=)", match["values"]) if match else []
    pairs = [part.partition("=") for part in parts]
    return {key: value for key, _, value in pairs}


def sweep_table(names: Iterable[str], sweep: str | None = None) -> pd.DataFrame:
    """Lay out the scenarios of one sweep.

    Args:
        names: of all scenarios.
        sweep: its name; by default the first.

    Returns:
        Column ``scenario``, and one for each swept key with its value as text, in the order of the sweep.

    Raises:
        ResultsError: there is no such sweep.
    """
    known: dict[str, list[str]] = {}
    for name in names:
        if base := sweep_of(name):
            known.setdefault(base, []).append(name)
    if not known:
        raise ResultsError(
            "none of these scenarios was swept; run one with a sweep, such as luna-slip-sweep"
        )
    chosen = next(iter(known)) if sweep is None else sweep
    if chosen not in known:
        raise ResultsError(f"there is no sweep `{chosen}`; there are {', '.join(known)}")
    rows: list[dict[str, Any]] = [{"scenario": name, **swept_values(name)} for name in known[chosen]]
    return pd.DataFrame(rows)


def in_words(key: str) -> str:
    """Name a swept key with the unit that it ends with.

    >>> in_words("luna_months"), in_words("months"), in_words("reactor_kw"), in_words("seed")
    ('luna [months]', 'months', 'reactor [kW]', 'seed')
    """
    *words, last = key.rpartition(".")[2].split("_")
    if last not in UNITS or not words:
        return UNITS.get(key, key.replace("_", " "))
    return f"{' '.join(words)} [{UNITS[last]}]"
