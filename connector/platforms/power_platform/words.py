"""Texts as the platform wants them: titles and summaries, without what its validator refuses."""

from __future__ import annotations

import re

_SMALL = frozenset({"a", "an", "and", "at", "by", "in", "of", "on", "or", "the", "to", "with"})


def title(text: str) -> str:
    """A parameter's title: every word with a capital, but for the small ones."""
    words = _allowed(text).split()
    return " ".join(
        word if index and word in _SMALL else word[:1].upper() + word[1:] for index, word in enumerate(words)
    )


def summary(text: str) -> str:
    """An operation's title in sentence case, which ends with a letter or digit and holds no slash."""
    words = _allowed(text).split()
    return " ".join(word if not index or _is_name(word) else word.lower() for index, word in enumerate(words))


def description(text: str) -> str:
    """A full sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _allowed(text: str) -> str:
    plain = text.replace("/", "-").replace(" (", " - ").replace(")", "")
    return re.sub(r"[^A-Za-z0-9]+$", "", plain)


def _is_name(word: str) -> bool:
    return (word.isupper() and len(word) > 1) or any(c.isupper() for c in word[1:])


def kebab(name: str) -> str:
    """An operation's name as a part of a path."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
