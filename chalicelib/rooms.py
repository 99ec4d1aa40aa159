"""The table of contents of what the engine loads by itself: where each wing keeps it.

Only names stand here ("module:name"); a module is imported when it is first needed
(``workflow/registry.py``). A new kind of task is a name in
``TASKS``: touching a task imports the module of its kind, and no other.
"""

from __future__ import annotations

from typing import Final

# Types of case, by the name that their rows keep; a row without a name is of the first.
CASE_TYPES: Final[dict[str, str]] = {
    "referral": "chalicelib.referral.case_type:REFERRAL",
    "seat": "chalicelib.services.communities.case_type:SEAT",
    "promised_call": "chalicelib.services.helpline.model:PROMISED_CALL",
    "call_up": "chalicelib.services.emergency.call_up_case:CALL_UP",
    "trainee": "chalicelib.training.trainees.case_type:TRAINEES",
    "renewal": "chalicelib.training.renewal.case_type:RENEWAL",
    "onboarding": "chalicelib.training.onboarding.case_type:ONBOARDING",
    "application": "chalicelib.training.applications.case_type:APPLICATION",
    "practicum": "chalicelib.training.practicum.case_type:PRACTICUM",
}

# The state machines of each wing.
MACHINES: Final[tuple[str, ...]] = (
    "chalicelib.referral.machines:MACHINES",
    "chalicelib.services.communities.machines:MACHINES",
    "chalicelib.services.helpline.machines:MACHINES",
    "chalicelib.services.emergency.call_up_machines:MACHINES",
    "chalicelib.training.trainees.machines:MACHINES",
    "chalicelib.training.onboarding.machines:MACHINES",
    "chalicelib.training.applications.machines:MACHINES",
    "chalicelib.training.practicum.machines:MACHINES",
    "chalicelib.training.renewal.machines:MACHINES",
)

# Module -> the kinds of task that stand in it.
TASKS: Final[dict[str, tuple[str, ...]]] = {
    "chalicelib.referral.eligibility.information": ("information",),
    "chalicelib.referral.eligibility.tasks": ("eligibility_confirmation", "eligibility_review"),
    "chalicelib.referral.tiers.tasks": ("triage",),
    "chalicelib.referral.tiers.review": ("tier_review",),
    "chalicelib.referral.tiers.check_in": ("check_in_rest", "check_in", "call_back"),
    "chalicelib.referral.matching.tasks": ("offer", "coordinator"),
    "chalicelib.referral.matching.waiting": (
        "waitlist",
        "language_choice",
        "place_choice",
    ),
    "chalicelib.referral.delivery.tasks": (
        "first_contact",
        "agreement",
        "plan",
        "plan_agreement",
        "service",
        "extension",
    ),
    "chalicelib.referral.closure.tasks": (
        "summary",
        "survey",
        "follow_up_rest",
        "follow_up",
        "late_follow_up_rest",
        "late_follow_up",
        "stipend",
    ),
    "chalicelib.referral.closure.wanted_call": ("wanted_call",),
    "chalicelib.referral.safety.tasks": ("safety",),
    "chalicelib.services.communities.information": ("information_session", "information_wait"),
    "chalicelib.services.communities.tasks": (
        "registration",
        "seat_wait",
        "seat_offer",
        "season",
    ),
    "chalicelib.services.helpline.tasks": ("helpline_call_back", "helpline_follow_up"),
    "chalicelib.services.helpline.for_meetings.tasks": ("helpline_tell",),
    "chalicelib.services.emergency.call_up_tasks": ("call_up", "call_up_wait"),
    "chalicelib.services.emergency.deployments.tasks": ("call_up_place",),
    "chalicelib.training.trainees.tasks": ("training",),
    "chalicelib.training.trainees.staff_tasks": ("training_review", "training_completion"),
    "chalicelib.training.onboarding.tasks": (
        "onboarding_agreement",
        "onboarding_facts",
        "onboarding_approval",
    ),
    "chalicelib.training.applications.reviewing": ("application_review", "application_score"),
    "chalicelib.training.applications.deciding": (
        "application_ranked",
        "application_offer",
        "application_settled",
        "application_wait",
    ),
    "chalicelib.training.practicum.profile": ("practicum_profile",),
    "chalicelib.training.practicum.log": ("practicum_hours",),
    "chalicelib.training.practicum.confirm": ("practicum_confirm",),
    "chalicelib.training.practicum.dispute": ("practicum_dispute",),
    "chalicelib.training.renewal.tasks": (
        "agreement_renewal",
        "credential_renewal",
        "credential_check",
    ),
    "chalicelib.workflow.attention": ("attention",),
    "chalicelib.workflow.reconciler.tasks": ("repair",),
    "chalicelib.calls.address_tasks": ("fix_contact", "fix_person"),
    "chalicelib.calls.tell": ("tell_by_phone", "tell_person"),
}

