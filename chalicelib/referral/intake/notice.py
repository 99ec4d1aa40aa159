"""The notice at collection: its version is stored with every request that was sent under it."""

from __future__ import annotations

from chalicelib.web.languages import N_

VERSION = "2026-11"

# (heading, text). A change of meaning is a new VERSION.
PARTS = (
    (
        N_("What we ask for"),
        N_(
            "Your name and how to reach you, your program and its county, and what you would like "
            "help with. We never ask for a child's name or birth date. Please do not write them."
        ),
    ),
    (
        N_("Why we ask"),
        N_(
            "To decide with you which support fits, to find a consultant, and to show the state "
            "in numbers, without names, who is served."
        ),
    ),
    (
        N_("Who sees it"),
        N_(
            "Specialists of the Network, and the consultant who works with you, once they have "
            "said yes. We do not sell it. We do not show your address on any map or report."
        ),
    ),
    (
        N_("How long we keep it"),
        N_(
            "A request that you do not send is deleted after 30 days. You can delete it sooner on "
            "the page “Save and come back later”."
        ),
    ),
    (
        N_("What this site keeps on your device"),
        N_(
            "Cookies of this site only: one remembers your language, one finds your unsent "
            "request again. Nobody else's cookies, and nothing that follows you."
        ),
    ),
    (
        N_("Your choices"),
        N_(
            "Asking is voluntary. To see, correct or delete what you told us, call the helpline "
            "or answer any of our messages."
        ),
    ),
)
