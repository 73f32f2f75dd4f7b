"""Takes the steps of a scenario one after the other, and hands outputs from step to step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connector import modules
from connector.errors import ConnectorError, InputError
from connector.forms import secrets_in, texts_in
from connector.redact import redact_data
from connector.scenario.attempts import Conduct, Work, carry_out
from connector.scenario.check import with_download
from connector.scenario.entries import LedgerUnusable, Run
from connector.scenario.expressions import expression, is_dynamic, render, setting
from connector.scenario.keeping import without_secrets
from connector.scenario.mapping import mapped
from connector.scenario.scenario import Scenario, Step

Outputs = dict[str, Any]

NOT_REPEATED = -1
"""Stands for the item where a step has none."""

_FINE: Mapping[str, Any] = {"skipped": False, "error": None}
_SKIPPED: Mapping[str, Any] = {"skipped": True, "error": None}


class Runner:
    """One pass over the steps of a scenario with the values of its inputs."""

    def __init__(self, scenario: Scenario, inputs: Mapping[str, Any], run: Run, conduct: Conduct) -> None:
        self._scenario = scenario
        self._inputs = inputs
        self._run = run
        self._conduct = conduct
        self.outputs: dict[str, Outputs] = {}

    def go(self) -> None:
        """All steps; those that the ledger knows are not run again. Raises ConnectorError naming the step."""
        for step in self._scenario.steps:
            self.outputs[step.id] = self._each(step) if step.for_each is not None else self._one(step, NOT_REPEATED, {})

    def _scope(self, more: Mapping[str, Any]) -> dict[str, Any]:
        return {"inputs": self._inputs, "steps": self.outputs, **more}

    def _each(self, step: Step) -> Outputs:
        with _naming(step):
            # A condition that does not look at the item is asked once, before the list: it may guard it.
            if not _asks_the_item(step) and not self._is_wanted(step, {}):
                self._conduct.report(step, NOT_REPEATED, "skipped")
                return {**_SKIPPED, "items": [], "files": []}
            items = self._items(step)
        each = [self._one(step, index, {"item": item, "index": index}) for index, item in enumerate(items)]
        files = [file for outputs in each for file in outputs.get("files") or []]
        error = next((outputs["error"] for outputs in each if outputs["error"]), None)
        return {**_FINE, "error": error, "items": each, "files": files}

    def _items(self, step: Step) -> list[Any]:
        scope = self._scope({})
        items = setting(step.for_each).value(scope) if isinstance(step.for_each, str) else render(step.for_each, scope)
        if not isinstance(items, list | tuple):
            raise InputError("for_each must give a list", fields={"for_each": "must give a list"})
        return list(items)

    def _one(self, step: Step, item: int, names: Mapping[str, Any]) -> Outputs:
        with _naming(step, item):
            entry = self._run.entry(step.id, item)
            if entry and entry.state == "done":
                self._conduct.report(step, item, "done before")
                return dict(entry.outputs)
            secrets: list[str] = []
            if self._is_wanted(step, names):
                outputs, secrets = self._carried_out(step, item, names)
            else:
                outputs = dict(_SKIPPED)
                self._conduct.report(step, item, "skipped")
            self._run.done(step.id, item, without_secrets(outputs, [*self._secrets(), *secrets]))
        return outputs

    def _carried_out(self, step: Step, item: int, names: Mapping[str, Any]) -> tuple[Outputs, list[str]]:
        """The outputs, and the secrets that went into them."""
        self._conduct.report(step, item, "started")
        secrets: list[str] = []
        try:
            work = self._work(step, item, names)
            secrets = list(secrets_in(work.module.Input.all(), work.form))
            outputs = {**_FINE, **carry_out(work, self._run, self._conduct)}
        except LedgerUnusable:
            raise
        except ConnectorError as error:
            if step.on_error != "continue":
                raise
            self._conduct.report(step, item, f"failed: {error.message}")
            return {**_FINE, "error": redact_data(error.to_dict())}, secrets
        self._conduct.report(step, item, "finished")
        return outputs, secrets

    def _is_wanted(self, step: Step, names: Mapping[str, Any]) -> bool:
        if step.when is None or isinstance(step.when, bool):
            return step.when is not False
        value = setting(step.when).value(self._scope(names))
        # Inputs from a command line are text, also those that say no.
        return value.strip().lower() not in ("", "false", "no", "off", "0") if isinstance(value, str) else bool(value)

    def _work(self, step: Step, item: int, names: Mapping[str, Any]) -> Work:
        module = modules.find(step.module)
        scope = self._scope(names)
        values = {name: _rendered(name, value, scope) for name, value in with_download(step, module).items()}
        form = module.fill(mapped(module.Input.all(), values))
        return Work(step, item, module, form, self._folder(step, scope))

    def _folder(self, step: Step, scope: Mapping[str, Any]) -> Path | None:
        base = self._conduct.output_dir
        if step.output_dir is None:
            return base
        folder = Path(str(_rendered("output_dir", step.output_dir, scope)))
        if _is_foreign(step.output_dir) and (folder.is_absolute() or ".." in folder.parts):
            problem = "must stay below the folder of the run where an output decides it"
            raise InputError(f"output_dir {problem}, not {str(folder)[:60]!r}", fields={"output_dir": problem})
        return base / folder if base else folder

    def _secrets(self) -> Iterator[str]:
        for name, field in self._scenario.inputs.items():
            if field.secret:
                yield from texts_in(self._inputs[name])


def _rendered(name: str, value: Any, scope: Mapping[str, Any]) -> Any:
    try:
        return render(value, scope)
    except InputError as error:
        raise InputError(f"{name}: {error.message}.", fields={name: error.message}) from None


def _asks_the_item(step: Step) -> bool:
    if not isinstance(step.when, str):
        return False
    return any(reference[0] in ("item", "index") for reference in setting(step.when).references)


def _is_foreign(text: str) -> bool:
    """Whether something other than the scenario and its inputs takes part in a text."""
    return is_dynamic(text) and any(reference[0] != "inputs" for reference in expression(text).references)


class _naming:  # noqa: N801 - reads as a statement
    """Whatever goes wrong inside says in which step, and at which item of it (counted from 1)."""

    def __init__(self, step: Step, item: int = NOT_REPEATED) -> None:
        self._where = f"Step {step.id!r}" + (f", item {item + 1}" if item != NOT_REPEATED else "")

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: object, __: object) -> None:
        if isinstance(error, ConnectorError):
            error.message = f"{self._where}: {error.message.rstrip('.')}."
            error.args = (error.message,)
