"""What comes in over HTTP and what goes out."""

from __future__ import annotations

import pytest

from chalicelib.web import assets, http_input, pages


def test_a_form_is_read_with_every_value() -> None:
    assert http_input.parse_form(b"a=1&a=2&b=&c=%C3%B1+x") == {
        "a": ["1", "2"],
        "b": [""],
        "c": ["ñ x"],
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a=" + b"x" * http_input.MAX_BODY, 413),
        (b"&".join(b"a=1" for _ in range(201)), 400),
        (b"a=%ff", 400),
        (b"a=\xff", 400),
    ],
)
def test_a_form_beyond_the_limits_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(http_input.Refused) as refused:
        http_input.parse_form(body)
    assert refused.value.status == status


def test_the_limits_themselves_are_within() -> None:
    assert len(http_input.parse_form(b"&".join(b"a=1" for _ in range(200)))["a"]) == 200
    http_input.parse_form(b"a=" + b"x" * (http_input.MAX_BODY - 2))


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://network.test"}, True),
        ({"origin": "HTTPS://NETWORK.TEST"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://network.test"}, False),
        ({"origin": "https://other.test"}, False),
        ({"origin": "http://network.test"}, False),
    ],
)
def test_only_our_own_pages_may_post(headers: dict[str, str], ours: bool) -> None:
    assert http_input.from_here(headers, "https://network.test") is ours


def test_mangled_cookies_count_as_none() -> None:
    assert http_input.parse_cookies("a=1; b=2") == {"a": "1", "b": "2"}
    assert http_input.parse_cookies("=;\x00; ") == {}


FOREIGN = ["a[b]=1", 'x={"a": 1}', "bad", "é=1", "a=b c", "p,q=1", "=x", 'x="open', "secure",
           "expires=Thu, 1 Jan", "path=/x", "n=\x01", "$Version=1", "x" * 9000 + "=1", ""]  # fmt: skip


@pytest.mark.promise("foreign-cookies")
@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_foreign_or_mangled_cookie_leaves_ours_as_they_are(foreign: str) -> None:
    for header in (f"{foreign}; staff=a.b-c_d; lang=es", f"staff=a.b-c_d; {foreign};lang=es",
                   f"staff=a.b-c_d; lang=es; {foreign}"):  # fmt: skip
        found = http_input.parse_cookies(header)
        assert (found["staff"], found["lang"]) == ("a.b-c_d", "es")


@pytest.mark.promise("redirects-stay-home")
@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "x", "/\\evil", ""])
def test_links_lead_to_our_own_paths_only(path: str) -> None:
    with pytest.raises(ValueError, match="our own paths"):
        pages.url(path)


def test_a_file_s_name_holds_what_is_in_it() -> None:
    name = assets.static("site.css").rsplit("/", 1)[1]
    found = assets.read(name)
    assert found and found.exact and "/*" not in found.text
    assert assets.read("../site.css") is None and assets.read("site.css.map") is None
    with pytest.raises(KeyError):
        assets.static("nothing.css")
