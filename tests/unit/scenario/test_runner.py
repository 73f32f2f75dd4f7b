from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.errors import ConversionFailed, InputError
from connector.files import LocalFile, RemoteFile
from connector.runtime import Items, Record
from tests.unit.scenario.conftest import Cloud, job

Play = Callable[..., Record]

TWO = """
inputs: {url: https://example.com/a.docx}
steps:
  - id: convert
    module: ConvertFile
    parameters: {input_file: "{{ inputs.url }}", output_format: pdf, download: true}
  - id: optimize
    module: OptimizeFile
    connection: other
    parameters: {input_file: "{{ steps.convert.files[0] }}"}
"""


def test_the_output_of_a_step_is_the_input_of_the_next(play: Play, cloud: Cloud) -> None:
    result = play(TWO, job(), {"job_id": "j2"})
    assert cloud.forms[0]["input_file"] == RemoteFile("https://example.com/a.docx")
    assert cloud.forms[1]["input_file"] == RemoteFile("https://storage.example/a.pdf", name="a.pdf")
    assert result["steps"]["optimize"] == {"skipped": False, "error": None, "job_id": "j2"}


def test_downloaded_bytes_are_uploaded_again(play: Play, cloud: Cloud) -> None:
    play(TWO, job(data=b"pdf"), {})
    assert cloud.forms[1]["input_file"] == LocalFile("a.pdf", data=b"pdf")


def test_a_step_may_name_its_connection(play: Play, cloud: Cloud) -> None:
    play(TWO, job(), {})
    assert cloud.connections == [None, "other"]


EACH = """
inputs: {urls: [https://a.example/1, https://a.example/2, https://a.example/3], last: 9}
steps:
  - id: each
    module: ConvertFile
    for_each: inputs.urls
    when: index <= inputs.last
    parameters: {input_file: "{{ item }}", output_format: pdf, file_name: "{{ index }}.pdf", download: true}
  - id: merge
    module: MergeFiles
    when: steps.each.files | length > 1
    parameters: {input_files: "{{ steps.each.files }}"}
"""


def test_a_step_is_repeated_for_each_item_and_its_files_are_joined(play: Play, cloud: Cloud) -> None:
    result = play(EACH, job("0.pdf"), job("1.pdf"), job("2.pdf"), {})
    assert [form["file_name"] for form in cloud.forms[:3]] == ["0.pdf", "1.pdf", "2.pdf"]
    assert [file.name for file in cloud.forms[3]["input_files"]] == ["0.pdf", "1.pdf", "2.pdf"]
    assert [item["file_name"] for item in result["steps"]["each"]["items"]] == ["0.pdf", "1.pdf", "2.pdf"]


def test_a_condition_can_leave_out_items_and_steps(play: Play, cloud: Cloud) -> None:
    result = play(EACH, job("0.pdf"), last=0)
    assert len(cloud.forms) == 1
    assert [item["skipped"] for item in result["steps"]["each"]["items"]] == [False, True, True]
    assert result["steps"]["merge"] == {"skipped": True, "error": None}


@pytest.mark.parametrize(("given", "runs"), [("no", False), ("false", False), ("yes", True), ("", True)])
def test_a_text_that_says_no_means_no(play: Play, cloud: Cloud, given: str, runs: bool) -> None:
    play("inputs: {ok: {type: text, default: 'yes'}}\nsteps: [{id: a, module: GetMyInfo, when: inputs.ok}]", ok=given)
    assert bool(cloud.forms) is runs


def test_a_condition_that_does_not_look_at_the_item_guards_the_list(play: Play, cloud: Cloud) -> None:
    text = """
    steps:
      - {id: a, module: ListJobs, when: false}
      - {id: b, module: GetJob, when: not steps.a.skipped, for_each: steps.a.items, parameters: {job_id: "{{ item.job_id }}"}}
    """
    assert play(text)["steps"]["b"] == {"skipped": True, "error": None, "items": [], "files": []}


def test_a_list_module_gives_its_items(play: Play, cloud: Cloud) -> None:
    text = """
    steps:
      - {id: jobs, module: ListJobs}
      - {id: each, module: GetJob, for_each: "{{ steps.jobs.items }}", parameters: {job_id: "{{ item.job_id }}"}}
    """
    play(text, Items(iter([Record(job_id="j1"), Record(job_id="j2")])))
    assert [form["job_id"] for form in cloud.forms[1:]] == ["j1", "j2"]


FAILED = ConversionFailed("The task 'convert' (convert) failed: no.", task="convert", code="X", job_id="j9")
CONTINUES = TWO.replace("module: ConvertFile", "module: ConvertFile\n    on_error: continue")


