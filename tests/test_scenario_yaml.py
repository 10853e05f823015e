"""YAML as scenarios read it: plain values that remember where they were written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.load import load_scenario
from sim.scenario.problems import Origin, ScenarioError
from sim.scenario.tree import MAX_BYTES, parse_tree, read_tree
from tests.small import QUICK, place, write


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("+5", 5),
        ("010", 10),
        ("-3", -3),
        ("1e6", 1e6),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5E-3", -0.0015),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        # What YAML 1.1 would have turned into something else stays a text.
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-09-13", "2026-09-13"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("2033..2035", "2033..2035"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("[a, 1]", ["a", 1]),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: Any) -> None:
    read = parse_tree(f"key: {text}\n", "x.yaml").plain()["key"]
    assert read == value
    assert type(read) is type(value)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.sampled_from("abc XYZ019:#-{}[],&*!|>'\"%@`?\\/~é月"), max_size=12),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcde", max_size=3), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=4), JSON))
@QUICK
def test_json_is_read_as_it_is(data: dict[str, Any]) -> None:
    assert parse_tree(json.dumps(data, ensure_ascii=False), "x.json").plain() == data


def test_every_value_remembers_where_it_and_its_key_were_written() -> None:
    tree = parse_tree("one: 1\ntwo:\n  three: [4, {five: 6}]\n", "x.yaml")
    assert place(tree, "one").origin == Origin("x.yaml", 1, 6, "one: 1")
    assert place(tree, "one").key_origin == Origin("x.yaml", 1, 1, "one: 1")
    assert place(tree, "two.three.1.five").key_origin.column == 15
    assert place(tree, "two.three.1.five").origin == Origin("x.yaml", 3, 21, "  three: [4, {five: 6}]")


def test_an_alias_is_written_where_it_was_anchored() -> None:
    tree = parse_tree("one: &x {a: 1}\ntwo: *x\n", "x.yaml")
    assert place(tree, "two.a").origin == place(tree, "one.a").origin
    assert place(tree, "two").key_origin.line == 2


@pytest.mark.parametrize("text", ["\ufefftitle: x\n", "title: x\r\n", "title: x", "---\ntitle: x\n...\n"])
def test_bom_line_ends_and_document_marks_do_not_matter(folder: Path, text: str) -> None:
    (folder / "x.yaml").write_bytes(text.encode())
    assert read_tree(folder / "x.yaml", "x.yaml").plain() == {"title": "x"}


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(folder: Path) -> None:
    path = folder / "big.yaml"
    path.write_text("a: 1\n#" + "x" * (MAX_BYTES - 6))
    assert path.stat().st_size == MAX_BYTES
    assert read_tree(path, "big.yaml").plain() == {"a": 1}
    path.write_text(path.read_text() + "x")
    with pytest.raises(ScenarioError, match="larger than 1000 kB"):
        read_tree(path, "big.yaml")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_an_endless_file_is_refused() -> None:
    with pytest.raises(ScenarioError, match="larger than 1000 kB"):
        load_scenario("/dev/zero")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_before_it_can_end_the_process(opening: str) -> None:
    with pytest.raises(ScenarioError, match="nested more than 40 levels deep"):
        parse_tree("a:\n  " + opening * 100_000, "deep.yaml")


def test_nesting_up_to_the_limit_is_read() -> None:
    parse_tree("a: " + "[" * 39 + "]" * 39, "x.yaml")


def test_depth_counts_through_aliases() -> None:
    def built(levels: int) -> str:
        rows = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, levels))
        return f"a0: &a0 [x]\n{rows}"

    parse_tree(built(39), "x.yaml")
    with pytest.raises(ScenarioError, match="nested more than 40 levels deep"):
        parse_tree(built(41), "x.yaml")


def test_values_count_each_time_an_alias_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.tree.MAX_NODES", 9)
    parse_tree("a: &a [x, x]\nb: *a\nc: 1\nd: 2\n", "x.yaml")  # 1 + 3 + 3 + 1 + 1
    with pytest.raises(ScenarioError, match="more than 9 values"):
        parse_tree("a: &a [x, x]\nb: *a\nc: *a\n", "x.yaml")


def test_nothing_in_a_file_is_executed(folder: Path) -> None:
    for tag in ("python/object/apply:os.mkdir", "python/object/new:os.mkdir", "python/name:os.mkdir"):
        write("evil.yaml", f"extends: good\ntitle: !!{tag} [made]\n")
        with pytest.raises(ScenarioError, match="tags such as"):
            load_scenario("evil.yaml")
    assert not (folder / "made").exists()
