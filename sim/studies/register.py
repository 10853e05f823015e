"""How strongly do the milestones depend on each number that a scenario holds fixed?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis.register import ENDS
from sim.api import Scenario, resolve_one
from sim.scenario.assumptions import Assumption, assumptions_of
from sim.scenario.load import Resolved, resolve
from sim.scenario.merge import plainly, put
from sim.scenario.problems import Origin, ScenarioError
from sim.scenario.tree import Tree, plant
from sim.studies.how import how_to_run

if TYPE_CHECKING:
    from sim.analysis.register import Register
    from sim.analysis.saved import SavedScenario

SHARE = 0.2
_AT_ONCE = 40
_SHAPES = ("sigma", "shape", "rho")
"""Numbers of a distribution that say how it spreads, not how large it is."""


class Try(NamedTuple):
    """A number with another value; `scenario` is none if it changes nothing."""

    assumption: Assumption
    end: str
    at: str
    scenario: Resolved | None


def assumption_register(
    scenario: Scenario,
    n: int = 50,
    *,
    only: str = "",
    share: float = SHARE,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Register:
    """Make each number of a scenario smaller and larger, one at a time, on the same luck.

    What is drawn in every replication is the business of `drivers`; this is about what is fixed: gates,
    lags, loads, masses, prior strengths. Distributions are scaled as a whole; probabilities stay at most 1.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        n: replications of each.
        only: numbers under this dotted key, such as ``gates``; by default all, which takes minutes.
        share: by which numbers are made smaller and larger [-].
        seed: of the luck.
        settings: dotted keys and values laid over the scenario.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        out: folder for the results, which a second call completes; by default a temporary one.
        workers: processes; by default all cores.
        progress: show a progress bar.

    Raises:
        ScenarioError: the scenario is wrong.
        ValueError: it is a sweep, or it has no number under that key.
    """
    from sim.analysis.register import Register, Trial

    base = resolve_one(scenario, settings, overrides)
    tries, untried = _tries(base, only, share)
    how = how_to_run(n, seed, out, workers, progress)
    plain = how.run("base", [base], "dates").saved[0]
    changed = [item.scenario for item in tries if item.scenario is not None]
    saved: dict[str, SavedScenario] = {}
    for start in range(0, len(changed), _AT_ONCE):
        results = how.run(f"from-{start}", changed[start : start + _AT_ONCE], "dates")
        saved |= {item.name: item for item in results.saved}
    trials = [
        Trial(item.assumption, item.end, item.at, saved[item.scenario.name] if item.scenario else None)
        for item in tries
    ]
    return Register(plain, share, tuple(trials), tuple(untried))


def _tries(base: Resolved, only: str, share: float) -> tuple[list[Try], list[tuple[str, str]]]:
    """Set each number smaller and larger; also give what the scenario does not allow, and why."""
    tries: list[Try] = []
    untried: list[tuple[str, str]] = []
    tree, own = base.as_written or base.tree, base.digest()
    for number, whole in _changes(tree, only, share):
        key, _, _ = number.parameter.partition("[")
        name = f"{number.parameter}={plainly(number.value)}"
        try:
            (changed,) = resolve(name, put(tree, key, plant(whole, Origin(name, 0, 0))))
        except ScenarioError as error:
            untried.append((name, error.problems[0].message))
            continue
        about = number.assumption._replace(parameter=number.parameter)
        different = changed if changed.digest() != own else None
        tries.append(Try(about, number.end, plainly(number.value), different))
    if not tries and not untried:
        raise ValueError(f"the scenario has no number under `{only}`; `ilrs assumptions` lists them")
    return tries, untried


class _Number(NamedTuple):
    """A number within what an assumption says, by its own key, and the value to try."""

    assumption: Assumption
    parameter: str
    end: str
    value: Any


def _changes(tree: Tree, only: str, share: float) -> Iterator[tuple[_Number, Any]]:
    """Each number with another value, and the whole value that the assumption then has."""
    for assumption in assumptions_of(tree):
        if not assumption.parameter.startswith(only):
            continue
        for way, old in _numbers(assumption.value, ()):
            for end, factor in zip(ENDS, (1 - share, 1 + share), strict=True):
                new = scaled(old, factor)
                if new is not None and new != old:
                    about = assumption._replace(value=old)
                    name = assumption.parameter + "".join(_step(step) for step in way)
                    yield _Number(about, name, end, new), _replaced(assumption.value, way, new)


def _numbers(value: Any, way: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The numbers within a list, each by itself; anything else is taken as a whole."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _numbers(item, (*way, place))
    elif way and isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(item, (*way, key))
    else:
        yield way, value


def _step(step: Any) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def _replaced(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """The same value with another number at the end of a way into it."""
    if not way:
        return new
    first, *rest = way
    if isinstance(value, list):
        return [_replaced(item, tuple(rest), new) if n == first else item for n, item in enumerate(value)]
    return {key: _replaced(item, tuple(rest), new) if key == first else item for key, item in value.items()}


def scaled(value: Any, factor: float) -> Any:
    """Scale a number or a distribution; None for what is neither.

    Whole numbers change by one at least. A number of at most 1 stays so: it may be a probability.

    >>> scaled(40, 1.2), scaled(2, 0.8), scaled(0.9, 1.2), scaled({"pert": {"low": 10}}, 2)
    (48, 1, 1.0, {'pert': {'low': 20}})
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, dict)):
        return None
    if isinstance(value, dict):
        parts = {key: item if key in _SHAPES else scaled(item, factor) for key, item in value.items()}
        return None if None in parts.values() else parts
    if isinstance(value, int):
        step = round(value * factor) - value
        return value + (step or (1 if factor > 1 else -1)) if value else None
    new = min(value * factor, 1.0) if 0 <= value <= 1 else value * factor
    return float(f"{new:.6g}")
