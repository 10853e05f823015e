"""One self-contained HTML page about saved results, and the pictures in it as files."""

from sim.report.page import write_report
from sim.report.pictures import write_plots

__all__ = ["write_plots", "write_report"]
