"""Workfront Fusion and Make: one custom app, as a local project and as an archive."""

from __future__ import annotations

from collections.abc import Mapping

from connector.platforms.fusion.archive import FILE, archive
from connector.platforms.fusion.build import build
from connector.platforms.fusion.project import project
from connector.platforms.fusion.readme import readme
from connector.platforms.platform import Platform, Service


class Fusion(Platform):
    """The custom app for Adobe Workfront Fusion and Make."""

    name = "fusion"
    label = "Workfront Fusion / Make"

    def files(self, service: Service) -> Mapping[str, bytes]:
        app = build(service)
        return {"README.md": readme(app, service).encode(), **project(app), "icon.png": app.icon, FILE: archive(app)}
