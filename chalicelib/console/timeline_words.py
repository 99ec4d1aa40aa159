"""The words of the timeline for entries that are not about one task, and for letters.

What is said of a task stands in its kind.
"""

from __future__ import annotations

from typing import Final

from chalicelib.mail.texts.ending import CHOSEN, LOST, REFUSED, STOPPED
from chalicelib.referral import events
from chalicelib.services.communities import events as communities
from chalicelib.services.emergency import events as emergency
from chalicelib.services.helpline import events as helpline
from chalicelib.training.applications import events as applications
from chalicelib.training.certificates import telling as certificates
from chalicelib.training.onboarding import events as onboarding
from chalicelib.training.practicum import events as practicum
from chalicelib.training.renewal import events as renewal
from chalicelib.training.trainees import events as training
from chalicelib.web.languages import N_
from chalicelib.workflow import events as engine

SAID: Final[dict[engine.EventName, str]] = {
    events.SUBMITTED: N_("The provider sent the request."),
    engine.UNDONE: N_("An answer was undone and does not count: %(task)s."),
    events.AMENDED: N_("The provider changed: %(fields)s."),
    events.ELIGIBILITY_DECIDED: N_("The eligibility rules were applied: %(result)s."),
    events.ELIGIBILITY_WAITS: N_("The eligibility check waits for answers of the provider."),
    events.HANDED_OVER: N_("The provider was told how to use the lighter support."),
    events.OFFER_WITHDRAWN: N_("The offer to %(who)s was withdrawn. It moves on."),
    events.OFFER_MOVED: N_("The offer to %(from)s was withdrawn, and made to %(who)s."),
    events.REASSIGNED: N_("%(who)s took over from %(from)s, whose links have ended."),
    events.TAKEN_BACK: N_("It was taken from %(who)s. Somebody else is looked for."),
    events.PROMOTED: N_(
        "%(who)s is free: it leaves the line, as number %(place)s. Passed over: %(passed)s."
    ),
    events.INVITED: N_("The provider was invited to the next Open-Door session."),
    events.NOT_SERVED: N_("No consultant could take it, and the request ended."),
    events.CLOSING_INCOMPLETE: N_("It could not be closed yet: something is missing."),
    events.REFERRAL_CLOSED: N_("The request was closed."),
    events.STEPPED_DOWN: N_("The consultation is over. Lighter support goes on: %(tier)s."),
    events.SESSION_DECLINED: N_(
        "The provider cannot make a session. The consultant was asked for a new time."
    ),
    events.PAUSED: N_("The work was paused until %(until)s."),
    events.WAITS_FOR_LEAVE: N_("%(who)s is away. The provider waits for them until %(until)s."),
    engine.RESUMED: N_("The pause ended, and the work goes on."),
    engine.PAUSE_ENDS_SOON: N_("The one who paused was told that the pause ends on %(until)s."),
    events.SAFETY_FLAGGED: N_("A safety concern was flagged. The on-call lead was told."),
    events.REOPENED: N_("The request was opened again."),
    events.WITHDRAWN: N_("The provider withdrew the request."),
    events.NOTE_WRITTEN: N_("A note was written, for staff alone."),
    events.ENDED_BY_STAFF: N_("The request was ended."),
    events.DUPLICATE_CLOSED: N_("Another request was closed, because it is the same as this one."),
    events.URGENCY_CHANGED: N_(
        "How soon help is needed was changed from %(before)s to %(priority)s."
    ),
    engine.REMINDED: N_("A reminder was sent: %(task)s."),
    engine.ESCALATED: N_("The supervisor was told that this is overdue: %(task)s."),
    engine.LINK_RENEWED: N_("A fresh link was mailed: %(task)s."),
    events.TASK_TAKEN: N_("%(who)s took over a task of %(from)s: %(task)s."),
    engine.TASK_GIVEN: N_("%(who)s gave a task of %(from)s to %(to)s: %(task)s."),
    engine.RUN_RESTARTED: N_("The run was started again, as number %(generation)s."),
    engine.RECONCILED: N_("The reconciler found that the table and the run did not fit."),
    engine.PARKED: N_(
        "A letter or a word to the process could not leave. A coordinator was asked."
    ),
    engine.CLOCK_STUCK: N_("The clock could not do what is due. A coordinator was asked."),
    engine.HELD_UP: N_(
        "AWS holds up letters or processes. A coordinator was asked to get it fixed."
    ),
    events.REDACTED: N_(
        "A child's name or date was taken out of what was written, places: %(total)s."
    ),
    events.PAPERS_MAILED: N_("The provider asked for the link to their papers."),
    events.UNSENT_FORGOTTEN: N_(
        "The request was never sent. How to reach whoever began it was deleted."
    ),
    engine.LETTER_SENT_AGAIN: N_("A letter was sent again: %(about)s."),
    engine.TEXTS_ENDED: N_("Text messages to %(to)s have ended."),
    engine.TEXTS_BEGAN: N_("%(to)s texted START: they get text messages again."),
    helpline.CONTACT_LOGGED: N_("They were in touch with the helpline about it."),
    helpline.CALL_PROMISED: N_("The helpline promised a call."),
    helpline.CALL_KIND_FOUND: N_("The call waits for its time."),
    helpline.CALL_MOOT: N_("Nobody needs to be called about it anymore."),
    helpline.REQUEST_OPENED: N_("A request was opened with these answers: %(to)s."),
    applications.OPENED: N_("An application for the training program came."),
    applications.PROMOTED: N_("A place became free and is held for the applicant."),
    applications.WITHDRAWN: N_("The applicant withdrew the application."),
    applications.OPENED_FOR: N_(
        "An application came in by phone. Staff typed it for the applicant."
    ),
    applications.WITHDRAWN_FOR: N_(
        "The applicant called. Staff withdrew the application for them."
    ),
    applications.MORE_ASKED: N_("Reviewers were asked to score it."),
    communities.OPENED: N_("The first step to a Community of Support was taken."),
    communities.SEATED: N_("A seat was free. The provider has it."),
    communities.OFFERED: N_("A seat became free and is held for the provider."),
    communities.LEFT: N_("The provider left the group, or the line."),
    communities.OF_REQUEST: N_("This seat is now part of a request, too."),
    communities.GROUP_CLOSED: N_("The group does not go on."),
    training.ENROLLED: N_("The trainee is enrolled in a cohort."),
    training.SCHEDULED: N_("Meetings were entered. The trainee was told."),
    training.PLACED: N_("The small group or the facilitator of the trainee was set."),
    training.WORK_CONFIRMED: N_("Coursework is in order."),
    training.WORK_RETURNED: N_("Coursework needs something more. The trainee was told."),
    training.TALKED: N_("The trainee met with the facilitator."),
    training.TALK_STRUCK: N_("A meeting with the facilitator was written down by mistake."),
    training.LEFT_FOR_A_WHILE: N_("The trainee is on leave."),
    training.BACK: N_("The trainee is back from leave."),
    training.MOVED: N_("The trainee goes on with another cohort."),
    training.EXTENDED: N_("The trainee has more time."),
    training.WITHDREW: N_("The trainee left the program."),
    training.REOPENED: N_("The training was opened again: it had ended by mistake."),
    certificates.TOLD: N_("There is news of the certificate."),
    renewal.OPENED: N_("Something of the consultant's ends soon."),
    onboarding.OPENED: N_("Somebody is asked to become a consultant."),
    onboarding.REOPENED: N_("The approval was undone, and a coordinator is asked again."),
    onboarding.STOPPED: N_("It ended, because the training goes on."),
    emergency.OPENED: N_("The consultant is called up in an emergency."),
    practicum.OPENED: N_("The practicum begins: somebody guides it."),
    practicum.GUIDED: N_("Somebody else guides the practicum now."),
    practicum.HOME_FOUND: N_("The trainee works with a home now."),
    practicum.HOME_OVER: N_("The work with the home is over. The hours stay."),
    practicum.HOURS_ANSWERED: N_("The provider told us about the hours."),
    practicum.ENDED: N_("The practicum has ended."),
    practicum.RESTS: N_("The trainee is on leave, and is asked nothing until they are back."),
    practicum.GOES_ON: N_("The trainee is back, and the practicum goes on."),
    practicum.AGAIN: N_("The practicum goes on, because the training does."),
    communities.NEWS: N_("There is news of the seat in a Community of Support."),
}
"""Entry type -> sentence."""