# What the scheduler wakes besides cases and side tasks: prefix of a sort key -> (pk, sk, now). It sets
# or removes its row's own ``wake_at``.
WAKES: Final[dict[str, str]] = {
    "REFERRAL_KEPT#": "chalicelib.tasks.drafts:look",
    "DRAFT": "chalicelib.referral.intake.resume_link:remind",
    "UNSENT": "chalicelib.referral.intake.unsent_danger:look",
    "MAIL#": "chalicelib.mail.queue:look",
    "LOOK": "chalicelib.workflow.reconciler.ended_runs:look",
    "MEETING": "chalicelib.meetings.telling:look",
    "PAUSE": "chalicelib.services.emergency.pausing:go_on",
    "REPORT": "chalicelib.services.emergency.counting:go_on",
    "CLOSING": "chalicelib.services.communities.season.closing:go_on",
    "CALLUP#": "chalicelib.services.emergency.call_up_round:go_on",
    "CERTIFICATE#": "chalicelib.training.certificates.letter:look",
    "SIGNIN#": "chalicelib.console.people.sign_ins:look",
    "SEATS": "chalicelib.training.applications.line:go_on",
    "OFFERS#": "chalicelib.training.applications.making_offers:go_on",
    "REVIEWS": "chalicelib.training.applications.missing_scores:go_on",
    "OWNLEAVE#": "chalicelib.referral.matching.own_leave.telling:look",
}

# What hears of a letter that belongs to no case: a tag of the letter -> (the tag's value, what became of
# it, now).
REPORTS: Final[dict[str, str]] = {"guest": "chalicelib.meetings.telling:reported"}

# Rooms that hold meetings, and what each hands in for them.
MEETINGS: Final[dict[str, str]] = {
    "open_door": "chalicelib.services.open_door.room:ROOM",
    "communities": "chalicelib.services.communities.room:OWNER",
    "community_groups": "chalicelib.services.communities.season.owner:OWNER",
    "training_sessions": "chalicelib.training.trainees.schedule.owner:SESSIONS",
    "training_groups": "chalicelib.training.trainees.schedule.owner:SMALL_GROUPS",
}

# Who calls people who signed up for a meeting and have no email: promises the call, as (reference, what it
# is about, contact, language, when, now, a write of the same transaction), and ends it, by (reference, now).
GUEST_CALL: Final = "chalicelib.services.helpline.for_meetings.calls:promise"
GUEST_CALL_OVER: Final = "chalicelib.services.helpline.for_meetings.calls:no_longer"

# What a next step begins for somebody who was met, by its name in ``Step.begin``: (contact, language) -> its
# first page, with what is known.
NEXT_STEPS: Final[dict[str, str]] = {
    "a_call": "chalicelib.services.helpline.public:begun",
    "community": "chalicelib.services.communities.pages.joining:begun",
    "request": "chalicelib.referral.intake.begun:begun",
}

# The duties of a minute by name, each in a call of its own: what is due, and the round that somebody
# asked the reconciler for.
DUE: Final = "due"
WISHED: Final = "wished"
# What looks once a minute besides: the duty's name -> (now).
EACH_MINUTE: Final[dict[str, str]] = {
    "waitlist": "chalicelib.referral.matching.waitlist:promote",
    "seats": "chalicelib.services.communities.line:promote",
    "letters": "chalicelib.mail.queue:each_minute",
    "doctor": "chalicelib.mail.health.checkup:each_minute",
    "waits": "chalicelib.referral.waits.daily:each_minute",
    "supervision": "chalicelib.training.supervision.look:each_minute",
    "renewals": "chalicelib.training.renewal.looking:each_minute",
    "caseloads": "chalicelib.referral.delivery.caseload.count:each_minute",
}

