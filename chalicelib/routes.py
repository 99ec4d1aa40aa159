"""Every page: its address, who may use it, and the function that makes it.

The permission matrix of the tests, the console's menus and the links that it shows read this table.
"""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import ADMIN, COORDINATOR, ROLES, SPECIALIST, SUPERVISOR
from chalicelib.web.routing import FORM_TYPE, GET, PARTS_TYPE, POST, Route, Who, form, staff

NOTHING: Final = Who("anybody")
DRAFT: Final = Who("the browser that began a request")
CODE: Final = Who(
    "the browser that showed the code of a request", "referral.status.who:let_in", "state"
)
LINK: Final = Who("whoever holds a mailed link, or the cookie that it gave")
TASK: Final = Who(LINK.words, "tasks.visit:let_in", "visit")
ALL_STAFF: Final = staff(*ROLES)
ADMINS: Final = staff(ADMIN)
LEADERS: Final = staff(ADMIN, SUPERVISOR)
REDACTORS: Final = staff(ADMIN, SUPERVISOR, SPECIALIST)
REPAIRERS: Final = staff(ADMIN, SUPERVISOR, COORDINATOR)
# An administrator runs the system, not the cases: what was told by phone is for those who talk.
RECORDERS: Final = staff(SUPERVISOR, COORDINATOR, SPECIALIST)

# Whatever a page of the console names in its path tells its counties here.
COUNTIES_OF: Final = {
    "reference": "workflow.storage.counties:of_case",
    "name": "workflow.storage.counties:of_run",
    "consultant": "directory.people:counties_of",
    "member": "console.people.staff_pages:counties_of",
    "key": "directory.emergencies:counties_of",
    "contact": "services.helpline.contacts:counties_of",
    "season": "services.communities.pages.staff_pages:nowhere",
    "group": "services.communities.pages.staff_pages:nowhere",
    "cohort": "training.trainees.pages.cohort_pages:nowhere",
    "item": "training.trainees.pages.cohort_pages:nowhere",
    "meeting": "meetings.rows:counties_of",
    "certificate": "training.certificates.staff_pages:counties_of",
    "person": "workflow.lists.records:counties_of_person",
    "site": "workflow.lists.records:counties_of_site",
}

CASE: Final = "/console/referrals/{reference}"
SESSION: Final = "/console/open-door/{meeting}"
INFORMATION: Final = "/console/communities/sessions/{meeting}"
GROUP_MEETING: Final = "/console/communities/meetings/{meeting}"
GROUP: Final = "/console/communities/groups/{group}"
COHORT: Final = "/console/training/cohorts/{cohort}"
ONE_TRAINEE: Final = "/console/training/trainees/{reference}"
TRAINING_MEETING: Final = "/console/training/meetings/{meeting}"
EMERGENCY: Final = "/console/emergencies/{key}"
CERTIFICATE: Final = "/console/training/certificates/{certificate}"
RUN: Final = "/console/runs/{machine}/{name}"

