"""Every letter that the local stack sent, kept in a file, and the pages that show them.

A tool of this machine: nothing of it is deployed.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from infra.lines import Lines

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class Mail:
    """One letter. ``at`` is UTC epoch seconds; ``id`` counts from 1 and stays."""

    id: str
    message_id: str
    to: list[str]
    subject: str
    text: str
    html: str
    at: float
    sender: str = ""
    reply_to: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    channel: str = ""  # "text" for a text message


def read_send_email(body: dict[str, Any], message_id: str, number: int) -> Mail:
    """The letter in a SendEmail request of SES v2, simple or raw."""
    to = list(body.get("Destination", {}).get("ToAddresses", []))
    content = body.get("Content", {})
    sender, reply_to = body.get("FromEmailAddress", ""), ""
    files: dict[str, str] = {}
    if "Raw" in content:
        raw = message_from_bytes(base64.b64decode(content["Raw"]["Data"]), policy=policy.default)
        text, page = raw.get_body(("plain",)), raw.get_body(("html",))
        words = text.get_content() if text else ""
        markup = page.get_content() if page else ""
        subject, sender = str(raw["Subject"] or ""), str(raw["From"] or sender)
        reply_to = str(raw["Reply-To"] or "")
        for part in raw.iter_attachments():
            what = part.get_content()
            shown = what if isinstance(what, str) else base64.b64encode(what).decode()
            files[part.get_filename() or f"file-{len(files) + 1}"] = shown
    else:
        simple = content.get("Simple", {})
        subject = simple.get("Subject", {}).get("Data")
        words = simple.get("Body", {}).get("Text", {}).get("Data")
        markup = simple.get("Body", {}).get("Html", {}).get("Data")
    tags = {tag["Name"]: tag["Value"] for tag in body.get("EmailTags", [])}
    return Mail(
        id=str(number),
        message_id=message_id,
        to=to,
        subject=subject,
        text=words,
        html=markup,
        at=round(time.time(), 3),
        sender=sender,
        reply_to=reply_to,
        tags=tags,
        files=files,
    )


class Mailbox:
    """Letters in the order in which they were sent, one JSON line each in ``path``."""

    def __init__(self, path: Path, say: Callable[[str], None] = print) -> None:
        self.path = path
        self._lock = threading.Condition()
        self._lines = Lines(path, say)
        self._mails = [Mail(**row) for row in self._lines.read()]
        # Hears what a phone texts back: (its number, the words).
        self.texted: Callable[[str, str], None] = lambda number, words: None

    def take(
        self,
        body: dict[str, Any],
        message_id: str,
        read: Callable[[dict[str, Any], str, int], Mail] = read_send_email,
    ) -> Mail:
        """Keep a letter, or what else ``read`` makes of a request; it is on the disk when this returns."""
        with self._lock:
            mail = read(body, message_id, len(self._mails) + 1)
            self._lines.append([asdict(mail)])
            self._mails.append(mail)
            self._lock.notify_all()
        return mail

    def all(self) -> list[Mail]:
        """Every letter, oldest first."""
        with self._lock:
            return list(self._mails)

    def json(self, after: int = 0, seconds: float = 0) -> bytes:
        """The letters behind the first ``after``, oldest first, as the body of messages.json.

        While there is none it waits for one, ``seconds`` at the most.
        """
        with self._lock:
            self._lock.wait_for(lambda: len(self._mails) > after, seconds)
            found = self._mails[after:]
        return json.dumps([asdict(mail) for mail in found]).encode()

    def text_back(self, path: str, words: str) -> tuple[int, bytes]:
        """Text ``words`` from the phone that got the text ``/mailbox/{id}``, and the page that says so."""
        wanted = path.removeprefix("/mailbox").strip("/")
        for mail in self.all():
            if mail.id == wanted and mail.channel:
                self.texted(mail.to[0], words)
                return 200, _one(mail, said=words)
        return 404, _frame("No such text", "<h1>No such text</h1>")

    def page(self, path: str) -> tuple[int, bytes]:
        """Status and HTML of ``/mailbox`` or ``/mailbox/{id}``."""
        mails = self.all()
        wanted = path.removeprefix("/mailbox").strip("/")
        if not wanted:
            return 200, _list(mails)
        for mail in mails:
            if mail.id == wanted:
                return 200, _one(mail)
        return 404, _frame("No such letter", "<h1>No such letter</h1>")


def _when(at: float) -> str:
    today = time.strftime("%Y-%m-%d", time.localtime(at)) == time.strftime("%Y-%m-%d")
    return time.strftime("%H:%M:%S" if today else "%b %-d, %H:%M", time.localtime(at))


def _list(mails: list[Mail]) -> bytes:
    if not mails:
        nothing = "<p class=none>No letter yet. Send a request and look again.</p>"
        return _frame("Mailbox", f"<h1>Mailbox</h1>{nothing}")
    rows = "".join(
        f"<li><a href='/mailbox/{mail.id}'><span class=to>{html.escape(', '.join(mail.to))}</span>"
        f"<time>{_when(mail.at)}</time><span class=subject>{'Text: ' * bool(mail.channel)}{html.escape(mail.subject)}"
        "</span></a></li>"
        for mail in reversed(mails)
    )
    people = sorted({address for mail in mails for address in mail.to})
    count = f"{len(mails)} letter{'s' if len(mails) > 1 else ''} to {len(people)}"
    count += f" address{'es' if len(people) > 1 else ''}, newest first"
    body = f"<h1>Mailbox</h1><p class=hint>{count}</p><ol class=list>{rows}</ol>"
    return _frame("Mailbox", body)


def _text(mail: Mail, said: str) -> bytes:
    told = f"<p role=status>The phone texted: {html.escape(said)}</p>" if said else ""
    words = _LINK.sub(lambda found: f"<a href='{found[0]}'>{found[0]}</a>", html.escape(mail.text))
    tags = ", ".join(f"{k} {v}" for k, v in mail.tags.items())
    sent = time.strftime("%A, %B %-d, %H:%M:%S", time.localtime(mail.at))
    buttons = "".join(
        f"<button name=words value={w}>{w}</button> " for w in ("STOP", "HELP", "START")
    )
    body = f"""<p><a href="/mailbox">All letters</a></p><h1>Text message</h1>{told}