# What sends a letter: (state, entry, number of the effect, the effect).
SEND_LETTER: Final = "chalicelib.mail.send_letter:send_letter"

# What a task changes besides, when it opens for somebody whom letters do not reach:
# (state, changes of the command, now) -> further changes.
UNREACHABLE: Final = "chalicelib.mail.bad_addresses:pause_for_address"

# What stands on the console's first page besides the list: template -> what it shows, by ().
HOME_PANELS: Final[dict[str, str]] = {
    "helpline/panel.html": "chalicelib.services.helpline.desk:panel",
}

# What stands on a consultant's own page besides the tasks: template -> what it shows, by (id, row, now).
DESK: Final[dict[str, str]] = {
    "renewal/panel.html": "chalicelib.training.renewal.looking:panel",
    "delivery/desk.html": "chalicelib.referral.delivery.desk:panel",
    "practicum/desk.html": "chalicelib.training.practicum.pages:panel",
    "meetings/hosted.html": "chalicelib.meetings.hosted.own:panel",
    "supervision/desk.html": "chalicelib.training.supervision.own_pages:panel",
    "matching/own_leave_panel.html": "chalicelib.referral.matching.own_leave.page:panel",
}

# What a consultant or a member of staff can hold, and how it goes to somebody else when they leave.
HELD_BY: Final[tuple[str, ...]] = (
    "chalicelib.console.people.hand_over:HELD",
    "chalicelib.referral.matching.held:HELD",
    "chalicelib.services.communities.season.hand_over:HELD",
    "chalicelib.meetings.hosted.hand_over:HELD",
    "chalicelib.services.emergency.deployments.hand_over:HELD",
    "chalicelib.training.applications.pages.hand_over:HELD",
    "chalicelib.training.trainees.hand_over:GUIDED",
    "chalicelib.training.trainees.hand_over:LED",
    "chalicelib.training.trainees.hand_over:SMALL_GROUPS",
    "chalicelib.training.renewal.case_type:HELD",
    "chalicelib.training.practicum.hand_over:GUIDED",
    "chalicelib.console.people.guided:GUIDED",
    "chalicelib.console.people.guided:SUPERVISED",
)

# What a consultant served, each in the words of its room: (id, row, first instant, last instant) -> a
# msgid, and the minutes that are recorded.
HOURS: Final[tuple[str, ...]] = (
    "chalicelib.referral.delivery.hours:minutes",
    "chalicelib.meetings.hosted.own:minutes",
    "chalicelib.services.emergency.deployments.hours:minutes",
    "chalicelib.training.practicum.hours:besides",
    "chalicelib.training.supervision.own_pages:minutes",
)

# What a request for a caller may begin with, by its name in the address of the form: the answers that
# are known, by (key), and what is told once the request is there, by (key, reference, actor).
PREFILLED: Final[dict[str, tuple[str, str]]] = {
    "call": (
        "chalicelib.services.helpline.prefill:answers",
        "chalicelib.services.helpline.prefill:request_opened",
    ),
}
# The page that reports a safety concern about a case: (state, role of who reports, path before "/safety").
REPORT_SAFETY: Final = "chalicelib.referral.safety.pages:report"

# Who acts on what a command of another room did, by the name in its effect: (state, version of the entry,
# the effect).
TOLD: Final[dict[str, str]] = {
    "another_consultant": "chalicelib.referral.matching.reassign:told",
    "practicum_news": "chalicelib.training.practicum.follow:news",
    "practicum_hours": "chalicelib.training.practicum.follow:hours_logged",
    "practicum_answered": "chalicelib.training.practicum.follow:answered_by_provider",
    "practicum_of_trainee": "chalicelib.training.practicum.follow:of_trainee",
    "targeted_support": "chalicelib.services.communities.of_referral:begin",
    "seat_news": "chalicelib.services.communities.of_referral:news",
    "group_members": "chalicelib.services.communities.season.members:put_right",
    "training_place": "chalicelib.training.trainees.opening:place",
    "trainee_meetings": "chalicelib.training.trainees.schedule.lists:put_right",
    "training_progress": "chalicelib.training.trainees.looking:told",
    "training_completed": "chalicelib.training.certificates.issuing:completed",
    "graduate_onboarding": "chalicelib.training.onboarding.opening:completed",
}

