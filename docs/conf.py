"""How the documentation is built: ``make docs``."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import sim  # noqa: E402

project = "ILRS-Sim"
author = "the authors of ILRS-Sim"
release = version = sim.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
default_role = "code"
highlight_language = "text"
smartquotes_action = "D"  # dashes only; options in prose are written as code

napoleon_use_ivar = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = False

html_theme = "furo"
html_title = "ILRS-Sim"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False


def _write_reference(_: Sphinx) -> None:
    from tools.reference.pages import write_pages

    write_pages(HERE / "reference")


def setup(app: Sphinx) -> None:
    """Write the reference pages before the sources are read."""
    app.connect("builder-inited", _write_reference)
