"""The documentation: its examples run, its pictures and words are complete, its links lead somewhere."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import pytest

import sim
from sim import plots
from sim.batch.run import Settings
from sim.cli import main
from sim.plots.words import CAUSES
from sim.scenario import parents
from sim.scenario.schema.json_schema import scenario_schema
from sim.scenario.tree import Tree, read_tree
from tests import examples
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
from tools import gallery
from tools.reference import keys, markdown, verbs
from tools.reference.keys import object_in
from tools.reference.library import public_plots
from tools.reference.pages import all_pages
from tools.reference.words import FIELDS, read_units, read_words

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WITH_EXAMPLES = [page for page in PAGES if examples_of(page.read_text(encoding="utf-8"))]
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
_GENERATED = "reference/"
LARGEST_PICTURE = 60_000


@pytest.fixture(scope="module")
def read_once() -> Iterator[None]:
    """Read each shipped file once: pages load the baseline again and again."""
    known = lru_cache(maxsize=None)(read_tree)

    def read(path: Path, shown: str) -> Tree:
        return (known if path.is_relative_to(ROOT) else read_tree)(path, shown)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parents, "read_tree", read)
        yield


@pytest.fixture
def few(read_once: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for room in (sim, sim.studies):
        for name in room.__all__:
            function = getattr(room, name)
            if inspect.isfunction(function):
                monkeypatch.setattr(room, name, with_few(function), raising=False)
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


# ------------------------------------------------------------------------------- gallery, words, reference


@pytest.mark.parametrize("name", public_plots())
def test_every_plot_has_its_picture_and_its_lines(name: str) -> None:
    """If this fails on purpose: ``make gallery``."""
    assert name in gallery.examples(), "say in tools/gallery.py how to make its example"
    picture = gallery.PICTURES / f"{name}.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < LARGEST_PICTURE
    assert gallery.question(name).endswith("?")
    assert 60 < len(gallery.how_to_read(name)) < 400


def test_no_picture_is_left_over_and_the_page_is_in_step_with_the_plots() -> None:
    """If this fails on purpose: ``python -m tools.gallery > docs/gallery.md``."""
    assert {path.stem for path in gallery.PICTURES.iterdir()} == set(public_plots())
    assert (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8") == gallery.gallery_page()


def test_a_plot_without_the_lines_says_nothing_of_how_to_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots.power, "__doc__", "Is there power?\n\n    It draws lines.\n")
    assert gallery.question("power") == "Is there power?"
    assert gallery.how_to_read("power") == ""


def records() -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings of the schema and their keys."""
    for name, schema in scenario_schema()["$defs"].items():
        if schema.get("type", "object") == "object":
            yield name, object_in(schema)["properties"]


def test_units_of_the_schema_are_those_of_the_endings() -> None:
    units = read_units()
    for name, properties in records():
        for key, field in properties.items():
            ending = max((e for e in units if key.endswith(e)), key=len, default="")
            found = re.search(r"\[([^]]+)\]", field.get("description", ""))
            if ending and found and not ending.startswith("_per"):
                assert found[1].startswith(units[ending]["unit"]), f"{name}.{key}"


def test_every_ending_stands_in_the_schema() -> None:
    names = [key for _, properties in records() for key in properties]
    assert not [ending for ending in read_units() if not any(key.endswith(ending) for key in names)]


def test_no_word_is_defined_twice_and_none_is_used_that_another_one_shuns() -> None:
    fields = read_words()
    assert set(fields) == set(FIELDS)
    words = [word.lower() for entries in fields.values() for word in entries]
    assert len(words) == len(set(words))
    shunned = [text for entries in fields.values() for entry in entries.values() for text in entry]
    assert set(shunned) == {"means", "unlike"}


def test_titles_of_plots_and_causes_shun_the_words_that_are_not_used() -> None:
    entries = [entry for field in read_words().values() for entry in field.values()]
    shunned = {word.strip() for entry in entries for word in entry.get("unlike", "").split(",")} - {
        "",
        "run",
    }
    said = " ".join([*map(gallery.question, public_plots()), *CAUSES.values()]).lower()
    assert not [word for word in shunned if re.search(rf"\b{word.lower()}s?\b", said)]


def test_the_reference_names_every_key_verb_and_public_name() -> None:
    pages = all_pages()
    for _, properties in records():
        for key in properties:
            assert f"| `{key}` |" in pages["scenario-keys"]
    for verb in main.commands:
        assert f"\n## ilrs {verb}\n" in pages["command-line"]
    for name in set(sim.__all__) - {"__version__", "plots", "studies"}:
        assert f":: sim.{name}\n" in pages["library"]
    for name in sim.studies.__all__:
        assert f":: sim.studies.{name}\n" in pages["library"]
    for cause in CAUSES:
        assert f"| `{cause}` |" in pages["words"]
    assert "| `missions` |" in pages["scenario-keys"]
    assert "| `luna-26` | `announcements` |" in pages["assumptions"]


def test_examples_in_the_help_of_verbs_are_understood() -> None:
    for example in examples_of(all_pages()["command-line"]):
        for words in commands_of(example.text) if example.language == "sh" else ():
            parse(words)


def test_a_line_that_is_no_command_and_an_unknown_option_are_found() -> None:
    with pytest.raises(ValueError, match="no command"):
        commands_of("ilrs list\nrm -r results\n")
    with pytest.raises(click.UsageError):
        parse(["run", "baseline", "--replicatons", "7"])


def test_remarks_above_blocks_are_read() -> None:
    text = "<!-- parsed only: slow -->\n```sh\nilrs list\n```\n\n```python\nx = 1\n```\n"
    first, second = examples_of(text)
    assert (first.remark, first.why, first.line) == ("parsed only", "slow", 3)
    assert (second.language, second.remark) == ("python", "")


@pytest.mark.parametrize("module", [markdown, keys, verbs, examples], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
