"""The rooms of the table engine: text and spreadsheet files as rows of cells, with nothing but the standard library."""
