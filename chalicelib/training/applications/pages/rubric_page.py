"""Staff enter a rubric: dated data by which the applications of later cohorts are scored."""

from __future__ import annotations

import hashlib
from typing import Final

from chalice.app import Response

from chalicelib.training import rubric as rubrics
from chalicelib.training.rubric import Criterion, Rubric
from chalicelib.web.forms import Field, Form, Values, number, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import show

CRITERIA: Final = 6
TOO_FEW: Final = N_(
    "Write what is scored in the first line, then at least two lines: what each score means."
)
FORM: Final = Form(
    Field("name", "text", N_("Name of the rubric"), max_length=80),
    Field("since", "date", N_("From which day is it in force?"),
          hint=N_("A cohort is scored by the rubric of the day on which its applications open.")),
    Field("source", "text", N_("Where does it come from?"), max_length=160),
    Field(
        "threshold",
        "number",
        N_("By how many points may two scores differ?"),
        hint=N_("Where they differ by more, a third reviewer is asked."),
        minimum=0,
        maximum=60,
        width="short",
    ),
    *(
        textarea(
            f"criterion_{one}",
            N_("What is scored"),
            rows=5,
            hint=N_("First line: what is scored. Then a line for each score, the lowest first."),
            required=one == 1,
            max_length=800,
            guarded=False,
        )
        for one in range(1, CRITERIA + 1)
    ),
)  # fmt: skip


def enter() -> Response:
    """The rubrics so far, and a new one."""

    def act(values: Values, command: str) -> str:
        key = hashlib.sha256(command.encode()).hexdigest()[:10]
        rubrics.add(
            Rubric(
                id=key,
                since=words(values, "since"),
                name=words(values, "name"),
                threshold=number(values, "threshold"),
                criteria=_criteria(values),
                source=words(values, "source"),
            )
        )
        return "/console/training/rubric"

    def facts() -> TemplateValues:
        return {"rubrics": rubrics.rubrics()}

    page = FormPage(
        "applications/rubric.html", FORM, once=True, check=_wrong, facts=facts, draw=show
    )
    return page.answer(act)


def _lines(values: Values, name: str) -> list[str]:
    return [line.strip() for line in words(values, name).splitlines() if line.strip()]


def _wrong(values: Values) -> dict[str, str]:
    names = [f"criterion_{one}" for one in range(1, CRITERIA + 1)]
    return {name: TOO_FEW for name in names if 0 < len(_lines(values, name)) < 3}


def _criteria(values: Values) -> list[Criterion]:
    found = (_lines(values, f"criterion_{one}") for one in range(1, CRITERIA + 1))
    return [Criterion(name=lines[0], anchors=lines[1:]) for lines in found if lines]
