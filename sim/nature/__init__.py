"""What nobody decides: chance, probability distributions and the calendar."""
