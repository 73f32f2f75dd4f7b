"""The rooms of the qpdf and PDFium engines. They import their libraries at once: only workers enter them."""
