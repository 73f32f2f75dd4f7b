"""One operator for each module that does something: `ConvertFileOperator`, `MergeFilesOperator`, `ListJobsOperator` ...

Made from the declarations; `operators.pyi` shows them to editors (written by `python -m tests.stubs`). Every argument can
hold a template, and takes the outputs of other tasks: `input_file=convert.output["url"]`.
"""

from __future__ import annotations

import inspect
import types
from typing import Any

from connector.hosts.airflow.actions import EndOperator, JobOperator, ModuleOperator
from connector.hosts.airflow.arguments import OWN, Argument, actions, arguments_of, is_job, operator_name, summary_of
from connector.module import Module, Search
from connector.recipe import Call

_RETRIES = 2  # safe: a retried task finds the job of the try before


def _operator(module: type[Module]) -> type[ModuleOperator]:
    arguments = tuple(arguments_of(module))
    namespace = {
        "__module__": __name__,
        "__doc__": summary_of(module),
        "__init__": _init(module, arguments),
        "declared": module,
        "recipe": module.recipe,
        "arguments": arguments,
        "template_fields": tuple(argument.name for argument in arguments),
        "ui_color": "#f7e4e1",
    }
    return types.new_class(operator_name(module), (_base(module),), exec_body=lambda body: body.update(namespace))


def _base(module: type[Module]) -> type[ModuleOperator]:
    if is_job(module):
        return JobOperator
    ends = isinstance(module.recipe, Call) and module.recipe.until_ended
    return EndOperator if ends else ModuleOperator


def _init(module: type[Module], arguments: tuple[Argument, ...]) -> Any:
    """A constructor whose signature names the arguments, as Airflow reads it for `default_args` and `partial`."""
    defaults = {**OWN, **{one.name: one.default for one in arguments}}
    parent = _base(module)
    outputs = {} if issubclass(module, Search) else {"multiple_outputs": True}

    def __init__(self: Any, **given: Any) -> None:  # noqa: N807 - it becomes the operator's own
        for name, default in defaults.items():
            setattr(self, name, given.pop(name, default))
        parent.__init__(self, **{"retries": _RETRIES, **outputs, **given})

    __init__.__signature__ = _signature(arguments)  # type: ignore[attr-defined]
    return __init__


def _signature(arguments: tuple[Argument, ...]) -> inspect.Signature:
    kinds = inspect.Parameter
    named = [kinds(one.name, kinds.KEYWORD_ONLY, default=one.default, annotation=one.annotation) for one in arguments]
    own = [kinds(name, kinds.KEYWORD_ONLY, default=default, annotation=type(default)) for name, default in OWN.items()]
    return inspect.Signature(
        [kinds("self", kinds.POSITIONAL_OR_KEYWORD), *named, *own, kinds("rest", kinds.VAR_KEYWORD)]
    )


OPERATORS: dict[str, type[ModuleOperator]] = {operator.__name__: operator for operator in map(_operator, actions())}
globals().update(OPERATORS)

__all__ = ["OPERATORS", *OPERATORS]  # noqa: PLE0604 - the keys are texts
