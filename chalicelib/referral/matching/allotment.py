"""Free places given to needs in their order: who is served takes a place from those behind.

Pure. Every consultant is read once, and looked at once for all needs that ask the same of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.referral.matching.constraints import free, shared_part, suits, tied, unwanted
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.rules import best


class Allotment:
    """The places that are left at an instant. ``people``: all consultants; their load grows here."""

    def __init__(self, people: Sequence[Consultant], at: int) -> None:
        self.people, self._at = people, at
        self._left = {one.id: one for one in people if free(one, at)}
        self._suiting: dict[tuple[str | bool | None, ...], list[Consultant]] = {}

    def over(self) -> bool:
        """Whether no place is left."""
        return not self._left

    def serve(self, need: MatchRequest) -> Consultant | None:
        """Who is ranked first for a need among those with a place left, and now has one less."""
        avoided = unwanted(need, self.people)
        found = best(
            need,
            (
                one
                for one in self._who_suits(need)
                if one.id in self._left and one.id not in avoided and not tied(need, one, self._at)
            ),
            self._at,
        )
        if found is not None:
            found.load += 1
            if found.load >= found.cap:
                del self._left[found.id]
        return found

    def _who_suits(self, need: MatchRequest) -> list[Consultant]:
        alike = shared_part(need)
        if alike not in self._suiting:
            left = self._left.values()
            self._suiting[alike] = [one for one in left if suits(need, one, self._at)]
        return self._suiting[alike]
