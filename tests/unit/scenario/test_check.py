from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connector.errors import InputError
from connector.scenario import checked
from connector.scenario.check import check
from connector.scenario.reading import load

Write = Callable[[str], Path]

GOOD = """\
name: Good
inputs:
  page: https://example.com
steps:
  - id: capture
    module: CaptureWebsite
    parameters:
      url: "{{ inputs.page }}"
      output_format: pdf
      download: true
  - id: convert
    module: ConvertFile
    for_each: "{{ steps.capture.files }}"
    when: index < 3
    parameters:
      input_file: "{{ item }}"
      file_name: "{{ item.name | stem }}.png"
      output_format: png
      engine_options: {pages: "{{ index + 1 }}"}
    on_error: retry
    retries: 2
    output_dir: out
  - id: info
    module: GetJob
    parameters:
      job_id: "{{ steps.convert.items[0].job_id }}"
  - id: call
    module: MakeAPICall
    parameters:
      url: "/v2/jobs/{{ steps.info.job.id }}?{{ steps.convert.files[0].size }}"
"""


def problems(write: Write, text: str) -> list[str]:
    return [str(problem) for problem in check(write(text))]


def test_a_good_scenario_has_no_problems(write: Write) -> None:
    assert problems(write, GOOD) == []
    assert [step.id for step in checked(write(GOOD)).steps] == ["capture", "convert", "info", "call"]


