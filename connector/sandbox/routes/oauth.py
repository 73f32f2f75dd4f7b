"""Signing in by OAuth 2.0: the consent page, and the exchange of codes and refresh tokens."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connector.sandbox.bodies import query_of, read_object
from connector.sandbox.consent import consent_page, refusal_page
from connector.sandbox.grants import Tokens
from connector.sandbox.oauth import OAuthError, SignInRefused, SignInRequest
from connector.sandbox.service import Service, service_of

COOKIE = "sandbox_consent"
CONSENT_SECONDS = 600
_FIELDS = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


async def ask(request: Request) -> Response:
    """`GET /oauth/authorize`: the consent page."""
    service, query = service_of(request), query_of(request)
    wanted = _wanted(service, query)
    if isinstance(wanted, Response):
        return wanted
    nonce = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    expires = str(int(service.clock() + CONSENT_SECONDS))
    fields = {name: query[name] for name in _FIELDS if name in query}
    seal = {"expires": expires, "seal": service.signer.sign("consent", nonce, expires, *_values(fields))}
    response = _page(consent_page(wanted, {**fields, **seal}), 200, wanted.redirect_uri)
    response.set_cookie(COOKIE, nonce, max_age=CONSENT_SECONDS, path="/oauth", httponly=True, samesite="strict")
    return response


async def decide(request: Request) -> Response:
    """`POST /oauth/authorize`: Allow or Deny, only from the page that this browser was shown."""
    service = service_of(request)
    form = {name: str(value) for name, value in (await read_object(request)).items() if value != ""}
    if not _is_ours(service, request, form):
        return _page(refusal_page("This page was not made for this browser, or is too old. Start again."), 403)
    wanted = _wanted(service, form)
    if isinstance(wanted, Response):
        return wanted
    if form.get("decision") != "allow":
        refused = wanted.refusal("access_denied", "The person did not allow the access.")
        return RedirectResponse(refused.location, 303)
    return RedirectResponse(wanted.answer(code=service.grants.code(wanted)), 303)


async def token(request: Request) -> Response:
    """`POST /oauth/token`: a code or a refresh token becomes new tokens."""
    service = service_of(request)
    try:
        form = await read_object(request)
        client_id, secret = _credentials(request, form)
        client = service.clients.authenticate(client_id, secret)
        return _given(_granted(service, client.id, form))
    except OAuthError as error:
        basic = {"WWW-Authenticate": "Basic"} if error.status == 401 else {}
        return JSONResponse(error.body(), error.status, {"Cache-Control": "no-store", **basic})


def _granted(service: Service, client_id: str, form: Mapping[str, Any]) -> Tokens:
    match _text(form, "grant_type"):
        case "authorization_code":
            code = _needed(form, "code")
            return service.grants.redeem(code, client_id, _text(form, "redirect_uri"), _text(form, "code_verifier"))
        case "refresh_token":
            scopes = (_text(form, "scope") or "").split()
            return service.grants.refresh(_needed(form, "refresh_token"), client_id, scopes)
        case None:
            raise OAuthError("invalid_request", "The grant_type is missing.")
    raise OAuthError("unsupported_grant_type", "The grant_type must be authorization_code or refresh_token.")


def _given(tokens: Tokens) -> Response:
    body = {
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "scope": " ".join(tokens.scopes),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _credentials(request: Request, form: Mapping[str, Any]) -> tuple[str, str]:
    """The client's id and secret, from the Authorization header or the body."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return _needed(form, "client_id"), _text(form, "client_secret") or ""
    try:
        client_id, _, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise OAuthError("invalid_client", "The Authorization header is not valid.", 401) from None
    if _text(form, "client_secret"):
        raise OAuthError("invalid_request", "Send the client's secret in one place only.")
    return unquote_plus(client_id), unquote_plus(secret)


def _text(form: Mapping[str, Any], name: str) -> str | None:
    value = form.get(name)
    return str(value) if value not in (None, "") else None


def _needed(form: Mapping[str, Any], name: str) -> str:
    value = _text(form, name)
    if value is None:
        raise OAuthError("invalid_request", f"The {name} is missing.")
    return value


def _wanted(service: Service, query: Mapping[str, str]) -> SignInRequest | Response:
    """The request for a sign-in, or the answer to one that is wrong."""
    try:
        return service.clients.request(query)
    except SignInRefused as refused:
        return RedirectResponse(refused.location, 303)
    except OAuthError as error:
        return _page(refusal_page(error.description), 400)


def _values(form: Mapping[str, str]) -> list[str]:
    return [repr(form.get(name)) for name in _FIELDS]


def _is_ours(service: Service, request: Request, form: Mapping[str, str]) -> bool:
    expires, nonce = form.get("expires", ""), request.cookies.get(COOKIE, "")
    fits = service.signer.fits(form.get("seal", ""), "consent", nonce, expires, *_values(form))
    return fits and bool(nonce) and int(expires) > service.clock()


def _page(html: str, status: int, redirect_uri: str = "") -> Response:
    """A page that runs no scripts and is shown in no frame. Its form may lead to the application only."""
    parts = urlsplit(redirect_uri)
    goal = f" {parts.scheme}://{parts.netloc}" if parts.netloc else f" {parts.scheme}:" if parts.scheme else ""
    policy = f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'{goal}"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(html, status, headers)


routes = [
    Route("/oauth/authorize", ask, methods=["GET"]),
    Route("/oauth/authorize", decide, methods=["POST"]),
    Route("/oauth/token", token, methods=["POST"]),
]
