"""Files as import tasks: uploaded or imported from a URL, as the person chose for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connector.fields import Field, File
from connector.platforms.fusion.iml import if_, whole
from connector.platforms.fusion.limits import MOST
from connector.platforms.fusion.value import value

Json = dict[str, Any]


@dataclass(frozen=True)
class Import:
    """One import task: its `name` in the job, and the expression `at` which the person's choice is found.

    One that may be absent has a place `kept` among the temporary variables. `numbered` are the items of a list;
    `task_name` is the expression of a name that a person chose.
    """

    name: str
    at: str
    kept: str | None = None
    task_name: str | None = None
    numbered: bool = False

    @property
    def wanted(self) -> str:
        """Whether there is such a file, as an expression."""
        return self.at

    @property
    def uploaded(self) -> str:
        """Whether it is to be uploaded, as an expression."""
        return f"{self.at} = 'upload'"

    @property
    def named(self) -> str:
        """The task's name, as an expression."""
        return self.task_name or f"'{self.name}'"

    @property
    def task(self) -> Any:
        """What stands for it in the job's tasks: nothing, where it may be absent and is."""
        return whole(if_(self.wanted, self.kept)) if self.kept else self.described()

    def described(self) -> Json:
        """The import task."""
        fields = File.url_fields
        url, headers = (value(fields[key], f"{self.at}_{key}") for key in ("url", "headers"))
        by_url = f"{self.at} = 'url'"
        return {
            "operation": f"import/{whole(self.at)}",
            "url": whole(if_(by_url, url)),
            "headers": whole(if_(by_url, headers)),
        }


def one_or_many(field: Field, at: str) -> list[Import]:
    """The imports of a field with one file, or with a list of files."""
    if field.kind != "files":
        return [Import("import-1", at)]
    return [
        Import(f"import-{number}", f"{at}[{number}].file", f"temp.import_{number}", numbered=True)
        for number in range(1, MOST + 1)
    ]


def beside(name: str, at: str) -> Import:
    """The import of a file that is a parameter of the task, and may be absent."""
    return Import(name, at, f"temp.{name.replace('-', '_')}")
