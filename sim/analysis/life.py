"""The station in one future: power, stores, people, light and elements, as tables in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.tables import timestamp
from sim.batch.traced import Trace
from sim.nature.calendar import EPOCH

_WORKS, _STOPS = "works", "stops working"


class StationLife:
    """What the station did in a traced replication.

    Every table says from when on something holds; it holds until the next row, the last one until the
    horizon.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._origin = float((pd.Timestamp(trace.meta["data_date"]).date() - EPOCH).days)

    def power(self) -> pd.DataFrame:
        """The flows of power [kW], and the stored energy at the beginning of each [kWh].

        Columns: ``date``, ``<generation>_kw``, ``served_<class>_kw``, ``unserved_<class>_kw``,
        ``curtailed_kw``, ``lost_kw``, ``stored_kwh``, ``stored_kw`` (its rate, negative on discharge), and
        the sums ``generated_kw``, ``served_kw``, ``unserved_kw``, ``load_kw``.
        """
        table = self._table("flows", self._trace.columns["flows"])
        kinds = [f"{name}_kw" for name in self._trace.meta["generations"]]
        served = [name for name in self._trace.columns["flows"] if name.startswith("served_")]
        unserved = [name for name in self._trace.columns["flows"] if name.startswith("unserved_")]
        table["generated_kw"] = table[kinds].sum(axis=1)
        table["served_kw"] = table[served].sum(axis=1)
        table["unserved_kw"] = table[unserved].sum(axis=1)
        table["load_kw"] = table["served_kw"] + table["unserved_kw"]
        return table

    def standings(self) -> pd.DataFrame:
        """Installed, continuous and firm power [kW], people, and landed mass [kg]."""
        return self._table("standings", self._trace.columns["standings"])

    def stores(self) -> pd.DataFrame:
        """Levels in store and their rates.

        Columns: ``commodity``, ``name``, ``unit``, ``date``, ``level`` [unit], ``rate`` [unit/d].
        """
        frames = []
        for about in self._trace.meta["commodities"]:
            table = self._table(f"store/{about['id']}", ["day", "level", "rate"])
            names = {"commodity": about["id"], "name": about["name"], "unit": about["unit"]}
            frames.append(table.assign(**names))
        columns = ["commodity", "name", "unit", "date", "level", "rate"]
        return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)

    def light(self) -> pd.DataFrame:
        """The spells in which the site is lit: ``start`` and ``end``."""
        return self._spells("lit")

    def earth(self) -> pd.DataFrame:
        """The spells in which the Earth is in view: ``start`` and ``end``."""
        return self._spells("in_view")

    def phases(self) -> pd.DataFrame:
        """Each phase as it came into force: ``track``, ``phase``, ``title``, ``start``, ``end``."""
        rows: list[dict[str, Any]] = []
        for track in self._trace.meta["tracks"]:
            history = self._trace.station[f"phases/{track['id']}"]
            ends = [*history[1:, 0], self.horizon_day]
            for (day, number), end in zip(history, ends, strict=True):
                if end > day:
                    rows.append(
                        {
                            "track": track["id"],
                            "phase": track["phases"][int(number)],
                            "title": track["titles"][int(number)],
                            "start": self.date(day),
                            "end": self.date(end),
                        }
                    )
        return pd.DataFrame(rows, columns=["track", "phase", "title", "start", "end"])

    def working(self) -> pd.DataFrame:
        """How many elements of each kind work: ``element``, ``role``, ``date``, ``working``.

        An element works while it is started up and neither failed nor gone; it may still lack power.
        """
        steps = {_WORKS: 1, _STOPS: -1}
        roles = {unit["name"]: unit["role"] for unit in self._trace.meta["elements"]}
        counts: dict[str, int] = {}
        rows: list[dict[str, Any]] = []
        for item in self._trace.happenings:
            step, name = steps.get(item["what"]), item["detail"]
            if step is not None:
                counts[name] = counts.get(name, 0) + step
                about = {"element": name, "role": roles.get(name, "")}
                rows.append({**about, "date": self.date(item["day"]), "working": counts[name]})
        return pd.DataFrame(rows, columns=["element", "role", "date", "working"])

    @property
    def horizon_day(self) -> float:
        """The horizon, from the data date [d]."""
        return float((pd.Timestamp(self._trace.meta["horizon"]).date() - EPOCH).days) - self._origin

    def date(self, day: float) -> Any:
        """Turn a day from the data date on into a timestamp."""
        return timestamp(day + self._origin)

    def _table(self, name: str, columns: list[str]) -> pd.DataFrame:
        table = pd.DataFrame(self._trace.station[name], columns=columns)
        table.insert(0, "date", self._dates(table.pop("day").to_numpy()))
        return table

    def _spells(self, name: str) -> pd.DataFrame:
        spells = np.asarray(self._trace.station[name]).reshape(-1, 2)
        return pd.DataFrame({"start": self._dates(spells[:, 0]), "end": self._dates(spells[:, 1])})

    def _dates(self, days: Any) -> Any:
        seconds = np.round((np.asarray(days, dtype=float) + self._origin) * 86400)
        return pd.to_datetime(seconds, unit="s").astype("datetime64[s]")
