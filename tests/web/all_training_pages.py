"""The pages of the training program."""

from __future__ import annotations

from chalicelib.mail import task_list_link
from chalicelib.training.certificates import letter, rows
from tests.renewal.script import WHO, ends
from tests.training.certificates import certificate, revoked
from tests.web.all_pages import PageCollection
from tests.web.test_my_tasks import opened
from tests.workflow.lifecycle import usual


def certificates(g: PageCollection) -> None:
    """A certificate, as its owner, strangers and staff see it."""
    g.begin()
    at = g.harness.world.at
    one, gone = certificate(at, credits="12", credited_by="Demo board"), revoked(at)
    browser = g.browser()
    g.add("/certificates", browser.get(f"/certificates?code={one.code}"))
    g.add("a certificate that is valid", browser.answer({"code": one.code}))
    browser.get("/certificates")
    g.add("a certificate that is not", browser.answer({"code": gone.code}))
    browser.get("/certificates")
    g.add("a code that was never given", browser.answer({"code": "7K3M-9QXA-52TV-0000"}), 422)
    way = letter.address(one.id, at).partition("/certificate/")[2]
    g.add("/certificate", browser.get(f"/certificate/{way}"))
    far = certificate(at, name="王小明")
    way = letter.address(far.id, at).partition("/certificate/")[2]
    g.add("a certificate with a name to spell", browser.get(f"/certificate/{way}"))
    g.add("a name that is not spelled", browser.answer({"spelled": ""}), 422)
    g.add("a link to a certificate that is none", browser.get("/certificate/none"), 410)
    cora, home = g.staff("coordinator"), "/console/training/certificates"
    g.add(home, cora.get(home))
    g.add("a certificate for staff", cora.get(f"{home}/{one.id}"))
    g.add("a revoked certificate for staff", cora.get(f"{home}/{gone.id}"))
    for page in ("new", f"{one.id}/change", f"{one.id}/reissue", f"{gone.id}/change"):
        g.add(f"{home}/{page}", cora.get(f"{home}/{page}"))
    cora.get(f"{home}/new")
    g.add("a certificate without a name", cora.answer({"name": ""}), 422)
    assert rows.one_of(one.id).valid


def onboarding(g: PageCollection) -> None:
    """Who is to become a consultant, and somebody who was trained elsewhere."""
    g.asked("onboarding_facts")
    cora, home = g.staff("coordinator"), "/console/training/onboarding"
    g.add(home, cora.get(home))
    g.add("an onboarding without an address", cora.answer({"name": "Ned Demo"}), 422)
    with_hours = g.asked("practicum_hours").state.trainee
    cora = g.staff("coordinator")
    g.add("a practicum with hours", cora.get(f"/console/training/practicums/{with_hours}"))
    story = g.asked("onboarding_approval")
    story.says(**usual(story))
    cora, again = g.staff("coordinator"), f"{home}/{story.reference}/again"
    g.add("/console/training/onboarding/again", cora.get(again))
    g.add("an undone approval without a word", cora.answer({"note": ""}), 422)


def renewal(g: PageCollection) -> None:
    """What ends, as staff and the consultant see it."""
    g.begin()
    for what in ("agreement", "credential"):
        ends(g.harness.world, what, 20)
    cora, page = g.staff("coordinator"), f"/console/consultants/{WHO}/credentials"
    g.add("/console/training/renewals", cora.get("/console/training/renewals"))
    g.add("/console/consultants/credentials", cora.get(page))
    g.add("a credential to change", cora.get(f"{page}?id=c1"))
    cora.get(page)
    g.add("a credential without a name", cora.answer({"title": ""}), 422)
    g.asked("agreement_renewal")
    link = task_list_link.address(WHO).rpartition("/")[2]
    g.add("a consultant whose agreement ends", opened(g.browser(), link))


ROOMS = (certificates, onboarding, renewal)
