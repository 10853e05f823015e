"""What the code must never do: make its own luck, and open files or draw in the model."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

SOURCES = sorted(Path(sim.__file__).resolve().parent.rglob("*.py"))
CHANCE = ("random", "secrets", "numpy.random", "scipy.stats.qmc", "os.urandom", "uuid")
DICE = {"urandom", "getrandom", "uuid1", "uuid4", "rvs", "default_rng", "RandomState", "SystemRandom"}
FORBIDDEN_IN_MODEL = (
    "rich",
    "matplotlib",
    "yaml",
    "pandas",
    "xarray",
    "pathlib",
    "os",
    "io",
    "click",
    "time",
)


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module, and every name taken from a module, that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_part_of(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def chance_in(tree: ast.AST) -> list[str]:
    """Every use of a random generator in a file."""
    found = [name for name in imported(tree) if is_part_of(name, CHANCE)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (
            node.attr in DICE or (node.attr == "random" and ast.unparse(node.value) in ("np", "numpy"))
        ):
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_only_luck_makes_random_numbers(path: Path) -> None:
    found = chance_in(ast.parse(path.read_text(encoding="utf-8")))
    if path.parts[-2:] == ("nature", "luck.py"):
        assert found == ["scipy.stats.qmc", "np.random"]
    else:
        assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from random import uniform",
        "import numpy.random as r",
        "from numpy import random",
        "import numpy as np\nnp.random.rand()",
        "import os\nos.urandom(3)",
        "from uuid import uuid4",
        "from scipy.stats import norm\nnorm.rvs()",
        "import secrets",
    ],
)
def test_a_random_generator_would_be_found(text: str) -> None:
    assert chance_in(ast.parse(text)) != []


MODEL = [path for path in SOURCES if path.parent.name == "model"]


@pytest.mark.parametrize("path", MODEL, ids=lambda path: path.name)
def test_the_model_opens_no_files_and_draws_no_pictures(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [name for name in imported(tree) if is_part_of(name, FORBIDDEN_IN_MODEL)] == []
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called & {"open", "print", "input", "exec", "eval", "__import__", "np.load", "np.save"} == set()


def test_the_model_is_looked_at() -> None:
    assert len(MODEL) >= 10
    assert len(SOURCES) >= 40
