"""Who gets into the console, who does not, and when they are out again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from chalice.test import Client
from cryptography.hazmat.primitives import serialization

from chalicelib.aws import cognito
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from tests.web.conftest import Browser, Page
from tests.web.hosted import CLIENT_ID, ISSUER, HostedLogin, hosted_login, key
from tests.web.staff import becomes, press, signed_in
from tests.world import World


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-in tokens are checked against the real clock: the world of a page test lives today."""
    monkeypatch.setattr("tests.world.START", int(time.time()))


@pytest.fixture
def hosted(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostedLogin]:
    """The hosted login of this deployment."""
    with hosted_login() as made:
        for name, value in {
            "LOGIN_URL": made.url,
            "JWKS_URL": f"{made.url}/keys",
            "ISSUER": ISSUER,
            "USER_POOL_CLIENT_ID": CLIENT_ID,
        }.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        cognito._keys.cache_clear()
        people.forget()
        yield made
        cognito._keys.cache_clear()


@pytest.fixture
def visitor(client: Client, hosted: HostedLogin) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(client)


def start(browser: Browser, path: str = "/login") -> str:
    """Press "Sign in"; returns the address of the hosted login."""
    browser.get(path)
    page = browser.post("/login", dict(browser.page.hidden), follow=False)
    assert page.status == 303
    return str(page.headers["Location"])


def come_back(browser: Browser, path: str) -> Page:
    """The hosted login sends the browser back, from its own site."""
    return browser.send("GET", path, headers={"sec-fetch-site": "cross-site"})


def sessions_in(world: World) -> list[dict[str, Any]]:
    return [i for i in world.table.scan()["Items"] if str(i["pk"]).startswith("SESSION#")]


def refused(page: Page, world: World) -> bool:
    """A plain page that lets one try again, no session, and no 5xx."""
    return (
        400 <= page.status < 500
        and "Sign in" in page.text
        and "1-877" in page.text
        and not sessions_in(world)
        and not any(c.startswith("__Host-staff=") for c in page.headers["Set-Cookie"])
    )


def test_signing_in_goes_through_the_hosted_login_and_ends_at_the_console(
    visitor: Browser, hosted: HostedLogin, world: World
) -> None:
    address = start(visitor)
    assert address.startswith(f"{hosted.url}/oauth2/authorize?")
    page = come_back(visitor, hosted.approve(address))
    assert (page.status, page.headers["Location"]) == (303, "/console")
    cookie = next(c for c in page.headers["Set-Cookie"] if c.startswith("__Host-staff="))
    for part in ("HttpOnly", "SameSite=Lax", "Secure", "Max-Age=36000"):
        assert part in cookie
    page = visitor.follow()
    assert page.status == 200 and "Sofia South" in page.text
    (session,) = sessions_in(world)
    token = cookie.split(";")[0].partition("=")[2]
    assert token not in json.dumps(session, default=str)
    assert session["staff"] == "sofia-south" and "role" not in session


