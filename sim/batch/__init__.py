"""Many replications: planning, chunks on disk, resume, and where every result came from."""
