"""Open-Door sessions as everybody sees them: those who come, hosts, and staff."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.meetings import changing, rows, telling, upcoming
from tests.meetings import clock, entered, now, sign
from tests.web.all_pages import PageCollection
from tests.web.staff import press
from tests.web.test_open_door import NEW, TYPED, opened


def open_door(g: PageCollection) -> None:
    """From an empty calendar to the thank-you."""
    g.begin()
    upcoming.forget()
    world: Any = g.harness.world
    anybody, cora = g.browser(), g.staff("coordinator")
    g.add("/open-door without a session", anybody.get("/open-door"))
    g.add("sessions: none", cora.get("/console/open-door"))
    g.add("sessions: enter", cora.get(NEW))
    g.add("sessions: enter nothing", press(cora, NEW), 422)
    one = {**TYPED, "on_holiday": "next", "title_en": "Hard days", "repeat": "month_end"}
    shown = g.add("sessions: the days", press(cora, NEW, **one))
    press(cora, NEW, **{**one, "_dates": shown.hidden["_dates"]})
    meeting = rows.ahead("open_door", world.at)[0]
    off = entered(world, days=9, capacity=5, about={"en": "Bring tea.", "es": "Traiga té."})
    changing.cancel(off, "staff:sam-lead", world.at, {"en": "Ill.", "es": "Enfermedad."})
    upcoming.forget()
    g.add("the start with a session", anybody.get("/"))
    g.add("/peers with a session", anybody.get("/peers"))
    g.add("/help with a session", anybody.get("/help/older"))
    g.add("/open-door", anybody.get("/open-door"))
    g.add("a canceled session", anybody.get(f"/open-door/{off.id}"))
    page = f"/open-door/{meeting.id}"
    g.add("a session", anybody.get(page))
    g.add("a session without an email", anybody.answer({}), 422)
    anybody.get(page)
    g.add("signed up", anybody.answer({"email": "rosa@example.org"}))
    (no,) = set(re.findall(r"/meeting/no/[a-z0-9-]+", world.mails[-1].text))
    own = f"/console/open-door/{meeting.id}"
    for way in ("", "/add", "/change", "/cancel", "/off"):
        g.add(f"sessions: one{way}", cora.get(own + way))
    cora.get(f"{own}/add")
    press(cora, f"{own}/add", name="Ana Díaz", phone="213-555-0142", lang="es")
    g.add("sessions: nobody to call", cora.get(f"{own}/called"))
    luz = sign(world, meeting, "luz@example.org", phone="213-555-0177")
    telling.reported(f"{meeting.id}-{luz.key}", "bounced", world.at)
    g.add("sessions: called", cora.get(f"{own}/called"))
    g.add("I cannot come", anybody.get(no))
    g.add("a link that is not good", anybody.get(no[:-3] + "abc"), 410)
    host = _host(clock(world), meeting.id)
    g.add("a host's page", anybody.get(host))
    g.add("who signed up", opened(anybody, host))
    clock(world, now(meeting).begins + 60)
    sign(world, meeting, "luis@example.org")
    g.add("who came?", opened(anybody, host))
    came = [one.key for one in rows.guests(meeting.id) if one.email == "rosa@example.org"]
    said = {"came": came, "drop_ins": "2"}
    g.add("saved: who came", anybody.post(host, {**anybody.page.hidden, **said}))
    cora = g.staff("coordinator")
    g.add("sessions: who came", cora.get(f"{own}/attendance"))
    thanks = next(m for m in clock(world, now(meeting).ends + 60) if m.tags["kind"] == "thanks")
    (link,) = set(re.findall(r"/meeting/thanks/[a-z0-9-]+", thanks.text))
    g.add("thank you", anybody.get(link))
    g.add("thank you, answered", anybody.answer({"useful": "yes"}))
    anybody.get(no)
    g.add("sessions: over", g.staff("coordinator").get(own))
    g.add("sessions: all", g.staff("coordinator").get("/console/open-door"))


def _host(mails: Any, meeting: str) -> str:
    """The host's page of this one of a series."""
    text = "".join(mail.text for mail in mails)
    return re.findall(rf"/meeting/host/{meeting}[a-z0-9-]+", text)[0]


ROOMS = (open_door,)
