"""The notice at collection: its version is stored with every request that was sent under it."""

from __future__ import annotations

from chalicelib.web.languages import N_

VERSION = "2026-12-01"

WHO_WE_ARE = N_(
    "The California Infant and Early Childhood Mental Health Consultation (IECMHC) Network. The "
    "California Department of Social Services (CDSS) pays for it and is the responsible agency. "
    "WestEd coordinates it."
)

# (heading, text). A change of meaning is a new VERSION.
PARTS = (
    (
        N_("Who we are"),
        WHO_WE_ARE,
    ),
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
            "said yes. We do not sell it. We do not show your address on any map or report. If you "
            "tell us that someone is in danger, the person on call sees at once your county, your "
            "kind of care and how to reach you, even if you do not send the request."
        ),
    ),
    (
        N_("How long we keep it"),
        N_(
            "A request or an application that you do not send is deleted after 30 days. You can delete "
            "it sooner: a request on the page “Save and come back later”, an application with the "
            "button “Delete what I wrote”. What you send is kept together with what "
            "came of it, and nothing of it is deleted by itself. You can ask us to delete it. If you told "
            "us that someone is in danger and never sent the request, we delete how to reach you when "
            "the 30 days are over and the person on call is done. We keep only what kind of concern it "
            "was, when, in which county, and what was done."
        ),
    ),
    (
        N_("Text messages"),
        N_(
            "We text you only if you ask for it. A text says what is asked and has a link, and no "
            "personal words. Your phone company and our message service carry it; we sell and share "
            "your number with nobody. To end texts, text STOP. For help, text HELP. We keep when and "
            "how you asked for texts or ended them."
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

DAY = 86400
# What a cookie is for, for how long (in words and in seconds), and its name.
COOKIES = (
    (N_("Remembers your language."), N_("One year"), 365 * DAY, ("lang",)),
    (
        N_("Finds a request that you have begun, and shows its number after you sent it."),
        N_("30 days, and 7 days after you sent it"),
        30 * DAY,
        ("draft",),
    ),
    (
        N_("Finds an application to the training program that you have begun."),
        N_("30 days"),
        30 * DAY,
        ("application",),
    ),
    (
        N_("Keeps the page of your request open after you typed the code."),
        N_("30 minutes"),
        1800,
        ("status",),
    ),
    (
        N_("Connects a new request with an earlier one of yours, if you ask again."),
        N_("30 days"),
        30 * DAY,
        ("earlier",),
    ),
    (N_("Waits for a code that we mailed."), N_("One hour"), 3600, ("code",)),
    (
        N_("Knows this browser after you typed a code, so that you do not need one each time."),
        N_("90 days"),
        90 * DAY,
        ("known",),
    ),
    (
        N_("Keeps a page open that you came to by a link in a message."),
        N_("As long as the link is good, 30 days at most"),
        30 * DAY,
        ("task",),
    ),
    (
        N_("Keeps the list of your open tasks open, for consultants."),
        N_("90 days"),
        90 * DAY,
        ("mine",),
    ),
    (
        N_("For the Network's staff only: to sign in, to search, and to go back to a list."),
        N_("10 hours at most"),
        36000,
        ("staff", "visitor", "signin", "searches", "way_back"),
    ),
)
