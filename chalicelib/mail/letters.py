"""A letter from one file: subject, first line, one link, and why; text and HTML say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache

from chalicelib.domain.json_values import Json
from chalicelib.domain.plain.values import frozen
from chalicelib.mail.calendar_file import NAMES
from chalicelib.mail.choices.links import leaving
from chalicelib.web.languages import HELPLINE, N_, Translate, moment_words, translator
from chalicelib.web.render import LETTER_NAME, blocks, environment, html
from chalicelib.workflow.effects import Appointment


@frozen
class Letter:
    """A letter ready to send. ``subject`` is one line, ``sender`` the Network's name. ``headers``: what it
    says to the reader's mail program besides; ``facts``: what it says, as its page is drawn from."""

    subject: str
    text: str
    html: str
    sender: str
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Json = field(default_factory=dict)


def _paragraphs(text: str) -> list[str]:
    """Blocks between blank lines; lines inside one flow together unless they are list items."""
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [" ".join(line.split()) for line in part.strip().splitlines() if line.strip()]
        if not lines:
            continue
        items = all(line.startswith("- ") for line in lines)
        found.append("\n".join(lines) if items else " ".join(lines))
    return found


@frozen
class Spoken:
    """A letter as it is said on the phone: what it is about, and its paragraphs."""

    title: str
    paragraphs: list[str]


def spoken(name: str, lang: str, **ctx: object) -> Spoken:
    """The letter ``room/kind`` as staff say it on the phone: the same words, without link and foot.

    ``ctx`` as for ``compose``; the letter itself leaves out what only a reader can do. Raises
    jinja2.UndefinedError when a fact is missing.
    """
    parts = blocks(source(name), lang, spoken=True, **ctx)
    title, lead = (" ".join(parts[block].split()) for block in ("subject", "lead"))
    again = _asked_again(bool(ctx.get("again")), translator(lang))
    days = _days(ctx.get("when"), lang, files=False)
    # Each item of a list is a sentence of its own: nobody says its dash.
    body = [
        line.removeprefix("- ")
        for one in _paragraphs(parts.get("body", ""))
        for line in one.splitlines()
    ]
    return Spoken(title, [lead, *again, *body, *days])


def source(name: str) -> str:
    """The template of the letter ``room/kind``. Raises ValueError."""
    room, _slash, kind = name.partition("/")
    found = f"{room}/letters/{kind}.j2"
    if not LETTER_NAME.fullmatch(found):
        raise ValueError(f"not a letter: {name}")
    return found


@cache
def may_be_left(name: str) -> str:
    """The kind of message that the letter ``room/kind`` says it is one of, and that its reader may leave
    (``mail_choices.MAY_BE_LEFT``); "" for a letter that is needed."""
    template = environment(escape=False).get_template(source(name))
    said = template.blocks.get("may_be_left")
    return "".join(said(template.new_context())).strip() if said else ""


def compose(
    name: str,
    lang: str,
    *,
    reference: str,
    link: str | None,
    due: str | None,
    foot: str = "",
    **ctx: object,
) -> Letter:
    """Write the letter ``room/kind`` in a language.

    ``due``: in words. ``foot``: the address of the page where its reader chooses what they get. ``ctx``:
    what this letter asks for besides; its ``parts`` are the facts of letters that it gathers. The subject gets the reference and the due date if it lacks them.
    Raises jinja2.UndefinedError when a fact is missing: never "Dear None".
    """
    _ = translator(lang)
    facts_of_all = {"reference": reference, "link": link, "due": due, "spoken": False}
    parts = blocks(source(name), lang, **facts_of_all, **ctx)
    subject = " ".join(parts["subject"].split())
    if reference and reference not in subject:
        subject = f"{subject} · {reference}"
    if due and due not in subject:
        subject = _("%(subject)s, by %(due)s", subject=subject, due=due)
    if not subject or not parts["lead"].strip():
        raise ValueError(f"the letter {name} lacks its subject or its first line")
    lead = " ".join(parts["lead"].split())
    action = " ".join(parts.get("action", "").split()) or _("Open the page")
    # A letter that asks nothing may name a page of its own, as the status page.
    link = link or parts.get("link", "").strip()
    mine = str(ctx.get("mine", ""))
    facts: Json = {
        "subject": subject,
        "lead": lead,
        "action": action if link else "",
        "link": link,
        "paragraphs": [
            *_asked_again(bool(ctx.get("again")), _),
            *_paragraphs(parts.get("body", "")),
            *_days(ctx.get("when"), lang),
        ],
        "reference": reference,
        "aside": _aside(parts, "" if link == mine else mine, _),
        "frame": _frame(_, bool(ctx.get("for_staff")), " ".join(parts.get("because", "").split())),
        "parts": ctx.get("parts", ()),
        "foot": {"words": _("Language, times and what we send you:"), "link": foot} if foot else {},
    }
    sender = _("California IECMHC Network")
    page = html("web/letter.html", lang, **facts)
    return Letter(subject, _text(facts, _), page, sender, _headers(name, foot), facts)


