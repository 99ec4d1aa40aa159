"""Texts that break what is not careful. ``MARK`` begins what a browser would run or a mail obey."""

from __future__ import annotations

from typing import Final

MARK: Final = "zqx"

PAYLOADS: Final[dict[str, str]] = {
    "script": f"<script>{MARK}()</script>",
    "broken script": f"</textarea></title></script><script>{MARK}()</script>",
    "image": f'"><img src=x onerror={MARK}()>',
    "attribute": f"' onfocus='{MARK}()' autofocus x='",
    "svg": f"<svg/onload={MARK}()>",
    "style": f"</style><style>*{{background:url(//{MARK}.test)}}",
    "javascript link": f"javascript:{MARK}()",
    "data link": f"data:text/html,<script>{MARK}()</script>",
    "template": "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "percent": "%(reference)s %s %n {0} {state.contact} ${jndi:ldap://x.test}",
    "header": "zqx\r\nBcc: everyone@example.org\r\n\r\nzqx",
    "encoded header": "=?utf-8?q?zqx=0D=0ABcc:_x@example.org?=",
    "formula": "=cmd|' /C calc'!A0",
    "sql": "'; DROP TABLE referrals; --",
    "nosql": '{"$gt": ""}',
    "expression": "SET v = :x REMOVE task #pk",
    "key": "R#0000-0000-0#REFERRAL",
    "path": "../../../../etc/passwd%00",
    "entity": "&lt;script&gt;&#x3C;b&#x3E;",
    "xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "long": "A" * 900,
    "rtl": "\u05e9\u05dc\u05d5\u05dd zqx \u0645\u0631\u062d\u0628\u0627",
    "zwj": "\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "combining": "Z" + "\u0301" * 60,
}


def alive(body: str) -> list[str]:
    """The payloads that a page shows as markup instead of as text."""
    dangers = (
        f"<script>{MARK}",
        f"onerror={MARK}",
        f"onload={MARK}",
        f"' onfocus='{MARK}",
        f"url(//{MARK}",
        f'href="javascript:{MARK}',
        'href="data:text',
        "<!ENTITY",
    )
    return [danger for danger in dangers if danger in body and not _as_text(danger, body)]


def _as_text(danger: str, body: str) -> bool:
    """An attribute's words are harmless where their quotes or brackets are escaped."""
    if danger[0] == "<":
        return False
    before = body[max(0, body.index(danger) - 40) : body.index(danger)]
    return "&lt;" in before or "&#34;" in before or "&#39;" in before
