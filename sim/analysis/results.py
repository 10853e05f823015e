"""The results of a batch: one object for one scenario and for many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis import tables
from sim.analysis.saved import SavedScenario
from sim.batch.sampling import Sampling
from sim.batch.store import ResultsError, Store, opened_chunk

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.analysis.attribution import Why
    from sim.analysis.attribution_of_difference import WhyDifferent
    from sim.analysis.periods import By


class Results:
    """Saved replications of one or several scenarios.

    The same verbs work on one scenario and on many: ``results.milestones()`` and
    ``results["baseline"].milestones()`` give tables of the same shape.

    Attributes:
        folder: where they are stored.
        scenarios: names, in order.
    """

    def __init__(self, folder: Path, batch: dict[str, Any], saved: list[SavedScenario]) -> None:
        self.folder = folder
        self.batch = batch
        self._saved = saved

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""
        return [saved.name for saved in self._saved]

    @property
    def saved(self) -> list[SavedScenario]:
        """The single scenarios as arrays."""
        return self._saved

    @property
    def seed(self) -> int:
        """Seed of the batch."""
        return int(self.batch["seed"])

    @property
    def until(self) -> pd.DataFrame:
        """Looks of the last sequential run: replications, the quantile and its interval at each.

        Raises:
            ResultsError: no goal was given when it was run.
        """
        if "until" not in self.batch:
            raise ResultsError(
                'no goal was given; run with --until "0.5 months on P80 of permanent-presence"'
            )
        table = tables.looks(self.batch["until"])
        return table[table["scenario"].isin(self.scenarios)].reset_index(drop=True)

    def __len__(self) -> int:
        return len(self._saved)

    def __iter__(self) -> Iterator[Results]:
        return (self[name] for name in self.scenarios)

    def __getitem__(self, names: str | list[str]) -> Results:
        """Pick one scenario, or several, by name.

        Raises:
            ResultsError: there is no such scenario.
        """
        wanted = [names] if isinstance(names, str) else names
        saved = {item.name: item for item in self._saved}
        for name in wanted:
            if name not in saved:
                raise ResultsError(_no_scenario(name, list(saved)))
        return Results(self.folder, self.batch, [saved[name] for name in wanted])

    @cached_property
    def dataset(self) -> xr.Dataset:
        """All replications as a lazy xarray Dataset."""
        from sim.analysis.dataset import open_dataset

        return open_dataset(self._saved, self.batch["record"])

    def milestones(self) -> pd.DataFrame:
        """When milestones are reached: share, quantiles and their intervals, a row each."""
        return tables.milestones(self._saved)

    def missions(self) -> pd.DataFrame:
        """What becomes of each mission: shares of outcomes, planned and simulated launch dates."""
        return tables.missions(self._saved)

    def series(self) -> pd.DataFrame:
        """Monthly series: mean and quantiles over the replications."""
        return tables.series(self._saved)

    def phases(self) -> pd.DataFrame:
        """Share of replications in each phase at the end of each month."""
        return tables.phases(self._saved)

    def adequacy(self, by: By = None, track: str = "station") -> pd.DataFrame:
        """Is there enough power: LOLP, LOLH, energy not served, shortfalls, by class of loads.

        Args:
            by: ``"year"``, ``"phase"`` (of the track), or None for the whole time.
            track: whose phases.
        """
        from sim.analysis.adequacy import adequacy

        return adequacy(self._saved, by, track)

    def energy(self, by: By = None, track: str = "station") -> pd.DataFrame:
        """The balance of energy: generated, served, stored, lost, curtailed, not served [kWh]."""
        from sim.analysis.adequacy import energy

        return energy(self._saved, by, track)

    def crew(self, by: By = None, track: str = "station") -> pd.DataFrame:
        """People at the station: crew-days, share of time, dose, and loss of crew with its interval."""
        from sim.analysis.people import crew

        return crew(self._saved, by, track)

    def stays(self) -> pd.DataFrame:
        """How stays on the surface end: as planned, or early for what cause."""
        from sim.analysis.people import stays

        return stays(self._saved)

    def elements(self) -> pd.DataFrame:
        """What becomes of the elements, kind by kind: fates and survival."""
        from sim.analysis.elements import elements

        return elements(self._saved)

    def alone(self) -> pd.DataFrame:
        """How long each function of the station goes on after the silence or the last delivery."""
        from sim.analysis.elements import alone

        return alone(self._saved)

    def gates(self) -> pd.DataFrame:
        """Which condition of each gate binds, and when it comes."""
        from sim.analysis.gates import gates

        return gates(self._saved)

    def output(self, by: By = None, track: str = "station") -> pd.DataFrame:
        """What the station yields: science, astronomy, attendance, products."""
        from sim.analysis.output import output

        return output(self._saved, by, track)

    def stores(self) -> pd.DataFrame:
        """What is kept in store at the station, and what was made there."""
        from sim.analysis.output import stores

        return stores(self._saved)

    def failures(self) -> pd.DataFrame:
        """Replications that raised an error, with its traceback."""
        return tables.failures(self._saved)

    def compare(self, reference: str | None = None) -> pd.DataFrame:
        """Differences of each scenario from a reference, on common random numbers.

        Args:
            reference: name of the reference; by default the first scenario.
        """
        from sim.analysis.comparison import compare

        names = self.scenarios
        chosen = reference or names[0]
        if chosen not in names:
            raise ResultsError(_no_scenario(chosen, names))
        return compare(self._saved, chosen)

    def in_words(self, milestones: Sequence[str] | None = None, reference: str | None = None) -> list[str]:
        """Say in plain words when milestones are reached, and what each scenario changes.

        Args:
            milestones: ids; by default those that the scenario calls headlines, or all if there are none.
            reference: name of the scenario with which the others are compared; by default the first.

        Raises:
            ResultsError: there is no such milestone or scenario.
        """
        from sim.analysis.sentences import in_words

        chosen = self[reference or self.scenarios[0]].scenarios[0]
        return in_words(self._saved, chosen, milestones)

    def uncertainty(self, milestone: str | None = None) -> pd.DataFrame:
        """Split the uncertainty of milestones into what knowledge could remove and what is chance.

        Needs a nested batch: ``sim.run("baseline", draws=200, seeds=20)``.

        Args:
            milestone: only this one; by default all.

        Raises:
            ResultsError: the results are not nested, or there is no such milestone.
        """
        from sim.analysis.uncertainty import uncertainty

        return uncertainty(self._saved, milestone)

    def drivers(self, milestone: str) -> pd.DataFrame:
        """Rank what is not known by how a date goes with it, from what is saved; no new replications.

        Args:
            milestone: whose date; see `sim.analysis.drivers.correlations` for the columns.

        Raises:
            ResultsError: there is no such milestone, or there are too few replications.
        """
        import pandas as pd

        from sim.analysis.drivers import correlations

        tables = [correlations(*self._sample(saved, milestone)) for saved in self._saved]
        return pd.concat(tables, ignore_index=True)

    def regions(self, milestone: str, by: str | None = None) -> pd.DataFrame:
        """In which regions of what is not known is a milestone missed? From the first scenario.

        Args:
            milestone: missing it, by the horizon or by a date, is failing.
            by: that date.

        Raises:
            ResultsError: there is no such milestone, or there are too few replications.
        """
        from sim.analysis.drivers import sample_of
        from sim.analysis.regions import regions

        return regions(sample_of(self._saved[0], self.seed), milestone, by)

    def assumptions(self) -> pd.DataFrame:
        """The assumption register: how strongly each milestone depends on each thing not known."""
        from sim.analysis.drivers import assumptions, sample_of

        return assumptions([(sample_of(s, self.seed), _draws_of(s), s.name) for s in self._saved])

    def _sample(self, saved: SavedScenario, milestone: str) -> tuple[Any, str, Any, str]:
        from sim.analysis.drivers import sample_of

        return sample_of(saved, self.seed), milestone, _draws_of(saved), saved.name

    def sampling_of(self, scenario: str, digest: str, replication: int) -> Sampling:
        """Say how a replication of a scenario got its luck.

        Raises:
            ResultsError: there is no such replication, or the scenario was another when it was run.
        """
        saved = self[scenario].saved[0]
        if replication >= saved.replications:
            last = saved.replications - 1
            raise ResultsError(
                f"{scenario} has replications 0 to {last} in these results, no {replication}"
            )
        if saved.meta["digest"] != digest:
            raise ResultsError(f"{scenario} is not what it was when these results were made; run it again")
        return saved.sampling

    def why(self, milestone: str, scenario: str | None = None, futures: str = "all") -> Why:
        """Why a milestone is reached no earlier: its days by cause and mission along the critical path.

        Args:
            milestone: id.
            scenario: name; by default the first.
            futures: ``all`` that reach it, or their ``best-fifth`` or ``worst-fifth``.

        Raises:
            ResultsError: critical paths were not recorded (``record="paths"``), or there is nothing to
                explain.
        """
        from sim.analysis.attribution import why

        return why(self[scenario or self.scenarios[0]].saved[0], milestone, futures)

    def why_different(
        self, milestone: str, scenario: str | None = None, reference: str | None = None
    ) -> WhyDifferent:
        """Why a milestone is later or earlier than in a reference: the difference by cause and mission.

        Args:
            milestone: id.
            scenario: name; by default the last.
            reference: name; by default the first.

        Raises:
            ResultsError: critical paths were not recorded (``record="paths"``), or nothing compares.
        """
        from sim.analysis.attribution_of_difference import why_different

        names = self.scenarios
        chosen = self[scenario or names[-1]].saved[0]
        return why_different(chosen, self[reference or names[0]].saved[0], milestone)

    def export(self, path: str | Path, how: str | None = None) -> Path:
        """Write the results for other tools.

        Args:
            path: the file (for Zarr, the folder) to write.
            how: ``csv`` or ``parquet`` (dates of milestones and launches, a row each), ``netcdf`` or
                ``zarr`` (the whole dataset); by default as the path ends.

        Raises:
            ResultsError: the format is unknown, or the package that writes it is not installed.
        """
        from sim.analysis.export import write

        tables_only = how in ("csv", "parquet") or Path(path).suffix in (".csv", ".parquet")
        return write(self._saved, None if tables_only else self.dataset, path, how)

    def to_ema(self) -> tuple[pd.DataFrame, dict[str, Any]]:
        """Give ``(experiments, outcomes)`` as EMA workbench reads them, a row for each replication."""
        from sim.analysis.export import ema_pair

        return ema_pair(self._saved)

    def digest(self) -> str:
        """SHA-256 over every recorded value, in a fixed order.

        It does not depend on workers, chunks, the order of scenarios, interruptions, or the order in
        which a nested batch got its draws and seeds.
        """
        digest = sha256()
        for saved in sorted(self._saved, key=lambda item: item.name):
            digest.update(saved.name.encode())
            for name in sorted(_stored_names(saved)):
                values = saved.read(name)[saved.sampling.order(saved.replications)]
                digest.update(name.encode() + values.tobytes())
        return digest.hexdigest()

    def __repr__(self) -> str:
        lines = [f"Results in {self.folder}, seed {self.seed}"]
        lines += [f"  {saved.name}: {int(saved.completed.sum())} replications" for saved in self._saved]
        return "\n".join([*lines, "", tables.headline_text(self._saved)])

    def _repr_html_(self) -> str:
        return tables.headline_html(self._saved)


def open_results(folder: str | Path) -> Results:
    """Open the results of a batch, also while it is still running.

    Raises:
        ResultsError: the folder holds no results, or results of another format.
    """
    store = Store(Path(folder))
    batch = store.batch()
    sampling = Sampling.read(batch)
    saved = [SavedScenario(stored, sampling) for stored in store.scenarios()]
    return Results(store.folder, batch, saved)


def _draws_of(saved: SavedScenario) -> Any:
    """Draw of each completed replication of a nested batch, whose seeds share what is not known."""
    return saved.groups if saved.sampling.kind == "nested" else None


def _no_scenario(name: str, known: list[str]) -> str:
    return f"there is no scenario `{name}` in these results; there are {', '.join(known)}"


def _stored_names(saved: SavedScenario) -> list[Any]:
    if not saved.chunks:
        return []
    with opened_chunk(saved.chunks[0].path) as file:
        ragged = ("span_", "path_", "failures")
        return [name for name in file.files if not name.startswith(ragged)]
