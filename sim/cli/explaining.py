"""The verb that says why: attribution, counterfactuals, partners and levers in the terminal."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.common import print_json
from sim.cli.console import make_console, print_table
from sim.nature.calendar import DAYS_PER_MONTH
from sim.scenario.variation import read_variations

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from sim.analysis.attribution import Why
    from sim.analysis.attribution_of_difference import WhyDifferent
    from sim.analysis.effects import Counterfactuals, Levers, PartnerDependency
    from sim.scenario.load import Resolved

_FAVOURITE = "crewed-landing"
OTHER_OUTCOMES = ("crew-days", "firm-power")
_MOST_ROWS = 10


@dataclass(frozen=True)
class Answer:
    """What was found, in the three forms in which it is wanted."""

    name: str
    data: Any
    say: Callable[[Console], None]
    pictures: Mapping[str, Callable[[], Figure]]


def explain_scenario(file: str, settings: Mapping[str, str], **options: Any) -> None:
    """Say why a milestone is late, and whatever else was asked for."""
    from sim.api import resolve_one

    try:
        resolved = resolve_one(file, settings, options["overrides"])
        other = resolve_one(options["against"], None) if options["against"] else None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    _check_choices(resolved, options)
    folder = Path(options["out"] or tempfile.mkdtemp(prefix="ilrs-why-"))
    console, answers = make_console(), []
    for answer in _answers(resolved, other, folder, options):
        if not options["as_json"]:
            answer.say(console)
        answers.append(answer)
    if options["as_json"]:
        print_json({answer.name: answer.data for answer in answers})
    if options["out"]:
        _draw(make_console(stderr=options["as_json"]), answers, folder / "plots")


def _answers(
    resolved: Resolved, other: Resolved | None, folder: Path, options: Mapping[str, Any]
) -> Iterator[Answer]:
    """Find one answer after the other."""
    milestone = options["milestone"] or _usual_milestone(resolved)
    how = {"n": options["replications"], "seed": options["seed"], "workers": options["workers"]}
    yield _explain(resolved, milestone, folder, how)
    if other is not None:
        yield _explain_difference(resolved, other, milestone, folder, how)
    if options["counterfactuals"]:
        yield _ask_what_if(resolved, milestone, folder, how)
    if options["partners"]:
        yield _ask_partners(resolved, options["partners"], folder, how)
    if options["levers"]:
        yield _ask_levers(resolved, options["outcome"] or milestone, options["policies"], folder, how)


def _check_choices(resolved: Resolved, options: Mapping[str, Any]) -> None:
    """Find before anything is run what would be wrong after it."""
    if not options["levers"]:
        for name in ("policies", "outcome"):
            if options[name] is not None:
                raise click.UsageError(f"--{name} is about levers; add --levers")
    milestones = list(resolved.scenario.milestones)
    for name, known in (("milestone", milestones), ("outcome", [*milestones, *OTHER_OUTCOMES])):
        if options[name] is not None and options[name] not in known:
            raise click.UsageError(f"there is no {name} `{options[name]}`; there are {', '.join(known)}")
    if options["policies"] is not None:
        read_variations(options["policies"])


def _usual_milestone(resolved: Resolved) -> str:
    known = list(resolved.scenario.milestones)
    if not known:
        raise click.UsageError("the scenario has no milestones, so there is nothing to explain")
    return _FAVOURITE if _FAVOURITE in known else known[0]


def _explain(resolved: Resolved, milestone: str, folder: Path, how: dict[str, Any]) -> Answer:
    from sim import plots
    from sim.api import run

    base = run(resolved, out=folder / "base", record="paths", **how)
    found = base.why(milestone)
    data = {
        "milestone": milestone,
        "mean_date": f"{found.mean_date:%Y-%m-%d}",
        "mean_days": found.mean_days.value,
        "mean_days_se": found.mean_days.standard_error,
        "causes": found.causes().to_dict("records"),
        "missions": found.missions().to_dict("records"),
    }
    pictures = {
        "waterfall": lambda: plots.waterfall(base, milestone),
        "path": lambda: plots.path_diagram(base, milestone),
    }
    return Answer("why", data, lambda console: print_why(console, found), pictures)


def _explain_difference(
    resolved: Resolved, other: Resolved, milestone: str, folder: Path, how: dict[str, Any]
) -> Answer:
    from sim import plots
    from sim.api import run

    both = run([other, resolved], out=folder / "against", record="paths", **how)
    found = both.why_different(milestone)
    data = {"reference": other.name, "causes": found.causes().to_dict("records")}
    pictures = {"difference": lambda: plots.waterfall_of_difference(both, milestone)}
    return Answer("against", data, lambda console: print_difference(console, found), pictures)


def _ask_what_if(resolved: Resolved, milestone: str, folder: Path, how: dict[str, Any]) -> Answer:
    from sim import plots
    from sim.studies import counterfactuals

    found = counterfactuals(resolved, milestone, out=folder, **how)
    data, pictures = (
        found.table().to_dict("records"),
        {"counterfactuals": lambda: plots.counterfactuals(found)},
    )
    return Answer("counterfactuals", data, lambda console: print_counterfactuals(console, found), pictures)


def _ask_partners(resolved: Resolved, years: tuple[int, ...], folder: Path, how: dict[str, Any]) -> Answer:
    from sim import plots
    from sim.studies import partner_dependency

    found = partner_dependency(resolved, years, out=folder, **how)
    data, pictures = found.table().to_dict("records"), {"partners": lambda: plots.partner_dependency(found)}
    return Answer("partners", data, lambda console: print_partners(console, found), pictures)


def _ask_levers(
    resolved: Resolved, outcome: str, policies: Path | None, folder: Path, how: dict[str, Any]
) -> Answer:
    from sim import plots
    from sim.studies import levers

    found = levers(resolved, outcome, policies=policies, out=folder, **how)
    data = {"outcome": outcome, "ranking": found.table().to_dict("records")}
    return Answer(
        "levers",
        data,
        lambda console: print_levers(console, found),
        {"levers": lambda: plots.levers(found)},
    )


def print_why(console: Console, found: Why) -> None:
    """Print days by cause, by mission, and what the worst fifth of futures spends them on."""
    from sim.analysis.attribution import why_of

    worst = why_of(found, "worst-fifth")
    best = why_of(found, "best-fifth")
    title = f"{found.title}: mean {found.mean_date:%Y-%m}, {found.mean_days} days after the data date"
    late, early = (item.causes().set_index("cause")["days"] for item in (worst, best))
    rows = [
        [
            row["cause"], _amount(row["days"], row["days_se"]), f"{row['share']:.0%}",
            f"{row['occurs']:.0%}", f"{early.get(row['cause'], 0):.0f}", f"{late.get(row['cause'], 0):.0f}",
        ]
        for row in found.causes().to_dict("records")
    ]  # fmt: skip
    ends = [f"{item.mean_days.value:.0f}" for item in (best, worst)]
    rows.append(
        ["together", _amount(found.mean_days.value, found.mean_days.standard_error), "100%", "", *ends]
    )
    head = ["Cause", "Days on the critical path", "Share", "In futures", "Best fifth", "Worst fifth"]
    print_table(console, title, head, rows)
    missions = [
        [
            row["name"], f"{row['criticality']:.0%}", _amount(row["days"], row["days_se"]),
            _largest_cause(found, row["mission"]),
        ]
        for row in found.missions().head(_MOST_ROWS).to_dict("records")
    ]  # fmt: skip
    head = ["Mission", "On the path in", "Days", "Mostly"]
    print_table(console, "Who is on the critical path", head, missions)
    console.print(f"Means over {found.included_in_words}; +- one standard error.\n", style="dim")


def print_difference(console: Console, found: WhyDifferent) -> None:
    """Print the difference of two scenarios by cause."""
    rows = [
        [row["cause"], _amount(row["days"], row["days_se"], sign="+"), f"{row['occurs']:.0%}"]
        for row in found.causes().to_dict("records")
        if row["occurs"]
    ]
    total = found.difference
    rows.append(["together", _amount(total.value, total.standard_error, sign="+"), ""])
    title = f"{found.title}: {found.titles[0]} against {found.titles[1]}"
    print_table(console, title, ["Cause", "Days later (+)", "In futures"], rows)
    console.print(f"{found.included_in_words}.\n", style="dim")


def print_counterfactuals(console: Console, found: Counterfactuals) -> None:
    """Print each effect in one line."""
    from sim.analysis.effects import in_days

    rows = [
        [
            row["title"], in_days(row["days"], row["days_se"]),
            in_days(row["reached"], row["reached_se"], "points"), f"{row['changed']:.0%}",
        ]
        for row in found.table().to_dict("records")
    ]  # fmt: skip
    head = ["On the same luck", "Mean date", "Reached", "Differs in"]
    print_table(console, f"{found.title}: what would have changed it", head, rows)


def print_partners(console: Console, found: PartnerDependency) -> None:
    """Print what each exit costs, a row for each partner and year."""
    table = found.table()
    columns = list(dict.fromkeys(table["measure"]))
    rows = []
    for (_, name, year), part in table.groupby(["partner", "name", "year"], sort=False):
        cells = part.set_index("measure")
        rows.append([f"{name}, {year}", *(_cost(cells.loc[measure]) for measure in columns)])
    title = "What the exit of a partner costs: months later, kW, person-days"
    print_table(console, title, ["Exit", *columns], rows)


def print_levers(console: Console, found: Levers) -> None:
    """Print the ranking with its guarantee."""
    from sim.analysis.effects import in_days

    rows = [
        [
            row["title"], in_days(row["effect"], row["effect_se"], found.measure.unit),
            f"{row['low']:+.0f} to {row['high']:+.0f}", f"{row['rank_best']}-{row['rank_worst']}",
            "helps" if row["surely_helps"] else "harms" if row["surely_harms"] else "-",
        ]
        for row in found.table().to_dict("records")
    ]  # fmt: skip
    head = ["Lever", "Effect", "Simultaneous interval", "True rank", "Surely"]
    print_table(console, f"{found.measure.title}: which lever helps most", head, rows)
    console.print(found.ranking.guarantee + "\n", style="dim")


def _draw(console: Console, answers: Sequence[Answer], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {name: draw for answer in answers for name, draw in answer.pictures.items()}
    for name, draw in pictures.items():
        draw().savefig(folder / f"{name}.png", dpi=150)
    console.print(f"plots       {folder} ({len(pictures)} pictures)")


def _largest_cause(found: Why, mission: str) -> str:
    table = found.pieces()
    return str(table[table["mission"] == mission]["cause"].iloc[0])


def _amount(days: float, error: float, sign: str = "") -> str:
    return f"{days:{sign}.0f} +- {error:.0f}" if error == error else f"{days:{sign}.0f}"


def _cost(cell: Any) -> str:
    value, error = float(cell["change"]), float(cell["change_se"])
    if cell["unit"] == "days":
        value, error = value / DAYS_PER_MONTH, error / DAYS_PER_MONTH
    digits = 1 if error < 1 else 0
    return f"{value:+.{digits}f} +- {error:.{digits}f}" if error > 0 else "0"
