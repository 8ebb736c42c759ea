"""Makes sheets to print and fill in by hand: from tables and words alone, as PDF."""
