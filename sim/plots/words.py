"""Words in plots: shares, titles and names, so that they fit and say no more than is known."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from math import isfinite

from sim.analysis.labels import scenario_labels as scenario_labels
from sim.terms import Cause


def percent(share: float) -> str:
    """Write a share so that 0 % and 100 % are said of none and all only.

    >>> percent(0.714), percent(0.998), percent(0.002), percent(1.0)
    ('71 %', '>99 %', '<1 %', '100 %')
    """
    if not isfinite(share):
        return "n/a"
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        return ">99 %"
    if rounded == 0 and share > 0:
        return "<1 %"
    return f"{rounded} %"


def plain(text: str) -> str:
    r"""Make any text safe to draw: dollar signs are no formula, line breaks and tabs are spaces.

    >>> print(plain("price in $\n or $"))
    price in \$ or \$
    """
    return " ".join(text.split()).replace("$", r"\$")


def wrapped(text: str, width: int) -> str:
    """Break a text into lines of at most `width` characters, ready to be drawn."""
    return "\n".join(textwrap.wrap(plain(text), width)) or " "


def without_brackets(text: str) -> str:
    """Leave out what stands in round brackets, where there is no room for it.

    >>> without_brackets("South pole landing (Chang'e-7) [months]")
    'South pole landing [months]'
    """
    return " ".join(re.sub(r"\([^)]*\)", "", text).split()) or text


def shortened(text: str, width: int) -> str:
    """Cut a text to `width` characters at a word, ready to be drawn.

    >>> shortened("Russian delivery 1 (charging and distribution station)", 30)
    'Russian delivery 1 (charging …'
    """
    line = plain(text)
    if len(line) <= width:
        return line
    head = line[: width - 1]
    return f"{head.rpartition(' ')[0] or head} …"


def replications_in_words(counts: Iterable[int]) -> str:
    """Say how many replications a plot stands on, one number or from the fewest to the most.

    >>> replications_in_words([500, 500]), replications_in_words([20, 500])
    ('500 replications', '20 to 500 replications')
    """
    few, *_, many = (*sorted(numbers := set(counts)), max(numbers, default=0))
    return f"{many:,} replications" if few == many else f"{few:,} to {many:,} replications"


def listed(names: Iterable[str]) -> str:
    """Join names for an error message."""
    return ", ".join(f"`{name}`" for name in names)


CAUSES = Cause.titles() | {
    "not-reached": "Not reached in one of the two",
    "data-date": "Another data date",
}


def cause_in_words(cause: str) -> str:
    """Say what a cause of the critical path is.

    >>> cause_in_words("slip"), cause_in_words("something-new")
    ('Slip of the plan', 'Something new')
    """
    return CAUSES.get(cause, cause.replace("-", " ").capitalize())
