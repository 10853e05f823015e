"""The explorer in JupyterLab: sliders beside pictures that follow them.

Everything runs in the kernel's own event loop: between two small portions of replications it is given
back, so that a slider that was moved in the meantime is heard at once and the old work is given up.
"""

from __future__ import annotations

import asyncio
from typing import Any

import ipywidgets as widgets

from sim.exploring import FIRST, MOST, Explorer, Lever
from sim.plots.style import as_png
from sim.scenario.problems import ScenarioError

_PAUSE_SECONDS = 0.15
_DOTS_PER_INCH = 80


class Panel:
    """Sliders, a choice of milestones, a line of state and a picture."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.picture = widgets.Image(format="png", layout={"width": "680px"})
        self.state = widgets.HTML()
        self.sliders = {name: self._slider(lever) for name, lever in explorer.levers.items()}
        options = [(title, key) for key, title in explorer.milestones.items()]
        self.choice = widgets.Dropdown(
            options=options, value=explorer.milestone, description="Milestone",
            style={"description_width": "initial"}, layout={"width": "360px"},
        )  # fmt: skip
        self.choice.observe(self._turned, names="value")
        reset = widgets.Button(description="As in the scenario")
        reset.on_click(self._reset)
        rows = [row for slider in self.sliders.values() for row in (slider["title"], slider["widget"])]
        left = widgets.VBox([self.choice, *rows, reset, self.state], layout={"width": "380px"})
        self.box = widgets.HBox([left, self.picture])
        self.task: asyncio.Task[None] | None = None
        self._restart()

    def _slider(self, lever: Lever) -> dict[str, Any]:
        unit = f" [{lever.unit}]" if lever.unit else ""
        widget = widgets.FloatSlider(
            value=lever.start, min=lever.low, max=lever.high, step=lever.step,
            layout={"width": "360px"}, readout_format=".2f" if lever.step < 0.1 else ".0f",
        )  # fmt: skip
        widget.observe(lambda change: self._set(lever.name, change["new"]), names="value")
        title = widgets.HTML(f"<small>{lever.title}{unit}</small>")
        return {"title": title, "widget": widget}

    def _set(self, name: str, value: float) -> None:
        self.explorer.set(name, value)
        self._restart()

    def _turned(self, change: dict[str, Any]) -> None:
        self.explorer.show(change["new"])
        self._restart()

    def _reset(self, _: Any) -> None:
        for name, slider in self.sliders.items():
            slider["widget"].value = self.explorer.levers[name].start

    def _restart(self) -> None:
        """Give up what was being refined and begin anew."""
        if self.task is not None:
            self.task.cancel()
        self.task = asyncio.get_event_loop().create_task(self.refine())

    async def refine(self) -> None:
        """Draw from a few replications, then from more, as long as nothing is moved."""
        await asyncio.sleep(_PAUSE_SECONDS)
        shown = 0
        try:
            while shown < MOST:
                shown = await self._more(max(FIRST, min(2 * shown, MOST)), shown)
                figure = self.explorer.figure(shown, self.explorer.results(shown))
                self.picture.value = as_png(figure, _DOTS_PER_INCH)
                more = "" if shown == MOST else ", more are on their way"
                self.state.value = f"<small>{shown} replications on the same luck{more}</small>"
                await asyncio.sleep(_PAUSE_SECONDS)
        except ScenarioError as error:
            self.state.value = f"<pre>{error}</pre>"

    async def _more(self, wanted: int, shown: int) -> int:
        """Run up to the wanted number in portions, listening in between."""
        for count in (*range(shown + FIRST, wanted, FIRST), wanted):
            self.explorer.results(count)
            await asyncio.sleep(0.01)
        return wanted


def panel(explorer: Explorer) -> widgets.Widget:
    """Make the panel of an explorer."""
    shown = Panel(explorer)
    shown.box.panel = shown  # keeps it alive as long as it is shown
    return shown.box
