"""Errors named by what the caller does next; they cross every storey."""

from __future__ import annotations


class HouseError(Exception):
    """Base of the errors that a page knows how to show."""


class Invalid(HouseError):
    """The form again (422): ``errors`` maps a field name to a plain sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("invalid input")
        self.errors = errors


class NotFound(HouseError):
    """Nothing there, or not yours: both look the same (404)."""


class AlreadyDone(HouseError):
    """The decision was recorded before; the caller shows what was recorded."""


class RecordedMeanwhile(AlreadyDone):
    """Something else was recorded since the form was shown; the caller shows it, and asks."""


class LinkExpired(HouseError):
    """The link is no longer good (410): one press mails a fresh one."""


class TryAgain(HouseError):
    """The house is busy (503): nothing was lost, the same request may be sent again."""
