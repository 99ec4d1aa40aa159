"""The whole local stack, a real browser, and referrals that have come some way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from infra.case import FFN, Case
from infra.stack import LocalStack
from tests.e2e.visitor import DESK, NoChromium, PageChecker, Visitor, chromium, visitor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They share one stack. Who needs nobody's referral comes first."""
    mine = [item for item in items if HERE in item.path.parents]
    for item in mine:
        item.add_marker(pytest.mark.e2e)
    places = [at for at, item in enumerate(items) if item in mine]
    mine.sort(key=lambda item: "cases" in getattr(item, "fixturenames", ()))
    for at, item in zip(places, mine, strict=True):
        items[at] = item


HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The system, as `make run` starts it."""
    with LocalStack(tmp_path_factory.mktemp("stack") / "local") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        with chromium() as found:
            yield found
    except NoChromium as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def checker(browser: Any) -> PageChecker:
    return PageChecker(browser)


def _sent(case: Case) -> Case:
    case.request()
    return case


def _matched(case: Case) -> Case:
    case.request(**FFN)
    case.matched()
    case.next_is_asked()  # the acceptance is taken up, and the list shows it
    return case


_WAYS: dict[str, Callable[[Case], Case]] = {"sent": _sent, "matched": _matched}


@pytest.fixture(scope="session", autouse=True)
def meanwhile(request: pytest.FixtureRequest, browser: Any) -> None:
    """Begin the referrals of later tests while the first test runs."""
    if any("cases" in getattr(test, "fixturenames", ()) for test in request.session.items):
        request.getfixturevalue("cases")


@pytest.fixture(scope="session")
def cases(stack: LocalStack) -> Iterator[dict[str, Future[Case]]]:
    """Referrals that people without a browser bring on their way."""
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(way, new_case(stack, name)) for name, way in _WAYS.items()}


def new_case(stack: LocalStack, name: str) -> Case:
    """A referral of its own name, not begun."""
    return Case(name, stack.base_url, stack.run["messages"], lambda line: None)


People = Callable[..., Visitor]


@pytest.fixture
def people(browser: Any, checker: PageChecker, stack: LocalStack) -> Iterator[People]:
    """Makes visitors; at the end no page that they saw may have a problem."""
    made: list[Visitor] = []

    def make(**how: Any) -> Visitor:
        made.append(visitor(browser, stack.base_url, checker, **how))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    problems = [line for one in made for line in one.problems]
    assert not problems, "\n".join(["pages with problems:", *problems])


@pytest.fixture
def phone(people: People) -> Visitor:
    """A phone of 360 px, JavaScript off."""
    return people()


@pytest.fixture
def desk(people: People) -> Visitor:
    """A screen of 1280 px, JavaScript on."""
    return people(size=DESK, script=True)
