"""The calendar of light of a site, worked out once and kept on disk.

What was worked out is kept under the hash of everything that it depends on: site, days, tables, method.
The folder is that of the environment variable ``ILRS_CACHE``, else ``~/.cache/ilrs-sim``. A cache that
cannot be read or written is no mistake: the light is then worked out anew.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np

from sim.nature.intervals import Floats, Intervals, gaps
from sim.nature.lighting import Site, earth_in_view_intervals, lit_intervals, shift_of

_TABLES = ("data/sky.npz", "data/horizons.csv")
_METHOD = ("sky.py", "horizons.py", "intervals.py", "lighting.py", "site_light.py")
_DIGEST_BYTES = 32


@dataclass(frozen=True, eq=False)
class SiteLight:
    """When a site is lit and when it sees the Earth; times are days since the first day, 00:00 UTC."""

    lit_starts: Floats
    """Where each lit interval begins [d], shape ``(n,)``."""
    lit_ends: Floats
    """Where each lit interval ends [d], shape ``(n,)``."""
    earth_starts: Floats
    """Where each interval begins in which the Earth is in view [d], shape ``(m,)``."""
    earth_ends: Floats
    """Where each interval ends in which the Earth is in view [d], shape ``(m,)``."""
    mean_lit_share: float
    """Mean share of the solar disc in view over these days [-]."""
    longest_darkness: float
    """The longest spell with less than half of the disc in view [d]."""
    shift_deg: float
    """By how much the horizon was lowered [deg]."""

    @property
    def lit(self) -> Intervals:
        """The lit intervals [d]."""
        return Intervals(self.lit_starts, self.lit_ends)

    @property
    def earth_in_view(self) -> Intervals:
        """The intervals in which the Earth is in view [d]."""
        return Intervals(self.earth_starts, self.earth_ends)


def site_light(site: Site, first_day: date, last_day: date) -> SiteLight:
    """Tell when a site is lit and sees the Earth, from 00:00 UTC of a first to that of a last day.

    >>> equator = site_light(Site(0.0, 0.0), date(2030, 1, 1), date(2031, 1, 1))
    >>> round(equator.longest_darkness, 1)
    14.8

    Raises:
        OutsideTableError: if the days reach beyond the table of Sun and Earth, 2012-01-01 to 2053-10-01.
        ValueError: if the days are out of order, or no shift of the horizon gives the mean lit share.
    """
    if last_day <= first_day:
        raise ValueError(f"the last day, {last_day}, must come after the first, {first_day}")
    path = _cache_path(site, first_day, last_day)
    known = _read(path)
    if known is None:
        known = _work_out(site, first_day, last_day)
        _write(path, known)
    return known


def _work_out(site: Site, first_day: date, last_day: date) -> SiteLight:
    span = float((last_day - first_day).days)
    shift = shift_of(site)
    lit, mean = lit_intervals(site, span, first_day, shift)
    earth = earth_in_view_intervals(site, span, first_day)
    return SiteLight(*lit, *earth, mean, gaps(lit, span).longest, shift)


def _cache_path(site: Site, first_day: date, last_day: date) -> Path | None:
    folder = os.environ.get("ILRS_CACHE")
    described = [
        _basis(),
        type(site.horizon).__name__,
        asdict(site),
        first_day.isoformat(),
        last_day.isoformat(),
    ]
    name = f"light-{sha256(json.dumps(described).encode()).hexdigest()}.bin"
    try:
        return (Path(folder).expanduser() if folder else Path.home() / ".cache" / "ilrs-sim") / name
    except RuntimeError:  # no home
        return None


@cache
def _basis() -> str:
    """Hash the tables and the source of the method: when one changes, what was kept no longer counts."""
    room = files("sim.nature")
    return sha256(b"".join((room / name).read_bytes() for name in (*_TABLES, *_METHOD))).hexdigest()


def _read(path: Path | None) -> SiteLight | None:
    """Read a kept calendar; none if there is none, or if the hash in front of it does not fit."""
    try:
        content = path.read_bytes() if path else b""
    except OSError:
        return None
    digest, packed = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if digest != sha256(packed).digest():
        return None
    with np.load(io.BytesIO(packed), allow_pickle=False) as data:
        values = (data[field.name] for field in fields(SiteLight))
        return SiteLight(*(value if value.ndim else value.item() for value in values))


def _write(path: Path | None, light: SiteLight) -> None:
    """Keep a calendar if the folder allows it; readers see all of the file or nothing."""
    if path is None:
        return
    packed = io.BytesIO()
    np.savez(packed, **{field.name: getattr(light, field.name) for field in fields(SiteLight)})
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(sha256(packed.getvalue()).digest() + packed.getvalue())
            os.replace(part, path)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
