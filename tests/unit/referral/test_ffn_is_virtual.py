"""Family, friend and neighbor care is served online, from the request to the match and the sessions."""

from __future__ import annotations

import pytest

from chalicelib.domain.vocabulary import MODALITIES
from chalicelib.referral.delivery import first_contact, plan, service_form
from chalicelib.referral.delivery.words import MODES
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.request import Request
from chalicelib.web.forms import Form

pytestmark = pytest.mark.promise("ffn-online-only")


def state(setting: str) -> Referral:
    """A referral with a plan, whose next session can be recorded."""
    return Referral(reference="0QXP-0SBS-4", setting=setting, sessions=Sessions(planned=6))


def offered(form: Form, name: str) -> set[str]:
    (one,) = [field for field in form.fields if field.name == name]
    return {str(option[0]) for option in one.options}


@pytest.mark.parametrize("said", MODALITIES)
def test_whatever_way_was_said_a_request_of_ffn_is_one_to_meet_online(said: str) -> None:
    answers = {"setting": "ffn", "requester_role": "ffn_caregiver", "modality": said}
    assert Request.from_answers(answers).way_to_meet == "virtual"
    center = {"setting": "center", "requester_role": "director", "modality": said}
    assert Request.from_answers(center).way_to_meet == said


def test_ffn_is_virtual_by_phone_is_not_offered_for_what_is_to_come() -> None:
    asked = ((first_contact.form, "mode"), (plan.form, "mode"), (service_form.form, "next_mode"))
    for form, name in asked:
        assert offered(form(state("ffn")), name) == {"virtual"}, form
        assert offered(form(state("center")), name) == set(MODES), form


def test_ffn_is_virtual_and_a_session_by_phone_is_kept_as_said() -> None:
    form = service_form.form(state("ffn"))
    assert offered(form, "mode") == {"virtual", "phone"}
