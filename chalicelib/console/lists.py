"""The list of referrals with its filters, and the queue of tasks that wait for staff."""

from __future__ import annotations

from dataclasses import replace

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.console import board
from chalicelib.directory import emergencies, people
from chalicelib.domain import vocabulary
from chalicelib.domain.roles import ROLE_WORDS, Scope
from chalicelib.referral.machines import PARENT
from chalicelib.web import way_back
from chalicelib.web.languages import N_
from chalicelib.web.pages import current
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import registry
from chalicelib.workflow.board import title_of, words_of_lines
from chalicelib.workflow.machines import stages, titles

ROLE_NAMES = {
    "me": N_("Me"),
    **{role: vocabulary.OWNERS.get(role) or ROLE_WORDS[role] for role in board.WAITED_FOR[1:-1]},
    "nobody": N_("Nobody"),
}


def show_list() -> Response:
    """The list."""
    query = current().query
    filters = board.filters_of(query)
    cursor = (query.get("from") or [""])[0]
    me = current_staff()
    narrowed = board.page(filters, cursor, me.id, now(), me.scope)
    link = filters.link()
    joint = "&" if "?" in link else "?"
    return show(
        "console/list.html",
        filters=filters,
        first=filters.link() if cursor else "",
        more=f"{link}{joint}from={narrowed.more}" if narrowed.more else "",
        lines=narrowed.lines,
        total=narrowed.total,
        counted=narrowed.counted,
        incidents=_incidents(filters.incident),
        cleared=replace(board.Filters(), show=filters.show).link(),
        panels=_panels() if not (filters.narrowed or cursor) else {},
        **_words(),
    )


def _incidents(chosen: str) -> dict[str, str]:
    """The emergencies to choose from, by id with what staff call them: those of today, and the chosen."""
    found = {one.id: one.called for one in emergencies.shown()}
    if not chosen or chosen in found:
        return found
    name = emergencies.called(chosen)
    return found | {chosen: N_("An emergency that we do not know") if name == chosen else name}


def _panels() -> dict[str, TemplateValues]:
    """What the rooms show beside the list, by template."""
    return {template: facts() for template, facts in registry.home_panels().items()}


def show_queue() -> Response:
    """Open tasks for the reader's role, the next due first; their own are marked."""
    me = current_staff()
    cursors = {name: (current().query.get(name) or [""])[0] for name in ("mine", "others")}
    mine, others = board.queue(me, now(), **cursors)
    names = {str(row["id"]): str(row.get("name") or row["id"]) for row in people.staff()}
    return show(
        "console/queue.html",
        mine=mine,
        others=others,
        cursors=cursors,
        names=names,
        title=title_of,
        back=way_back.here(),
        **_words(),
    )


def own_counties(scope: Scope) -> dict[str, str]:
    """The counties to choose from, with their names: those of whoever looks."""
    known = vocabulary.COUNTY_NAMES.items()
    return {slug: name for slug, name in known if scope.covers(slug)}


def _words() -> TemplateValues:
    return {
        **words_of_lines(now(), current().lang),
        "own_counties": own_counties(current_staff().scope),
        "stages": {name: titles()[name] for name in stages()},
        "all_stages": {**vocabulary.STAGES, "closed": N_("Closed")},
        "roles": ROLE_NAMES,
        "parent": PARENT,
    }
