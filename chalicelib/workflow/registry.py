"""What stands above the engine, by the names in ``chalicelib/rooms.py``: imported when first needed.

A lower storey imports no room: it asks here, and gets a function or an object.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from chalicelib import rooms

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.aws.writes import Key
    from chalicelib.directory.holdings import Holding, Thing
    from chalicelib.directory.people import Person
    from chalicelib.web.forms import Values
    from chalicelib.web.render import TemplateValues
    from chalicelib.workflow.cases import Case, Changes, Entry
    from chalicelib.workflow.effects import SendLetter, TellRoom


def load(address: str) -> Any:
    """What "module:name" names."""
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)


def case_type(name: str) -> Any:
    """The type of case with that name, the first one for none. Raises KeyError."""
    return load(rooms.CASE_TYPES[name or next(iter(rooms.CASE_TYPES))])


def case_types() -> list[str]:
    """The names of all types of case."""
    return list(rooms.CASE_TYPES)


def wakes(sk: str) -> Callable[[str, str, int], None] | None:
    """Who is woken by a row with this sort key; None when nobody is."""
    address = next((a for prefix, a in rooms.WAKES.items() if sk.startswith(prefix)), "")
    found: Callable[[str, str, int], None] | None = load(address) if address else None
    return found


def module_of_kind(name: str) -> ModuleType:
    """The module of a kind of task. Raises KeyError when there is no such kind."""
    module = next((module for module, names in rooms.TASKS.items() if name in names), "")
    if not module:
        raise KeyError(name)
    return import_module(module)


def kinds() -> list[str]:
    """The names of all kinds of task."""
    return [name for names in rooms.TASKS.values() for name in names]


def home_panels() -> dict[str, Callable[[], TemplateValues]]:
    """What stands on the console's first page besides the list, by its template."""
    return {template: load(address) for template, address in rooms.HOME_PANELS.items()}


def desk() -> dict[str, Callable[[str, Person, int], TemplateValues]]:
    """What stands on a consultant's own page besides the tasks, by its template."""
    return {template: load(address) for template, address in rooms.DESK.items()}


def cannot_help(emergency: str) -> frozenset[str]:
    """The consultants who said that they cannot help in an emergency."""
    found: frozenset[str] = load(rooms.CANNOT_HELP)(emergency)
    return found


def hours() -> list[Callable[[str, Person, int, int], tuple[str, int]]]:
    """What a consultant served between two instants: words (a msgid) and minutes, room by room."""
    return [load(address) for address in rooms.HOURS]


def held_by() -> dict[str, Holding]:
    """All that somebody can hold, by where it is registered."""
    return {address: load(address) for address in rooms.HELD_BY}


def still_held(who: str, at: int) -> list[tuple[Holding, list[Thing]]]:
    """What ``who`` (``staff:id``, ``consultant:id``) holds that goes by no way of its own."""
    found = [(one, list(one.of(who, at))) for one in held_by().values() if not one.own_way]
    return [(one, things) for one, things in found if things]


def prefills() -> list[str]:
    """The names of what a request for a caller may begin with."""
    return list(rooms.PREFILLED)


def prefilled(
    name: str,
) -> tuple[Callable[[str], Values], Callable[[str, str, str], None]] | None:
    """The answers that a request for a caller may begin with, by their key, and what is told once it is
    there (key, reference, actor); None where nothing has that name."""
    found = rooms.PREFILLED.get(name)
    return (load(found[0]), load(found[1])) if found else None


def contacts_told(service: str, ids: list[str], lang: str) -> dict[str, tuple[str, str]]:
    """Contacts of a service in its own words, with their pages; empty where it says nothing of them."""
    address = rooms.CONTACTS.get(service)
    found: dict[str, tuple[str, str]] = load(address)(ids, lang) if address else {}
    return found


def redacted_rows(state: Case) -> list[tuple[Key, str]]:
    """The rows of all rooms that hold what was typed about the person of a case, and what each is called."""
    return [one for address in rooms.REDACTED_ROWS for one in load(address)(state)]


def send_letter() -> Callable[[Case, Entry, int, SendLetter], None]:
    """What sends a letter."""
    found: Callable[[Case, Entry, int, SendLetter], None] = load(rooms.SEND_LETTER)
    return found


def unreachable() -> Callable[[Case, Changes, int], Changes]:
    """What a task changes besides, when it opens for somebody whom letters do not reach."""
    found: Callable[[Case, Changes, int], Changes] = load(rooms.UNREACHABLE)
    return found


def report_safety() -> Callable[[Case, str, str], Response]:
    """The page that reports a safety concern."""
    found: Callable[[Case, str, str], Response] = load(rooms.REPORT_SAFETY)
    return found


def told(room: str) -> Callable[[Case, int, TellRoom], None]:
    """What a room does about another's command. Raises KeyError for a name that no room has."""
    found: Callable[[Case, int, TellRoom], None] = load(rooms.TOLD[room])
    return found


def asked_besides(consultant: str, now: int) -> list[str]:
    """The cases that a consultant is asked about and that hold none of their places."""
    return [one for address in rooms.ASKED_BESIDES for one in load(address)(consultant, now)]
