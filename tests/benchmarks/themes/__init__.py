"""What is measured, one file for each theme; a function marked with `measure` gives the rows of one measure."""
