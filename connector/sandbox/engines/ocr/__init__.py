"""The rooms of the text recognition engine: Tesseract, and the layer of text that it puts behind pages."""
