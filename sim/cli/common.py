"""What all verbs share: the group, options, errors as messages, JSON."""

from __future__ import annotations

import errno
import json
import math
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EXIT_WRONG_SCENARIO = 1
EXIT_USAGE = 2

SET_HELP = "Lay a value over every scenario, such as --set delays.luna-26.months=24. May be repeated."
WITH_HELP = "Lay what scenario FILE changes over every scenario. May be repeated; two may not set one key."
SEED_HELP = "The same seed gives the same results, on any machine and any number of workers."
WORKERS_HELP = "Processes. [default: all cores]"
JSON_HELP = "Print JSON, for scripts."


class Count(click.ParamType[Any]):
    """A whole number; ``1e3`` counts, too."""

    name = "number"

    def __init__(self, least: int, most: int = 2**31 - 1) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, and hold it against its bounds."""
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not number.is_integer():
            self.fail(f"{value!r} is no whole number, such as 200", param, ctx)
        if number < self.least:
            self.fail(f"{value} is too few; it must be at least {self.least}", param, ctx)
        if number > self.most:
            self.fail(f"{value} is too many; it must be at most {self.most}", param, ctx)
        return int(number)


class KeyValue(click.ParamType[Any]):
    """``key=value``."""

    name = "key=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split at the first equals sign."""
        key, equals, text = str(value).partition("=")
        if not equals or not key.strip():
            self.fail(f"{value!r} is not of the form key=value", param, ctx)
        return key.strip(), text


def complete_scenario(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete the names of shipped scenarios, and files."""
    from click.shell_completion import CompletionItem

    from sim.scenario.shipped import shipped_scenarios

    names = [path.stem for path in shipped_scenarios() if path.stem.startswith(begun)]
    return [*map(CompletionItem, names), CompletionItem(begun, type="file")]


def scenario_argument(name: str, **how: Any) -> Callable[[Any], Any]:
    """Add an argument that names scenarios."""
    return click.argument(name, shell_complete=complete_scenario, **how)


def with_changes(command: Any) -> Any:
    """Add ``--set`` and ``--with``."""
    how: dict[str, Any] = {"multiple": True, "help": WITH_HELP, "shell_complete": complete_scenario}
    option = click.option("--with", "overrides", metavar="FILE", **how)
    return click.option("--set", "settings", type=KeyValue(), multiple=True, help=SET_HELP)(option(command))


def with_luck(command: Any) -> Any:
    """Add ``--seed`` and ``--workers``."""
    workers = click.option("--workers", type=Count(1), help=WORKERS_HELP)
    seed = click.option("--seed", default=1, show_default=True, type=Count(0), help=SEED_HELP)
    return seed(workers(command))


def as_json(command: Any) -> Any:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=JSON_HELP)(command)


def print_json(data: Any) -> None:
    """Print plain data as JSON; what is not finite becomes null."""
    click.echo(json.dumps(_plain(data), indent=1, ensure_ascii=False, default=str))


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return None if str(data) == "NaT" else data


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the errors a user can mend into a message and an exit status, without a traceback."""

    @wraps(command)
    def guarded_command(*args: Any, **kwargs: Any) -> None:
        from sim.scenario.problems import ScenarioError

        try:
            command(*args, **kwargs)
        except ScenarioError as error:
            _fail(str(error), EXIT_WRONG_SCENARIO)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            _fail(_of_the_system(error), EXIT_USAGE)
        except Exception as error:
            if type(error).__name__ not in ("ResultsError", "RecordError"):
                raise
            _fail(str(error), EXIT_USAGE)

    return guarded_command


def _of_the_system(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full: cannot write{where}; make room and run the same command again"
    path = Path(str(error.filename or ""))
    if error.errno == errno.ENOENT and where and not path.parent.is_dir():
        return f"cannot write{where}: there is no folder {path.parent}; make it first"
    return f"cannot read or write{where}: {error.strerror or error}"


def writable(path: Path) -> Path:
    """Make the folder that a file is to be written into."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _fail(message: str, status: int) -> None:
    if "ILRS_DEBUG" in os.environ:
        raise
    click.echo(message, err=True)
    sys.exit(status)


class _Verb(click.Command):
    """A verb whose examples keep their lines: click asks for a backspace, the sources write two letters."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **_with_backspaces(settings))


class _Verbs(click.Group):
    """The verbs."""

    command_class = _Verb

    def __init__(self, name: str | None = None, **settings: Any) -> None:
        super().__init__(name, **_with_backspaces(settings))


def _with_backspaces(settings: dict[str, Any]) -> dict[str, Any]:
    text = settings.get("help")
    return settings | {"help": text.replace("\\b\n", "\b\n")} if text else settings


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Set ILRS_DEBUG=1 to see the traceback of an error, NO_COLOR=1 for output without colours.",
)
@click.version_option(__version__, prog_name="ilrs")
def main() -> None:
    r"""Simulate the International Lunar Research Station, 2021 to 2050.

    \b
    First steps:
      ilrs list                                   the shipped scenarios
      ilrs run baseline luna-slips -n 200         run two of them and compare
      ilrs trace baseline --replication 17        one future, told as a story
      ilrs new my-scenario                        a file of your own to edit
    """
