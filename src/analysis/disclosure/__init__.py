"""What the public may know: one decision a county's year, for every table, figure, sentence and edition."""
