"""The rooms of the FFmpeg engine: what it makes, its arguments, frames, facts and checked commands."""