def test_an_error_stops_and_names_the_step(play: Play, cloud: Cloud) -> None:
    with pytest.raises(
        ConversionFailed, match=r"^Step 'convert': The task 'convert' \(convert\) failed: no\.$"
    ) as raised:
        play(TWO, FAILED)
    assert len(cloud.forms) == 1
    assert "--resume" in raised.value.hint


def test_an_error_can_be_passed_over_and_looked_at(play: Play, cloud: Cloud) -> None:
    text = CONTINUES.replace("connection: other", "when: not steps.convert.error")
    result = play(text, ConversionFailed("No.", code="X"))
    assert result["steps"]["convert"]["error"] == {"type": "ConversionFailed", "message": "No.", "code": "X"}
    assert result["steps"]["optimize"]["skipped"] is True


def test_using_the_outputs_of_a_failed_step_says_so(play: Play) -> None:
    with pytest.raises(InputError, match="Step 'optimize': input_file: the step 'convert' failed and has no outputs"):
        play(CONTINUES, ConversionFailed("No."))


def test_one_failed_item_does_not_keep_the_others_from_running(play: Play) -> None:
    text = EACH.replace("module: ConvertFile", "module: ConvertFile\n    on_error: continue")
    steps = play(text, job("0.pdf"), ConversionFailed("No."), job("2.pdf"), {})["steps"]
    assert [file["name"] for file in steps["each"]["files"]] == ["0.pdf", "2.pdf"]
    assert steps["each"]["error"]["message"] == "No."


def test_an_item_that_fails_is_named_by_its_number(play: Play) -> None:
    with pytest.raises(ConversionFailed, match="Step 'each', item 2:"):
        play(EACH, job(), ConversionFailed("No."))


@pytest.mark.parametrize(("parameters", "message"), [
    ("{job_id: \"{{ inputs.list[7] }}\"}", "Step 'a': job_id: inputs.list has 1 entry"),
    ("{job_id: \"{{ inputs.list }}\"}", r"Step 'a': GetJob: Job ID \(job_id\) must be text"),
])  # fmt: skip
def test_a_wrong_value_names_step_and_field(play: Play, parameters: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        play(f"inputs: {{list: [1]}}\nsteps: [{{id: a, module: GetJob, parameters: {parameters}}}]")


def test_for_each_needs_a_list(play: Play) -> None:
    with pytest.raises(InputError, match="Step 'a': for_each must give a list"):
        play("inputs: {x: 1}\nsteps: [{id: a, module: GetMyInfo, for_each: inputs.x}]")


def test_an_output_folder_means_that_files_are_wanted(play: Play, cloud: Cloud) -> None:
    play(
        TWO.replace(", download: true", "")
        .replace("module: ConvertFile", "module: ConvertFile\n    output_dir: out/{{ 'a' }}\n    overwrite: true")
        .replace("{{ 'a' }}", "{{ inputs.url | stem }}"),
        job(),
        {},
    )
    assert cloud.forms[0]["download"] is True
    assert (cloud.options[0].output_dir, cloud.options[0].overwrite) == (Path("out/a"), True)


@pytest.mark.parametrize("name", ["../../etc", "/etc"])
def test_an_output_cannot_choose_a_folder_elsewhere(play: Play, name: str) -> None:
    text = TWO.replace("connection: other", 'output_dir: "{{ steps.convert.files[0].name }}"')
    with pytest.raises(InputError, match="must stay below the folder of the run"):
        play(text, job(name), {})


def test_unknown_inputs_are_refused_before_anything_runs(play: Play, cloud: Cloud) -> None:
    with pytest.raises(InputError, match=r"no input 'uri'\. Did you mean 'url'\?"):
        play(TWO, uri="x")
    assert cloud.forms == []


def secret_text(state: Path) -> list[Any]:
    return [file for file in state.rglob("*") if file.is_file() and b"open-sesame" in file.read_bytes()]


@pytest.mark.row("T15")
def test_secrets_are_not_in_the_state_folder(play: Play, cloud: Cloud, tmp_path: Path) -> None:
    text = """
    inputs: {word: {secret: true}}
    steps:
      - id: a
        module: ConvertFile
        parameters:
          input_file: {url: https://a.example/x, headers: {Authorization: "Bearer {{ inputs.word }}", X-Own: open-sesame-2}}
          output_format: pdf
      - {id: b, module: GetJob, parameters: {job_id: nope}}
    """
    payload = {"url": "https://a.example/x", "headers": {"X-Own": "open-sesame-2"}}
    answer = {"tag": "open-sesame-1", "job": {"tasks": [{"payload": payload}]}}
    with pytest.raises(ConversionFailed):
        play(text, answer, ConversionFailed("No."), word="open-sesame-1")
    assert cloud.forms[0]["input_file"].headers["Authorization"] == "Bearer open-sesame-1"
    assert secret_text(tmp_path / "state") == []
