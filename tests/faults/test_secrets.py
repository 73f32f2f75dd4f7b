"""Twelve planted secrets, every module, every way to fail, all logs on: none of them comes out anywhere."""

from __future__ import annotations

import base64
import io
import json
import logging
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from connector import Connection
from connector.api.clock import Clock
from connector.cli.main import main, show_error
from connector.connection.hosts import Addresses
from connector.connection.oauth import SignIn
from connector.connection.record import SavedConnection, Secrets
from connector.connection.store import Store
from connector.connection.token import Token
from connector.errors import ConnectorError
from connector.events import Journal, Subscription
from connector.modules import all_modules
from connector.recipe import CustomJob, Job, Webhook
from connector.runtime import Items, Options, execute
from tests.support import cassettes
from tests.support.clock import FakeClock
from tests.support.commands import Command
from tests.support.scripted_server import Reply, Request, ScriptedServer

pytestmark = pytest.mark.row("T15")


def planted(name: str) -> str:
    return f"pl4nted-{name}/+%41=7"


KEY, ACCESS, REFRESH, CLIENT, CODE, HOOK, SIGNED, HEADER, NETRC, PROXY, COOKIE = map(
    planted, ("key", "access", "refresh", "client", "code", "hook", "signed", "header", "netrc", "proxy", "cookie")
)
VERIFIER = "pl4nted-verifier_of-the~sign.in-0123456789-0123456789"
SECRETS = [KEY, ACCESS, REFRESH, CLIENT, CODE, VERIFIER, HOOK, SIGNED, HEADER, NETRC, PROXY, COOKIE]

SIGNATURES = "&".join(f"{name}={quote_plus(SIGNED)}" for name in ("Signature", "temp_url_sig", "X-Amz-Signature", "s"))


def _inside_base64(text: str) -> Iterator[str]:
    """What base64 surely makes of a text behind others, whose length decides how its bits fall."""
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + text.encode()).decode().rstrip("=")
        yield encoded[4 if before else 0 : -2]


TRACES = ["pl4nted", *_inside_base64("pl4nted-")]
"""What every secret begins with, so that half a secret is found too; URL-encoding and escapes leave it as it is."""


def leaks(text: str) -> list[str]:
    """Where a secret stands in a text, with what is around it."""
    return [text[max(0, text.index(trace) - 80) : text.index(trace) + 80] for trace in TRACES if trace in text]


@pytest.mark.parametrize("secret", SECRETS)
def test_the_search_would_find_each_in_every_spelling(secret: str) -> None:
    basic = base64.b64encode(f"jane:{secret}".encode()).decode()
    for form in (
        secret,
        quote(secret, safe=""),
        repr({"a": secret}),
        f"Basic {basic}",
        json.dumps([secret]),
        secret[:9],
    ):
        assert leaks(f"before {form} after"), form


