"""The rooms of the archive engine: reading strangers' archives with limits, and writing new ones."""
