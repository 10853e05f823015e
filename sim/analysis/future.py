"""One future: a single replication, told as a story, as tables, and as a critical path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd

from sim.analysis.life import StationLife
from sim.analysis.tables import timestamp
from sim.batch.traced import Trace
from sim.nature.calendar import DAYS_PER_MONTH, EPOCH

_TOLD = {
    "launched": "{mission} is launched{detail}",
    "launch failure": "{mission} is lost at launch{detail}",
    "landed": "{mission} lands{detail}",
    "landing failure": "{mission} fails to land{detail}",
    "stand-down begins": "  stand-down after {mission}: {detail}",
    "works": "  {detail} works ({mission})",
    "stops working": "  {detail} stops working ({mission})",
    "never works": "  {detail} never works ({mission})",
    "dies of cold": "  {detail} dies of cold ({mission})",
    "repaired": "  {detail} is repaired ({mission})",
    "common cause": "{detail} strikes the station",
    "cancelled": "{mission} is cancelled: {detail}",
    "called as fallback": "{mission} is called as fallback {detail}",
    "lost": "{mission} is given up after its last attempt",
    "stay ends early": "  the stay of {mission} ends early: {detail}",
    "crew leaves": "  the crew of {mission} leaves the surface",
    "crew lost": "{mission} loses its crew {detail}",
    "programme withdraws": "{detail} withdraws",
    "waits at the horizon": "{mission} still waits: {detail}",
}
_WAITED_FOR = {
    "gate": "gate",
    "vehicle": "vehicle",
    "pad": "pad",
    "stand-down": "grounded",
    "window": "window",
    "budget": "programme",
}


class Future:
    """A traced replication.

    Attributes:
        scenario: name of the scenario.
        seed, replication: the address; the same address always gives the same future.
        station: what the station did in time, as tables.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.station = StationLife(trace)
        self.meta = trace.meta
        self.scenario: str = trace.meta["name"]
        self.seed = trace.seed
        self.replication = trace.replication
        self._origin = float((pd.Timestamp(trace.meta["data_date"]).date() - EPOCH).days)

    def missions(self) -> pd.DataFrame:
        """Each mission with its planned and actual dates and its outcome."""
        rows = []
        for about, row in zip(self.meta["missions"], self._trace.missions, strict=True):
            rows.append(
                {
                    "mission": about["id"],
                    "name": about["name"],
                    "planned": pd.Timestamp(about["planned"]),
                    "launch": self._date(row["launch_day"]),
                    "arrival": self._date(row["arrival_day"]),
                    "end": self._date(row["end_day"]),
                    "attempts": int(row["attempts"]),
                    "outcome": self.meta["statuses"][int(row["status"])],
                    "history": about["history"],
                }
            )
        return pd.DataFrame(rows)

    def spans(self) -> pd.DataFrame:
        """What each mission spent its time on, and because of whom: the spans tile its time."""
        columns = ["mission", "name", "attempt", "cause", "start", "end", "days", "by", "what"]
        rows = [self._span(span) for span in self._trace.spans]
        return pd.DataFrame(rows, columns=columns)

    def milestones(self) -> pd.DataFrame:
        """When each milestone is reached (NaT: not by the horizon)."""
        rows = [
            {
                "milestone": about["id"],
                "title": about["title"],
                "planned": pd.Timestamp(about["planned"]),
                "reached": self._date(day),
            }
            for about, day in zip(self.meta["milestones"], self._trace.milestones, strict=True)
        ]
        return pd.DataFrame(rows)

    def path(self, milestone: str) -> pd.DataFrame:
        """The critical path to a milestone, from the data date on; its days add up to the date.

        Raises:
            KeyError: there is no such milestone.
        """
        ids = [about["id"] for about in self.meta["milestones"]]
        if milestone not in ids:
            raise KeyError(f"there is no milestone {milestone!r}; there are {', '.join(ids)}")
        rows = []
        for piece in self._trace.paths[ids.index(milestone)]:
            about = self.meta["missions"][piece["mission"]] if piece["mission"] >= 0 else None
            rows.append(
                {
                    "mission": about["id"] if about else "",
                    "name": about["name"] if about else "calendar",
                    "cause": self.meta["causes"][piece["cause"]],
                    "start": self._date(piece["start"]),
                    "end": self._date(piece["end"]),
                    "days": piece["end"] - piece["start"],
                }
            )
        return pd.DataFrame(rows, columns=["mission", "name", "cause", "start", "end", "days"])

    def events(self) -> pd.DataFrame:
        """Everything that happened, in order."""
        rows = [
            {
                "date": self._date(item["day"]),
                "what": item["what"],
                "mission": self._id(item["mission"]),
                "detail": item["detail"],
            }
            for item in self._trace.happenings
        ]
        return pd.DataFrame(rows, columns=["date", "what", "mission", "detail"])

    def series(self) -> pd.DataFrame:
        """Monthly means, a column each."""
        months = pd.to_datetime(self.meta["months"])
        table = dict(zip(self.meta["series"], self._trace.series, strict=True))
        return pd.DataFrame(table, index=pd.Index(months, name="month"))

    def phases(self) -> pd.DataFrame:
        """When each phase was first entered (NaT: not by the horizon)."""
        rows = [
            {"track": track["id"], "phase": phase, "title": title, "entered": self._date(day)}
            for track, days in zip(self.meta["tracks"], self._trace.phases, strict=True)
            for phase, title, day in zip(track["phases"], track["titles"], days, strict=True)
        ]
        return pd.DataFrame(rows)

    def story(self) -> str:
        """Tell the future in plain words, a line for each thing that matters."""
        lines = list(self._happenings())
        lines += [
            (day, f"* milestone: {about['title']}")
            for about, day in zip(self.meta["milestones"], self._trace.milestones, strict=True)
            if day == day
        ]
        lines += [
            (day, f"= {track['title']} phase: {title}")
            for track, days in zip(self.meta["tracks"], self._trace.phases, strict=True)
            for title, day in zip(track["titles"], days, strict=True)
            if day == day
        ]
        lines.sort(key=lambda line: line[0])
        told = [f"{self._date(day):%Y-%m-%d}  {text}" for day, text in lines if text]
        head = f"One future of {self.meta['title']} (seed {self.seed}, replication {self.replication})"
        return "\n".join([head, *_joined(told), *self._why()])

    def _happenings(self) -> Iterator[tuple[float, str]]:
        """Tell what happened: which launch of an attempt it is, and of a repair only what works again."""
        flights: Counter[int] = Counter()
        works = {self._address(item) for item in self._trace.happenings if item["what"] == "works"}
        repaired = {self._address(item) for item in self._trace.happenings if item["what"] == "repaired"}
        for item in self._trace.happenings:
            what, mission, told = item["what"], item["mission"], self._told(item)
            if what == "launched":
                flights[mission] += 1
                told += f" (launch {flights[mission]})" if flights[mission] > 1 else ""
            elif what in ("landed", "launch failure", "landing failure"):
                flights[mission] = 0
            elif what == "repaired" and self._address(item) in works:
                continue
            elif what == "works" and self._address(item) in repaired:
                told = told.replace(" works ", " works again ")
            yield item["day"], told

    @staticmethod
    def _address(item: dict[str, Any]) -> tuple[float, int, str]:
        return round(item["day"], 3), item["mission"], item["detail"]

    def _told(self, item: dict[str, Any]) -> str:
        pattern = _TOLD.get(item["what"], "")
        mission = self.meta["missions"][item["mission"]]["name"] if item["mission"] >= 0 else ""
        return pattern.format(mission=mission, detail=item["detail"])

    def _why(self) -> list[str]:
        """The critical path to the most advanced milestone that was reached, in words."""
        reached = [n for n, day in enumerate(self._trace.milestones) if day == day]
        if not reached:
            return ["", "No milestone was reached by the horizon."]
        milestone = self.meta["milestones"][reached[-1]]
        lines = ["", f"Why it took so long ({milestone['title']}):"]
        for row in self.path(milestone["id"]).to_dict("records"):
            months = row["days"] / DAYS_PER_MONTH
            if months >= 1:
                lines.append(f"  {months:6.1f} months  {row['cause']:<14} {row['name']}")
        return lines

    def _span(self, span: dict[str, Any]) -> list[Any]:
        about = self.meta["missions"][span["mission"]]
        cause = self.meta["causes"][span["cause"]]
        names = self.meta["rows"].get(_WAITED_FOR.get(cause, ""), [])
        what = names[span["what"]] if 0 <= span["what"] < len(names) else ""
        start, end = self._date(span["start"]), self._date(span["end"])
        days = span["end"] - span["start"]
        by = self._id(span["by"])
        return [about["id"], about["name"], span["attempt"] + 1, cause, start, end, days, by, what]

    def _id(self, number: int) -> str:
        return self.meta["missions"][number]["id"] if number >= 0 else ""

    def _date(self, day: float) -> Any:
        return timestamp(day + self._origin)

    def __repr__(self) -> str:
        return self.story()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.story())}</pre>"


def _joined(lines: list[str]) -> list[str]:
    """Put equal lines that follow one another into one, with their number."""
    counted = [(line, len(list(same))) for line, same in groupby(lines)]
    return [f"{line} ({count} times)" if count > 1 else line for line, count in counted]
