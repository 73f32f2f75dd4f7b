"""n8n: a community node package in plain JavaScript."""

from __future__ import annotations

from collections.abc import Mapping

from connector.platforms.javascript import as_json, declarations, run_time, script
from connector.platforms.n8n.credentials import api_key, oauth2
from connector.platforms.n8n.description import node, trigger
from connector.platforms.n8n.icon import ICON
from connector.platforms.n8n.package import NODE, TRIGGER, package
from connector.platforms.n8n.readme import readme
from connector.platforms.platform import Platform, Service


class N8n(Platform):
    """The community node package for n8n."""

    name = "n8n"
    label = "n8n"

    def files(self, service: Service) -> Mapping[str, bytes]:
        made = declarations(service)
        return {
            "README.md": readme(made["modules"]).encode(),
            "package.json": as_json(package()),
            "credentials/CloudConvertConnectorApi.credentials.js": api_key(service).encode(),
            "credentials/CloudConvertConnectorOAuth2Api.credentials.js": oauth2(service).encode(),
            "lib/connect.js": script("connect.js", __package__),
            "lib/declarations.json": as_json(made),
            **run_time(),
            f"nodes/{NODE}/{NODE}.node.js": script("node.js", __package__),
            f"nodes/{NODE}/form.js": script("form.js", __package__),
            f"nodes/{NODE}/description.json": as_json(node(made["modules"])),
            f"nodes/{NODE}/icon.svg": ICON,
            f"nodes/{TRIGGER}/{TRIGGER}.node.js": script("trigger.js", __package__),
            f"nodes/{TRIGGER}/description.json": as_json(trigger(made["modules"])),
            f"nodes/{TRIGGER}/icon.svg": ICON,
        }
