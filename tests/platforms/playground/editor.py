"""Node-RED's editor, used as a person does: by clicks and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.platforms.node_red.nodes import PREFIX

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Editor:
    """The editor of the Node-RED at an address, open in a page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        page.wait_for_function("window.RED && RED.nodes && RED.nodes.node('cc-example-convert')")
        page.locator(".red-ui-palette-node").first.wait_for()

    def palette(self) -> set[str]:
        """The types of our nodes that can be dragged."""
        found = self.page.locator(f".red-ui-palette-node[data-palette-type^={PREFIX}-]")
        return set(found.evaluate_all("nodes => nodes.map(node => node.dataset.paletteType)"))

    def show(self, tab: str) -> None:
        """Show the flow of that name. Not by clicks: two of them in short order open its dialog."""
        self.page.evaluate(
            "name => RED.workspaces.show(RED.nodes.workspace(RED.nodes.getWorkspaceOrder().find(id => RED.nodes.workspace(id).label === name)).id)",
            tab,
        )

    def open(self, node: str) -> Locator:
        """Open the dialog of the node with that id."""
        self.page.locator(f"[id='{node}'] rect.red-ui-flow-node").first.dblclick()
        dialog = self.page.locator(".red-ui-editor .cloudconvert-fields")
        dialog.wait_for()
        return dialog

    def field(self, name: str) -> Locator:
        """The row of a field in the open dialog."""
        return self.page.locator(f".form-row:has(#node-input-{name})")

    def type_into(self, name: str, text: str) -> Locator:
        """Say that the field holds text, and begin to write it."""
        self.field(name).locator(".red-ui-typedInput-type-select").click()
        self.page.locator(".red-ui-typedInput-options:visible a[value=str]").click()
        place = self.field(name).locator(".red-ui-typedInput-input")
        place.fill("")
        place.press_sequentially(text)
        return place

    def suggested(self, text: str) -> Locator:
        """An entry of the list that opens while one writes."""
        return self.page.locator(".red-ui-autoComplete-container:visible a").get_by_text(text, exact=True)

    def done(self) -> None:
        """Close the dialog and keep what was filled in."""
        self.page.locator("#node-dialog-ok").click()
        self.page.locator(".red-ui-editor .cloudconvert-fields").wait_for(state="detached")

    def deploy(self) -> None:
        """Press Deploy, and wait until Node-RED has taken it."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/flows") and answer.ok):
            self.page.locator("#red-ui-header-button-deploy").click()

    def node(self, node: str) -> dict[str, Any]:
        """What Node-RED keeps of a node."""
        kept: dict[str, Any] = self.page.evaluate("id => RED.nodes.convertNode(RED.nodes.node(id))", node)
        return kept
