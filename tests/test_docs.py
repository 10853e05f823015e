"""The documentation: its examples run, its pictures and words are complete, its links lead somewhere."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.batch.run import Settings
from sim.scenario import parents
from sim.scenario.tree import Tree
from tests.examples import (
    REMARKS,
    ROOT,
    changes_in_tables,
    check_yaml,
    commands_of,
    examples_of,
    invoke,
    parse,
    with_few,
)

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WITH_EXAMPLES = [page for page in PAGES if examples_of(page.read_text(encoding="utf-8"))]
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
_GENERATED = "reference/"


@pytest.fixture(scope="module")
def read_once() -> Iterator[None]:
    """Read each shipped file once: pages load the baseline again and again."""
    original = parents.read_tree
    known = lru_cache(maxsize=None)(original)

    def read(path: Path, shown: str) -> Tree:
        return (known if path.is_relative_to(ROOT) else original)(path, shown)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parents, "read_tree", read)
        yield


@pytest.fixture
def few(read_once: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in sim.__all__:
        function = getattr(sim, name)
        if inspect.isfunction(function):
            monkeypatch.setattr(sim, name, with_few(function), raising=False)
    monkeypatch.setattr(Settings, "worker_count", lambda _: 1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def name_of(page: Path) -> str:
    return page.stem


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
@pytest.mark.usefixtures("few")
def test_the_examples_of_a_page_run_in_order(page: Path) -> None:
    names: dict[str, Any] = {}
    for example in examples_of(page.read_text(encoding="utf-8")):
        if example.remark == "not run":
            continue
        if example.language == "python":
            exec(compile("\n" * (example.line - 1) + example.text, str(page), "exec"), names)
        elif example.language == "yaml" and example.remark == "file":
            Path(example.why).write_text(example.text, encoding="utf-8")
        elif example.language == "yaml":
            check_yaml(example.text)
        elif example.language == "sh":
            for words in commands_of(example.text):
                (parse if example.remark == "parsed only" else invoke)(words)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_says_its_language_and_why_it_is_not_run(page: Path) -> None:
    for example in examples_of(page.read_text(encoding="utf-8")):
        assert example.language in ("python", "sh", "yaml", "text", "{toctree}"), f"line {example.line}"
        assert not example.remark or (example.remark in REMARKS and example.why), f"line {example.line}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
@pytest.mark.usefixtures("few")
def test_the_changes_that_tables_show_are_fine(page: Path) -> None:
    for change in changes_in_tables(page.read_text(encoding="utf-8")):
        check_yaml(change)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_targets_of_make_that_a_page_names_exist(page: Path) -> None:
    known = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    text = page.read_text(encoding="utf-8")
    blocks = [example.text for example in examples_of(text) if example.language == "sh"]
    named = re.findall(r"`make ([a-z]+)`", text) + re.findall(r"^make ([a-z]+)", "".join(blocks), re.M)
    assert set(named) <= set(known)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    for target, _ in _LINK.findall(page.read_text(encoding="utf-8")):
        generated = page.parent.name == "docs" and target.startswith(_GENERATED)
        assert "://" in target or generated or (page.parent / target).exists(), target
