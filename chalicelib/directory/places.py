"""Places that cases hold in a row: its capacity ``cap``, and the set ``held`` of their references.

A set cannot be counted twice, and the condition makes the last place go to one of two who come at once.
The writes are members of the transaction of the case's own command.
"""

from __future__ import annotations

from chalicelib.aws.writes import Condition, Key, Update, field, update


def reserve(key: Key, reference: str, *conditions: Condition) -> Update:
    """Give a case one of the places; refuses where none is free, or it has one."""
    free = field("held").absent() | field("held").smaller_than("cap")
    taken = update(key).add("held", {reference})
    return taken.only_if(*conditions, free, ~field("held").contains(reference))


def release(key: Key, reference: str) -> Update:
    """Return the place; refuses a second time."""
    returned = update(key).discard("held", {reference})
    return returned.only_if(field("held").contains(reference))
