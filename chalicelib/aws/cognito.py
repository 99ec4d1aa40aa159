"""Sign-in through the hosted login: authorization code with PKCE, and the proof of who signed in.

Nothing of a token is believed before its signature, algorithm, issuer, audience, use, time and
nonce were looked at. Hosts are settings, because the issuer's name and the host that serves
its keys are not everywhere the same.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode

from chalicelib.aws.settings import settings
from chalicelib.domain.json_values import Json

if TYPE_CHECKING:
    from jwt import PyJWKClient

SECONDS = 5
LEEWAY = 60
_MOST = 64 * 1024
_CLAIMS = ["exp", "iat", "iss", "aud", "sub", "token_use", "nonce", "email"]


class LoginRefused(Exception):
    """The code or its token is not good. The message names the check, and nobody."""


class LoginUnreachable(Exception):
    """The hosted login did not answer, or not in words that we know."""


@dataclass(frozen=True)
class Attempt:
    """What this browser must bring back: made anew for each sign-in, kept in its signed cookie."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the hosted login vouches for."""

    email: str
    groups: tuple[str, ...]


def new_attempt() -> Attempt:
    """State, nonce and PKCE verifier, 256 random bits each."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def redirect_uri() -> str:
    """Where the hosted login sends the browser back."""
    return f"{settings().base_url}/login/callback"


def authorize_url(attempt: Attempt, lang: str) -> str:
    """The address of the hosted login for one attempt (code flow, PKCE S256)."""
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings().user_pool_client_id,
        "redirect_uri": redirect_uri(),
        "scope": "openid email",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "lang": lang,
    }
    return f"{settings().login_url}/oauth2/authorize?{urlencode(query)}"


def logout_url() -> str:
    """The address that ends the hosted login's own session too."""
    query = {"client_id": settings().user_pool_client_id, "logout_uri": f"{settings().base_url}/"}
    return f"{settings().login_url}/logout?{urlencode(query)}"


def exchange(code: str, attempt: Attempt) -> str:
    """The ID token for a code. Raises LoginRefused or LoginUnreachable."""
    body = {
        "grant_type": "authorization_code",
        "client_id": settings().user_pool_client_id,
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": attempt.verifier,
    }
    status, text = _post(f"{settings().login_url}/oauth2/token", urlencode(body).encode())
    if status != 200:
        if 400 <= status < 500:
            raise LoginRefused("code")
        raise LoginUnreachable(f"token endpoint: {status}")
    try:
        token = json.loads(text)["id_token"]
    except (ValueError, KeyError, TypeError):
        raise LoginUnreachable("token endpoint: no token") from None
    return str(token)


def identify(token: str, nonce: str) -> Identity:
    """Whom an ID token names. Raises LoginRefused or LoginUnreachable."""
    # Only who signs in needs keys and signatures.
    import jwt

    try:
        key = _keys(settings().jwks_url).get_signing_key_from_jwt(token)
        claims: Json = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=settings().user_pool_client_id,
            issuer=settings().issuer,
            leeway=LEEWAY,
            options={"require": _CLAIMS, "strict_aud": True},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise LoginUnreachable("keys") from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise LoginRefused(type(error).__name__) from error
    if claims["token_use"] != "id":
        raise LoginRefused("token_use")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise LoginRefused("nonce")
    if claims.get("email_verified") is not True:
        # An address that anybody could have typed must not open a colleague's console.
        raise LoginRefused("email_verified")
    groups = claims.get("cognito:groups")
    names = tuple(str(g) for g in groups) if isinstance(groups, list) else ()
    return Identity(str(claims["email"]).strip().casefold(), names)


@lru_cache(maxsize=1)
def _keys(url: str) -> PyJWKClient:
    """The pool's public keys, fetched when first needed and again when one is unknown."""
    # The same.
    from jwt import PyJWKClient

    return PyJWKClient(url, cache_keys=True, lifespan=3600, timeout=SECONDS)


def _post(url: str, body: bytes) -> tuple[int, str]:
    """Status and text of a form POST. Raises LoginUnreachable."""

    class StayHere(urllib.request.HTTPRedirectHandler):
        """A token endpoint that sends us elsewhere is not ours: the code stays here."""

        def redirect_request(self, *args: object, **kwargs: object) -> None:
            """Follow nothing."""

    if not url.startswith(("https://", "http://")):
        raise LoginUnreachable("no login is set up")
    request = urllib.request.Request(
        url,
        data=body,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
    )
    try:
        with urllib.request.build_opener(StayHere).open(request, timeout=SECONDS) as answer:
            return int(answer.status), answer.read(_MOST).decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, ""
    except (OSError, HTTPException, ValueError) as error:
        raise LoginUnreachable(type(error).__name__) from error
