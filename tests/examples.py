"""The examples of the texts: blocks of code of a Markdown page, in order, and how each is tried.

A remark above a block, which the rendered page does not show, says what is special:
``<!-- not run: why -->``, ``<!-- parsed only: why -->`` for commands, ``<!-- file: name.yaml -->`` for a
file that later blocks use.
"""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click
import yaml

from sim.cli import main
from sim.scenario.load import load_scenario
from sim.scenario.schema import FileKeys, Scenario

ROOT = Path(__file__).parent.parent
REMARKS = ("not run", "parsed only", "file")
FEW = {"n": 6, "replications": 6, "draws": 3, "seeds": 2, "tornado": 1, "sobol": 0}
QUIET = {"report": False, "workers": 1, "progress": False}
AT_LEAST = {"drivers": {"n": 60, "replications": 60}}
ELSEWHERE = ("pip install ", "make ")
_BLOCK = re.compile(
    r"(?:^<!-- (?P<remark>[a-z ]+): (?P<why>[^\n]+) -->\n)?^```(?P<language>\S*)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
_IN_TABLE = re.compile(r"`([a-z_]+: [^`]+)`")
_NAMES = {*Scenario.model_fields, *FileKeys.model_fields}


@dataclass(frozen=True)
class Example:
    """A block of code."""

    language: str
    text: str
    remark: str
    why: str
    line: int


def examples_of(text: str) -> list[Example]:
    """Find the blocks of a page.

    >>> examples_of("<!-- not run: slow -->\\n```sh\\nilrs list\\n```\\n")[0].remark
    'not run'
    """
    return [
        Example(
            found["language"],
            found["text"],
            found["remark"] or "",
            found["why"] or "",
            text.count("\n", 0, found.start("text")) + 1,
        )
        for found in _BLOCK.finditer(text)
    ]


def changes_in_tables(text: str) -> Iterator[str]:
    """Find the changes of a scenario that the tables of a page show."""
    for line in text.splitlines():
        for change in _IN_TABLE.findall(line) if line.startswith("|") else ():
            if change.partition(":")[0] in _NAMES and "..." not in change and change.endswith(("}", "]")):
                yield change


def with_few(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a verb of the library take few replications, here and not in worker processes."""
    known = inspect.signature(function).parameters

    @wraps(function)
    def with_few_replications(*arguments: Any, **how: Any) -> Any:
        given = inspect.signature(function).bind(*arguments, **how)
        given.apply_defaults()
        given.arguments.update(_few(function.__name__, given.arguments))
        if given.arguments.get("executor") is not None:
            given.arguments["workers"] = None
        return function(*given.args, **given.kwargs)

    return with_few_replications if {"n", "workers"} & set(known) else function


def _few(verb: str, arguments: dict[str, Any]) -> dict[str, Any]:
    wanted = FEW | AT_LEAST.get(verb, {})
    few = {key: value for key, value in wanted.items() if key in arguments}
    few = {key: value for key, value in few.items() if key not in ("draws", "seeds") or arguments[key]}
    if arguments.get("draws"):
        few.pop("n", None)
        few.pop("replications", None)
    return few | {key: value for key, value in QUIET.items() if key in arguments}


def commands_of(text: str) -> list[list[str]]:
    """Take the commands of the program from a block, without remarks and redirections.

    Raises:
        ValueError: a line is neither one of these nor an installation.
    """
    commands = []
    lines = [line.partition(" #")[0] for line in text.replace("\\\n", " ").splitlines()]
    for line in re.split(r"\n|;|&&", "\n".join(lines)):
        words = shlex.split(line, comments=True)
        if words and words[0] == "ilrs":
            commands.append(words[1 : words.index(">")] if ">" in words else words[1:])
        elif words and not line.strip().startswith(ELSEWHERE):
            raise ValueError(
                f"`{line}` is no command of the program: say above the block why it is not run"
            )
    return commands


def parse(words: list[str]) -> click.Context:
    """Parse a command as the program would, without running it."""
    group = main.make_context("ilrs", list(words[:1]), resilient_parsing=True)
    command = main.get_command(group, words[0])
    assert command is not None, f"there is no verb `{words[0]}`"
    return command.make_context(words[0], list(words[1:]), parent=group)


def invoke(words: list[str]) -> None:
    """Run a command with few replications."""
    context = parse(words)
    few = _few(words[0], context.params)
    for option in context.command.params:
        if option.name in few and isinstance(option.type, click.IntRange):
            few[option.name] = max(int(few[option.name]), option.type.min or 0)
    context.params.update(few)
    status: Any = 0
    try:
        with context:
            context.command.invoke(context)
    except SystemExit as end:
        status = end.code
    assert not status, f"ilrs {' '.join(words)}: exit status {status}"


def check_yaml(text: str) -> None:
    """Check a scenario, or changes of one, in a file beside the others."""
    keys = yaml.safe_load(text)
    whole = "extends" in keys
    path = Path("example-of-a-page.yaml")
    path.write_text(
        text if whole else f"extends: baseline\ntitle: x\nquestion: x?\n{text}\n", encoding="utf-8"
    )
    load_scenario(path)
