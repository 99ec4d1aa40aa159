"""How each kind of task comes to be asked of somebody, and what they would say to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain.calendar import into_waking_hours
from chalicelib.mail import letter_rows
from chalicelib.mail.delivery_reports import record
from chalicelib.referral.model import Referral
from chalicelib.referral.safety.flag import flag
from chalicelib.workflow import kinds, sweep
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.side_tasks import find
from chalicelib.workflow.storage import indexes, side_task_rows, store
from infra.answers import BY_PHONE, GO_ON, LIGHTER, UNFIT, UNSURE
from tests.applications.script import applies, program, staff_decide, two_score
from tests.call_ups.script import sent
from tests.communities.script import begins, season
from tests.onboarding.script import opens as onboarding_opens
from tests.practicum.script import begun, beside, had
from tests.promised_calls import promised
from tests.renewal.script import asked as renewal_asked
from tests.training.script import confirms, enrolled, short_cohort
from tests.workflow.lifecycle import (
    _KEPT,
    WAY,
    LifecycleHarness,
    Story,
    at,
    coordinated,
    usual,
)

REDIRECTED = {"decision": "redirected_local", "alternatives": "helpline"}
MORE = {"next": "more", "more_sessions": 16, "more_reason": "Two new rooms opened"}


@dataclass
class SideTaskStory(Story):
    """The same referral, as the person asked beside the lifecycle sees it."""

    n: int = 0

    @property
    def state(self) -> Referral:
        """The row, with the task beside as its task."""
        found = find(self.harness.world.state(self.reference), self.n)
        assert found is not None
        return found


def cached_story(build: Callable[[LifecycleHarness], Story]) -> Callable[[LifecycleHarness], Story]:
    """A story that is told once and taken up by later tests."""
    name = build.__name__

    def taken_up(harness: LifecycleHarness) -> Story:
        if name not in _KEPT:
            _KEPT[name] = harness.snapshot(build(harness))
        story = harness.restore(_KEPT[name])
        asked = side_task_rows.of(story.reference)
        return next(
            (SideTaskStory(harness, story.reference, n=t.number) for t in asked if not t.over),
            story,
        )

    return taken_up


def two_decide(harness: LifecycleHarness) -> None:
    """The Network wants a second person."""
    harness.world.monkeypatch.setenv("SECOND_PERSON", "on")
    settings.cache_clear()


@cached_story
def eligibility_confirmation(harness: LifecycleHarness) -> Story:
    return harness.submit(**UNFIT)


@cached_story
def eligibility_review(harness: LifecycleHarness) -> Story:
    two_decide(harness)
    return harness.submit(**UNFIT).says(**GO_ON)


@cached_story
def information(harness: LifecycleHarness) -> Story:
    return harness.submit(**UNSURE)


@cached_story
def tier_review(harness: LifecycleHarness) -> Story:
    two_decide(harness)
    return at(harness, "triage").says(**LIGHTER)


@cached_story
def check_in(harness: LifecycleHarness) -> Story:
    return at(harness, "triage").says(**LIGHTER).falls_silent()


@cached_story
def after_a_no(harness: LifecycleHarness) -> Story:
    """The check-in of somebody whom we could not serve."""
    return harness.submit(**UNFIT).says(**REDIRECTED).falls_silent()


@cached_story
def call_back(harness: LifecycleHarness) -> Story:
    return after_a_no(harness).says(decision="call_wanted", note="Nobody answers there")


@cached_story
def language_choice(harness: LifecycleHarness) -> Story:
    return harness.submit(language="hmn", modality="onsite").triaged().falls_silent()


@cached_story
def nobody_can_come(harness: LifecycleHarness) -> Story:
    """Only the place keeps everybody from it, so a coordinator is asked."""
    return harness.submit(county="modoc", modality="onsite").triaged()


@cached_story
def place_choice(harness: LifecycleHarness) -> Story:
    return nobody_can_come(harness).says(decision="ask_provider")


@cached_story
def repair(harness: LifecycleHarness) -> Story:
    story = at(harness, "triage")
    harness.fail_step("ask_offer")
    return story.triaged()


@cached_story
def extension(harness: LifecycleHarness) -> Story:
    """Eleven of twelve sessions are over, and the consultant asks for more."""
    story = at(harness, "second session")

    def near_the_end(state: Referral) -> tuple[Entry, tuple[()]]:
        assert state.sessions is not None
        sessions = state.sessions.model_copy(update={"held": 11, "planned": 12})
        changes = {"sessions": sessions.model_dump(exclude_defaults=True)}
        world = harness.world
        return Entry(event="test", at=world.at, actor="test", command="t", changes=changes), ()

    store.change(story.reference, near_the_end)
    return story.says(**(usual(story) | MORE))


@cached_story
def stipend(harness: LifecycleHarness) -> Story:
    """A family child care home has filled in its survey."""
    story = at(harness, "survey")
    harness.world.table.update_item(
        Key={"pk": f"R#{story.reference}", "sk": "REFERRAL"},
        UpdateExpression="SET setting = :home",
        ExpressionAttributeValues={":home": "fcch_small"},
    )
    return story.says(**usual(story))


@cached_story
def wanted_call(harness: LifecycleHarness) -> Story:
    """A provider wants to talk, a month after the end."""
    story = at(harness, "follow_up")
    return story.says(**(usual(story) | {"call_wanted": "yes"}))


@cached_story
def attention(harness: LifecycleHarness) -> Story:
    """The clock breaks on a referral."""
    story = at(harness, "offer")
    due = indexes.next_instant(story.state)
    assert due is not None
    harness.world.at = due + sweep.STUCK
    sweep.stuck(story.reference, harness.world.at)
    harness.settle()
    return story


def bounced(harness: LifecycleHarness, letter: str, moment: str, to: str = "") -> Story:
    """The letter of the open task comes back."""
    story = at(harness, moment)
    row = [r for r in letter_rows.of(story.reference) if r["letter"] == letter][-1]
    tags = {"ref": [story.reference], "v": [str(row["v"])], "i": [str(row["number"])]}
    address = to or f"{story.state.consultant}@example.org"
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": address}]}
    mail = {"tags": tags, "destination": [address]}
    assert record({"eventType": "Bounce", "mail": mail, "bounce": bounce})
    harness.settle()
    return story


@cached_story
def fix_contact(harness: LifecycleHarness) -> Story:
    return bounced(harness, "delivery/agreement", "agreement", "ana@example.org")


@cached_story
def fix_person(harness: LifecycleHarness) -> Story:
    return bounced(harness, "delivery/plan", "plan")


@cached_story
def tell_by_phone(harness: LifecycleHarness) -> Story:
    return harness.submit(**BY_PHONE)


@cached_story
def tell_person(harness: LifecycleHarness) -> Story:
    for row in people.consultants():
        people.set_fields(row["id"], {"email": None, "phone": "559-555-0142"})
    return harness.submit().triaged()


@cached_story
def safety(harness: LifecycleHarness) -> Story:
    story = at(harness, "summary")
    chosen = {"protocol": "self_harm_988", "completed": "no"}
    flag(story.reference, chosen, "consultant", "s:1", harness.world.at)
    harness.settle()
    return story


def promised_call(harness: LifecycleHarness, purpose: str) -> Story:
    """A call that the helpline promised, and its owner is asked for."""
    reference = promised(harness.world.at, purpose)
    harness.settle()
    return Story(harness, reference)


def wants_a_seat(harness: LifecycleHarness, *, informed: bool) -> Story:
    """Somebody who wants to join a Community."""
    season(harness.world)
    reference = begins(harness.world, informed=informed)
    harness.settle()
    return Story(harness, reference)


@cached_story
def information_session(harness: LifecycleHarness) -> Story:
    return wants_a_seat(harness, informed=False)


@cached_story
def registration(harness: LifecycleHarness) -> Story:
    return wants_a_seat(harness, informed=True)


@cached_story
def seat_offer(harness: LifecycleHarness) -> Story:
    return wants_a_seat(harness, informed=True).says(decision="later")


@cached_story
def helpline_call_back(harness: LifecycleHarness) -> Story:
    return promised_call(harness, "call_back")


@cached_story
def helpline_follow_up(harness: LifecycleHarness) -> Story:
    return promised_call(harness, "follow_up")


@cached_story
def helpline_tell(harness: LifecycleHarness) -> Story:
    return promised_call(harness, "tell")


@cached_story
def call_up(harness: LifecycleHarness) -> Story:
    new = sent(harness.world)
    harness.run_scheduler()
    return Story(harness, new.asked["alma-reyes"])


@cached_story
def call_up_place(harness: LifecycleHarness) -> Story:
    return call_up(harness).says(decision="yes")


def in_training(harness: LifecycleHarness) -> Story:
    """Somebody in a cohort that asks for one piece of coursework."""
    short_cohort(harness.world)
    reference = enrolled(harness.world)
    harness.settle()
    return Story(harness, reference)


@cached_story
def training(harness: LifecycleHarness) -> Story:
    return in_training(harness)


@cached_story
def training_review(harness: LifecycleHarness) -> Story:
    return in_training(harness).says(decision="change", wish="break")


@cached_story
def training_completion(harness: LifecycleHarness) -> Story:
    story = in_training(harness)
    confirms(story.reference, harness.world.at)
    harness.settle()
    return story


@cached_story
def onboarding_agreement(harness: LifecycleHarness) -> Story:
    reference = onboarding_opens(harness.world)
    harness.settle()
    return Story(harness, reference)


@cached_story
def onboarding_facts(harness: LifecycleHarness) -> Story:
    story = onboarding_agreement(harness).says(decision="sign", signed_name="Rosa Demo")
    task = story.state.task
    assert task is not None
    # Its letter waits while whoever has signed is led on to its page.
    harness.world.at = into_waking_hours(task.remind[0] + 60)
    harness.run_scheduler()
    return story


@cached_story
def onboarding_approval(harness: LifecycleHarness) -> Story:
    story = onboarding_facts(harness)
    return story.says(**usual(story))


@cached_story
def application_score(harness: LifecycleHarness) -> Story:
    program(harness.world)
    reference = applies(harness.world)
    harness.settle()
    return Story(harness, reference)


@cached_story
def application_offer(harness: LifecycleHarness) -> Story:
    story = Story(harness, application_score(harness).reference)
    two_score(harness, story)
    staff_decide(harness, story)
    return story


@cached_story
def practicum_profile(harness: LifecycleHarness) -> Story:
    return practicum_begun(harness)


@cached_story
def practicum_hours(harness: LifecycleHarness) -> Story:
    story = practicum_begun(harness)
    home = harness.submit(setting="fcch_small", requester_role="owner_licensee", focus=["home"])
    had(story.reference, home.reference, harness.world.at)
    return story.says(**usual(story))


@cached_story
def practicum_confirm(harness: LifecycleHarness) -> Story:
    story = practicum_hours(harness)
    story.says(**usual(story))
    return Story(harness, harness.world.state(story.reference).homes[0])


@cached_story
def practicum_dispute(harness: LifecycleHarness) -> Story:
    asked = practicum_confirm(harness)
    assert asked.state.task is not None
    practicum = str(asked.state.task.about["practicum"])
    wrong = asked.state.task.about["hours"][:1]
    beside(harness, asked.reference, decision="disputed", wrong=wrong, why="shorter")
    return Story(harness, practicum)


def practicum_begun(harness: LifecycleHarness) -> Story:
    """The practicum of somebody in a cohort."""
    reference = begun(harness.world).reference
    harness.settle()
    return Story(harness, reference)


@cached_story
def agreement_renewal(harness: LifecycleHarness) -> Story:
    reference = renewal_asked(harness.world, "agreement")
    harness.settle()
    return Story(harness, reference)


@cached_story
def credential_renewal(harness: LifecycleHarness) -> Story:
    reference = renewal_asked(harness.world, "credential")
    harness.settle()
    return Story(harness, reference)


@cached_story
def credential_check(harness: LifecycleHarness) -> Story:
    story = credential_renewal(harness)
    return story.says(**usual(story))


OTHERS: dict[str, Callable[[LifecycleHarness], Story]] = {
    "eligibility_confirmation": eligibility_confirmation,
    "eligibility_review": eligibility_review,
    "information": information,
    "tier_review": tier_review,
    "check_in": check_in,
    "call_back": call_back,
    "language_choice": language_choice,
    "place_choice": place_choice,
    "coordinator": coordinated,
    "repair": repair,
    "extension": extension,
    "stipend": stipend,
    "wanted_call": wanted_call,
    "attention": attention,
    "fix_contact": fix_contact,
    "fix_person": fix_person,
    "safety": safety,
    "tell_by_phone": tell_by_phone,
    "tell_person": tell_person,
    "information_session": information_session,
    "registration": registration,
    "seat_offer": seat_offer,
    "helpline_call_back": helpline_call_back,
    "helpline_follow_up": helpline_follow_up,
    "helpline_tell": helpline_tell,
    "call_up": call_up,
    "call_up_place": call_up_place,
    "application_score": application_score,
    "application_offer": application_offer,
    "training": training,
    "training_review": training_review,
    "training_completion": training_completion,
    "agreement_renewal": agreement_renewal,
    "credential_renewal": credential_renewal,
    "credential_check": credential_check,
    "onboarding_agreement": onboarding_agreement,
    "onboarding_facts": onboarding_facts,
    "onboarding_approval": onboarding_approval,
    "practicum_profile": practicum_profile,
    "practicum_hours": practicum_hours,
    "practicum_confirm": practicum_confirm,
    "practicum_dispute": practicum_dispute,
}
# Every kind of task that is mailed, in the order of the lifecycle.
KINDS = [kind for kind in WAY if " " not in kind and not kind.endswith("_rest")] + list(OTHERS)

# Those of other types of case, which have no provider who looks at a status page, withdraws or reopens.
OF_SEATS = ("information_session", "registration", "seat_offer")
OF_HELPLINE = ("helpline_call_back", "helpline_follow_up", "helpline_tell")
OF_CALL_UPS = ("call_up", "call_up_place")
OF_TRAINING = ("training", "training_review", "training_completion")
OF_RENEWALS = ("agreement_renewal", "credential_renewal", "credential_check")
OF_ONBOARDING = ("onboarding_agreement", "onboarding_facts", "onboarding_approval")
OF_APPLICATIONS = ("application_score", "application_offer")
OF_PRACTICUMS = ("practicum_profile", "practicum_hours", "practicum_dispute")
OF_OTHERS = (
    *OF_PRACTICUMS,
    *OF_SEATS,
    *OF_HELPLINE,
    *OF_CALL_UPS,
    *OF_TRAINING,
    *OF_ONBOARDING,
    *OF_RENEWALS,
    *OF_APPLICATIONS,
)
OF_REFERRALS = [kind for kind in KINDS if kind not in OF_OTHERS]
# Those without a free text to fill in.
NO_WORDS = ("offer", "information", "language_choice", "place_choice", "safety")
WORDLESS = (
    *OF_PRACTICUMS,
    "practicum_confirm",
    "onboarding_approval",
    *OF_RENEWALS,
    *NO_WORDS,
    *OF_APPLICATIONS,
    *OF_SEATS,
    *OF_CALL_UPS,
    "helpline_tell",
    "training_completion",
)


def asked(harness: LifecycleHarness, kind: str) -> Story:
    """A story in which a task of that kind is open and its mail has left."""
    if kind.endswith("_review"):
        two_decide(harness)
    story = at(harness, kind) if kind in WAY else OTHERS[kind](harness)
    assert story.asks == kind
    return story


def every_kind() -> set[str]:
    """The kinds that are asked of people, as the rooms register them."""
    return {kind.name for kind in kinds.every_kind().values() if kind.role != "system"}
