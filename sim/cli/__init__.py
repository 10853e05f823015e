"""The command line: ``ilrs``. Nothing heavy is loaded before a verb needs it."""

from sim.cli import batches, files, studies
from sim.cli.common import main

__all__ = ["batches", "files", "main", "studies"]
