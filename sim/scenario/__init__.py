"""What the user writes: scenario files, their schema, and the campaign they compile to."""
