"""The shipped record: read, checked, and cut back to what was known on a day."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from sim.evidence.record import DATA, RecordError, known_at, read_record

CUT = date(2021, 1, 1)
TABLES = ("schedule_slips.csv", "lunar_landings.csv", "launch_record.csv", "standdowns.csv")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in map(DATA.joinpath, TABLES):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_record_is_what_it_was_curated_to_be() -> None:
    record = read_record()
    assert len(record.announcements) >= 236
    assert len({row.mission for row in record.announcements}) >= 59
    assert len(record.landings) >= 57
    assert len(record.stand_downs) >= 175
    assert record.evidence >= date(2026, 9, 13)
    descents = [row for row in record.landings if row.descended and row.counts]
    assert (sum(row.success for row in descents), len(descents)) == (24, 39)


def test_every_row_names_its_source_and_no_machine() -> None:
    for path in map(DATA.joinpath, TABLES):
        text = path.read_text(encoding="utf-8")
        assert "source" in text.splitlines()[0]
        assert "/work" not in text
    assert "CC BY" in (DATA / "RECORD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("schedule_slips.csv", "2005-10-22", "2005-22-10", "schedule_slips.csv:2: announcement_date: a date is"),  # noqa: E501
        ("schedule_slips.csv", ",year,2023", ",decade,2023", "planned_precision: must be one of day, month"),  # noqa: E501
        ("schedule_slips.csv", "flown", "flew", 'state: must be one of flown, censored, cancelled, not "flew"'),  # noqa: E501
        ("schedule_slips.csv", "2023-08-10", "2003-08-10", "announcement_date: must not be after the launch"),  # noqa: E501
        ("schedule_slips.csv", "agency_group", "group", "agency_group: there is no such column"),
        ("standdowns.csv", ",623,", ",many,", "days: must be a number"),
        ("launch_record.csv", "lunar,10,9,0,1", "lunar,11,9,0,1", "attempts: must be the sum of"),
        ("launch_record.csv", "2017-07-02,,", "2017,,", "failure_dates: dates are needed"),
        ("lunar_landings.csv", "E-6 No.2 (Sputnik 25)", "", "mission: must not be empty"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(copy: Path, file: str, old: str, new: str, told: str) -> None:
    change(copy / file, old, new)
    with pytest.raises(RecordError) as error:
        read_record(copy)
    assert told in str(error.value)


def test_a_missing_table_is_told(copy: Path) -> None:
    (copy / "standdowns.csv").unlink()
    with pytest.raises(RecordError, match=r"standdowns\.csv: cannot be read"):
        read_record(copy)


def test_a_text_that_is_no_utf8_is_told(copy: Path) -> None:
    (copy / "standdowns.csv").write_bytes(b"system\n\xff\xfe")
    with pytest.raises(RecordError, match="UTF-8"):
        read_record(copy)


def test_what_was_known_on_a_day_holds_nothing_later() -> None:
    known = known_at(read_record(), CUT)
    assert all(row.announced <= CUT for row in known.announcements)
    assert all(row.launched is None or row.launched <= CUT for row in known.announcements)
    assert all(row.as_of is None or row.as_of <= CUT for row in known.announcements)
    assert all(row.known <= CUT for row in known.landings)
    assert all(row.as_of <= CUT for row in known.launches)
    assert all(row.flown_again is None or row.flown_again <= CUT for row in known.stand_downs)
    luna = [row for row in known.announcements if row.mission == "Luna-25"]
    assert {row.state for row in luna} == {"censored"}
    assert {row.current_plan for row in luna} == {date(2021, 10, 1)}


def test_cutting_twice_is_cutting_at_the_earlier_day() -> None:
    record = read_record()
    assert known_at(known_at(record, date(2023, 1, 1)), CUT) == known_at(record, CUT)