def with_change(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


CHANGES = [
    ("name: Good", "nmae: Good", "line 1, nmae: there is no key 'nmae' here. Did you mean 'name'?"),
    ("id: convert", "id: capture", "line 11, step 'capture', id: 'capture' is the id of an earlier step"),
    ("id: convert", "id: con-vert", "line 11, step 'con-vert', id: must be a name"),
    ("on_error: retry", "on_error: retri", "line 20, step 'convert', on_error: must be one of stop, continue, retry. Did you mean 'retry'?"),
    ("retries: 2", "retries: 0", "line 21, step 'convert', retries: must be a whole number from 1 to 100"),
    ("    on_error: retry\n", "", "retries: counts only with on_error: retry"),
    ("output_dir: out", "outputdir: out", "line 22, step 'convert', outputdir: there is no key 'outputdir' here. Did you mean 'output_dir'?"),
    ("module: ConvertFile", "module: ConvertFiel", "line 12, step 'convert', module: There is no module 'ConvertFiel'. Did you mean 'ConvertFile'?"),
    ("module: GetJob", "module: NewJobEvent", "waits for events; it cannot be a step"),
    ("output_format: png", "output_fromat: png", "line 18, step 'convert', output_fromat: there is no field 'output_fromat'. Did you mean 'output_format'?"),
    ("output_format: png", "wait_limit: 10", "line 15, step 'convert', output_format: Output format is required"),
    ("output_format: png", "output_format: ../png", "line 18, step 'convert', output_format: must be a file format"),
    ("file_name: \"{{ item.name | stem }}.png\"", "input_format: 3", "line 17, step 'convert', input_format: must be text"),
    ("inputs.page", "inputs.pgae", "line 8, step 'capture', url: inputs has no 'pgae'. Did you mean 'page'?"),
    ("item.name", "item.nmae", "line 17, step 'convert', file_name: item has no 'nmae'. Did you mean 'name'?"),
    ("steps.capture.files", "steps.capture.fiels", "line 13, step 'convert', for_each: steps.capture has no 'fiels'. Did you mean 'files'?"),
    ("steps.capture.files", "item.files", "for_each: there is no 'item' here"),
    ("index < 3", "idnex < 3", "line 14, step 'convert', when: there is no 'idnex' here. Did you mean 'index'?"),
    ("steps.convert.items[0].job_id", "steps.convert.job_id", "job_id: steps.convert has no 'job_id'"),
    ("steps.convert.items[0].job_id", "steps.convert.items.job_id", "steps.convert.items is a list: write steps.convert.items[0].job_id"),
    ("steps.convert.items[0].job_id", "steps.convert.items[0].job_id.x", "is no mapping"),
    ("steps.convert.items[0].job_id", "steps.call.body", "the step 'call' comes later"),
    ("steps.convert.items[0].job_id", "steps.info.job_id", "the step 'info' cannot use its own outputs"),
    ("steps.convert.items[0].job_id", "steps.convrt", "steps has no 'convrt'. Did you mean 'convert'?"),
    ("{{ item }}", "{{ item", "line 16, step 'convert', input_file: {{ item is no expression"),
    ("{{ index + 1 }}", "{{ index + }}", "engine_options.pages: {{ index + }} is no expression"),
    ("      download: true\n", "", "the step 'capture' does not wait for its files"),
    ("    parameters:\n      job_id", "    connection: \"{{ inputs.page }}\"\n    parameters:\n      job_id", "connection: cannot hold an expression"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "problem"), CHANGES, ids=[new[:40] or "nothing" for _, new, _ in CHANGES])
def test_a_mistake_is_found_with_its_line_step_and_field(write: Write, old: str, new: str, problem: str) -> None:
    found = problems(write, with_change(old, new))
    assert any(problem in line for line in found), found


def test_every_problem_is_listed_in_the_order_of_the_file(write: Write) -> None:
    text = GOOD.replace("output_format: png", "output_format: 1").replace('url: "{{ inputs.page }}"', "url: nowhere")
    assert [problem.line for problem in check(write(text))] == [8, 18]
    with pytest.raises(InputError, match="1 more problem") as raised:
        checked(write(text))
    assert set(raised.value.fields) == {"steps.capture.url", "steps.convert.output_format"}


def test_rules_over_several_fields_are_checked_where_all_is_literal(write: Write) -> None:
    text = "steps: [{id: a, module: MergeFiles, parameters: {input_files: ['https://a.example/1']}}]"
    assert problems(write, text) == ["line 1, step 'a', input_files: must hold at least 2 files"]


def test_nested_fields_are_checked_by_name_even_beside_expressions(write: Write) -> None:
    text = """
    inputs: {a: https://a.example/1}
    steps:
      - id: create
        module: CreateJob
        parameters:
          input_files: [{name: a, fiel: "{{ inputs.a }}"}]
          tasks: [{name: b, operation: export/url, input: [a]}]
    """
    assert any("input_files.1.fiel: there is no field 'fiel'. Did you mean 'file'?" in p for p in problems(write, text))


def test_the_items_of_a_list_module_are_known(write: Write) -> None:
    text = """
    steps:
      - {id: jobs, module: ListJobs}
      - {id: each, module: GetJob, for_each: steps.jobs.items, parameters: {job_id: "{{ item.%s }}"}}
    """
    assert problems(write, text % "job_id") == []
    assert "item has no 'jobid'. Did you mean 'job_id'?" in problems(write, text % "jobid")[0]


def test_an_unknown_module_hides_no_other_problem(write: Write) -> None:
    text = """
    steps:
      - {id: a, module: Nope}
      - {id: b, module: GetJob, parameters: {job_id: "{{ steps.a.whatever[0].there }}", more: 1}}
    """
    assert len(problems(write, text)) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be a mapping"),
        ("[1]", "must be a mapping"),
        ("name: x", "needs a list of 1 to 500 steps"),
        ("steps: []", "needs a list"),
        ("steps: [1]", "step 'number 1': must be a mapping"),
        ("steps: [{}]", "step 'number 1', id: is required"),
        ("steps: [{id: a, id: b, module: GetMyInfo}]", "id: is given twice"),
        ("inputs: {a-b: 1}\nsteps: [{id: a, module: GetMyInfo}]", "inputs.a-b: must be a name"),
        ("inputs: {a: {type: no}}\nsteps: [{id: a, module: GetMyInfo}]", "inputs.a.type: must be one of"),
        ("steps: [{id: a, module: GetMyInfo, for_each: 3}]", "for_each: must be a list"),
        ("steps: [{id: a, module: GetMyInfo, when: 3}]", "when: must be a condition"),
        ("steps: [{id: a, module: GetMyInfo, overwrite: 3}]", "overwrite: must be true or false"),
        ("steps: [{id: a, module: GetMyInfo, parameters: 3}]", "parameters: must be a mapping"),
    ],
)
def test_the_shape_of_the_file_is_checked(write: Write, text: str, problem: str) -> None:
    found = problems(write, text)
    assert any(problem in line for line in found), found


def test_loading_refuses_a_wrong_shape(write: Write) -> None:
    with pytest.raises(InputError, match="needs a list"):
        load(write("name: x"))
