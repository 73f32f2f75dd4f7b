"""Passwords and permissions of PDF files."""

from __future__ import annotations

import secrets
import shutil

from pikepdf import Encryption, ObjectStreamMode, Permissions

from connector.sandbox.engines.base import EngineError, Result, Work
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.pdf.opening import opened
from connector.sandbox.engines.pdf.profiles import MODIFY


def encrypt(work: Work) -> Result:
    """Protect with AES-256. Without an owner password nobody can lift the permissions."""
    user = str(work.options.get("set_password") or "")
    owner = str(work.options.get("set_owner_password") or "")
    if not user and not owner:
        raise EngineError(
            "INVALID_OPTION", "Nothing would be protected. Give a set_password, a set_owner_password or both."
        )
    protection = Encryption(owner=owner or secrets.token_urlsafe(24), user=user, R=6, allow=_permissions(work))
    with opened(work.source) as pdf:
        pdf.save(output_path(work), encryption=protection, object_stream_mode=ObjectStreamMode.generate)
    return one_file(output_path(work))


def decrypt(work: Work) -> Result:
    """Remove password and permissions."""
    with opened(work.source, work.options.get("password")) as pdf:
        if pdf.is_encrypted:
            pdf.save(output_path(work), encryption=False)
        else:
            work.warn(f'"{work.source.name}" was not protected and is unchanged.')
            shutil.copyfile(work.source.path, output_path(work))
    return one_file(output_path(work))


def _permissions(work: Work) -> Permissions:
    modify = MODIFY.index(str(work.options.get("allow_modify") or "all"))
    printing = str(work.options.get("allow_print") or "full")
    return Permissions(
        accessibility=bool(work.options.get("allow_accessibility", True)),
        extract=bool(work.options.get("allow_extract", False)),
        modify_other=modify == 0,
        modify_annotation=modify <= 1,
        modify_form=modify <= 2,
        modify_assembly=modify <= 3,
        print_lowres=printing != "none",
        print_highres=printing == "full",
    )
