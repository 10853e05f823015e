"""What saved results say: tables, estimates with their errors, comparisons."""
