"""Who changes, cancels or pauses a request: its provider, or staff for whoever called about it.

What staff do counts as the provider's own act: the same command, the same letters, the same ways back. The
entry says who wrote it down, who told it, and how.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from chalicelib.workflow.cases import Payload


@dataclass(frozen=True)
class Acting:
    """``actor`` as the log names them; ``told``: who told staff and how, empty for the provider."""

    actor: str = "provider"
    told: Payload = field(default_factory=Payload)

    @property
    def for_caller(self) -> bool:
        """Whether staff act."""
        return bool(self.told)


THEMSELVES: Final = Acting()
