"""The v2 job that an order becomes, and what is lost on the way. No I/O here but the catalogue's, where one is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector.catalogue import Catalogue, Known, Operation, check_task
from connector.catalogue.check import PLAIN, check_options
from connector.errors import InputError
from connector.hosts.v1.options import options_of, v1_name
from connector.hosts.v1.order import WEBSITE, Input, Mode, Order

OPERATIONS: Mapping[Mode, str] = {
    "convert": "convert",
    "info": "metadata",
    "combine": "merge",
    "archive": "archive",
    "extract": "convert",
}
"""What does the work of each mode."""

_WITH_OPTIONS: tuple[Mode, ...] = ("convert", "extract", "combine", "archive")
_SEVERAL: tuple[Mode, ...] = ("convert", "extract")
"""Modes that may give several files, which are then also wanted in one ZIP."""


@dataclass(frozen=True)
class Translation:
    """A job's tasks by name, and sentences about what v2 does not do.

    `main` is the task that does the work. `exports` are the tasks whose files are handed out: first the one with each file,
    then the one with all of them in a ZIP, where there may be several. `uploads` are the import tasks that wait for a
    file of one's own.
    """

    tasks: Mapping[str, Mapping[str, Any]]
    main: str
    exports: tuple[str, ...]
    uploads: tuple[str, ...]
    lost: tuple[str, ...]


def translate(order: Order, *, mark: str = "") -> Translation:
    """The job of an order. `mark` is added to the names of its last tasks, by which the job can be known again."""
    operation = "capture-website" if _is_page(order) else OPERATIONS[order.mode]
    imports = {} if _is_page(order) else _imports(order.input)
    options, lost = options_of(order.options) if order.mode in _WITH_OPTIONS else ({}, {})
    main = operation + ("" if order.mode != "info" else mark)
    tasks: dict[str, Mapping[str, Any]] = {**imports, main: _main(order, operation, list(imports), options)}
    exports = _exports(order, main, mark)
    return Translation(
        {**tasks, **exports},
        main,
        tuple(name for name, task in exports.items() if task["operation"] == "export/url"),
        tuple(name for name, task in imports.items() if task["operation"] == "import/upload"),
        (*lost.values(), *_notes(order)),
    )


def checked(order: Order, translation: Translation, catalogue: Catalogue) -> Translation:
    """The translation with its options in the service's types, and without those that it does not know.

    Raises InputError, by the v1 names, for a conversion or a value that is surely impossible, before anything is sent.
    """
    task, options = _parts(translation)
    operation, source, target = str(task["operation"]), task.get("input_format"), task.get("output_format")
    options, unknown = _known_only(options, catalogue.offers(operation, source, target))
    try:
        result = check_task(catalogue, operation, task, options, pair=True, options_field="converteroptions")
    except InputError as error:
        raise _in_v1_names(error, order) from error
    lost = [
        f"The option {v1_name(name, order.options)!r} is not known for this conversion and is left out."
        for name in unknown
    ]
    return _settled(translation, task, result.values if options else {}, (*lost, *result.warnings))


def typed(translation: Translation, rows: tuple[Operation, ...]) -> Translation:
    """The same without asking anybody: values in the types of these rows, doubts as sentences."""
    task, options = _parts(translation)
    pair = (task["operation"], task.get("input_format"), task.get("output_format"))
    fitting = [row for row in rows if (row.operation, row.input_format, row.output_format) == pair]
    known = [option for row in fitting for option in row.options]
    result = check_options(options, known, certain=False, field="converteroptions")
    return _settled(translation, task, result.values, result.warnings)


def _parts(translation: Translation) -> tuple[dict[str, Any], dict[str, Any]]:
    """The main task without its options, and the options."""
    whole = translation.tasks[translation.main]
    task = {name: value for name, value in whole.items() if name in ("operation", "input", "url", *PLAIN)}
    return task, {name: value for name, value in whole.items() if name not in task}


def _settled(
    translation: Translation, task: Mapping[str, Any], options: Mapping[str, Any], notes: Sequence[str]
) -> Translation:
    tasks = {**translation.tasks, translation.main: {**task, **options}}
    return replace(translation, tasks=tasks, lost=(*translation.lost, *notes))


def _known_only(options: Mapping[str, Any], known: Known[Operation]) -> tuple[dict[str, Any], list[str]]:
    """The options that the service lists, and the others; all of them where it says nothing certain."""
    names = {option.name for row in known.items for option in row.options}
    if not known.certain or not known.items:
        return dict(options), []
    return {name: value for name, value in options.items() if name in names}, [n for n in options if n not in names]


def _in_v1_names(error: InputError, order: Order) -> InputError:
    """The same sentence, with the fields called as the client called them."""
    formats = {"input_format": "inputformat", "output_format": "outputformat"}
    options = "converteroptions."

    def rename(field: str) -> str:
        if field.startswith(options):
            return options + v1_name(field.removeprefix(options), order.options)
        return formats.get(field, field)

    fields = {rename(name): problem for name, problem in error.fields.items()}
    return InputError(error.message, fields=fields, hint=error.hint, detail=error.detail)


def _is_page(order: Order) -> bool:
    return order.input_format == WEBSITE and order.input.method == "download" and order.mode == "convert"


def _imports(given: Input) -> dict[str, dict[str, Any]]:
    return {f"import-{number}": _import(given, file) for number, file in enumerate(given.files, 1)}


def _import(given: Input, file: str) -> dict[str, Any]:
    named = {"filename": given.filename} if given.filename else {}
    match given.method:
        case "upload":
            return {"operation": "import/upload"}
        case "download":
            return {"operation": "import/url", "url": file, **named}
        case "raw" | "base64" as method:
            return {"operation": f"import/{method}", "file": file, **named}
    assert given.storage  # noqa: S101 - the order was read with it
    place = {given.storage.place: file}
    return {"operation": f"import/{given.storage.operation}", **given.storage.parameters, **place, **named}


def _main(order: Order, operation: str, imports: list[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """Options first: what the order says itself wins over an option that somebody gave the same name."""
    task: dict[str, Any] = {**options, "operation": operation}
    if operation == "capture-website":
        task["url"] = order.input.files[0]
    else:
        task["input"] = imports
        if order.input_format and operation in ("convert", "metadata"):
            task["input_format"] = order.input_format
    if operation != "metadata":
        task["output_format"] = order.output_format
    return task | ({"timeout": order.timeout} if order.timeout else {})


def _exports(order: Order, main: str, mark: str) -> dict[str, dict[str, Any]]:
    if order.mode == "info":
        return {}
    if order.output:
        task = {"operation": f"export/{order.output.operation}", "input": [main], **order.output.parameters}
        return {f"export{mark}": task}
    plain = {"operation": "export/url", "input": [main], **({"inline": True} if order.inline else {})}
    exports = {f"export{mark}": plain}
    if order.mode in _SEVERAL and not _is_page(order):
        exports[f"export-zip{mark}"] = {**plain, "archive_multiple_files": True}
    return exports


def _notes(order: Order) -> list[str]:
    notes = ["No e-mail is sent: API v2 sends none. Use callback instead."] if order.email else []
    if order.mode == "info" and order.options:
        notes.append("The mode info takes no converteroptions; they are left out.")
    for storage, parameter in ((order.input.storage, "input"), (order.output, "output")):
        if storage:
            fields = (f"{parameter}.{storage.name}.{name}" for name in storage.lost)
            notes += [f"The field {field} has no counterpart in API v2 and is left out." for field in fields]
    return notes


def without_gateway(order: Order) -> list[str]:
    """What the job alone does not do, because the gateway does it."""
    waits = "A job of v2 is awaited on the sync host, or by its webhook_url."
    return [
        sentence
        for wanted, sentence in (
            (order.callback, "The callback (a GET) is the gateway's work; v2 has webhook_url, a signed POST."),
            (order.wait or order.download, waits),
            (
                not order.save,
                "Without save the gateway deletes the job after the first download; v2 deletes it after 24 hours.",
            ),
        )
        if wanted
    ]
