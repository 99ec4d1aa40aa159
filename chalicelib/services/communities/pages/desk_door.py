"""The first page of a group's desk in a browser that is not known as its facilitator's: no name until the code
from their mail was typed."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.mail import email_code
from chalicelib.mail.addressees import person
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.season import desk_link
from chalicelib.tasks.code_challenge import TICK, Place, ask_person, asking, code_page
from chalicelib.web.pages import current, form, redirect, render


def opens(group: Group) -> bool:
    """Whether this browser may see who is in the group."""
    return email_code.known(group.facilitator)


def show(link: str, error: str = "") -> Response:
    """The tick; nothing of the group."""
    return render("communities/desk_door.html", 422 if error else 200, link=link, error=error)


def press(group: Group, link: str, at: int) -> Response:
    """ "This was sent to me": the code, then the desk."""
    action = f"/desk/{link}/open"
    switching = current().switching
    if switching and asking():
        return code_page(action, "")
    if form().get("mine") != ["yes"] or switching:
        return show(link, "" if switching else TICK)

    def letter() -> email_code.Letter:
        to = person(group.facilitator)
        lang = str(to.get("letters_language", "en"))
        return email_code.Letter("tasks/code", str(to.get("email", "")), lang)

    def instead() -> None:
        desk_link.mail(group.id, at)

    asks = ask_person(group.facilitator, letter, Place(action, "", link), instead)
    return asks or redirect(f"/desk/{link}")
