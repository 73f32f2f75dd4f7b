"""The room of the 7-Zip engine."""
