"""The seven actions that DronaHQ ships for CloudConvert, and the modules that they are. This mapping stands only here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.module import Module
from connector.modules.capture_website import CaptureWebsite
from connector.modules.convert_file import ConvertFile
from connector.modules.filter_formats import FilterFormats
from connector.modules.get_job import GetJob
from connector.modules.list_formats import ListFormats
from connector.modules.list_jobs import ListJobs
from connector.modules.wait_for_job import WaitForJob


@dataclass(frozen=True)
class Input:
    """An input of an action: the module's field, and DronaHQ's name of the variable that holds it.

    A variable of a query is called like its parameter, so that its name stays empty. `label` is DronaHQ's own, where it
    says something else than the field's.
    """

    field: str
    variable: str = ""
    label: str = ""


@dataclass(frozen=True)
class Action:
    """An action under DronaHQ's name. `constants` are parameters of the query that are always sent."""

    name: str
    module: type[Module]
    inputs: tuple[Input, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)


_JOB = Input("job_id", "jobId", "Select Job")

ACTIONS = (
    Action("AllSupportedFormats", ListFormats),
    Action("FilterFormatsByInput", FilterFormats, (Input("input_format"),), {"include": "options"}),
    Action(
        "CreateConvertFileJob",
        ConvertFile,
        (
            Input("input_file", "FileURL", "File URL"),
            Input("input_format", "InputFormat"),
            Input("output_format", "OutputFormat"),
            Input("tag", "Tag"),
        ),
    ),
    Action("ShowJob", GetJob, (_JOB,)),
    Action("WaitForAJob", WaitForJob, (_JOB,)),
    Action(
        "ListJobs",
        ListJobs,
        (Input("status", label="Filter by Status"), Input("tag", label="Filter by Tag")),
        {"per_page": "1000"},
    ),
    Action(
        "CaptureWebsiteJob",
        CaptureWebsite,
        (Input("url", "URL"), Input("output_format", "OutputFormat"), Input("tag", "Tag")),
    ),
)
"""In the order in which DronaHQ lists them."""


def number_of(name: str) -> int:
    """The number by which a drop-down list refers to an action, from 1. An account gives numbers of its own."""
    return next(number for number, action in enumerate(ACTIONS, 1) if action.name == name)
