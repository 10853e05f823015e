"""Reference classes: the shipped fits by name, for scenarios that name a class instead of numbers.

Reads one small file and loads nothing heavy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("data") / "calibration.json"

KINDS = {
    "slips": "slips",
    "landings": "landings",
    "launchers": "launches",
    "stand_downs": "stand-downs",
}
"""Tables of reference classes, and what they are of in messages."""


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Any]:
    """Read the shipped fits."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


def names(table: str) -> list[str]:
    """Name the reference classes of a table."""
    return sorted(shipped()[table])


def numbers(table: str, name: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """Give some numbers of a reference class.

    Raises:
        KeyError: there is no such class.
    """
    row = shipped()[table][name]
    return {field: row[field] for field in fields}
