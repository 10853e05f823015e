"""The light of a site is worked out once and kept on disk."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.nature import site_light
from sim.nature.horizons import Declared, Flat
from sim.nature.lighting import Site
from sim.nature.site_light import SiteLight
from tests.skies import START, STATION

pytestmark = pytest.mark.usefixtures("own_cache")


def same(left: SiteLight, right: SiteLight) -> bool:
    return all(np.array_equal(getattr(left, f.name), getattr(right, f.name)) for f in fields(SiteLight))


BRIEF = (START, date(2021, 7, 1))
SMALL = Site(*STATION, Declared(((0.0, 0.5), (180.0, -0.5))))


def forbid_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_light, "_work_out", lambda *_: pytest.fail("worked out again"))


def test_a_second_call_reads_what_the_first_kept(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site_light.site_light(SMALL, *BRIEF)
    forbid_work(monkeypatch)
    second = site_light.site_light(SMALL, *BRIEF)
    assert same(first, second)
    assert isinstance(second.shift_deg, float)
    assert len(list(own_cache.iterdir())) == 1


def test_each_input_has_its_own_place_in_the_cache(own_cache: Path) -> None:
    sites = [
        SMALL,
        replace(SMALL, mast_height_m=2.0),
        replace(SMALL, shift_deg=0.5),
        replace(SMALL, horizon=Flat()),
    ]
    for site in sites:
        site_light.site_light(site, *BRIEF)
    site_light.site_light(SMALL, START, date(2021, 7, 2))
    assert len(list(own_cache.iterdir())) == len(sites) + 1


@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[:-7], lambda b: b[:90] + b"\0\1" + b[92:], lambda b: b[:9]]
)
def test_a_damaged_file_is_replaced(own_cache: Path, damage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site_light.site_light(SMALL, *BRIEF)
    (kept,) = own_cache.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert same(first, site_light.site_light(SMALL, *BRIEF))
    forbid_work(monkeypatch)
    assert same(first, site_light.site_light(SMALL, *BRIEF))


def test_a_folder_that_cannot_be_used_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ILRS_CACHE", str(tmp_path / "file" / "cache"))
    assert site_light.site_light(SMALL, *BRIEF).lit_starts.size


def test_a_failed_write_leaves_nothing_behind(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(site_light.os, "replace", refuse)
    assert site_light.site_light(SMALL, *BRIEF).lit_starts.size
    assert not list(own_cache.iterdir())


def test_without_the_variable_the_cache_is_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ILRS_CACHE")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    site_light.site_light(SMALL, *BRIEF)
    assert len(list((tmp_path / ".cache" / "ilrs-sim").iterdir())) == 1


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv("ILRS_CACHE")
    monkeypatch.setattr(Path, "home", homeless)
    assert site_light.site_light(SMALL, *BRIEF).lit_starts.size
