"""Fits to the record: slips, landings, launches, stand-downs, growth with experience."""