def _headers(name: str, foot: str) -> dict[str, str]:
    """One press in the mail program leaves what is not needed (RFC 8058)."""
    kind = may_be_left(name)
    if not kind or not foot:
        return {}
    return {
        "List-Unsubscribe": f"<{leaving(foot, kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _aside(parts: dict[str, str], mine: str, _: Translate) -> dict[str, str]:
    """A second, smaller link: the letter's own, or the reader's list of tasks."""
    if link := parts.get("aside_link", "").strip():
        return {"words": " ".join(parts["aside"].split()), "link": link}
    return {"words": _("All your open tasks:"), "link": mine} if mine else {}


def _asked_again(again: bool, _: Translate) -> list[str]:
    """The line for people whose answer may be lost, because the table went back in time."""
    if not again:
        return []
    return [
        _(
            "We had to restore our records, so we may have to ask you again. If you answered before, "
            "please answer once more. We are sorry for the extra work."
        )
    ]


def _days(when: object, lang: str, *, files: bool = True) -> list[str]:
    """The meetings that the calendar files of a letter bring, so that nobody needs to open a file; with
    what to do with the ``files``."""
    if not isinstance(when, Appointment):
        return []
    _ = translator(lang)

    def listed(days: Iterable[tuple[int, int]]) -> str:
        return "\n".join(f"- {moment_words(at, lang)}" for _number, at in days)

    found = []
    if when.days:
        found += [_("You meet on these days:"), listed(when.days)]
    if when.days and files:
        found.append(
            _(
                "Open the attached file %(file)s to put them in your calendar. It also corrects what "
                "is there from an earlier message.",
                file=NAMES["REQUEST"],
            )
        )
    if when.gone:
        found += [_("You do not meet on these days. They are free again:"), listed(when.gone)]
    if when.gone and files:
        found.append(
            _(
                "Open the attached file %(file)s: most calendars then take them out by themselves. If "
                "yours does not, please delete them.",
                file=NAMES["CANCEL"],
            )
        )
    return found


def _frame(_: Translate, for_staff: bool, because: str) -> list[str]:
    """The lines at the foot of every letter. The helpline could tell our own staff nothing. ``because``:
    why this address gets it, where it is not about a request."""
    questions = N_("Questions? Answer this message. People read it.")
    return [
        _(questions)
        if for_staff
        else _(
            "Questions? Call the helpline at %(phone)s, Monday to Friday, 8 to 5, or answer this "
            "message. People read it.",
            phone=HELPLINE,
        ),
        _(
            "If someone is in danger now, call 911. For thoughts of suicide or a mental health "
            "crisis, call or text 988. The helpline is not an emergency service."
        ),
        because
        or _(
            "You get this message because this address takes part in a request to the California "
            "IECMHC Network."
        ),
    ]


def _said(facts: Json, _: Translate) -> list[str]:
    """What one letter says, without its frame."""
    parts = [facts["lead"]]
    if facts["link"]:
        parts.append(f"{facts['action']}:\n{facts['link']}")
    parts += facts["paragraphs"]
    if facts["reference"]:
        parts.append(_("Reference: %(reference)s", reference=facts["reference"]))
    return parts


def _text(facts: Json, _: Translate) -> str:
    parts = _said(facts, _)
    for one in facts["parts"]:
        parts += ["* * *", one["subject"], *_said(one, _)]
    if facts["aside"]:
        parts.append("{words}\n{link}".format(**facts["aside"]))
    parts += ["-- \n" + "\n\n".join(facts["frame"])]
    if facts["foot"]:
        parts.append("{words}\n{link}".format(**facts["foot"]))
    return "\n\n".join(parts) + "\n"
