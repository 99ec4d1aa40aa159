"""The text of the service agreement: roles, scope, duration.

It is dated data: a changed text gets a new version, and the older ones stay, so that a signature
always says what was signed. [ours, to be reviewed by the Network]
"""

from __future__ import annotations

from typing import Final

from chalicelib.web.languages import N_

VERSION: Final = "agreement-1"

SECTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        N_("What we do"),
        (
            N_(
                "Your consultant works with you and the other adults who care for children. "
                "Together you look at what happens, think about it, make a plan, and try it out."
            ),
            N_("The service is free."),
        ),
    ),
    (
        N_("What we do not do"),
        (
            N_("We do not give therapy, make a diagnosis, or evaluate children."),
            N_("We do not inspect or rate your program."),
            N_(
                "This is not an emergency service. If someone is in danger, call 911. For a "
                "mental health crisis, call or text 988."
            ),
        ),
    ),
    (
        N_("What we ask of you"),
        (
            N_(
                "Take part in the sessions, and tell your consultant early if a time does not work."
            ),
            N_("Tell us openly what helps and what does not."),
        ),
    ),
    (
        N_("How long it takes"),
        (
            N_(
                "We will meet 4 to 12 times. After four sessions we look "
                "back together at how it goes."
            ),
            N_("You can stop at any time. You do not have to say why."),
        ),
    ),
    (
        N_("What we write down"),
        (
            N_(
                "We keep your goals, the days and length of the sessions, and short notes. Only "
                "your consultant and the Network's team read the notes. We never write down a "
                "child's name or birth date."
            ),
            N_(
                "The law on reporting child abuse and neglect stays as it is for everyone who must "
                "report. Nothing in this agreement changes it."
            ),
        ),
    ),
)

TEXTS: Final = {VERSION: SECTIONS}
"""Every version that somebody may have signed."""