CASES: Final[dict[tuple[engine.EventName, str], str]] = {
    (events.SUBMITTED, "for_caller"): N_(
        "Entered for the provider, who asked by phone or in person."
    ),
    (events.NOTE_WRITTEN, "team"): N_("A note was written, for staff and the consultant."),
    (events.NOTE_WRITTEN, "shared"): N_("A note was written, which the provider may read, too."),
    (events.ENDED_BY_STAFF, "duplicate"): N_(
        "The request was closed, because another one is the same and goes on."
    ),
    (engine.TEXTS_ENDED, STOPPED): N_(
        "Text messages to %(to)s have ended: they said STOP. They are reached by email or a call."
    ),
    (engine.TEXTS_BEGAN, CHOSEN): N_("%(to)s asked for text messages."),
    (engine.TEXTS_ENDED, CHOSEN): N_("%(to)s asked for no more text messages."),
    (engine.TEXTS_ENDED, REFUSED): N_(
        "Text messages to %(to)s have ended: the number takes none. They are reached by email or a call."
    ),
    (engine.TEXTS_ENDED, LOST): N_(
        "Text messages to %(to)s have ended: they do not arrive. They are reached by email or a call."
    ),
    (engine.RECONCILED, "restarted"): N_(
        "The reconciler started the run again, as number %(generation)s. Why: %(finding)s"
    ),
    (communities.NEWS, "informed"): N_(
        "The provider came to an Information Session, and was asked to register for a group."
    ),
    (communities.NEWS, "waiting"): N_("The provider is in line for a seat in a group."),
    (communities.NEWS, "offered"): N_("A seat in a group was offered to the provider."),
    (communities.NEWS, "seated"): N_("The provider has a seat in a group."),
    (communities.NEWS, "completed"): N_("The season of the provider's group is over."),
    (communities.NEWS, "left"): N_("The provider left the group."),
    (communities.NEWS, "withdrawn"): N_("The provider does not want a seat in a group now."),
    (communities.NEWS, "not_placed"): N_("No seat in a group came for the provider."),
    (engine.RECONCILED, "stopped"): N_("The reconciler ended a run. Why: %(finding)s"),
    (engine.RECONCILED, "handed"): N_(
        "The run stopped too often today: a coordinator was asked. Why: %(finding)s"
    ),
}
"""(Entry type, case) -> sentence, where the case matters."""

