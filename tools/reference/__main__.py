"""Write the reference pages into a folder: ``python -m tools.reference docs/reference``."""

import sys
from pathlib import Path

from tools.reference.pages import write_pages

write_pages(Path(sys.argv[1]))
