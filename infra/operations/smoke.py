"""Whether a deployed stage works, looked at from outside: `make smoke STAGE=`, after every deploy.

    python -m infra.operations.smoke --stage prod

Pages, the sign-in, a letter that the relay sends with its own role, a run that its roles carry to its
end, an alarm that rings and stops. What it makes it takes away; it asks nobody for anything, and the only
people who hear of it are those who get alarms. Exit 1 when one thing fails.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator

from mechanicalsoup import StatefulBrowser as Browser
from requests import Response
from requests.exceptions import RequestException

from infra.change_set import DeployError, patiently
from infra.deploy import stack_name
from infra.doctor import settle_in, try_letter

Say = Callable[[str], None]
# Takes every letter and reports it delivered, also where an account may write to nobody else.
SIMULATOR = "success@simulator.amazonses.com"
RUN_SECONDS, ALARM_SECONDS = 60, 30


class Broken(Exception):
    """What is looked at does not work; the message says what came instead."""


def opened(path: str, pattern: str = "", status: int = 200, kind: str = "text/html") -> Browser:
    """A browser at one of our pages, after its redirects. Raises Broken with what came instead."""
    browser = Browser()
    browser.session.headers["Accept"] = "text/html"
    expect(browser.open(f"{base()}{path}", timeout=30), pattern, status, kind)
    return browser


def expect(page: Response, pattern: str, status: int = 200, kind: str = "text/html") -> None:
    """Raises Broken with what came instead."""
    found = page.headers.get("Content-Type", "")
    if page.status_code != status or not found.startswith(kind) or pattern not in page.text:
        raise Broken(f"{page.url.partition('?')[0]} answers {page.status_code} {found}")


def home() -> None:
    """The start page is shown."""
    opened("/", "<h1")


def form() -> None:
    """The request form asks its first question."""
    opened("/request", "<form")


def static_file() -> None:
    """The stylesheet that the start page names is there."""
    browser = opened("/")
    (sheet, *_) = browser.page.select("link[rel=stylesheet]")
    expect(browser.open(browser.absolute_url(sheet["href"]), timeout=30), "{", kind="text/css")


def sign_in() -> None:
    """The console leads to the hosted sign-in, which asks for a name."""
    browser = opened("/console", "<form")
    browser.select_form('form[action$="/login"]')
    page = browser.submit_selected()
    expect(page, "<input")
    if not page.url.startswith(os.environ["LOGIN_URL"]):
        raise Broken(f"the sign-in leads to {page.url.partition('?')[0]}")


def unknown_address() -> None:
    """An address that nobody has is answered in plain words."""
    opened("/no/such/page", 'href="tel:', status=404)


def letter() -> None:
    """The relay sends a letter, and its report comes back."""
    said: list[str] = []
    if not try_letter(SIMULATOR, said.append):
        raise Broken("; ".join(said))


def run() -> None:
    """A run starts, asks a step, is told that a newer one has taken over, and ends.

    Its case is made for it and stands in no list. The step's roles read and decrypt the table, and
    answer the waiting machine.
    """
    from chalicelib.aws import dynamodb, stepfunctions
    from chalicelib.aws.clients import client
    from chalicelib.aws.settings import settings
    from chalicelib.aws.writes import delete, put
    from chalicelib.domain.ids import new_reference
    from chalicelib.workflow.storage import keys

    reference, machine, at = new_reference(), "follow_up", int(time.time())
    case = keys.state(reference)
    dynamodb.write(
        put(case, {"version": 1, "generation": 2, "closed": at, "expires_at": at + 3600})
    )
    try:
        stepfunctions.start(machine, reference, 1, "closure")
        name = stepfunctions.run_name(reference, machine, 1)
        arn = settings().execution_arn(machine, name)
        for _ in patiently(f"the run {name}", RUN_SECONDS):
            found = client("stepfunctions").describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                break
        said = json.loads(found.get("output") or "{}").get("verdict")
        if found["status"] != "SUCCEEDED" or said != "superseded":
            raise Broken(f"the run {name} is {found['status']}, verdict {said}")
    finally:
        dynamodb.write(delete(case))


def alarm() -> None:
    """An alarm rings and stops; who gets alarms gets two letters that say what it was."""
    import boto3

    watch = boto3.client("cloudwatch")
    stack = stack_name(os.environ["STAGE"])
    name = str(
        watch.describe_alarms(AlarmNamePrefix=f"{stack}-MailDoctor")["MetricAlarms"][0]["AlarmName"]
    )
    for state in ("ALARM", "OK"):
        watch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="make smoke: a test")
        for _ in patiently(f"{name} to be {state}", ALARM_SECONDS):
            found = watch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
            if found["StateValue"] == state:
                break


CHECKS: tuple[Callable[[], None], ...] = (
    home,
    form,
    static_file,
    sign_in,
    unknown_address,
    letter,
    run,
    alarm,
)


def base() -> str:
    """Where people reach the pages of the stage."""
    return os.environ["BASE_URL"]


def failures(say: Say) -> Iterator[str]:
    """Look at everything, saying each; yields what does not work."""
    for check in CHECKS:
        what = check.__name__.replace("_", " ")
        began = time.monotonic()
        try:
            check()
        except (Broken, DeployError, LookupError, RequestException, OSError) as error:
            say(f"FAILS  {what}: {' '.join(str(error).split())}")
            yield what
        else:
            say(f"ok     {what} ({time.monotonic() - began:.1f} s)")


def main() -> int:
    """Command line: try a stage."""
    parser = argparse.ArgumentParser(description="Try a deployed stage.")
    parser.add_argument("--stage", required=True)
    stage = parser.parse_args().stage
    try:
        settle_in(stage)
        broken = list(failures(print))
    except Exception as error:
        print(f"smoke: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    print(f"{stage}: {len(broken)} of {len(CHECKS)} fail" if broken else f"{stage}: all is well")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
