"""How far to trust it: the kept scores, saved studies, and the report that tells both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim import studies
from sim.analysis.saved_study import open_study
from sim.analysis.validation import FILE, read_validation, text_of
from sim.batch.store import ResultsError
from sim.evidence.record import read_record
from sim.report.page import render
from sim.report.trust import assumed, trust

LEVERS = [
    studies.Variation(
        "nothing-lost", "Had nothing <b>failed</b>", {"idealise": ["landing-failures"]}, "to see"
    ),
    studies.Variation("late", "Had it come later", {"delays": {"crewed-landing-1": {"months": 60}}}, ""),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    folder = tmp_path_factory.mktemp("trust")
    found = sim.run(["baseline", "luna-slips"], n=12, out=folder, workers=1, progress=False)
    studies.levers(
        "baseline", "crewed-landing", 12, policies=LEVERS, out=folder / "study", workers=1, progress=False
    )
    return found


def test_the_kept_scores_are_those_of_the_newest_record() -> None:
    """Whoever adds to the record runs `ilrs hindcast --write`."""
    validation = read_validation()
    assert validation.made["evidence"] == f"{read_record().evidence:%Y-%m-%d}"
    assert validation.made["replications"] >= 500


def test_scores_are_kept_and_read_again_without_a_loss() -> None:
    assert text_of(read_validation()) == FILE.read_text(encoding="utf-8")


def test_the_summary_comes_from_the_cases() -> None:
    """A forecast that is made worse shows in the sentences."""
    validation = read_validation()
    whole = validation.scored.summary().iloc[-1]
    assert whole["cases"] == len(validation.scored.table)
    worse = tuple(replace(score, crps=score.crps + 1) for score in validation.scored.scores)
    summary = replace(validation.scored, scores=worse).summary().iloc[-1]
    assert summary["crps"] == pytest.approx(whole["crps"] + 1)


@pytest.mark.usefixtures("undrawn")
def test_the_page_says_how_good_such_forecasts_were(results: sim.Results) -> None:
    page = render(results, None)
    for sentence in trust().sentences:
        assert sentence[:40] in page
    assert page.count("<details>") == 2
    assert "Median growth of the others" in page


def test_a_saved_study_says_the_same_again(results: sim.Results) -> None:
    found = studies.levers(
        "baseline", "crewed-landing", 12, policies=LEVERS, out=results.folder / "study", workers=1,
        progress=False,
    )  # fmt: skip
    again = open_study(results.folder / "study").levers
    assert again is not None
    pd.testing.assert_frame_equal(again.table(), found.table())
    assert again.table().iloc[-1]["lever"] == "late"


def test_a_study_grows_question_by_question(tmp_path: Path) -> None:
    asked = {"n": 4, "out": tmp_path, "workers": 1, "progress": False}
    studies.counterfactuals("baseline", "crewed-landing", candidates=LEVERS, **asked)
    assert open_study(tmp_path).levers is None
    studies.partner_dependency("baseline", [2030], partners={"Russia": ["roscosmos"]}, **asked)
    found = open_study(tmp_path)
    assert found.counterfactuals is not None
    assert found.partners is not None
    assert found.partners.table()["partner"].unique().tolist() == ["Russia"]
    assert found.title == "Baseline"


@pytest.mark.usefixtures("undrawn")
def test_the_report_tells_the_study_beside_the_results_and_escapes_it(results: sim.Results) -> None:
    page = render(results, None)
    assert "What would have changed it, and what would help: Baseline" in page
    assert "pairwise statements hold at once" in page
    assert "<b>failed</b>" not in page
    assert "Had nothing &lt;b&gt;failed&lt;/b&gt;" in page


def test_a_study_that_is_named_must_be_there(results: sim.Results, tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"there is no study in .*`ilrs explain .* --out .*` makes one"):
        render(results, None, tmp_path)


def test_what_numbers_rest_on_is_listed_and_what_a_scenario_changes(results: sim.Results) -> None:
    found = assumed(results, "baseline")
    assert found is not None
    assert any(count.endswith("assumed, with the reasoning") for count in found.counts)
    assert all(row[3] for row in found.grid.rows)
    (change,) = found.changes
    rows = {row[0]: row[1:] for row in change.grid.rows}
    assert {name.split(".")[1] for name in rows} == {"luna-26", "luna-27a", "luna-27b", "luna-28"}
    assert rows["delays.luna-26.months.fixed"][:2] == ["not set", "24"]
    assert rows["delays.luna-26.months.fixed"][2].startswith("assumption")


def test_nothing_is_said_of_results_that_did_not_write_it_down(results: sim.Results) -> None:
    del results.saved[0].meta["assumptions"]
    assert assumed(results, "baseline") is None
