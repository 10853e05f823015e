"""One replication: a possible future of the campaign, as SimPy processes."""
