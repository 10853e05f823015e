"""All pages of the reference."""

from __future__ import annotations

from pathlib import Path

from tools.reference.ground import assumptions_page, baseline, sources_page
from tools.reference.keys import keys_page
from tools.reference.library import library_page, plots_page
from tools.reference.verbs import verbs_page
from tools.reference.words import words_page


def all_pages() -> dict[str, str]:
    """Write every page; the names are those of the files."""
    resolved = baseline()
    return {
        "scenario-keys": keys_page(),
        "command-line": verbs_page(),
        "library": library_page(),
        "plots": plots_page(),
        "words": words_page(),
        "assumptions": assumptions_page(resolved),
        "sources": sources_page(resolved),
    }


def write_pages(folder: Path) -> None:
    """Write the pages into a folder; one that has not changed is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in all_pages().items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