# Who hears that a trainee completed the program, or that this was undone: names in ``TOLD``, each told with the
# trainee's case and the cohort.
TRAINED: Final[tuple[str, ...]] = ("training_completed", "graduate_onboarding")

# Whether a trainee (their case's reference) has become a consultant, so that the completion stays.
ONBOARDED: Final = "chalicelib.training.onboarding.reopening:onboarded"

# How much of a trainee's practicum is done: (reference) -> minutes that the provider confirmed, and minutes
# that wait for it. Whoever supplies it tells "training_progress" about the "trainee" when it changes.
PRACTICUM_HOURS: Final = "chalicelib.training.practicum.hours:minutes_of"
# The sessions that a consultant held of a referral: (reference, consultant) -> version of the entry, ISO day,
# minutes, how they met.
SESSIONS_OF: Final = "chalicelib.referral.in_training.followed:sessions_of"
# How many minutes of practicum a trainee needs: (their case's reference).
PRACTICUM_NEEDS: Final = "chalicelib.training.trainees.progress:practicum_needed"
# Gives all that a consultant has back to the match: (consultant, reason, command).
GIVES_BACK: Final = "chalicelib.referral.matching.consultant_leave:give_all_back"

# What is told of who completed the training, by the case of it: a ``Graduate``.
GRADUATE: Final = "chalicelib.training.trainees.graduate:graduate"

# Until when the check-in of a lighter support waits, because the support has not begun: (reference, now)
# -> UTC seconds, 0 when it does not wait.
SUPPORT_WAITS: Final = "chalicelib.services.communities.of_referral:waits_until"

# Other cases of the person of a case, whose texts are redacted with its own: (the case) -> references.
REDACTED_TOO: Final = "chalicelib.services.communities.of_referral:seats_of"

# Rows of other rooms that hold what was typed about the person of a case, redacted with it: (the case) ->
# keys, each with what the row is called.
REDACTED_ROWS: Final[tuple[str, ...]] = (
    "chalicelib.meetings.met:typed_about",
    "chalicelib.services.helpline.contacts:typed_about",
)

# Why a consultant of the emergency roster may not be called up: (row of the directory, counties, language,
# whether they would travel, now) -> reasons.
ROSTER: Final = "chalicelib.referral.matching.roster:against"

# Who cannot help in an emergency, as they said when they were called up: (its id) -> consultants.
CANNOT_HELP: Final = "chalicelib.services.emergency.deployments.mine:who_cannot_help"

# Cases that a consultant is asked about and that hold none of their places: (consultant, now) -> references.
ASKED_BESIDES: Final[tuple[str, ...]] = (
    "chalicelib.services.emergency.deployments.mine:cases_of",
    "chalicelib.training.practicum.opening:cases_of",
    "chalicelib.training.applications.of_cohort:to_score",
    "chalicelib.training.renewal.looking:cases_of",
)

# To whose meetings people are invited while they wait, and what the letter says of one.
INVITED_TO: Final = "open_door"
INVITATION: Final = "chalicelib.referral.waits.invite:facts"

# Who says in a service's own words what its contacts were, by the service's id in
# ``vocabulary.SERVICES``: (ids of its contacts, language) -> id: (words, its page in the console or "").
CONTACTS: Final[dict[str, str]] = {
    "helpline": "chalicelib.services.helpline.contacts:tell",
    "community": "chalicelib.services.communities.met:tell",
    "open_door": "chalicelib.meetings.met:tell",
    "information": "chalicelib.meetings.met:tell",
    "training": "chalicelib.training.trainees.met:tell",
}
