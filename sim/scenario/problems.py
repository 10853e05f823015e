"""Mistakes in a scenario, as a user should see them: all at once, with file, line and mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

MORE_KEYS = "; `ilrs schema` lists all keys"

_WIDEST = 120  # characters of a line that are shown
_LONGEST_VALUE = 40
_BEFORE = 40  # of these, before the column where the mistake is


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a value was written: a file, or the command line (line 0)."""

    file: str
    line: int
    column: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def excerpt(self) -> str:
        """The line, or of a long one the part around the column."""
        start = max(0, self.column - 1 - _BEFORE) if len(self.text) > _WIDEST else 0
        part = self.text[start : start + _WIDEST].strip()
        before = "..." if start else ""
        return f"{before}{part}..." if start + _WIDEST < len(self.text) else f"{before}{part}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake."""

    origin: Origin
    path: str
    message: str

    def __str__(self) -> str:
        what = f"{self.path}: {self.message}" if self.path else self.message
        lines = [f"  {self.origin}  {what}"]
        if self.origin.text.strip():
            lines.append(f"      {self.origin.excerpt()}")
        return "\n".join(map(_printable, lines))


class ScenarioError(Exception):
    """A scenario is wrong. Its text lists all problems, sorted by file and line.

    Attributes:
        problems: the single mistakes.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = _distinct(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the scenario:"
        super().__init__("\n".join([head, *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]]]:
        return type(self), (self.problems,)


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Sort, and keep one problem of those that say the same of the same place."""
    kept: dict[tuple[Origin, str], Problem] = {}
    for problem in sorted(set(problems)):
        kept.setdefault((problem.origin, problem.message), problem)
    return list(kept.values())


def _printable(text: str) -> str:
    """A file may hold characters that would act on the terminal or break the line."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def shortened(text: str) -> str:
    """Show the beginning of a long value.

    >>> shortened("9" * 400)
    '9999999999999999999999999999999999999...'
    """
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, as the end of a sentence.

    >>> did_you_mean("luna26", ["luna-26", "luna-27a"])
    '; did you mean `luna-26`?'
    """
    words = list(known)
    close = close_word(word, words)
    if close is not None:
        return f"; did you mean `{close}`?"
    if 0 < len(words) <= 12:
        return "; known are " + ", ".join(f"`{name}`" for name in sorted(words))
    return ""


def close_word(word: str, known: Iterable[str]) -> str | None:
    """Find the nearest known word, if one is near; of equally near ones one with the same letters.

    A word that is the first part of only one known word is meant to be that one.

    >>> close_word("luna-62", ["luna-25", "luna-26", "luna-29"])
    'luna-26'
    >>> close_word("probability", ["capability", "probability-by-date"])
    'probability-by-date'
    """
    known = list(known)
    begun = [name for name in known if name.startswith(f"{word}-")]
    if word and len(begun) == 1:
        return begun[0]
    close = get_close_matches(word, sorted(known), n=10, cutoff=0.6)
    letters = sorted(word)
    ranked = [(SequenceMatcher(None, other, word).ratio(), sorted(other) == letters) for other in close]
    best = [other for other, rank in zip(close, ranked, strict=True) if rank == max(ranked)]
    return min(best, default=None)
