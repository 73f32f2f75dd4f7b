"""What several modules have in common, by concept: input files, export, engine settings, results."""
