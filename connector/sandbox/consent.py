"""The page on which a person allows an application to use the account, and the page for a request that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from connector.sandbox.oauth import SignInRequest

MEANINGS = {
    "user.read": "see the account and its credits",
    "user.write": "change the account",
    "task.read": "see jobs, tasks and their files",
    "task.write": "create, cancel and delete jobs and tasks",
    "webhook.read": "see webhooks with their signing secrets",
    "webhook.write": "create and delete webhooks",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #222 }}
button {{ font: inherit; padding: .5rem 1.5rem; margin-right: .5rem; cursor: pointer }}
code {{ overflow-wrap: anywhere }}
</style></head>
<body><h1>{title}</h1>
{content}
</body></html>
"""
_CONSENT = """<p>The application <strong>{client}</strong> asks to use the account of this local sandbox. It could then:</p>
<ul>{scopes}</ul>
<p>You will be sent on to <code>{redirect_uri}</code>.</p>
<form method="post" action="/oauth/authorize">{fields}
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>
<p>This is not cloudconvert.com: the sandbox has one account and asks for no password.</p>"""


def consent_page(wanted: SignInRequest, fields: Mapping[str, str]) -> str:
    """The question, with `fields` hidden in the form."""
    scopes = "".join(f"<li><code>{name}</code>: {MEANINGS[name]}</li>" for name in wanted.scopes)
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(fields[name])}">' for name in fields)
    client, redirect_uri = escape(wanted.client_id), escape(wanted.redirect_uri)
    content = _CONSENT.format(client=client, scopes=scopes, redirect_uri=redirect_uri, fields=hidden)
    return _PAGE.format(title="Allow access?", content=content)


def refusal_page(sentence: str) -> str:
    """The page for a request that cannot be answered by a redirect."""
    return _PAGE.format(title="This sign-in is not possible", content=f"<p>{escape(sentence)}</p>")
