"""The provider inside a real Airflow, at the sandbox."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from connector.hosts.airflow.arguments import actions, operator_name
from tests.conftest import RunningSandbox
from tests.platforms.airflow.world import Airflow, environment
from tests.support.samples import sample


@pytest.fixture(scope="module")
def airflow(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """Airflow with an empty database, and five pictures."""
    made = Airflow(environment(), tmp_path_factory.mktemp("airflow"), sandbox)
    for number in range(5):
        (made.pictures / f"picture-{number}.png").write_bytes(sample("png"))
    return made


@pytest.fixture(scope="module")
def slow_picture() -> Iterator[str]:
    """The address of a picture that takes its time, so that a job has not ended when it is first looked at."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(4.0 if "slow" in self.path else 1.2)
            self.send_response(200)
            self.send_header("Content-Length", str(len(sample("png"))))
            self.end_headers()
            self.wfile.write(sample("png"))

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/picture.png"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def inside(airflow: Airflow, slow_picture: str) -> Any:
    """What the cases of inside.py came to."""
    return airflow.script("inside.py", airflow.pictures / "picture-0.png", slow_picture, airflow.results)


@pytest.fixture(scope="module")
def server(airflow: Airflow) -> Any:
    """What Airflow's own API answers."""
    return airflow.script("server.py", json.dumps(airflow.connection))


def test_a_dag_converts_five_files_merges_and_optimizes_them(airflow: Airflow) -> None:
    import pikepdf

    said = airflow.run("airflow", "dags", "test", "cloudconvert_trial")
    assert "state=success" in said
    [path] = airflow.results.glob("cloudconvert_trial*.pdf")
    with pikepdf.open(path) as document:
        assert len(document.pages) == 5


def test_airflow_finds_the_provider_and_its_hook(airflow: Airflow) -> None:
    assert "cloudconvert-connector" in airflow.run("airflow", "providers", "list", "-o", "plain")
    assert "CloudConvertHook" in airflow.run("airflow", "providers", "hooks", "-o", "plain")
    assert "connector.hosts.airflow.links.JobLink" in airflow.run("airflow", "providers", "links", "-o", "plain")


def test_every_action_is_an_operator_whose_arguments_are_its_own(inside: Any) -> None:
    names = inside["names"]
    assert names["operators"] == [operator_name(module) for module in actions()]
    assert (names["clashing"], names["silent"]) == ([], [])
    assert names["signature"].startswith("(self, *, input_files: ")


def test_a_task_that_was_killed_takes_up_its_job(inside: Any) -> None:
    found = inside["killed_after_create"]
    assert (found["jobs"], found["status"]) == (1, "finished")
    assert found["xcoms"]["job_id"] == found["job_id"]
    assert found["xcoms"]["job_link"].endswith(f"/v2/jobs/{found['job_id']}")


def test_a_changed_task_gets_a_job_of_its_own(inside: Any) -> None:
    assert inside["asks_for_something_else"] == {"other": True, "same": True}


def test_a_failed_job_is_not_taken_up_again(inside: Any) -> None:
    found = inside["failed_job_is_not_taken_up"]
    assert found["jobs"] == 2
    assert all("import/url" in sentence for sentence in found["said"])


def test_what_cannot_be_known_again_is_not_made_again(inside: Any) -> None:
    assert "Leave the tag empty" in inside["own_tag"]


def test_a_wrong_form_fails_for_good_and_says_which_field(inside: Any) -> None:
    assert "output_format" in inside["wrong_form"]


def test_a_long_job_leaves_the_worker_and_comes_back_with_its_file(inside: Any) -> None:
    found = inside["long_job"]
    assert (found["status"], found["event"]["status"]) == ("finished", "finished")
    assert Path(found["path"]).read_bytes().startswith(b"%PDF")
    assert found["url"].startswith("http")


def test_a_wait_that_is_over_names_the_job(inside: Any) -> None:
    kind, said = inside["too_long"]
    assert kind == "AirflowException"
    assert "has not ended within 1 seconds" in said


def test_a_sensor_waits_in_the_triggerer(inside: Any) -> None:
    assert inside["sensor"]["status"] == "finished"
    assert inside["sensor"]["job_id"]


def test_new_job_events_tell_what_happens_from_now_on(inside: Any) -> None:
    assert inside["events"]["events"][-1] == "job.finished"
    assert set(inside["events"]["events"]) == {"task.finished", "job.finished"}
    assert inside["events"]["jobs"]


def test_other_modules_run_too(inside: Any) -> None:
    assert inside["everything_else"] == {"me": "sandbox@localhost", "jobs": 2, "call": 200}


def test_the_dialog_masks_the_key_and_offers_the_environments(server: Any) -> None:
    dialog = server["dialog"]
    assert dialog["standard_fields"]["password"]["title"] == "API key"
    assert dialog["standard_fields"]["host"]["hidden"]
    assert dialog["extra_fields"]["environment"]["schema"]["enum"] == ["live", "sandbox", "custom"]
    assert dialog["extra_fields"]["proxy"]["schema"]["format"] == "password"


def test_the_test_button_says_who_is_signed_in(server: Any) -> None:
    assert server["tested"] == {"status": True, "message": "Signed in as sandbox@localhost, 1000 credits left."}


def test_the_test_button_says_what_is_wrong(server: Any) -> None:
    assert not server["refused"]["status"]
    assert "Check the key" in server["refused"]["message"]
    assert "base_url" in server["misfilled"]["message"]


def test_secrets_do_not_come_back(server: Any) -> None:
    assert server["saved"]["password"] == "***"
    assert "word" not in server["saved"]["extra"]
