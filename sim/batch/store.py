"""Results on disk: a folder of chunks, each whole or not there at all.

::

    results/
      batch.json                       seed, fingerprint, what is recorded, how it was run
      scenarios/<folder>/scenario.json  name, digest, what the columns mean
      scenarios/<folder>/chunks/00000000-00000050-<sha256>.npz

A chunk is written beside its place, forced to disk and renamed; its name carries the checksum of its
content. This module knows nothing of the model: saved results open without the engine.
"""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sim.scenario.shipped import find_scenario

FORMAT = 1
_CHUNK_NAME = re.compile(r"(\d{8})-(\d{8})-([0-9a-f]{64})\.npz")


class ResultsError(Exception):
    """A results folder cannot be used as asked; the text says why and what to do."""


@dataclass(frozen=True)
class ChunkFile:
    """A chunk on disk: replications `start` up to, not including, `stop`."""

    path: Path
    start: int
    stop: int
    digest: str

    def is_whole(self) -> bool:
        """Tell whether the content is what was written."""
        return sha256(self.path.read_bytes()).hexdigest() == self.digest

    def read(self, name: str) -> NDArray[Any]:
        """Read one array."""
        return _read_array(self.path, name)


class StoredScenario:
    """The results of one scenario in a results folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = read_json(folder / "scenario.json")
        self.name: str = self.meta["name"]

    def chunks(self) -> list[ChunkFile]:
        """List the chunks, by replication."""
        found = []
        for path in (self.folder / "chunks").glob("*.npz"):
            match = _CHUNK_NAME.fullmatch(path.name)
            if match:
                found.append(ChunkFile(path, int(match[1]), int(match[2]), match[3]))
        return sorted(found, key=lambda chunk: chunk.start)

    def write(self, start: int, stop: int, digest: str, payload: bytes) -> None:
        """Write a chunk: it is there whole, or not at all."""
        write_whole(self.folder / "chunks" / f"{start:08d}-{stop:08d}-{digest}.npz", payload)


class Store:
    """A results folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """True if the folder holds results already."""
        return (self.folder / "batch.json").is_file()

    def batch(self) -> dict[str, Any]:
        """Give what is known of the batch as a whole.

        Raises:
            ResultsError: this is no results folder, or one of a newer format.
        """
        if not self.exists:
            if find_scenario(str(self.folder)).is_file() and not self.folder.is_dir():
                message = f"{self.folder} is no results folder; run it first, as `ilrs run {self.folder}`"
                raise ResultsError(message)
            hint = " (it is empty or holds something else)" if self.folder.is_dir() else ""
            raise ResultsError(f"{self.folder} is no results folder{hint}; make one with `ilrs run`")
        batch = read_json(self.folder / "batch.json")
        if batch.get("format") != FORMAT:
            raise ResultsError(
                f"{self.folder} has results of format {batch.get('format')}, this version reads "
                f"format {FORMAT}; run the scenarios again into another folder with --out"
            )
        return batch

    def write_batch(self, batch: dict[str, Any]) -> None:
        """Write what is known of the batch as a whole."""
        write_json(self.folder / "batch.json", batch)

    def scenarios(self) -> list[StoredScenario]:
        """List the scenarios, by the order in which they were first run."""
        folders = (self.folder / "scenarios").glob("*/scenario.json")
        stored = [StoredScenario(path.parent) for path in folders]
        return sorted(stored, key=lambda scenario: (scenario.meta["order"], scenario.name))

    def scenario_folder(self, name: str) -> Path:
        """The folder of a scenario: its name as far as a file system takes it, and a hash of it."""
        plain = re.sub(r"[^A-Za-z0-9._=-]+", "-", name).strip("-.")[:60]
        return self.folder / "scenarios" / f"{plain}-{sha256(name.encode()).hexdigest()[:8]}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a loss of power."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ResultsError(f"cannot write {path}: {error.strerror}{mend_of(error)}") from error
    _force_to_disk(path.parent)


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write plain data as JSON, whole or not at all."""
    write_whole(path, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Read plain data.

    Raises:
        ResultsError: the file is damaged.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read: {error}") from None
    return data


def gaps(chunks: list[ChunkFile], stop: int) -> Iterator[tuple[int, int]]:
    """Go through the runs of replications up to `stop` that no chunk holds."""
    start = 0
    for chunk in chunks:
        if chunk.start >= stop:
            break
        if chunk.start > start:
            yield start, chunk.start
        start = max(start, chunk.stop)
    if start < stop:
        yield start, stop


def _force_to_disk(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@lru_cache(maxsize=64)
def _read_array(path: Path, name: str) -> NDArray[Any]:
    with opened_chunk(path) as file:
        array: NDArray[Any] = file[name]
    return array


@contextmanager
def opened_chunk(path: Path) -> Iterator[Any]:
    """Open the arrays of a chunk.

    Raises:
        ResultsError: the file is damaged.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            yield file
    except (BadZipFile, EOFError, ValueError, zlib.error):
        raise ResultsError(
            f"{path} is damaged; the command that made these results computes it again"
        ) from None


def mend_of(error: OSError) -> str:
    """Say what helps against an error of the system, as the end of a sentence."""
    if error.errno == errno.ENOSPC:
        return "; the disk is full, make room and run the same command again"
    return "; choose another --out" if error.errno in (errno.EACCES, errno.EROFS) else ""
