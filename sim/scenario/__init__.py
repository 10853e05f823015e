"""What the user writes: scenario files, their schema, and the campaign they compile to.

``sim.scenario("baseline")`` reads a scenario to build on: the room is its own door, see `sim.api.scenario`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.draft import Draft


class _Door(ModuleType):
    """A module that can be called, because a function of `sim` and this room share their name."""

    def __call__(self, name: str | Path, *overrides: str | Path) -> Draft:
        from sim.scenario.draft import read_draft

        draft = read_draft(name)
        return draft.with_overrides(*overrides) if overrides else draft


sys.modules[__name__].__class__ = _Door
