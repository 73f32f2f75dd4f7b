"""Zapier: two apps for its developer platform, one that signs in with OAuth2 and one that takes an API key."""

from __future__ import annotations

from collections.abc import Mapping

from connector.platforms.javascript import as_json, declarations, run_time, script
from connector.platforms.platform import Platform, Service
from connector.platforms.zapier.app import app, bound
from connector.platforms.zapier.authentication import authentications
from connector.platforms.zapier.package import package
from connector.platforms.zapier.readme import readme

_SCRIPTS = ("connect", "form", "files", "actions", "trigger")


class Zapier(Platform):
    """The apps for Zapier: an app has one way to sign in, so there are two, alike but for that."""

    name = "zapier"
    label = "Zapier"

    def files(self, service: Service) -> Mapping[str, bytes]:
        made = declarations(service)
        shared = {
            "index.js": script("index.js", __package__),
            "lib/bound.json": as_json(bound(made["modules"])),
            "lib/declarations.json": as_json(made),
            **run_time(),
            **{f"lib/{name}.js": script(f"{name}.js", __package__) for name in _SCRIPTS},
        }
        files = {"README.md": readme(service, made["modules"]).encode()}
        for folder, authentication in authentications(service).items():
            own = {"package.json": as_json(package(folder)), "app.json": as_json(app(made["modules"], authentication))}
            files |= {f"{folder}/{path}": content for path, content in (own | shared).items()}
        return files
