"""Where the shipped scenarios are: beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """Find the folder of the shipped scenarios.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for folder in (_PACKAGE / "shipped", _PACKAGE.parent / "scenarios"):
        if (folder / "baseline.yaml").is_file():
            return folder
    raise FileNotFoundError("the shipped scenarios are missing; install ilrs-sim again")


def shipped_scenarios() -> list[Path]:
    """List the shipped scenario files, the baseline first, then by name."""
    files = sorted(shipped_folder().glob("*.yaml"))
    return sorted(files, key=lambda path: path.stem != "baseline")


def find_scenario(name: str) -> Path:
    """Turn what a user calls a scenario into a file.

    A path that exists is that file; otherwise ``baseline`` and ``baseline.yaml`` name the shipped one, even
    beside a folder of that name, and ``mine`` the file ``mine.yaml``. The path comes back unchanged if
    nothing is found, so that the reader can say what is missing.
    """
    path = Path(name)
    if path.is_file():
        return path
    shipped = shipped_folder() / f"{path.name.removesuffix('.yaml')}.yaml"
    if path.name == name and shipped.is_file():
        return shipped
    with_ending = path.with_name(f"{path.name}.yaml") if path.name else path
    return with_ending if with_ending.is_file() else path
