"""What may be done again after it was cut off, because it can be found again or changes nothing the second time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.recipe import CustomJob, Job, Recipe


def makes_job(recipe: Recipe) -> bool:
    """Whether it creates a job, which can be taken up by its id."""
    return isinstance(recipe, Job | CustomJob)


def can_be_found(recipe: Recipe, form: Mapping[str, Any]) -> bool:
    """Whether its job can be found by a tag, even if its id was never told. A tag of a person's own takes its place."""
    return makes_job(recipe) and not (isinstance(recipe, CustomJob) and form.get("tag"))


def is_harmless(recipe: Recipe, form: Mapping[str, Any]) -> bool:
    """Whether doing it twice changes nothing."""
    method = getattr(recipe, "method", "GET")
    # The method of a person's own request is what they filled in; the recipe names the field.
    method = form.get(method, method)
    cancels = str(getattr(recipe, "path", "")).endswith("/cancel")
    return not makes_job(recipe) and (method in ("GET", "HEAD", "PUT", "DELETE") or cancels)
