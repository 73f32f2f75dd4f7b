"""The rooms of the Ghostscript engine: PDF/A, PostScript and smaller PDF files."""
