"""The report: one page that needs nothing else, says the numbers, and escapes what scenarios contain."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.results import Results, open_results
from sim.report import write_plots, write_report
from sim.report.numbers import comparisons, headlines
from sim.report.origin import repeat_command
from sim.report.page import render
from sim.report.pictures import pictures
from sim.report.trust import trust_pictures

SCENARIOS = ["baseline", "luna-27-fails", "november-2025"]
N = 12
VOID = {"meta", "img", "br", "link", "hr", "input"}
HOSTILE = "</style></table><script>alert(1)</script><img src=x onerror=alert(2)> \"'& {{ 7*777 }} $x$"


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("report")
    return sim.run(SCENARIOS, n=N, out=folder, workers=1, progress=False)


@pytest.fixture(scope="session")
def text(results: Results) -> str:
    return render(results, None)


class Page(HTMLParser):
    """A strict reader: every tag closes in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def visible(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def changed(results: Results, folder: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Results:
    """A copy of results with other descriptions."""
    copy = folder / "changed"
    shutil.copytree(results.folder, copy)
    for path in copy.glob("scenarios/*/scenario.json"):
        about = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(change(about)), encoding="utf-8")
    return sim.open_results(copy)


def with_a_failure(results: Results, folder: Path, error: str) -> Results:
    """A copy of results whose first replication of the first scenario failed."""
    copy = folder / "failed"
    shutil.copytree(results.folder, copy)
    opened = sim.open_results(copy)
    path = opened.saved[0].chunks[0].path
    with np.load(path) as file:
        arrays = dict(file)
    arrays["completed"][0] = False
    failure = {"scenario": "baseline", "replication": 0, "error": error, "traceback": f"Traceback\n{error}"}
    arrays["failures"] = np.frombuffer(json.dumps([failure]).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    path.unlink()
    path.with_name(f"{path.name[:18]}{'0' * 64}.npz").write_bytes(buffer.getvalue())
    return sim.open_results(copy)


def test_the_page_is_written_whole_and_given_back(results: Results, text: str, tmp_path: Path) -> None:
    path = write_report(results, tmp_path / "new" / "report.html")
    assert path == tmp_path / "new" / "report.html"
    assert path.read_text(encoding="utf-8") == text


def test_the_same_results_give_the_same_page(results: Results, text: str) -> None:
    assert render(sim.open_results(results.folder), None) == text


def test_the_page_is_well_formed_and_needs_nothing_else(text: str) -> None:
    page = Page(text)
    assert not page.all("script")
    assert not page.all("link")
    assert all((image["src"] or "").startswith("data:image/png;base64,") for image in page.all("img"))
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    assert not re.search(r"url\(|@import|https?://", text)


def test_links_within_the_page_lead_somewhere(text: str) -> None:
    page = Page(text)
    places = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {(link["href"] or "")[1:] for link in page.all("a")} <= places


def test_questions_and_headlines_are_there(results: Results, text: str) -> None:
    page = Page(text)
    for saved in results.saved:
        assert saved.title in page.visible
        assert saved.meta["question"] in page.visible
    for row in results.milestones().to_dict("records"):
        assert row["title"] in page.visible
    assert "not by 2051" in page.visible
    assert results.digest() in page.visible


def test_headlines_stand_side_by_side_with_their_errors(results: Results) -> None:
    (table,) = headlines(results)
    assert table.columns == ["Baseline", "Luna-27 fails", "Plan of November 2025"]
    rows = {row.title: row for row in table.rows}
    lost = rows["Luna-27 landing"].cells[1]
    assert lost is not None
    assert (lost.median, lost.reached) == ("not by 2051", "0 ± 6 %")  # Wilson, 12 replications
    crewed = rows["First crewed landing"]
    assert crewed.note == ""
    assert [cell.planned for cell in crewed.cells if cell] == ["2029-07", "2029-07", "2029-12"]
    assert rows["Extended model"].note == "planned 2050-12"


def test_many_scenarios_get_several_tables(results: Results) -> None:
    many = open_results(results.folder)
    many._saved = many._saved * 3
    many._saved = [*many._saved[:3], *many._saved[:6]]
    assert [len(table.columns) for table in headlines(many)] == [7, 2]


def test_differences_have_the_paired_and_the_unpaired_interval(results: Results) -> None:
    (table,) = comparisons(results, "baseline")
    assert table.columns == ["Luna-27 fails", "Plan of November 2025"]
    rows = {row.title: row.cells[0] for row in table.rows}
    unchanged = rows["South pole landing (Chang'e-7)"]
    assert unchanged is not None
    assert (unchanged.mean.value, unchanged.mean.interval) == ("0", "exactly")
    assert "…" in unchanged.mean.unpaired
    changed_cell = rows["Luna-27 landing"]
    assert changed_cell is not None
    assert changed_cell.mean.value.startswith("+")
    assert changed_cell.reached.value.startswith("−")


@pytest.mark.usefixtures("undrawn")
def test_another_reference_can_be_chosen(results: Results) -> None:
    page = Page(render(results[["baseline", "november-2025"]], "november-2025"))
    assert "What changes against Plan of November 2025" in page.visible
    assert "The missions: Plan of November 2025" in page.visible


def test_an_unknown_reference_is_refused(results: Results, tmp_path: Path) -> None:
    with pytest.raises(sim.ResultsError, match="no scenario `nope`"):
        write_report(results, tmp_path / "report.html", reference="nope")
    assert not list(tmp_path.iterdir())


def test_every_picture_says_its_numbers(results: Results, text: str) -> None:
    images = Page(text).all("img")
    assert len(images) == len(pictures(results, None)) + len(trust_pictures())
    for image in images:
        assert len(re.findall(r"\d+", image["alt"] or "")) > 5
        assert base64.b64decode((image["src"] or "").partition(",")[2]).startswith(b"\x89PNG")


def test_a_description_tells_the_quantiles_and_the_share(results: Results) -> None:
    described = {picture.name: picture.description for picture in pictures(results, None)}
    row = results.milestones().set_index(["scenario", "milestone"]).loc[("baseline", "crewed-landing")]
    text = described["probability-crewed-landing"]
    assert f"50 % by {row['p50']:%Y-%m}" in text
    assert "planned 2029-07" in text
    assert "never" not in described["probability-luna-27-landing"]
    assert "Luna-27 fails: 0 % by the horizon" in described["probability-luna-27-landing"]


def test_whatever_a_scenario_contains_is_escaped(results: Results, tmp_path: Path) -> None:
    def spoil(about: dict[str, Any]) -> dict[str, Any]:
        milestones = [row | {"title": HOSTILE, "says": HOSTILE} for row in about["milestones"]]
        missions = [row | {"name": HOSTILE} for row in about["missions"]]
        programmes = dict.fromkeys(about["programmes"], HOSTILE)
        tracks = [
            row | {"title": HOSTILE, "titles": [HOSTILE] * len(row["titles"])} for row in about["tracks"]
        ]
        changes = {"milestones": milestones, "missions": missions, "programmes": programmes}
        return about | changes | {"tracks": tracks, "title": HOSTILE, "question": HOSTILE}

    page = Page(render(changed(results, tmp_path, spoil), None))
    assert not page.all("script")
    assert not [image for image in page.all("img") if "onerror" in image]
    assert HOSTILE in page.visible
    assert "5439" not in page.visible.split(), "what a scenario says is no template"


def test_the_page_begins_with_plain_words(results: Results, text: str) -> None:
    said = Page(text).visible
    first, *_, last = (text.replace("+-", "±") for text in results.in_words())
    assert first.replace("Baseline: ", "") in said
    assert last.partition("luck: ")[2] in said
    assert said.index("In plain words: Baseline") < said.index("How to read this page")


@pytest.mark.usefixtures("undrawn")
def test_failures_are_shown_counted_and_escaped(results: Results, tmp_path: Path) -> None:
    failed = with_a_failure(results, tmp_path, "ValueError: <b>bad</b>")["baseline"]
    text = render(failed, None)
    page = Page(text)
    assert "ValueError: <b>bad</b>" in page.visible
    assert "<b>bad" not in text
    assert f"Baseline: {N - 1} of {N} replications, 1 failed." in page.visible


def test_no_section_on_failures_without_one(text: str) -> None:
    assert "Failures" not in Page(text).visible


@pytest.mark.usefixtures("undrawn")
def test_one_scenario_alone_makes_a_page_without_comparison(results: Results) -> None:
    page = Page(render(results["baseline"], None))
    assert "What changes" not in page.visible
    assert "When the milestones are reached" in page.visible


@pytest.mark.usefixtures("undrawn")
def test_dates_alone_make_a_page_that_says_what_is_missing(tmp_path: Path) -> None:
    dates = sim.run("baseline", n=3, out=tmp_path, workers=1, progress=False, record="dates")
    page = Page(render(dates, None))
    assert "--record series" in page.visible
    assert {picture.section for picture in pictures(dates, None)} == {"probability", "missions", "elements"}


@pytest.mark.usefixtures("undrawn")
def test_a_batch_that_has_only_begun_makes_a_page(results: Results, tmp_path: Path) -> None:
    copy = tmp_path / "begun"
    shutil.copytree(results.folder, copy)
    for path in copy.glob("scenarios/*/chunks/*.npz"):
        path.unlink()
    page = Page(render(sim.open_results(copy), None))
    assert "These results are not complete." in page.visible
    assert f"Baseline: 0 of {N} replications;" in page.visible


def test_the_page_says_how_to_make_the_results_again(results: Results, text: str) -> None:
    command = repeat_command(results)
    assert command == f"ilrs run {' '.join(SCENARIOS)} -n {N} --seed 1 --record series --out again"
    page = Page(text)
    assert command in page.visible
    for words in (results.batch["runs"][0]["started"], "Numpy version", "Model code", "2026-09-13"):
        assert words in page.visible


def test_pictures_are_written_as_files_with_safe_and_different_names(
    results: Results, tmp_path: Path
) -> None:
    files = write_plots(results, tmp_path / "plots")
    assert sorted(files) == sorted((tmp_path / "plots").glob("*.png"))
    assert len({file.name.lower() for file in files}) == len(files)
    for file in files:
        assert re.fullmatch(r"[A-Za-z0-9._=-]+\.png", file.name)
        assert file.read_bytes().startswith(b"\x89PNG")
    assert {"gantt-baseline.png", "power-luna-27-fails.png"} <= {file.name for file in files}


def test_what_was_laid_over_the_scenarios_is_laid_over_them_again(tmp_path: Path) -> None:
    laid_over: dict[str, Any] = {"overrides": ["second-pad"], "settings": {"delays.luna-26.months": 3}}
    results = sim.run("baseline", n=2, out=tmp_path, workers=1, record="dates", progress=False, **laid_over)
    command = "ilrs run baseline --with second-pad --set=delays.luna-26.months=3 -n 2"
    results.batch["runs"][-1]["command"] = command
    assert repeat_command(results) == (
        "ilrs run baseline --with second-pad --set delays.luna-26.months=3 -n 2 --seed 1 --record dates "
        "--out again"
    )
