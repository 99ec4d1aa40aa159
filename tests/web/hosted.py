"""A hosted login for tests: keys, a token endpoint that checks PKCE, and every forgery one can ask for."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "console-client"
ISSUER = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_Demo"


@lru_cache(maxsize=2)
def key(name: str) -> rsa.RSAPrivateKey:
    """A key of the pool ("pool"), or of somebody else."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class HostedLogin:
    """What the browser is sent to, and what our server asks behind its back."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {}
        self.signed: dict[str, Any] = {}
        self.reply: tuple[int, bytes] | None = None
        self.asked: list[dict[str, str]] = []
        login = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                public = jwt.algorithms.RSAAlgorithm.to_jwk(key("pool").public_key(), as_dict=True)
                keys = {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
                self._send(200, json.dumps(keys).encode())

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
                self._send(*login.token(form))

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "https://elsewhere.test/")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def approve(self, address: str, email: str = "sofia-south@example.org") -> str:
        """The person signs in at ``address``; returns the path and query they come back with."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**asked, "email": email}
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str]) -> tuple[int, bytes]:
        """The token endpoint: a code once, for its client, its address and its verifier."""
        self.asked.append(form)
        if self.reply is not None:
            return self.reply
        begun = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["client_id"] != form.get("client_id")
            or begun["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, b'{"error":"invalid_grant"}'
        token = self.issue(begun["nonce"], begun["email"])
        return 200, json.dumps({"id_token": token, "access_token": "x"}).encode()

    def issue(self, nonce: str, email: str) -> str:
        """An ID token as the pool makes it, changed by ``claims`` and ``signed``."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "sub": "0001",
            "token_use": "id",
            "iat": now,
            "exp": now + 3600,
            "nonce": nonce,
            "email": email,
            "email_verified": True,
            "cognito:groups": ["specialist"],
            **self.claims,
        }
        claims = {k: v for k, v in claims.items() if v is not None}
        how: dict[str, Any] = {"key": key("pool"), "algorithm": "RS256", **self.signed}
        return jwt.encode(claims, headers={"kid": how.pop("kid", "k1")}, **how)


@contextmanager
def hosted_login() -> Iterator[HostedLogin]:
    """A hosted login that serves until the end of the block."""
    made = HostedLogin()
    try:
        yield made
    finally:
        made.stop()
