"""The tables of contents hold: every route leads to a page, and importing the app loads no room."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chalice.app import Chalice

from chalicelib.aws.entry_points import load
from chalicelib.domain.roles import ADMIN
from chalicelib.routes import ROUTES
from chalicelib.web.routing import GET, Route, Who, register, staff

ROOT = Path(__file__).resolve().parents[3]
# A first request pays for what it needs of these, and for nothing else.
HEAVY = ("pydantic", "jinja2", "boto3", "botocore", "aws_lambda_powertools")
VIEW = "console.lists:show_list"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_leads_to_a_function_that_takes_the_places_of_its_path(route: Route) -> None:
    parameters = inspect.signature(load(route.view)).parameters.values()
    needed = {p.name for p in parameters if p.default is p.empty}
    places = set(re.findall(r"\{(\w+)\}", route.path))
    if not route.who.gives:
        assert needed == places
    else:
        assert route.who.gives in needed
        assert needed - {route.who.gives} <= places
        assert list(inspect.signature(load(route.who.guard)).parameters) == ["route", "places"]


def test_importing_the_app_loads_no_room_and_nothing_heavy() -> None:
    code = "import app, sys; print(*sys.modules, sep='\\n')"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())
    assert not loaded & set(HEAVY)
    ours = {name for name in loaded if name.startswith("chalicelib.")}
    own = {"chalicelib.routes", "chalicelib.functions", "chalicelib.web.routing"}
    own |= {"chalicelib.rooms", "chalicelib.workflow", "chalicelib.workflow.registry"}
    own |= {"chalicelib.workflow.machines"}
    own |= {"chalicelib.referral", "chalicelib.referral.machines"}
    own |= {"chalicelib.services", "chalicelib.services.communities"}
    own |= {"chalicelib.services.communities.machines"}
    own |= {"chalicelib.services", "chalicelib.services.helpline"}
    own |= {"chalicelib.services.helpline.machines"}
    own |= {"chalicelib.services.emergency", "chalicelib.services.emergency.call_up_machines"}
    own |= {"chalicelib.training", "chalicelib.training.trainees"}
    own |= {"chalicelib.training.trainees.machines"}
    own |= {"chalicelib.training", "chalicelib.training.onboarding"}
    own |= {"chalicelib.training.onboarding.machines"}
    own |= {"chalicelib.training", "chalicelib.training.applications"}
    own |= {"chalicelib.training.applications.machines"}
    own |= {"chalicelib.training.practicum", "chalicelib.training.practicum.machines"}
    own |= {"chalicelib.training.renewal", "chalicelib.training.renewal.machines"}
    assert own <= ours
    assert {name.split(".")[1] for name in ours - own} <= {"domain", "aws", "web"}


@pytest.mark.parametrize(
    "who", [Who("anybody"), staff(), staff("provider"), staff(ADMIN, "x")], ids=str
)
def test_a_page_of_the_console_without_a_known_role_cannot_be_registered(who: Who) -> None:
    with pytest.raises(ValueError, match="names the roles"):
        register(Chalice("any"), [Route(GET, "/console/any", who, VIEW)])


def test_roles_of_staff_protect_pages_of_the_console_only() -> None:
    with pytest.raises(ValueError, match="names the roles"):
        register(Chalice("any"), [Route(GET, "/anywhere", staff(ADMIN), VIEW)])


def test_a_path_and_a_method_lead_to_one_page() -> None:
    twice = [Route(GET, "/twice", Who("anybody"), VIEW)] * 2
    with pytest.raises(ValueError, match="Duplicate"):
        register(Chalice("any"), twice)