LETTERS: Final[dict[str, str]] = {
    "intake/receipt": N_("Receipt of the request"),
    "mail/texts_begin": N_("What text messages cost, and how to end them"),
    "mail/texts_lost": N_("Text messages do not arrive"),
    "status/code": N_("Code for the status page"),
    "status/changed_told": N_("The provider changed something"),
    "status/changed_for_you": N_("We changed the request for the provider"),
    "status/address_changed": N_("The email address was changed"),
    "tasks/undone": N_("An answer was undone"),
    "tasks/recorded": N_("We wrote down an answer for you"),
    "status/withdrawn": N_("The request was withdrawn"),
    "status/withdrawn_told": N_("The request was withdrawn"),
    "eligibility/other_help": N_("Other places to turn to"),
    "tiers/universal": N_("How to use universal support"),
    "tiers/targeted": N_("How to use targeted support"),
    "tiers/decided": N_("The kind of support was decided"),
    "matching/waitlisted": N_("The request is on the waitlist"),
    "matching/taken_over": N_("A consultation to take over"),
    "matching/handed_on": N_("Somebody else goes on with a consultation"),
    "matching/offer_over": N_("An offer that was withdrawn"),
    "matching/leave_pause": N_("It waits until the consultant is back"),
    "matching/new_consultant": N_("Another consultant goes on"),
    "matching/found": N_("A consultant was found"),
    "matching/cannot_be_served": N_("The request cannot be served"),
    "delivery/agreement_question": N_("The provider wants to talk before signing"),
    "delivery/handed_over": N_("Another consultant is looked for"),
    "delivery/handed_over_told": N_("Another consultant is looked for"),
    "delivery/paused": N_("The work is paused"),
    "delivery/resumed": N_("The pause is over"),
    "delivery/pause_ends": N_("The pause ends soon"),
    "delivery/extension_answered": N_("What was decided on more sessions"),
    "closure/reopened": N_("The request is open again"),
    "closure/ended_told": N_("The request was closed"),
    "delivery/tried": N_("We tried to reach them"),
    "delivery/unreachable": N_("We could not reach them, and how to come back"),
    "status/session_declined": N_("The provider cannot make a session"),
    "delivery/session_planned": N_("The sessions ahead, with a calendar file"),
    "delivery/sessions_over": N_("The rest of the sessions, taken out of the calendar"),
    "closure/closed": N_("The work is done"),
    "closure/stepped_down": N_("The consultation is over, lighter support goes on"),
    "applications/received": N_("Receipt of the application"),
    "applications/on_waitlist": N_("The application is on the waitlist"),
    "applications/place": N_("They have a place in a cohort"),
    "applications/declined": N_("They did not take the place"),
    "applications/lapsed": N_("The place goes to the next person"),
    "applications/not_this_time": N_("No place in a cohort this time"),
    "applications/withdrawn": N_("The application was withdrawn"),
    "practicum/settled": N_("Which hours of the practicum count"),
    "trainees/again": N_("The training goes on"),
    "onboarding/again": N_("The approval was undone, and a coordinator is asked again."),
    "trainees/work_returned": N_("Coursework needs something more"),
    "trainees/meetings": N_("The meetings, with a calendar file"),
    "trainees/facilitator": N_("The link to the page of a facilitator"),
    "trainees/on_leave": N_("They are on leave"),
    "trainees/leave_ends": N_("The leave ends soon"),
    "trainees/more_time": N_("They have more time"),
    "trainees/transferred": N_("They go on with another cohort"),
    "trainees/withdrawn": N_("They left the training program"),
    "trainees/completed": N_("They completed the training program"),
    "renewal/renewed": N_("It is renewed"),
    "renewal/lapsed": N_("It was not renewed"),
    "renewal/not_wanted": N_("The consultant does not renew it"),
    "onboarding/question": N_("A new consultant wants to talk before signing"),
    "onboarding/rests": N_("We have stopped asking them"),
    "onboarding/refused": N_("They do not become a consultant now"),
    "onboarding/welcome": N_("Welcome as a consultant"),
    "workflow/escalation": N_("A task is overdue"),
    "helpline/promised": N_("When we aim to call"),
}
"""Letters that ask for nothing; the others are known by their task."""

MAIL_STATUS: Final[dict[str, str]] = {
    "sent": N_("Sent"),
    "delayed": N_("Delayed"),
    "delivered": N_("Delivered"),
    "rejected": N_("Rejected"),
    "bounced": N_("Bounced"),
    "complained": N_("Marked as spam"),
    "queued": N_("Waits for the post"),
    "held": N_("Waits for the morning"),
    "parked": N_("Not sent: the address does not work"),
    "sending": N_("On its way"),
    "skipped": N_("Not sent: no longer needed"),
    "to_say": N_("No email: to be said on the phone"),
    "said": N_("Said on the phone"),
}
