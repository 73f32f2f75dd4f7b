"""What the engines for documents share: what files look like inside, paper, and the filters of LibreOffice."""
