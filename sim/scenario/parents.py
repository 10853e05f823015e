"""A scenario file and its parents, laid over one another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

from sim.scenario.merge import merge
from sim.scenario.problems import Problem, ScenarioError, did_you_mean, shortened
from sim.scenario.shipped import shipped_folder
from sim.scenario.tree import Tree, read_tree


class Layer(NamedTuple):
    """What one file says, without its parents."""

    path: Path
    tree: Tree


def read_with_parents(path: Path) -> Tree:
    """Read a file and lay it over its parents.

    Raises:
        ScenarioError: a file cannot be read, the parents run in a circle, or one lies outside the folder.
    """
    return laid_over(layer.tree for layer in reversed(read_layers(path)))


def laid_over(trees: Iterable[Tree]) -> Tree:
    """Lay trees over one another, the first one at the bottom."""
    return reduce(merge, trees)


def read_layers(path: Path) -> list[Layer]:
    """Read a file, its parent, its parent's parent and so on, each for itself.

    Raises:
        ScenarioError: as for `read_with_parents`.
    """
    chain: list[Layer] = []
    seen: list[Path] = []
    while True:
        tree = read_tree(path, shown(path))
        own = tree.with_value({k: v for k, v in tree.mapping().items() if k != "extends"})
        chain.append(Layer(path.resolve(), own))
        seen.append(path.resolve())
        link = tree.child("extends")
        if link is None:
            return chain
        path = _parent(path, link)
        if path.resolve() in seen:
            raise _extends_error(link, _circle(seen, path))


def _circle(seen: list[Path], path: Path) -> str:
    names = [step.name for step in seen[seen.index(path.resolve()) :]]
    return f"parents run in a circle: {' -> '.join([*names, path.name])}"


def _parent(path: Path, link: Tree) -> Path:
    name = link.value
    if not isinstance(name, str) or not name:
        raise _extends_error(link, "name one parent, such as `baseline.yaml`")
    outside = PurePosixPath(name).is_absolute() or PureWindowsPath(name).is_absolute()
    if outside or ".." in PurePosixPath(name.replace("\\", "/")).parts:
        message = "a parent must lie in the scenario's folder or below, without `..`; copy it there"
        raise _extends_error(link, message)
    for root in (path.parent, shipped_folder()):
        parent = root / f"{name.removesuffix('.yaml')}.yaml"
        if _is_file(parent):
            if parent.resolve().is_relative_to(root.resolve()):
                return parent
            raise _extends_error(
                link, f"`{name}` is a link that leads out of the folder; copy the file there"
            )
    known = [file.stem for file in (*path.parent.glob("*.yaml"), *shipped_folder().glob("*.yaml"))]
    hint = did_you_mean(name.removesuffix(".yaml"), set(known))
    raise _extends_error(link, f"there is no scenario `{shortened(name)}` here or among the shipped{hint}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _extends_error(link: Tree, message: str) -> ScenarioError:
    return ScenarioError([Problem(link.key_origin, "extends", message)])


def shown(path: Path) -> str:
    """Name of a file in messages: short where it can be."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
