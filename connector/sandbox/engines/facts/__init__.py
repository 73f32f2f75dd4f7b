"""The room of the ExifTool engine."""
