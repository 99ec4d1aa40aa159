"""`make run`: the system on this machine until Ctrl-C.

PORT (8000), TIME_SCALE (1) and LOCAL_DIR (.local) say where, how fast, and where it remembers.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from infra.emulator import StackError
from infra.stack import LocalStack


def main() -> int:
    """Start, print the addresses, wait for the end. 1 and one line when it cannot start."""
    began = time.monotonic()
    ended = threading.Event()

    def end(number: int, frame: object) -> None:
        if ended.is_set() or not started:
            raise KeyboardInterrupt
        ended.set()

    started: list[LocalStack] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)

    def say(line: str) -> None:
        print(f"  {time.monotonic() - began:5.1f} s  {line}", flush=True)

    try:
        port, scale = _number("PORT", 8000), _number("TIME_SCALE", 1)
        folder = Path(os.environ.get("LOCAL_DIR") or ".local")
        say("starting the embedded AWS")
        with LocalStack(folder, int(port), scale, say=say) as stack:
            started.append(stack)
            say("ready")
            print(addresses(stack), flush=True)
            while not ended.wait(0.5):
                if stack.gave_up.is_set():
                    raise StackError(
                        f"the embedded AWS dies again and again: see {folder}/ministack.log"
                    )
            print("\nstopping", flush=True)
    except StackError as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _number(name: str, default: float) -> float:
    text = os.environ.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = -1
    good = 1 <= value <= 65535 and value == int(value) if name == "PORT" else value >= 1
    if not good:
        raise StackError(
            f"{name}={text} is not a {'port' if name == 'PORT' else 'number from 1 up'}"
        )
    return value


def addresses(stack: LocalStack) -> str:
    """The block that tells a person where everything is."""
    run = stack.run
    logins = "\n".join(
        f"                 {who['email']:28} {who['group']}" for who in run["logins"].values()
    )
    password = next(iter(run["logins"].values()))["password"]
    speed = "" if stack.time_scale == 1 else f"\n  Time           {stack.time_scale:g} times faster"
    return f"""
  Start page     {run["landing"]}
  Request form   {run["request_form"]}
  Mailbox        {run["mailbox"]}
  Console        {run["console"]}   password of all: {password}
{logins}{speed}
  Facts          {stack.folder / "run.json"}
  Ctrl-C stops it; the next start continues."""


if __name__ == "__main__":
    sys.exit(main())
