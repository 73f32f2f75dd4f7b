"""The rooms of the ImageMagick and GraphicsMagick engines."""
