"""The mail doctor at the command line: every check with its colour, and the exact fix.

    python -m infra.doctor --stage prod [--to me@example.org]

The same checks as /console/mail, with the settings that the deployed clock has. Exit 1 when one is
red. It honours AWS_ENDPOINT_URL; stage ``local`` finds the stack that `make run` started.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

from infra.deploy import stack_name
from infra.target import aim, outputs_of

MARKS = {
    "green": "ok  ",
    "yellow": "look",
    "red": "MEND",
    "unknown": "?   ",
    "unchecked": "not checked",
}
# Seconds until a test letter's report is given up.
PATIENCE = 60


def settle_in(stage: str) -> None:
    """Take over the settings of the deployed functions. Raises LookupError with one line."""
    import boto3

    aim(stage)
    outputs = outputs_of(stack_name(stage))
    clock = boto3.client("lambda").get_function_configuration(FunctionName=outputs["ClockName"])
    os.environ |= clock["Environment"]["Variables"]


def report(say: Callable[[str], None]) -> bool:
    """Say every finding; False when one is red."""
    from chalicelib.mail.health.checkup import said
    from chalicelib.mail.health.doctor import examine, verdict
    from chalicelib.mail.health.ses_health import facts

    found = examine(facts())
    for one in found:
        name, text, fix = said(one, "en")
        say(f"{MARKS.get(one.colour, '?   ')}  {name}: {text}")
        if fix:
            say(f"      {fix}")
    say(f"verdict: {verdict(found)}")
    return verdict(found) != "red"


def try_letter(to: str, say: Callable[[str], None]) -> bool:
    """Send a test letter and wait for its report; False when it did not arrive or none came."""
    from chalicelib.aws import send_gate
    from chalicelib.mail.health.test_letter import PENDING, SENT, ask

    ask(to)
    end, status = time.monotonic() + PATIENCE, ""
    while time.monotonic() < end and status in ("", *PENDING, "delayed"):
        time.sleep(1)
        status = str(send_gate.read().get("test_status", ""))
    said = {SENT: "left, but no report of it came"} | dict.fromkeys(PENDING[:2], "did not leave")
    say(f"test letter: {said.get(status, status)}")
    return status == "delivered"


def main() -> int:
    """Command line: examine, and send a test letter if an address is given."""
    parser = argparse.ArgumentParser(description="Look whether letters can leave.")
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--to", default="", help="an address of your own for a test letter")
    args = parser.parse_args()
    try:
        settle_in(args.stage)
        good = report(print)
        if args.to:
            good = try_letter(args.to, print) and good
    except Exception as error:
        print(f"doctor: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