class Net:
    """Everything that goes out while it is open: all logs, with their tracebacks, and every error in all its forms."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.errors: list[str] = []
        self.handler = logging.StreamHandler(self.out)
        self.handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))

    def __enter__(self) -> Net:
        root = logging.getLogger()
        self.before = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self.handler)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self.handler)
        logging.getLogger().setLevel(self.before)

    def catch(self, work: Callable[[], object]) -> BaseException | None:
        """Do it, and write down the error in every way in which somebody might show it."""
        try:
            result = work()
            list(result) if isinstance(result, Items) else None
        except ConnectorError as error:
            self.errors.append(type(error).__name__)
            with redirect_stderr(self.out):
                show_error(error)
            shown = [str(error), repr(error), repr(vars(error)), json.dumps(error.to_dict(), default=str)]
            self.out.write("\n".join([*shown, *traceback.format_exception(error)]))
            logging.getLogger("connector.hosts").exception("It failed.")
            return error
        return None

    def leaks(self) -> list[str]:
        return leaks(self.out.getvalue())


def echo(request: Request) -> str:
    """What a careless service repeats: all that it was sent, and all that it knows."""
    bare = [KEY, ACCESS, REFRESH, CLIENT, CODE, VERIFIER, HOOK, HEADER]
    basic = base64.b64encode(f"jane:{PROXY}".encode()).decode()
    told = [
        *bare, *map(quote_plus, bare), *(base64.b64encode(one.encode()).decode() for one in bare),
        f"https://storage.example/f?Expires=1&{SIGNATURES}", f"http://jane:{quote(PROXY, safe='')}@proxy.example:3128",
        f"Proxy-Authorization: Basic {basic}", f"Cookie: session={COOKIE}", *map(str, request.headers.items()),
    ]  # fmt: skip
    # Each for itself, since a message is cut, and a secret behind the cut would prove nothing.
    return told[zlib.crc32(request.path.encode()) % len(told)] + " " + " ".join(told)


def refusal(status: int) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        text = echo(request)
        body = {"message": text, "code": text, "errors": {text: [text], "tag": [text], "x": text}}
        return Reply(status, body, [("Set-Cookie", f"session={COOKIE}"), ("X-Request-Id", KEY), ("Retry-After", "1")])

    return answer


def page(status: int, kind: str) -> Callable[[Request], Reply]:
    return lambda request: Reply(status, echo(request).encode(), [("Content-Type", kind)])


FAILURES: dict[str, Callable[[Request], Reply]] = {
    **{str(status): refusal(status) for status in (400, 401, 402, 403, 404, 408, 409, 410, 413, 422, 429, 500, 503)},
    "a page": page(200, "text/html"),
    "a page that is called JSON": page(200, "application/json"),
    "a page with 502": page(502, "text/html"),
    "other JSON": lambda request: Reply(200, {"data": echo(request), "message": echo(request)}),
    "a redirect": lambda request: Reply(302, b"", [("Location", f"https://127.0.0.1:9/?{SIGNATURES}&token={KEY}")]),
    "half an answer": lambda request: Reply(200, echo(request).encode(), length=9_999_999),
    "a reset": lambda request: Reply(fault="reset"),
    "nothing": lambda request: Reply(fault="close"),
}


class Careless(ScriptedServer):
    """Fails every request alike, or so as `late` says for what comes after a job was made."""

    fails: Callable[[Request], Reply]
    late: Callable[[Request], Reply | None] | None = None

    def reply_to(self, request: Request) -> Reply:
        self.requests.append(request)
        return (self.late(request) if self.late else None) or self.fails(request)


@pytest.fixture
def careless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Careless]:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login jane password {NETRC}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("CLOUDCONVERT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Careless() as running:
        yield running


def form_of(module: Any, url: str) -> dict[str, Any]:
    """The module's first example, with the user's own secrets wherever a form takes some."""
    form = dict(module.examples[0])
    signed = {"url": f"{url}/in.pdf?Expires=1&{SIGNATURES}", "headers": {"X-Internal-Auth": HEADER, "Accept": "*/*"}}
    for name, field in module.Input.all().items():
        if field.kind == "file" and name in form:
            form[name] = signed
        elif field.kind == "files" and name in form:
            form[name] = [signed] * len(form[name])
        elif getattr(field, "text_values", False):
            form[name] = {"X-Internal-Auth": HEADER}
        elif field.secret:
            form[name] = HEADER
    return form | ({"download": True} if "download" in module.Input.all() else {})


RUNNABLE = [module for module in all_modules().values() if not isinstance(module.recipe, Webhook)]
JOBS = [module for module in RUNNABLE if isinstance(module.recipe, Job | CustomJob)]


def saved(url: str, folder: Path, *, life: float = 3600.0) -> tuple[SavedConnection, Store]:
    """A sign-in with all its secrets, in a store."""
    token = Token(ACCESS, REFRESH, expires_at=FakeClock().now + life, life=3600.0)
    secrets = Secrets(client_secret=CLIENT, token=token)
    record = SavedConnection("work", "oauth2", environment="custom", base_url=url, client_id="client", secrets=secrets)
    store = Store(folder, clock=FakeClock())
    return store.save(record), store


@pytest.mark.parametrize("how", FAILURES)
def test_no_module_tells_whatever_the_service_answers(how: str, careless: Careless) -> None:
    careless.fails = FAILURES[how]
    for secret in (CODE, VERIFIER, HOOK, CLIENT, ACCESS, REFRESH):
        Secrets(client_secret=secret)  # of other connections of this process
    with Net() as net, Connection.api_key(KEY, base_url=careless.url, clock=FakeClock()) as connection:
        for module in RUNNABLE:
            form = form_of(module, careless.url)
            net.catch(lambda: execute(connection.api, module.recipe, module.fill(form), outputs=module.Output))  # noqa: B023
        net.out.write(f"{connection!r} {connection.api.session!r} {connection.api.session.auth!r} {vars(connection)}")
    assert net.leaks() == []
    assert len(net.errors) >= len(RUNNABLE) - 1  # MakeAPICall takes some of it for an answer
    assert not any(NETRC in str(request.headers) or COOKIE in str(request.headers) for request in careless.requests)


def job_document(request: Request, url: str, status: str, **task: Any) -> dict[str, Any]:
    """A job as the service shows it: with what it was sent, which holds secrets, and files at signed addresses."""
    told = {"headers": {"X-Internal-Auth": HEADER}, "url": f"{url}/in.pdf?{SIGNATURES}"}
    export = {"id": "t-2", "name": "export", "operation": "export/url", "status": status, "payload": told, **task}
    return {"id": "job-1", "tag": "t", "status": status, "tasks": [export]}


def shown(status: int, job: dict[str, Any]) -> Reply:
    return Reply(status, {"data": job}, [("Content-Type", "application/json")])


def late(url: str, how: str) -> Callable[[Request], Reply | None]:
    """A service that makes the job and fails afterwards: the job itself, or the fetching of its file."""
    at = "http://127.0.0.1:9" if how == "nobody there" else url
    files = {"files": [{"filename": "f.pdf", "size": 9, "url": f"{at}/f.pdf?Expires=1&{SIGNATURES}"}]}

    def answer(request: Request) -> Reply | None:
        if request.path == "/f.pdf":
            return None if how != "the job fails" else Reply(404)
        if request.method == "POST":
            return shown(201, job_document(request, url, "waiting"))
        if how == "the job fails":
            task = {"code": "INVALID_FILE", "message": echo(request), "ended_at": "2026-01-01T00:00:00Z"}
            return shown(200, job_document(request, url, "error", **task))
        return shown(200, job_document(request, url, "finished", result=files))

    return answer


@pytest.mark.parametrize(
    "how", ["the job fails", "403", "404", "500", "a page", "a redirect", "half an answer", "a reset", "nobody there"]
)
def test_no_job_module_tells_when_it_fails_after_its_job_was_made(how: str, careless: Careless, tmp_path: Path) -> None:
    careless.fails = FAILURES.get(how, FAILURES["500"])
    careless.late = late(careless.url, how)
    options = Options(tmp_path / "out")
    with Net() as net, Connection.api_key(KEY, base_url=careless.url, clock=FakeClock()) as connection:
        for secret in (CODE, VERIFIER, HOOK, CLIENT, ACCESS, REFRESH):
            Secrets(client_secret=secret)
        for module in JOBS:
            form = form_of(module, careless.url)
            net.catch(lambda: execute(connection.api, module.recipe, module.fill(form), options, module.Output))  # noqa: B023
    assert net.leaks() == []
    assert len(net.errors) >= len(JOBS) - 1  # ReadMetadata fetches no file
    assert not any((tmp_path / "out").iterdir()) if (tmp_path / "out").exists() else True


@pytest.mark.parametrize("how", FAILURES)
def test_no_sign_in_tells_when_the_code_or_the_refresh_token_is_refused(
    how: str, careless: Careless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless.fails = FAILURES[how]
    monkeypatch.setattr("connector.connection.oauth.new_verifier", lambda: VERIFIER)
    record, store = saved(careless.url, tmp_path / "config", life=-1.0)
    with Net() as net:
        at = Addresses(careless.url, None, f"{careless.url}/oauth/authorize", f"{careless.url}/oauth/token")
        attempt = SignIn(at, "client", CLIENT, ["task.read"], "http://127.0.0.1:8785/callback", clock=FakeClock())
        net.catch(lambda: attempt.finish(f"?code={quote_plus(CODE)}&state={attempt.state}"))
        with Connection.from_record(record, store, clock=FakeClock()) as connection:
            net.catch(connection.api.me)
        net.out.write(f"{attempt!r} {record!r} {record.secrets!r} {connection!r} {store!r} {store.overview()}")
    assert net.leaks() == []
    assert len(net.errors) == 2


@pytest.mark.parametrize("how", FAILURES)
def test_no_subscription_tells_its_signing_secret(how: str, careless: Careless, tmp_path: Path) -> None:
    careless.fails = FAILURES[how]
    with (
        Net() as net,
        Connection.api_key(KEY, base_url=careless.url, clock=FakeClock()) as connection,
        Journal(tmp_path / "events.sqlite3", clock=FakeClock()) as journal,
    ):
        hook = {
            "id": 7,
            "url": "https://hooks.example.com/x",
            "signing_secret": HOOK,
            "events": ["job.finished", "job.failed"],
        }
        careless.late = lambda request: Reply(200, {"data": [hook] if request.method == "GET" else hook})
        one = Subscription(connection.api, journal, "https://hooks.example.com/x", ["finished"])
        webhook = one.attach()
        for secret in (CODE, VERIFIER, CLIENT, ACCESS, REFRESH, HEADER):
            Secrets(client_secret=secret)
        careless.late = None
        net.catch(one.detach)
        net.catch(one.attach)
        net.out.write(f"{webhook!r} {one!r}")
    assert net.leaks() == []


def test_no_command_tells_and_no_file_is_left_that_does(
    careless: Careless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Command(monkeypatch, capsys)
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", KEY)
    monkeypatch.setenv("CLOUDCONVERT_BASE_URL", careless.url)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for secret in (CODE, VERIFIER, HOOK, CLIENT, ACCESS, REFRESH):
        Secrets(client_secret=secret)
    form = tmp_path / "form.json"
    with Net() as net:
        for how, fails in FAILURES.items():
            careless.fails = fails
            for name in ("ConvertFile", "GetMyInfo", "ListJobs"):
                form.write_text(json.dumps(form_of(all_modules()[name], careless.url)))
                done = command("-vv", "run", name, "--input", str(form), "--output-dir", "out")
                assert done.code, how
                net.out.write(done.out + done.err)
                dry = command("run", name, "--input", str(form), "--dry-run")
                net.out.write("" if name == "ConvertFile" else dry.out)
    form.unlink()
    (tmp_path / "netrc").unlink()
    assert net.leaks() == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files  # the ledger of the runs is among them
    for path in files:
        assert leaks(path.read_bytes().decode("latin-1")) == [], path


@pytest.mark.parametrize("port", [9, 99999])
def test_no_proxy_tells_its_password(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://jane:{quote(PROXY, safe='')}@127.0.0.1:{port}"
    record = SavedConnection("work", "api-key", secrets=Secrets(api_key=KEY, proxy=address))
    with Net() as net:
        with Connection.from_record(record, clock=FakeClock()) as connection:
            net.catch(connection.api.me)
        monkeypatch.setenv("HTTPS_PROXY", address.replace("jane", "joan"))
        with Connection.api_key(KEY, clock=FakeClock()) as connection:
            net.catch(connection.api.me)
        net.out.write(f"{record!r} {record.secrets!r}")
    assert net.leaks() == []
    assert len(net.errors) == 2


def test_no_cassette_keeps_what_was_said(careless: Careless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cassettes, "FOLDER", tmp_path)
    careless.fails = lambda request: Reply(200, b"%PDF-1.7\n", [("Set-Cookie", f"session={COOKIE}")])
    careless.late = late(careless.url, "")
    module = all_modules()["ConvertFile"]
    form = module.fill(form_of(module, careless.url))
    with (
        cassettes.cassette("ConvertFile", "planted", "all"),
        Connection.api_key(KEY, base_url=careless.url, clock=FakeClock()) as connection,
    ):
        assert execute(connection.api, module.recipe, form, outputs=module.Output)
    written = (tmp_path / "ConvertFile" / "planted.yaml").read_text()
    assert "POST" in written
    assert leaks(written) == []


def test_no_manifest_holds_what_this_machine_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", KEY)
    monkeypatch.setenv("CLOUDCONVERT_CONFIG_DIR", str(tmp_path / "config"))
    saved("https://api.example", tmp_path / "config")
    with pytest.raises(SystemExit):
        main(["manifests", "write", "--output", str(tmp_path / "out")])
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [path for path in files if leaks(path.read_bytes().decode("latin-1"))] == []
