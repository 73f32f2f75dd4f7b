"""The rooms of the engines for drawings: librsvg and Inkscape."""