<dl><dt>To</dt><dd>{html.escape(mail.to[0])}</dd><dt>Sent</dt><dd>{sent}</dd>
<dt>Context</dt><dd>{html.escape(tags)}</dd><dt>Characters</dt><dd>{len(mail.text)}</dd></dl>
<p class=bubble>{words}</p><form method=post><h2>Text back from this phone</h2><p>{buttons}</p>
<p><label>Other words <input name=other maxlength=160></label> <button>Send</button></p></form>"""
    return _frame("Text message", body)


def _one(mail: Mail, said: str = "") -> bytes:
    if mail.channel:
        return _text(mail, said)
    text = _LINK.sub(
        lambda found: f"<a href='{found[0]}'>{found[0]}</a>", html.escape(mail.text, quote=False)
    )
    # Its links lead out of the frame; nothing in it can run.
    inside = '<base target="_top">' + mail.html
    facts = [("To", ", ".join(mail.to)), ("From", mail.sender), ("Reply to", mail.reply_to)]
    facts += [("Sent", time.strftime("%A, %B %-d, %H:%M:%S", time.localtime(mail.at)))]
    facts += [("Tags", ", ".join(f"{k} {v}" for k, v in mail.tags.items()))]
    head = "".join(f"<dt>{k}</dt><dd>{html.escape(v)}</dd>" for k, v in facts if v)
    files = "".join(
        f"<details><summary>{html.escape(name)}</summary><pre>{html.escape(what)}</pre></details>"
        for name, what in mail.files.items()
    )
    body = f"""<p><a href="/mailbox">All letters</a></p><h1>{html.escape(mail.subject)}</h1>
<dl>{head}</dl><h2>As the person sees it</h2>
<iframe title="The letter" sandbox="allow-top-navigation-by-user-activation allow-popups"
 srcdoc="{html.escape(inside)}"></iframe>
<h2>As plain text</h2><pre class=letter>{text}</pre>{files and "<h2>Files</h2>" + files}"""
    return _frame(mail.subject, body)


def _frame(title: str, body: str) -> bytes:
    return f"""<!doctype html><html lang=en><head><meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1"><title>{html.escape(title)}</title>
<style>{_STYLE}</style></head><body><header><a href="/mailbox">Local mailbox</a>
<span>a tool of this machine, not part of the service</span></header><main>{body}</main></body></html>
""".encode()


_STYLE = """
:root{color-scheme:light dark;--ink:#1c2529;--soft:#5a6a70;--paper:#fff;--ground:#f4f6f5;--line:#d8dfdd;
--accent:#0b6e5f}
@media (prefers-color-scheme:dark){:root{--ink:#e8eeec;--soft:#9fb0ae;--paper:#1b2322;--ground:#131918;
--line:#33403e;--accent:#6fd0bf}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:17px/1.5 system-ui,sans-serif}
header{padding:.8rem 1rem;border-bottom:1px solid var(--line);background:var(--paper);display:flex;
gap:.3rem 1rem;flex-wrap:wrap;align-items:baseline}header a{font-weight:700;text-decoration:none}
header span,.hint,time{color:var(--soft);font-size:.9rem}
main{max-width:46rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;line-height:1.25;margin:.6rem 0}
h2{font-size:1rem;margin:1.6rem 0 .4rem;color:var(--soft)}a{color:var(--accent)}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.list{list-style:none;margin:1rem 0;padding:0;background:var(--paper);border:1px solid var(--line);
border-radius:.6rem;overflow:hidden}.list li+li{border-top:1px solid var(--line)}
.list a{display:grid;grid-template-columns:1fr auto;gap:0 1rem;padding:.7rem 1rem;min-height:44px;
text-decoration:none;color:inherit}.list a:hover{background:var(--ground)}
.to{font-size:.9rem;color:var(--soft);overflow-wrap:anywhere}.subject{grid-column:1/-1;font-weight:600;
overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem 1rem;margin:0;font-size:.95rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:32rem;border:1px solid var(--line);border-radius:.6rem;background:#fff}
.bubble{max-width:22rem;background:var(--paper);border:1px solid var(--line);border-radius:1rem;
padding:.7rem 1rem;overflow-wrap:anywhere}button{min-height:44px;padding:0 1rem;font:inherit}
input{min-height:44px;font:inherit}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--paper);border:1px solid var(--line);
border-radius:.6rem;padding:1rem;font:15px/1.5 ui-monospace,monospace}
details{margin:.5rem 0}.none{padding:2rem 0;color:var(--soft)}
"""
