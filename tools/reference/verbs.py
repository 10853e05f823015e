"""The command line, from its own help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc

import click

from sim.cli import main
from tools.reference.markdown import anchor, block, code, escaped, page, table

ORDER = (
    "list", "new", "check", "show", "assumptions", "schema", "run", "trace", "compare", "plot", "report",
    "export", "explain", "drivers", "crew-loss", "credit", "calibrate", "hindcast",
)  # fmt: skip


def verbs_page() -> str:
    """Write the page of the verbs."""
    with click.Context(main, info_name="ilrs") as context:
        lines = [
            "# Command line",
            "",
            "What `ilrs VERB --help` says. `python -m sim` is the same program. Where FILE stands, the "
            "name of a [shipped scenario](../scenario-index.md) will do.",
            "",
            "Exit status: 0 if all went well, 1 if a scenario is wrong, 2 if the command line, a folder or "
            "the system is, 3 if a replication failed.",
            "",
            "Set `ILRS_DEBUG=1` to see the traceback of an error, `NO_COLOR=1` for output without colours.",
            "",
        ]
        for name, command in in_order(main):
            lines += verb(name, command, context)
    return page(lines)


def in_order(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Go through the verbs in the order in which a user meets them; a new one comes last."""
    names = sorted(group.commands, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return ((name, group.commands[name]) for name in names)


def verb(name: str, command: click.Command, parent: click.Context) -> list[str]:
    """Write the section of one verb."""
    with click.Context(command, info_name=name, parent=parent) as context:
        usage = " ".join(["ilrs", name, *command.collect_usage_pieces(context)])
        rows = [
            (code(record[0]), _words(record[1]))
            for option in command.get_params(context)
            if (record := option.get_help_record(context)) and record[1] and "--help" not in record[0]
        ]
    lines = [
        anchor(f"verb-{name}"),
        f"## ilrs {name}",
        "",
        *block("text", [usage]),
        *prose(command.help or ""),
    ]
    return [*lines, *(table(("option", "what"), rows) if rows else [])]


def prose(text: str) -> Iterator[str]:
    """Write a help text, its examples as a block of commands."""
    for paragraph in cleandoc(text).split("\n\n"):
        head, *rest = paragraph.strip("\b\n").split("\n")
        if paragraph.startswith("\b"):
            yield from block("sh", [line.strip() for line in rest])
        else:
            yield from (_words(" ".join([head, *rest])), "")


def _words(text: str) -> str:
    r"""Write a help text, its options as code.

    >>> print(_words("With --until, [default: 3]"))
    With `--until`, \[default: 3\]
    """
    return re.sub(r"(?<!\S)--[a-z][a-z-]*", lambda option: code(option[0]), escaped(text))
