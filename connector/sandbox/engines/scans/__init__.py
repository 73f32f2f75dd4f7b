"""The room of the DjVu engine."""
