"""What a result was made with, and whether two runs may stand in one folder."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
_MODEL_ROOMS = ("nature", "evidence", "scenario", "model")
_MODEL_FILES = ("terms.py",)
_DATA_ROOMS = ("nature", "evidence")
_NUMERICS = ("numpy", "scipy", "simpy")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 of the model's own code."""
    files = [_PACKAGE / name for name in _MODEL_FILES]
    return _digest([*files, *(path for room in _MODEL_ROOMS for path in (_PACKAGE / room).rglob("*.py"))])


@lru_cache(maxsize=1)
def data_digest() -> str:
    """SHA-256 of the shipped data."""
    rooms = (_PACKAGE / room / "data" for room in _DATA_ROOMS)
    return _digest(path for room in rooms for path in room.rglob("*") if path.is_file())


def engine_fingerprint() -> dict[str, str]:
    """Give what, beside scenario and seed, can change a result."""
    libraries = {f"{name} version": _version(name) for name in _NUMERICS}
    return {"model code": code_digest(), "shipped data": data_digest(), **libraries}


def surroundings() -> dict[str, Any]:
    """Give what is worth knowing of a run but cannot change a result."""
    return {
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "ilrs-sim": _version("ilrs-sim"),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _digest(files: Iterable[Path]) -> str:
    digest = sha256()
    for path in sorted(files):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