@pytest.mark.promise("login-tokens-checked")
def test_the_request_to_the_hosted_login_has_state_nonce_and_an_s256_challenge(
    visitor: Browser, hosted: HostedLogin
) -> None:
    address = start(visitor)
    query = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    assert query["response_type"] == "code" and query["code_challenge_method"] == "S256"
    assert query["redirect_uri"] == "https://network.test/login/callback"
    assert len(query["state"]) >= 43 and len(query["nonce"]) >= 43
    come_back(visitor, hosted.approve(address))
    verifier = hosted.asked[-1]["code_verifier"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert len(verifier) >= 43 and verifier not in address
    assert query["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_each_attempt_has_its_own_secrets(visitor: Browser) -> None:
    one, other = (parse_qs(urlsplit(start(visitor)).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert one[name] != other[name]


@pytest.mark.promise("console-presses-are-ours")
def test_a_sign_in_that_no_page_of_ours_began_is_refused(
    visitor: Browser, client: Client, world: World
) -> None:
    page = Browser(client).post("/login", {}, follow=False)
    assert page.status == 403
    visitor.get("/login")
    assert visitor.post("/login", {"_nonce": "1-a-" + "a" * 26}, follow=False).status == 403
    nonce = visitor.page.hidden["_nonce"]
    stranger = Browser(client)
    stranger.get("/login")
    assert stranger.post("/login", {"_nonce": nonce}, follow=False).status == 403
    foreign = visitor.post("/login", dict(visitor.page.hidden), False, sec_fetch_site="cross-site")
    assert foreign.status == 403


@pytest.mark.parametrize("change", ["state", "no cookie", "forged cookie", "late", "no state"])
def test_an_answer_to_another_question_is_refused(
    visitor: Browser, hosted: HostedLogin, world: World, change: str
) -> None:
    path = hosted.approve(start(visitor))
    if change == "state":
        path = path[:-3] + "abc"
    elif change == "no state":
        path = path.partition("&state")[0]
    elif change == "no cookie":
        del visitor.cookies["signin"]
    elif change == "forged cookie":
        text = visitor.cookies["signin"]
        visitor.cookies["signin"] = text[:-4] + ("aaaa" if text[-4:] != "aaaa" else "bbbb")
    else:
        world.at += 601
    assert refused(come_back(visitor, path), world)
    assert not hosted.asked  # the code was not even shown to the token endpoint


def public_pem() -> bytes:
    return (
        key("pool")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


FORGERIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "signed by another key": ({}, {"key": key("stranger")}),
    "signed by nobody": ({}, {"key": None, "algorithm": "none"}),
    "signed with the public key as a secret": ({}, {"key": "x" * 40, "algorithm": "HS256"}),
    "signed by RS512": ({}, {"algorithm": "RS512"}),
    "a key that nobody knows": ({}, {"kid": "k9"}),
    "for another app": ({"aud": "another"}, {}),
    "for several apps": ({"aud": [CLIENT_ID, "another"]}, {}),
    "for no app": ({"aud": None}, {}),
    "by another pool": ({"iss": ISSUER + "x"}, {}),
    "expired": ({"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200}, {}),
    "without an end": ({"exp": None}, {}),
    "from the future": ({"iat": int(time.time()) + 3600}, {}),
    "an access token": ({"token_use": "access"}, {}),
    "of unknown use": ({"token_use": None}, {}),
    "for another attempt": ({"nonce": "n" * 43}, {}),
    "for no attempt": ({"nonce": None}, {}),
    "without an address": ({"email": None}, {}),
    "with an address that nobody verified": ({"email_verified": False}, {}),
    "with an address said to be verified": ({"email_verified": "true"}, {}),
    "without a word on the address": ({"email_verified": None}, {}),
}


@pytest.mark.promise("login-tokens-checked")
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_is_refused_that_is(
    visitor: Browser, hosted: HostedLogin, world: World, forgery: str
) -> None:
    hosted.claims, hosted.signed = FORGERIES[forgery]
    page = come_back(visitor, hosted.approve(start(visitor)))
    assert refused(page, world) and page.status == 403


def test_the_public_key_is_no_secret_to_sign_with(hosted: HostedLogin) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1","typ":"JWT"}').rstrip(b"=")
    body = hosted.issue("n", "sofia-south@example.org").split(".")[1].encode()
    mac = hmac.new(public_pem(), header + b"." + body, hashlib.sha256).digest()
    token = b".".join([header, body, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()
    with pytest.raises(cognito.LoginRefused):
        cognito.identify(token, "n")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "." * 9, "A" * 5000])
def test_what_is_no_token_at_all_is_refused(hosted: HostedLogin, token: str) -> None:
    with pytest.raises(cognito.LoginRefused):
        cognito.identify(token, "n")


@pytest.mark.parametrize(
    "reply",
    [
        (400, b'{"error":"invalid_grant"}'),
        (500, b"oops"),
        (302, b""),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"id_token": null}'),
        (200, b"\xff\xfe"),
    ],
)
def test_a_token_endpoint_that_fails_gives_a_plain_page(
    visitor: Browser, hosted: HostedLogin, world: World, reply: tuple[int, bytes]
) -> None:
    hosted.reply = reply
    assert refused(come_back(visitor, hosted.approve(start(visitor))), world)


def test_a_hosted_login_that_is_gone_gives_a_plain_page(
    visitor: Browser, hosted: HostedLogin, world: World
) -> None:
    path = hosted.approve(start(visitor))
    hosted.stop()
    page = come_back(visitor, path)
    assert refused(page, world) and "does not answer" in page.text


def test_keys_that_cannot_be_had_give_a_plain_page(
    visitor: Browser, hosted: HostedLogin, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWKS_URL", "http://127.0.0.1:9/keys")
    settings.cache_clear()
    page = come_back(visitor, hosted.approve(start(visitor)))
    assert refused(page, world) and "does not answer" in page.text


def test_a_deployment_without_a_hosted_login_says_so(
    visitor: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGIN_URL", "")
    settings.cache_clear()
    visitor.get("/login")
    page = visitor.post("/login", dict(visitor.page.hidden), follow=False)
    assert page.status == 400 and "does not answer" in page.text


def test_whoever_gives_up_at_the_hosted_login_may_try_again(visitor: Browser, world: World) -> None:
    state = parse_qs(urlsplit(start(visitor)).query)["state"][0]
    page = come_back(visitor, f"/login/callback?error=access_denied&state={state}")
    assert refused(page, world) and "did not finish" in page.text


def test_a_code_is_good_once(visitor: Browser, hosted: HostedLogin, world: World) -> None:
    path = hosted.approve(start(visitor))
    come_back(visitor, path)
    page = come_back(visitor, path)
    assert 400 <= page.status < 500 and len(sessions_in(world)) == 1


@pytest.mark.parametrize(
    ("email", "groups"),
    [
        ("stranger@example.org", ["admin"]),
        ("alma-reyes@example.org", ["admin"]),  # a consultant is no staff
        ("sofia-south@example.org", []),
        ("sofia-south@example.org", ["provider"]),
        ("sofia-south@example.org", None),
        ("sofia-south@example.org", "admin"),
    ],
)
def test_only_staff_with_a_role_get_in(
    visitor: Browser, hosted: HostedLogin, world: World, email: str, groups: Any
) -> None:
    hosted.claims = {"cognito:groups": groups}
    page = come_back(visitor, hosted.approve(start(visitor), email))
    assert refused(page, world) and "no access" in page.text


@pytest.mark.promise("deny-by-default")
@pytest.mark.parametrize("groups", [["specialist", "admin"], ["supervisor"]])
def test_the_pool_says_who_somebody_is_and_their_row_what_they_may_do(
    visitor: Browser, hosted: HostedLogin, world: World, groups: list[str]
) -> None:
    hosted.claims = {"cognito:groups": groups}
    come_back(visitor, hosted.approve(start(visitor), "SOFIA-South@Example.org"))
    assert "Network specialist" in visitor.get("/console").text
    assert visitor.get("/console/mail").status == 403


@pytest.mark.promise("sessions-end-at-once", "deny-by-default")
def test_a_role_that_was_given_or_taken_away_counts_from_the_next_request(
    client: Client, world: World
) -> None:
    browser = signed_in(world, client, "specialist")
    for role, status in {"specialist": 403, "admin": 200, "coordinator": 403, "left": 303}.items():
        becomes(world, "sofia-south", role=role)
        assert browser.get("/console/mail", follow=False).status == status


def deactivate(world: World, who: str) -> None:
    world.table.update_item(
        Key={"pk": people.STAFF, "sk": who},
        UpdateExpression="SET active = :no",
        ExpressionAttributeValues={":no": False},
    )


def test_staff_who_were_made_inactive_do_not_get_in(
    visitor: Browser, hosted: HostedLogin, world: World
) -> None:
    deactivate(world, "sofia-south")
    assert refused(come_back(visitor, hosted.approve(start(visitor))), world)


@pytest.mark.promise("sessions-end-at-once")
def test_staff_who_are_made_inactive_are_out_with_the_next_request(
    client: Client, world: World
) -> None:
    browser = signed_in(world, client, "specialist")
    assert browser.get("/console").status == 200
    deactivate(world, "sofia-south")
    page = browser.get("/console", follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/login")


@pytest.mark.promise("expired-row-visible")
def test_a_session_ends_at_its_hour_although_its_row_is_still_there(
    client: Client, world: World
) -> None:
    browser = signed_in(world, client, "specialist")
    world.at += 10 * 3600 - 1
    assert browser.get("/console").status == 200
    world.at += 1
    assert browser.get("/console", follow=False).status == 303
    assert sessions_in(world)


@pytest.mark.promise("sessions-end-at-once")
def test_a_new_sign_in_ends_the_session_before_it(
    visitor: Browser, hosted: HostedLogin, world: World
) -> None:
    come_back(visitor, hosted.approve(start(visitor)))
    old = visitor.cookies["staff"]
    (first,) = sessions_in(world)
    del visitor.cookies["staff"]
    address = start(visitor)
    visitor.cookies["staff"] = old
    come_back(visitor, hosted.approve(address))
    (second,) = sessions_in(world)
    assert first["pk"] != second["pk"] and visitor.cookies["staff"] != old


def test_signing_out_ends_the_session_here_and_at_the_hosted_login(
    visitor: Browser, hosted: HostedLogin, world: World
) -> None:
    come_back(visitor, hosted.approve(start(visitor)))
    visitor.follow()
    stolen = visitor.cookies["staff"]
    page = press(visitor, "/logout", follow=False)
    assert page.status == 303
    assert str(page.headers["Location"]).startswith(f"{hosted.url}/logout?client_id={CLIENT_ID}")
    assert "logout_uri=https%3A%2F%2Fnetwork.test%2F" in page.headers["Location"]
    assert not sessions_in(world)
    visitor.cookies["staff"] = stolen
    assert visitor.get("/console", follow=False).status == 303


@pytest.mark.promise("console-presses-are-ours")
def test_nobody_is_signed_out_by_another_site(client: Client, world: World) -> None:
    browser = signed_in(world, client, "specialist")
    browser.get("/console")
    assert browser.post("/logout", {}, follow=False).headers["Location"] == "/console"
    foreign = browser.post("/logout", dict(browser.page.hidden), False, sec_fetch_site="cross-site")
    assert foreign.status == 403 and len(sessions_in(world)) == 1
    assert browser.get("/logout").status == 405


def test_signing_out_without_a_session_leads_home(browser: Browser, world: World) -> None:
    page = browser.post("/logout", {}, follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/")


@pytest.mark.promise("redirects-stay-home")
@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/console/queue", "/console/queue"),
        ("/console?stage=match&waits=me", "/console?stage=match&waits=me"),
        ("https://elsewhere.test/", "/console"),
        ("//elsewhere.test", "/console"),
        ("/console//elsewhere.test", "/console"),
        ("/consoleevil", "/console"),
        ("/t/abc", "/console"),
        ("/console/\\elsewhere", "/console"),
        ("/console\r\nSet-Cookie: x=1", "/console"),
    ],
)
def test_after_signing_in_one_goes_where_one_wanted_within_the_console(
    visitor: Browser, hosted: HostedLogin, wanted: str, target: str
) -> None:
    page = come_back(visitor, hosted.approve(start(visitor, f"/login?next={quote(wanted)}")))
    assert page.headers["Location"] == target


def test_whoever_is_signed_in_needs_no_sign_in_page(client: Client, world: World) -> None:
    page = signed_in(world, client, "admin").get("/login", follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/console")


def test_the_sign_in_page_lets_its_form_end_at_the_hosted_login_and_nowhere_else(
    visitor: Browser, hosted: HostedLogin
) -> None:
    policy = visitor.get("/login").headers["Content-Security-Policy"]
    assert f"form-action 'self' {hosted.url};" in policy
    come_back(visitor, hosted.approve(start(visitor)))
    policy = visitor.follow().headers["Content-Security-Policy"]  # signing out ends there too
    assert f"form-action 'self' {hosted.url};" in policy


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_sign_in_page_speaks_both_languages(client: Client, world: World, lang: str) -> None:
    page = Browser(client, lang).get("/login")
    assert page.lang == lang and page.heading in ("Sign in to the console", "Entrar a la consola")


def test_no_token_or_name_is_logged(
    visitor: Browser, hosted: HostedLogin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    come_back(visitor, hosted.approve(start(visitor)))
    text = " ".join(str(vars(record)) for record in caplog.records)
    assert "signed in" in text and "sofia-south" in text
    for secret in ("@example.org", "Sofia", "code-0", visitor.cookies["staff"], "eyJ"):
        assert secret not in text
