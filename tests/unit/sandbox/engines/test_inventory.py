from __future__ import annotations

import json

from click.testing import CliRunner

from connector.cli.engines import command
from connector.sandbox.engines.base import Conversion, Engine, Result, Work
from connector.sandbox.engines.inventory import ISOLATION, inventory
from connector.sandbox.engines.pillow import Pillow


class Absent(Engine):
    name, label, install = "absent", "Absent", "apt-get install absent"
    conversions = (Conversion(("png",), ("jpg", "never")), Conversion(("pdf",), (), "pdf/x"))

    def version(self) -> str | None:
        return None

    def run(self, work: Work) -> Result:
        raise NotImplementedError


def test_every_engine_is_listed_with_what_it_brings() -> None:
    found = inventory([Absent(), Pillow()])
    pillow, absent = found.engines
    assert (pillow.label, absent.label) == ("Pillow", "Absent")
    assert pillow.version
    assert (absent.version, absent.operations, absent.pairs, absent.alone) == (None, ("pdf/x",), 2, 1)
    assert (absent.inputs, absent.outputs) == (("png",), ("jpg", "never"))
    assert found.pairs == pillow.pairs == pillow.alone
    assert found.isolation in ISOLATION


def test_machines_get_all_of_it() -> None:
    done = CliRunner().invoke(command, ["--json"], catch_exceptions=False)
    found = json.loads(done.stdout)
    engines = {engine["name"]: engine for engine in found["engines"]}
    assert engines["pillow"]["version"]
    assert engines["libreoffice"]["install"].startswith("apt-get install")
    assert "docx" in engines["libreoffice"]["inputs"]
    assert found["pairs"] >= 400
