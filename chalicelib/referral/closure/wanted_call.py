"""A provider who said in the follow-up that they want a call: a specialist's task beside the lifecycle,
which rests or is over by then."""

from __future__ import annotations

from typing import Final

from chalicelib.directory.people import still
from chalicelib.referral.model import Referral
from chalicelib.referral.provider_calls import asked_for as call
from chalicelib.referral.task_facts import county_and_setting
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, TaskWords, kind_of
from chalicelib.workflow.side_tasks import Beginning, asked_anew, begin

KIND: Final = "wanted_call"


def wanted(state: Referral, now: int) -> Beginning:
    """The task for the specialist of this request, or the one in charge."""
    who = still(state.specialist, "specialist", state.county)
    return begin(state, kind_of(KIND), who, now)


WANTED_CALL = Kind[Referral](
    name=KIND,
    role="specialist",
    deadline=call.DEADLINE,
    letter="closure/call_wanted",
    words=call.with_ends(
        TaskWords(
            title=N_("Call a provider who asked for a call"),
            waiting=N_("Waiting for the specialist to call a provider after the consultation"),
            short=N_("to call a provider after the consultation"),
            then=ASKED_AGAIN,
            overdue=N_(
                "A specialist should call a provider who asked for a call in the follow-up."
            ),
            asked=N_("%(who)s was asked to call the provider."),
            expired=N_("Nobody called the provider in time. It is asked again."),
        )
    ),
    policy=call.POLICY,
    page=call.page(county_and_setting),
    decide=call.decided(),
    expire=asked_anew,
    outcomes=call.OUTCOMES,
    examples=call.EXAMPLES,
)
