"""Speed and memory, always as a ratio against a reference in the same run. See ``make bench``."""
