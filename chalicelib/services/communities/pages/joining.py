"""The public page: what a Community is, and the first step for whoever wants to join one.

Groups are for people who give care in a home: others are led to Open-Door. Whoever can follow no
language of any group is told so, with what there is for them.
"""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.ids import new_reference
from chalicelib.services.communities import information, one_seat
from chalicelib.services.communities.groups import Group, groups, seasons
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.opening import open_seat
from chalicelib.services.communities.room import PAGE, sessions
from chalicelib.services.communities.words import group_words
from chalicelib.web.forms import Field, Form, Values, checkboxes, radios, select, several, words
from chalicelib.web.languages import N_, language_name, languages, moment_words
from chalicelib.web.pages import current, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Contact
from chalicelib.workflow.storage import store

OTHER: Final = "other"
SETTING, LANGUAGE = "setting", "language"
LATER, BEEN = information.LATER, "been"
ANOTHER_LANGUAGE: Final = N_(
    "This session is in a language that you did not check. Please choose one that you can follow."
)


def open_groups(at: int) -> list[Group]:
    """The groups that somebody may still join, the next first."""
    opened = {one.id for one in seasons() if one.is_open(at)}
    found = [one for one in groups() if one.season in opened and one.joinable(at)]
    return sorted(found, key=lambda one: (one.last_day, one.name))


def fits(setting: str, spoken: list[str]) -> bool:
    """Whether the Communities are for somebody: who gives care in a home, and can follow a language."""
    return setting in vocabulary.HOME_BASED and any(one in languages() for one in spoken)


def asked(at: int) -> Form:
    """Who they are, what they can follow, and which session they come to."""
    lang = current().lang
    return Form(
        radios("setting", N_("Where do you give care?"), *vocabulary.SETTINGS.items()),
        checkboxes(
            "languages",
            N_("In which languages can you take part in a talk?"),
            *((one, language_name(one)) for one in languages()),
            (OTHER, N_("Another language")),
        ),
        radios(
            "session",
            N_("Which Information Session can you come to?"),
            *(
                (one.id, f"{moment_words(one.at, lang)} ({language_name(one.language)})")
                for one in sessions(at)
                if not one.full and one.language in languages()
            ),
            (BEEN, N_("I have been to an Information Session")),
            (LATER, N_("None of these. Please ask me again in a week")),
            gone=information.GONE,
        ),
        Field("name", "text", N_("Your name"), autocomplete="name", max_length=80),
        Field("email", "email", N_("Your email"), autocomplete="email"),
        select("county", N_("Your county"), *vocabulary.COUNTY_NAMES.items()),
    )


def join() -> Response:
    """Show it; take the first step."""
    at = now()

    def act(values: Values, command: str) -> str:
        setting, spoken = words(values, "setting"), several(values, "languages")
        if not fits(setting, spoken):
            why = LANGUAGE if setting in vocabulary.HOME_BASED else SETTING
            return f"{PAGE}/elsewhere/{why}"
        known = [one for one in spoken if one != OTHER]
        _begin(values, setting, known, command, at)
        later = words(values, "session") == LATER
        return f"{PAGE}/joined?later=yes" if later else f"{PAGE}/joined"

    return _page(at, {}).answer(act)


def begun(who: Contact, lang: str) -> Response:
    """The page for somebody whom another service met, with what is known of them filled in."""
    return _page(now(), {"name": who.name, "email": who.email}).show()


def _page(at: int, known: Values) -> FormPage:
    def facts() -> TemplateValues:
        return {"groups": [group_words(one) for one in open_groups(at)]}

    return FormPage(
        "communities/join.html",
        asked(at),
        subject="communities",
        once=True,
        known=known,
        check=lambda values: _wrong(values, at),
        facts=facts,
    )


def _wrong(values: Values, at: int) -> dict[str, str]:
    """A session that they could not follow; whom the groups are not for is told that alone."""
    spoken, chosen = several(values, "languages"), words(values, "session")
    followed = [one.id for one in sessions(at) if one.language in spoken]
    if not fits(words(values, "setting"), spoken) or chosen in (LATER, BEEN, *followed):
        return {}
    return {"session": ANOTHER_LANGUAGE}


def joined() -> Response:
    """The first step is taken."""
    later = current().query.get("later") == ["yes"]
    return render("communities/joined.html", later=later)


def elsewhere(why: str) -> Response:
    """Whom the groups are not for, and what there is for them. Raises NotFound."""
    if why not in (SETTING, LANGUAGE):
        raise NotFound(why)
    return render("communities/elsewhere.html", home=why == LANGUAGE)


def _begin(values: Values, setting: str, known: list[str], command: str, at: int) -> None:
    """A seat's case, once for an address; whoever has one already is told the same on the page."""
    email, session = words(values, "email"), words(values, "session")
    if not rate_limits.mail_to("communities", email, at, source=current().source_ip):
        return
    reference = new_reference()
    new = Seat(
        reference=reference,
        contact=Contact(name=words(values, "name"), email=email),
        languages=known,
        setting=setting,
        county=words(values, "county"),
        language=current().lang,
        session="" if session == BEEN else session,
    )
    chosen = "" if session in (LATER, BEEN) else session
    if chosen:
        try:
            information.sign_up_for(new, chosen, at)
        except Invalid as full:
            raise Invalid({"session": information.GONE}) from full
    try:
        informed = session == BEEN and information.been_to_one(email)
        open_seat(new, command, at, informed=informed)
    except store.Refused:
        information.chosen_elsewhere(one_seat.held(email), chosen, command, at)
