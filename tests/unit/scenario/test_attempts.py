from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from connector.errors import (
    ConnectorError,
    ConversionFailed,
    CreditsExceeded,
    InputError,
    NetworkError,
    NoAnswer,
    NotFound,
    RateLimited,
    TemporaryError,
    WaitExceeded,
)
from connector.runtime import Record
from tests.support.clock import FakeClock
from tests.unit.scenario.conftest import Cloud, job

Play = Callable[..., Record]

CONVERT = """
inputs: {url: https://example.com/a.docx, word: {secret: true, required: false}}
steps:
  - id: convert
    module: ConvertFile
    on_error: retry
    retries: 2
    parameters: {input_file: "{{ inputs.url }}", output_format: pdf, download: true}
"""


def run_id_in(error: ConnectorError) -> str:
    found = re.search(r"--resume (\w+)", error.hint)
    assert found
    return found[1]


def stopped(play: Play, *answers: object, text: str = CONVERT, **more: object) -> str:
    """A run that ended with the last answer, an error; gives its id."""
    with pytest.raises(type(answers[-1])) as raised:
        play(text.replace("    on_error: retry\n    retries: 2\n", ""), *answers, **more)
    return run_id_in(raised.value)


def resume(play: Play, run_id: str, *answers: object, text: str = CONVERT, **more: object) -> Record:
    return play(text.replace("    on_error: retry\n    retries: 2\n", ""), *answers, resume=run_id, **more)


def test_a_temporary_error_is_tried_again_after_the_delay_asked_for(play: Play, cloud: Cloud, clock: FakeClock) -> None:
    play(CONVERT, RateLimited("Busy.", retry_after=17.0), job())
    assert clock.slept == [17.0]
    assert len(cloud.forms) == 2


def test_without_a_delay_the_pauses_grow(play: Play, clock: FakeClock) -> None:
    with pytest.raises(NetworkError):
        play(CONVERT, *[NetworkError("Gone.")] * 3)
    assert clock.slept == [1.0, 2.0]


def test_whoever_asks_for_more_than_an_hour_is_not_waited_for(play: Play, clock: FakeClock) -> None:
    with pytest.raises(RateLimited):
        play(CONVERT, RateLimited("Busy.", retry_after=7200.0))
    assert clock.slept == []


@pytest.mark.parametrize("error", [ConversionFailed("No."), CreditsExceeded("No."), InputError("No."), NotFound("No.")])
def test_no_other_error_is_tried_again(play: Play, cloud: Cloud, error: ConnectorError) -> None:
    with pytest.raises(type(error)):
        play(CONVERT, error)
    assert len(cloud.forms) == 1


def test_a_second_try_takes_up_the_same_job(play: Play, cloud: Cloud) -> None:
    play(CONVERT, WaitExceeded("Still running.", job_id="job-1"), job())
    first, second = cloud.options
    assert (first.tag is not None, first.job_id, first.adopt) == (True, None, False)
    assert (second.tag, second.job_id) == (first.tag, "job-1")


def test_finished_steps_are_not_run_again_on_a_resume(play: Play, cloud: Cloud) -> None:
    text = CONVERT + "  - {id: info, module: GetMyInfo}\n"
    run_id = stopped(play, job(data=b"pdf"), NetworkError("Gone."), text=text)
    result = resume(play, run_id, {"id": 1}, text=text)
    assert len(cloud.forms) == 3
    assert result["steps"]["convert"]["files"][0]["data"] == b"pdf"
    assert result["steps"]["info"]["id"] == 1


def test_a_job_whose_creation_was_not_answered_is_looked_for(play: Play, cloud: Cloud) -> None:
    run_id = stopped(play, NoAnswer("Silence."))
    resume(play, run_id, job())
    first, second = cloud.options
    assert (second.tag, second.adopt, second.job_id) == (first.tag, True, None)


def test_a_job_that_failed_is_made_anew_on_a_resume(play: Play, cloud: Cloud) -> None:
    resume(play, stopped(play, ConversionFailed("No.", job_id="job-1")), job())
    first, second = cloud.options
    assert second.tag != first.tag
    assert (second.adopt, second.job_id) == (False, None)


def test_a_job_that_is_gone_is_made_anew(play: Play, cloud: Cloud) -> None:
    run_id = stopped(play, WaitExceeded("Still running.", job_id="job-1"))
    resume(play, run_id, NotFound("There is no job."), job())
    assert [options.job_id for options in cloud.options] == [None, "job-1", None]
    assert cloud.options[2].tag != cloud.options[1].tag


OWN_JOB = """
steps:
  - id: create
    module: CreateJob
    parameters:
      tag: mine
      input_files: [{name: a, file: https://example.com/a.docx}]
      tasks:
        - {name: b, operation: convert, input: [a], options: {output_format: pdf}}
        - {name: c, operation: export/url, input: [b]}
"""
RETRY_TASK = "steps: [{id: again, module: RetryTask, on_error: retry, parameters: {task_id: t1}}]"


@pytest.mark.parametrize("text", [OWN_JOB, RETRY_TASK])
def test_what_cannot_be_found_again_is_not_done_a_second_time(play: Play, cloud: Cloud, text: str) -> None:
    with pytest.raises(NoAnswer) as raised:
        play(text, NoAnswer("Silence."))
    with pytest.raises(InputError, match="whether it was cannot be known"):
        play(text, resume=run_id_in(raised.value))
    assert len(cloud.forms) == 1


def test_what_was_surely_not_done_can_be_tried_again(play: Play, cloud: Cloud) -> None:
    play(RETRY_TASK, RateLimited("Busy."), {})
    assert len(cloud.forms) == 2


def test_reading_is_tried_again_without_a_trace(play: Play, cloud: Cloud) -> None:
    play("steps: [{id: a, module: GetMyInfo, on_error: retry}]", TemporaryError("Later."), {})
    assert [options.tag for options in cloud.options] == [None, None]


def test_a_run_that_was_cut_off_is_not_begun_anew_by_accident(play: Play, cloud: Cloud) -> None:
    with pytest.raises(KeyboardInterrupt):
        play(CONVERT, KeyboardInterrupt())
    with pytest.raises(InputError, match="was cut off") as raised:
        play(CONVERT)
    play(CONVERT, job(), resume=run_id_in(raised.value))
    assert (cloud.options[1].tag, cloud.options[1].job_id) == (cloud.options[0].tag, "job-1")


def test_fresh_begins_anew_although_a_run_was_cut_off(play: Play, cloud: Cloud) -> None:
    with pytest.raises(KeyboardInterrupt):
        play(CONVERT, KeyboardInterrupt())
    play(CONVERT, job(), fresh=True)
    assert cloud.options[1].tag != cloud.options[0].tag


def test_a_resume_refuses_a_changed_file_and_other_inputs(play: Play) -> None:
    run_id = stopped(play, NetworkError("Gone."))
    with pytest.raises(InputError, match="is different from this one"):
        resume(play, run_id, text=CONVERT + "# changed")
    with pytest.raises(InputError, match="begun with another value of the input 'url'"):
        resume(play, run_id, url="https://example.com/b.docx")


def test_secret_inputs_are_given_again_on_a_resume(play: Play, cloud: Cloud) -> None:
    text = CONVERT.replace("secret: true, required: false", "secret: true")
    run_id = stopped(play, NetworkError("Gone."), text=text, word="first-secret")
    with pytest.raises(InputError, match="The input 'word'"):
        resume(play, run_id, text=text)
    resume(play, run_id, job(), text=text, word="first-secret")
    assert len(cloud.forms) == 2
