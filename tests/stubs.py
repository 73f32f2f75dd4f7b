"""What editors and type checkers see of Airflow's operators: `python -m tests.stubs` writes it, `--check` compares it."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from connector.hosts.airflow.arguments import OWN, REQUIRED, Argument, actions, arguments_of, operator_name, summary_of
from connector.module import Module

FILE = Path(__file__).resolve().parent.parent / "connector" / "hosts" / "airflow" / "operators.pyi"
HEAD = '''"""Written by `python -m tests.stubs` from the modules' declarations."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from connector.hosts.airflow.actions import ModuleOperator

OPERATORS: dict[str, type[ModuleOperator]]
'''


def stub() -> str:
    """The whole file."""
    return "\n\n".join([HEAD.rstrip(), *(_class(module) for module in actions())]) + "\n"


def _class(module: type[Module]) -> str:
    arguments = [*arguments_of(module), *(Argument(n, "", type(v).__name__, v, "") for n, v in OWN.items())]
    ordered = sorted(arguments, key=lambda one: one.default is not REQUIRED)
    lines = [f"        {_argument(one)}," for one in ordered]
    text = summary_of(module).strip()
    text = textwrap.indent(text + "\n", "    ").lstrip() + "    " if "\n" in text else text
    head = f'class {operator_name(module)}(ModuleOperator):\n    """{text}"""\n'
    return "\n".join(
        [head, "    def __init__(", "        self,", "        *,", *lines, "        **rest: Any,", "    ) -> None: ..."]
    )


def _argument(one: Argument) -> str:
    return f"{one.name}: {one.annotation}" + ("" if one.default is REQUIRED else " = ...")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(FILE.read_text() != stub())
    FILE.write_text(stub())
