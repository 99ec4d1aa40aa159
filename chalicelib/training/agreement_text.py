"""The text of a consultant's agreement with the Network.

It is dated data: a changed text gets a new version, and the older ones stay, so that a signature
always says what was signed. [ours, to be reviewed by the Network]
"""

from __future__ import annotations

from typing import Final

from chalicelib.web.languages import N_

VERSION: Final = "consultant-agreement-1"

SECTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        N_("What you do"),
        (
            N_(
                "You work with the adults who care for young children. You watch, listen and think "
                "with them. You do not treat, diagnose or evaluate children."
            ),
            N_("You take on only as many consultations as you said, and you may pause new offers."),
        ),
    ),
    (
        N_("What you keep private"),
        (
            N_(
                "What people tell you stays with you and the Network's team. You never write down a "
                "child's name or birth date."
            ),
            N_(
                "The law on reporting child abuse and neglect stays as it is for everyone who must "
                "report. Nothing in this agreement changes it."
            ),
        ),
    ),
    (
        N_("What we ask of you"),
        (
            N_("Answer offers in time, and tell us early when you will be away."),
            N_("Meet with your supervisor, and keep your certificates and licenses current."),
            N_("Tell us of every tie to a site or a person that could stand in the way."),
        ),
    ),
    (
        N_("How long it lasts"),
        (
            N_(
                "It lasts until the day that we write to you. Before that day we ask you if you want "
                "to go on. You can end it at any time."
            ),
        ),
    ),
)

TEXTS: Final = {VERSION: SECTIONS}
"""Every version that somebody may have signed."""