ROUTES: Final = (
    Route(GET, "/static/{name}", NOTHING, "web.pages:static_file"),
    # Communities of Support
    *form("/communities", NOTHING, "services.communities.pages.joining:join"),
    Route(GET, "/communities/joined", NOTHING, "services.communities.pages.joining:joined"),
    Route(GET, "/communities/elsewhere/{why}", NOTHING, "services.communities.pages.joining:elsewhere"),
    *form("/seat/{link}", LINK, "services.communities.pages.seat_page:show"),
    *form("/desk/{link}", LINK, "services.communities.pages.desk:show"),
    Route(POST, "/desk/{link}/open", LINK, "services.communities.pages.desk:open_desk"),
    Route(GET, "/desk/{link}/{reference}", LINK, "services.communities.pages.desk:show_again"),
    *form("/desk/{link}/{reference}/safety", LINK, "services.communities.pages.desk:worry"),
    Route(GET, "/training-desk/{link}", LINK, "training.trainees.pages.facilitator_pages:show"),
    *form("/training-desk/{link}/{reference}", LINK, "training.trainees.pages.facilitator_pages:one"),
    *form("/desk/{link}/meetings/{meeting}", LINK, "services.communities.pages.desk:meeting"),
    # the training program
    *form("/training", NOTHING, "training.applications.pages.apply:apply"),
    Route(GET, "/training/sent", NOTHING, "training.applications.pages.apply:sent"),
    Route(GET, "/training/back/{link}", LINK, "training.applications.pages.kept:come_back"),
    Route(POST, "/training/back/{link}", LINK, "training.applications.pages.kept:go_on"),
    *form("/training/application/{link}", LINK, "training.applications.pages.own_page:show"),
    # the request
    Route(GET, "/", NOTHING, "referral.intake.landing:landing"),
    Route(GET, "/peers", NOTHING, "referral.intake.landing:peers"),
    Route(GET, "/privacy", NOTHING, "referral.intake.landing:privacy"),
    Route(GET, "/help/{reason}", NOTHING, "referral.intake.landing:elsewhere"),
    Route(GET, "/start", NOTHING, "referral.intake.question_pages:start"),
    Route(POST, "/start", NOTHING, "referral.intake.question_pages:start_answered"),
    Route(GET, "/request", DRAFT, "referral.intake.question_pages:resume"),
    Route(GET, "/request/{slug}", DRAFT, "referral.intake.question_pages:question"),
    Route(POST, "/request/{slug}", DRAFT, "referral.intake.question_pages:answered"),
    Route(GET, "/request/later", DRAFT, "referral.intake.resume_link:later"),
    Route(POST, "/request/later", DRAFT, "referral.intake.resume_link:mail_the_way_back"),
    Route(GET, "/request/back/{link}", LINK, "referral.intake.resume_link:come_back"),
    Route(POST, "/request/back/{link}", LINK, "referral.intake.resume_link:go_on"),
    Route(GET, "/request/check", DRAFT, "referral.intake.submit:check"),
    Route(POST, "/request/check", DRAFT, "referral.intake.submit:send"),
    Route(GET, "/request/sent", DRAFT, "referral.intake.sent:show"),
    Route(GET, "/request/danger", NOTHING, "referral.intake.danger:show"),
    Route(POST, "/request/danger", DRAFT, "referral.intake.danger:take"),
    Route(POST, "/request/forget", DRAFT, "referral.intake.submit:forget"),
    # its status
    Route(GET, "/status", NOTHING, "referral.status.pages:ask"),
    Route(POST, "/status", NOTHING, "referral.status.pages:ask_for_code"),
    Route(GET, "/status/code", NOTHING, "referral.status.pages:ask_code"),
    Route(POST, "/status/code", NOTHING, "referral.status.pages:check_code"),
    Route(GET, "/status/view", CODE, "referral.status.pages:show"),
    Route(GET, "/status/papers/{paper}", CODE, "referral.status.paper_pages:show"),
    Route(GET, "/status/papers/{paper}/pdf", CODE, "referral.status.paper_file:save"),
    Route(POST, "/status/mail", CODE, "referral.status.pages:mail_again"),
    Route(POST, "/status/mail-papers", CODE, "referral.status.paper_pages:mail"),
    *form("/status/withdraw", CODE, "referral.status.pages:take_back"),
    Route(POST, "/status/leave", NOTHING, "referral.status.pages:leave"),
    Route(GET, "/status/change", CODE, "referral.status.change_pages:choose"),
    Route(GET, "/status/change/{slug}", CODE, "referral.status.change_pages:ask"),
    Route(POST, "/status/change/{slug}", CODE, "referral.status.change_pages:take"),
    *form("/status/pause", CODE, "referral.status.pausing:pause"),
    *form("/status/resume", CODE, "referral.status.pausing:resume"),
    *form("/session/{link}", LINK, "referral.status.session:cannot_make_it"),
    *form("/status/reopen", CODE, "referral.status.reopening:go_on"),
    Route(POST, "/status/again", CODE, "referral.status.reopening:begin_anew"),
    # a mailed task: by its link, or by the cookie that the link gave
    Route(GET, "/t/{link}", TASK, "tasks.pages:show"),
    Route(POST, "/t/{link}", TASK, "tasks.pages:answer"),
    Route(POST, "/t/{link}/open", TASK, "tasks.pages:open_details"),
    Route(POST, "/t/{link}/undo", TASK, "tasks.pages:take_back"),
    Route(POST, "/t/{link}/fresh", LINK, "tasks.pages:fresh_link"),
    *form("/t/{link}/safety", LINK, "referral.safety.pages:flag_by_link"),
    Route(GET, "/task/{reference}/{n}", TASK, "tasks.pages:show"),
    Route(POST, "/task/{reference}/{n}", TASK, "tasks.pages:answer"),
    Route(POST, "/task/{reference}/{n}/open", TASK, "tasks.pages:open_details"),
    Route(POST, "/task/{reference}/{n}/undo", TASK, "tasks.pages:take_back"),
    *form("/task/{reference}/{n}/safety", LINK, "referral.safety.pages:flag_inside"),
    # how somebody is written to; the second pair is what mail programs use
    *form("/letters/{link}", LINK, "mail.choices.page:choose"),
    Route(GET, "/letters/{link}/leave/{kind}", LINK, "mail.choices.page:leave"),
    Route(POST, "/letters/{link}/leave/{kind}", LINK, "mail.choices.page:leave", (FORM_TYPE, PARTS_TYPE)),
    # a consultant's list of tasks
    Route(GET, "/mine", LINK, "tasks.task_list_pages:show_list"),
    Route(POST, "/mine/open", LINK, "tasks.task_list_pages:open_list_again"),
    Route(POST, "/mine/fresh", NOTHING, "tasks.task_list_pages:mail_list"),
    *form("/mine/offers", LINK, "tasks.offers_page:choose"),
    *form("/mine/leave", LINK, "referral.matching.own_leave.page:choose"),
    *form("/mine/texts", LINK, "tasks.texts_page:choose"),
    Route(GET, "/mine/supervision", LINK, "training.supervision.own_pages:show"),
    *form("/mine/supervision/log", LINK, "training.supervision.own_pages:log_own"),
    *form("/mine/supervision/wrong", LINK, "training.supervision.own_pages:own_wrong"),
    Route(GET, "/mine/people", LINK, "training.supervision.own_pages:show_people"),
    *form("/mine/people/log", LINK, "training.supervision.own_pages:log_people"),
    *form("/mine/people/confirm", LINK, "training.supervision.own_pages:confirm"),
    Route(GET, "/mine/{link}", LINK, "tasks.task_list_pages:show_link"),
    Route(GET, "/mine/calendar/{link}", LINK, "referral.delivery.desk:show_calendar"),
    Route(POST, "/mine/{link}/open", LINK, "tasks.task_list_pages:open_list"),
    # Open-Door sessions, and the mailed links of any meeting
    Route(GET, "/open-door", NOTHING, "services.open_door.public_pages:show_calendar"),
    Route(GET, "/open-door/feed/{language}", NOTHING, "services.open_door.public_pages:feed"),
    *form("/open-door/{meeting}", NOTHING, "services.open_door.public_pages:session"),
    Route(
        GET, "/open-door/{meeting}/signed-up", NOTHING,
        "services.open_door.public_pages:signed_up",
    ),
    *form("/meeting/no/{link}", LINK, "meetings.guest_pages:cannot_come"),
    *form("/meeting/thanks/{link}", LINK, "meetings.guest_pages:thanks"),
    Route(GET, "/meeting/host/{link}", LINK, "meetings.host_pages:show"),
    Route(POST, "/meeting/host/{link}", LINK, "meetings.host_pages:record"),
    Route(GET, "/meeting/host/{link}/recorded", LINK, "meetings.host_pages:recorded"),
    Route(POST, "/meeting/host/{link}/open", LINK, "meetings.host_pages:open_list"),
    # certificates of the training: checked by their code, and saved by whom they are of
    *form("/certificates", NOTHING, "training.certificates.public_pages:verify"),
    *form("/certificate/{link}", LINK, "training.certificates.public_pages:mine"),
    # staff sign in and out
    Route(GET, "/login", NOTHING, "console.login:show_login"),
    Route(POST, "/login", NOTHING, "console.login:start_login"),
    Route(GET, "/login/callback", NOTHING, "console.login:finish_login"),
    Route(POST, "/logout", NOTHING, "console.login:sign_out"),
    # the console
    Route(GET, "/console", ALL_STAFF, "console.lists:show_list"),
    Route(GET, "/console/queue", ALL_STAFF, "console.lists:show_queue"),
    Route(GET, "/console/search", ALL_STAFF, "console.search:show_found"),
    Route(POST, "/console/search", ALL_STAFF, "console.search:find"),
    Route(GET, "/console/records", ALL_STAFF, "console.one_record.overview:show_overview"),
    Route(GET, "/console/people/{person}", ALL_STAFF, "console.one_record.pages:show_person"),
    Route(POST, "/console/people/{person}", RECORDERS, "console.one_record.pages:show_person"),
    Route(GET, "/console/sites/{site}", ALL_STAFF, "console.one_record.pages:show_site"),
    Route(POST, "/console/sites/{site}", RECORDERS, "console.one_record.pages:show_site"),
    Route(GET, "/console/new", ALL_STAFF, "referral.intake.for_caller:show_form"),
    Route(POST, "/console/new", ALL_STAFF, "referral.intake.for_caller:send"),
    Route(GET, CASE, ALL_STAFF, "console.case:show_case"),
    Route(POST, f"{CASE}/task", ALL_STAFF, "console.case:open_task"),
    Route(POST, f"{CASE}/letters/{{letter}}", ALL_STAFF, "console.case:send_letter_again"),
    *form(f"{CASE}/redact", REDACTORS, "console.redact:redact"),
    *form(f"{CASE}/behalf/{{n}}", RECORDERS, "tasks.on_behalf_page:record"),
    Route(GET, f"{CASE}/behalf/{{n}}/paper", RECORDERS, "tasks.on_behalf_page:paper"),
    Route(GET, f"{CASE}/status", ALL_STAFF, "referral.status.by_phone:show_status"),
    # for whoever called: the provider's own acts, by staff
    Route(GET, f"{CASE}/act", RECORDERS, "referral.status.act:menu"),
    Route(GET, f"{CASE}/act/change", RECORDERS, "referral.status.act:choose_section"),
    Route(GET, f"{CASE}/act/change/{{slug}}", RECORDERS, "referral.status.act:show_section"),
    Route(POST, f"{CASE}/act/change/{{slug}}", RECORDERS, "referral.status.act:change_section"),
    *form(f"{CASE}/act/cancel", RECORDERS, "referral.status.act:cancel"),
    Route(GET, f"{CASE}/papers", RECORDERS, "referral.papers.staff_pages:choose"),
    Route(GET, f"{CASE}/papers/{{paper}}", RECORDERS, "referral.papers.staff_pages:sheet"),
    *form(f"{CASE}/act/session", RECORDERS, "referral.status.act_session:cannot_make_it"),
    *form(f"{CASE}/act/step-up", RECORDERS, "referral.tiers.step_up:ask"),
    *form(f"{CASE}/act/note", RECORDERS, "referral.status.act_note:write"),
    *form(f"{CASE}/act/end", RECORDERS, "referral.closure.ended_by_staff:end"),
    *form(f"{CASE}/urgency", ALL_STAFF, "referral.tiers.urgency:change_urgency"),
    *form(f"{CASE}/pause", ALL_STAFF, "referral.delivery.staff:pause"),
    *form(f"{CASE}/reopen", ALL_STAFF, "referral.closure.staff:reopen_case"),
    *form(f"{CASE}/safety", ALL_STAFF, "referral.safety.pages:flag_by_staff"),
    Route(GET, f"{CASE}/consultant", REPAIRERS, "referral.matching.reassign_page:show_form"),
    Route(POST, f"{CASE}/consultant", REPAIRERS, "referral.matching.reassign_page:press"),
    Route(GET, RUN, ALL_STAFF, "console.run:show_run"),
    Route(POST, f"{RUN}/restart", REPAIRERS, "console.run:restart_run"),
    Route(GET, "/console/staff", ADMINS, "console.people.staff_pages:show_list"),
    *form("/console/staff/new", ADMINS, "console.people.staff_pages:add"),
    *form("/console/staff/{member}", ADMINS, "console.people.staff_pages:show_one"),
    *form("/console/staff/{member}/away", ADMINS, "console.people.staff_away:away"),
    *form("/console/staff/{member}/things", ADMINS, "console.people.things_page:of_member"),
    Route(GET, "/console/consultants", REPAIRERS, "console.people.consultant_list:show_list"),
    *form("/console/consultants/new", REPAIRERS, "console.people.consultant_pages:add"),
    *form("/console/consultants/import", LEADERS, "console.people.consultant_import:import_table"),
    *form("/console/consultants/{consultant}/things", REPAIRERS, "console.people.things_page:of_consultant"),
    *form("/console/consultants/{consultant}/details", REPAIRERS, "console.people.consultant_pages:change"),
    Route(GET, "/console/supervision", REPAIRERS, "training.supervision.staff_pages:show_supervision"),
    *form("/console/supervision/log", REPAIRERS, "training.supervision.staff_pages:log_meeting"),
    *form("/console/supervision/threshold", LEADERS, "training.supervision.staff_pages:enter_threshold"),
    Route(GET, "/console/caseloads", REPAIRERS, "referral.delivery.caseload.pages:show_caseloads"),
    Route(GET, "/console/caseloads/{consultant}", REPAIRERS, "referral.delivery.caseload.pages:show_consultant"),
    *form("/console/programs", LEADERS, "console.people.programs_page:show_programs"),
    Route(
        GET, "/console/consultants/{consultant}", REPAIRERS,
        "referral.matching.consultants_page:show_one",
    ),
    Route(
        POST, "/console/consultants/{consultant}", REPAIRERS,
        "referral.matching.consultants_page:press",
    ),
    Route(
        POST, "/console/consultants/{consultant}/away", REPAIRERS,
        "referral.matching.consultants_page:press_away",
    ),
    Route(GET, "/console/emergencies", REPAIRERS, "services.emergency.declaring:declare"),
    Route(POST, "/console/emergencies", LEADERS, "services.emergency.declaring:declare"),
    *form(EMERGENCY, LEADERS, "services.emergency.declaring:end"),
    *form(f"{EMERGENCY}/call-up", LEADERS, "services.emergency.call_up_page:call_up"),
    Route(
        GET, f"{EMERGENCY}/deployments", REPAIRERS,
        "services.emergency.deployments.live:show_live",
    ),
    *form(f"{EMERGENCY}/pause", LEADERS, "services.emergency.pausing_page:pause"),
    *form(f"{EMERGENCY}/extend", LEADERS, "services.emergency.extending:extend"),
    *form(f"{EMERGENCY}/report", LEADERS, "services.emergency.report_page:show_report"),
    Route(GET, f"{EMERGENCY}/report/csv", LEADERS, "services.emergency.report_page:save_csv"),
    Route(GET, f"{EMERGENCY}/report/pdf", LEADERS, "services.emergency.report_file:save_pdf"),
    *form(f"{EMERGENCY}/assign", REPAIRERS, "referral.matching.assignment.pages:of_incident"),
    *form("/console/assign", REPAIRERS, "referral.matching.assignment.pages:of_line"),
    # the helpline
    *form("/helpline", NOTHING, "services.helpline.public:show_and_take"),
    Route(GET, "/console/helpline", ALL_STAFF, "services.helpline.desk:show_desk"),
    *form("/console/helpline/call", RECORDERS, "services.helpline.call_page:log_call"),
    Route(
        GET, "/console/helpline/contacts/{contact}", ALL_STAFF,
        "services.helpline.desk:show_contact",
    ),
    *form("/console/helpline/hours", LEADERS, "services.helpline.desk:set_hours"),
    *form("/console/helpline/scripts", RECORDERS, "services.helpline.text_pages:write_script"),
    *form("/console/helpline/resources", RECORDERS, "services.helpline.text_pages:write_resource"),
    # the training program
    *form("/console/training", REPAIRERS, "training.trainees.pages.cohort_pages:list_cohorts"),
    *form("/console/training/rubric", LEADERS, "training.applications.pages.rubric_page:enter"),
    *form("/console/training/apply", ALL_STAFF, "training.applications.pages.for_caller:enter"),
    *form(
        "/console/training/applications/{reference}/withdraw", RECORDERS,
        "training.applications.pages.for_caller:withdraw",
    ),
    *form(f"{COHORT}/applications", REPAIRERS, "training.applications.pages.ranked_page:ranked_list"),
    *form(f"{COHORT}/reviewers", LEADERS, "training.applications.pages.reviewers_page:name_reviewers"),
    Route(GET, "/console/training/practicums", REPAIRERS, "training.practicum.pages:show_list"),
    *form("/console/training/practicums/{reference}", REPAIRERS, "training.practicum.pages:one"),
    Route(GET, COHORT, REPAIRERS, "training.trainees.pages.roster_page:show_cohort"),
    *form(f"{COHORT}/sessions", REPAIRERS, "training.trainees.pages.schedule_pages:sessions"),
    *form(f"{COHORT}/groups", REPAIRERS, "training.trainees.pages.schedule_pages:new_group"),
    *form(f"{COHORT}/groups/{{group}}", REPAIRERS, "training.trainees.pages.schedule_pages:more_of_group"),
    Route(
        GET, "/console/training/meetings", ALL_STAFF,
        "training.trainees.pages.schedule_pages:show_list",
    ),
    Route(GET, TRAINING_MEETING, ALL_STAFF, "training.trainees.pages.schedule_pages:show_one"),
    *form(f"{TRAINING_MEETING}/change", REPAIRERS, "training.trainees.pages.schedule_pages:change"),
    *form(f"{TRAINING_MEETING}/cancel", REPAIRERS, "training.trainees.pages.schedule_pages:cancel"),
    *form(f"{TRAINING_MEETING}/attendance", ALL_STAFF, "training.trainees.pages.schedule_pages:record"),
    *form(f"{TRAINING_MEETING}/called", ALL_STAFF, "training.trainees.pages.schedule_pages:called"),
    *form(f"{ONE_TRAINEE}/record", REPAIRERS, "training.trainees.pages.trainee_pages:record"),
    *form(f"{ONE_TRAINEE}/place", REPAIRERS, "training.trainees.pages.trainee_pages:place"),
    *form(f"{COHORT}/change", REPAIRERS, "training.trainees.pages.cohort_pages:change"),
    *form(f"{COHORT}/enroll", REPAIRERS, "training.trainees.pages.trainee_pages:enroll"),
    Route(GET, ONE_TRAINEE, REPAIRERS, "training.trainees.pages.trainee_pages:show_trainee"),
    *form(f"{ONE_TRAINEE}/change", REPAIRERS, "training.trainees.pages.trainee_pages:change"),
    *form(f"{ONE_TRAINEE}/again", REPAIRERS, "training.trainees.pages.reopening_page:open_again"),
    *form(f"{COHORT}/requirements", REPAIRERS, "training.trainees.pages.cohort_pages:require"),
    *form(f"{COHORT}/coursework", REPAIRERS, "training.trainees.pages.cohort_pages:add_coursework"),
    *form(f"{COHORT}/coursework/{{item}}", REPAIRERS, "training.trainees.pages.cohort_pages:drop_coursework"),
    *form("/console/communities", REPAIRERS, "services.communities.pages.staff_pages:list_seasons"),
    Route(
        GET, "/console/communities/sessions", ALL_STAFF,
        "services.communities.pages.session_pages:show_list",
    ),
    *form(
        "/console/communities/sessions/new", REPAIRERS,
        "services.communities.pages.session_pages:enter",
    ),
    Route(GET, INFORMATION, ALL_STAFF, "services.communities.pages.session_pages:show_one"),
    *form(f"{INFORMATION}/change", REPAIRERS, "services.communities.pages.session_pages:change"),
    *form(f"{INFORMATION}/cancel", REPAIRERS, "services.communities.pages.session_pages:cancel"),
    *form(f"{INFORMATION}/add", ALL_STAFF, "services.communities.pages.session_pages:add"),
    *form(f"{INFORMATION}/off", ALL_STAFF, "services.communities.pages.session_pages:take_off"),
    *form(f"{INFORMATION}/attendance", ALL_STAFF, "services.communities.pages.session_pages:record"),
    *form(f"{INFORMATION}/called", ALL_STAFF, "services.communities.pages.session_pages:called"),
    *form(
        "/console/communities/seasons/{season}", REPAIRERS,
        "services.communities.pages.staff_pages:show_season",
    ),
    Route(GET, GROUP, REPAIRERS, "services.communities.pages.group_pages:show_group"),
    *form(f"{GROUP}/change", REPAIRERS, "services.communities.pages.group_pages:change"),
    *form(f"{GROUP}/meeting", REPAIRERS, "services.communities.pages.group_pages:one_more"),
    *form(f"{GROUP}/desk", REPAIRERS, "services.communities.pages.group_pages:mail_desk"),
    *form(f"{GROUP}/close", REPAIRERS, "services.communities.pages.group_pages:close"),
    *form(f"{GROUP}/reopen", REPAIRERS, "services.communities.pages.group_pages:reopen"),
    Route(
        GET, "/console/communities/meetings", ALL_STAFF,
        "services.communities.pages.meeting_pages:show_list",
    ),
    Route(GET, GROUP_MEETING, ALL_STAFF, "services.communities.pages.meeting_pages:show_one"),
    *form(f"{GROUP_MEETING}/change", REPAIRERS, "services.communities.pages.meeting_pages:change"),
    *form(f"{GROUP_MEETING}/cancel", REPAIRERS, "services.communities.pages.meeting_pages:cancel"),
    *form(f"{GROUP_MEETING}/attendance", ALL_STAFF, "services.communities.pages.meeting_pages:record"),
    *form(f"{GROUP_MEETING}/called", ALL_STAFF, "services.communities.pages.meeting_pages:called"),
    Route(GET, "/console/open-door", ALL_STAFF, "services.open_door.console_pages:show_list"),
    *form("/console/open-door/new", REPAIRERS, "services.open_door.console_pages:enter"),
    Route(GET, SESSION, ALL_STAFF, "services.open_door.console_pages:show_one"),
    *form(f"{SESSION}/change", REPAIRERS, "services.open_door.console_pages:change"),
    *form(f"{SESSION}/cancel", REPAIRERS, "services.open_door.console_pages:cancel"),
    *form(f"{SESSION}/add", ALL_STAFF, "services.open_door.console_pages:add"),
    *form(f"{SESSION}/off", ALL_STAFF, "services.open_door.console_pages:take_off"),
    *form(f"{SESSION}/attendance", ALL_STAFF, "services.open_door.console_pages:record"),
    *form(f"{SESSION}/called", ALL_STAFF, "services.open_door.console_pages:called"),
    Route(GET, "/console/training/renewals", REPAIRERS, "training.renewal.staff_pages:show_endings"),
    *form("/console/consultants/{consultant}/credentials", REPAIRERS, "training.renewal.staff_pages:show_all"),
    *form("/console/training/onboarding", REPAIRERS, "training.onboarding.staff_pages:show_all"),
    *form("/console/training/onboarding/{reference}/again", REPAIRERS, "training.onboarding.reopening:open_again"),
    # certificates of the training
    Route(GET, "/console/training/certificates", REPAIRERS, "training.certificates.staff_pages:show_list"),
    *form("/console/training/certificates/new", REPAIRERS, "training.certificates.staff_pages:add"),
    Route(GET, CERTIFICATE, REPAIRERS, "training.certificates.staff_pages:show_one"),
    Route(GET, f"{CERTIFICATE}/pdf", REPAIRERS, "training.certificates.staff_pages:save"),
    *form(f"{CERTIFICATE}/change", REPAIRERS, "training.certificates.staff_pages:change"),
    *form(f"{CERTIFICATE}/reissue", REPAIRERS, "training.certificates.staff_pages:reissue"),
    Route(GET, "/console/letters", ALL_STAFF, "mail.desk:show_letters"),
    Route(GET, "/console/mail", ADMINS, "mail.desk:show_doctor"),
    Route(POST, "/console/mail", ADMINS, "mail.desk:send_test_letter"),
    Route(GET, "/console/reconcile", REPAIRERS, "console.reconcile_pages:show_rounds"),
    Route(POST, "/console/reconcile", REPAIRERS, "console.reconcile_pages:ask_for_a_round"),
)  # fmt: skip
