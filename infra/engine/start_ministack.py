"""Starts the embedded AWS with task tokens as long as the real ones: 700 characters; and with no more
processes of a function than this machine can use.

A token of the emulator's own has 36, so a row that holds one would be cheaper here than on AWS. When hundreds
of runs go on at once, AWS starts hundreds of environments side by side; a machine of two processors that did
the same would be busy for minutes with starting them. Here the next call waits for one that is free. This is
a program of the emulator's own interpreter, kept free of the project.
"""

import os
import secrets
import sys
import time

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.core.responses import new_uuid
from ministack.services import lambda_svc, stepfunctions

LENGTH = 700
# The function of the emulator that makes a task's token; the others make names.
MAKERS = {"_execute_task"}


def _named() -> str:
    caller = sys._getframe(1).f_code.co_name
    if caller not in MAKERS:
        return str(new_uuid())
    return secrets.token_urlsafe(LENGTH)[:LENGTH]


stepfunctions.new_uuid = _named

# Processes of one function; and seconds after which a call gets one more all the same: it may be waiting
# for a call that waits for it.
WORKERS = 2 * (os.cpu_count() or 1)
PATIENCE = 20
_acquire = lambda_runtime.acquire_worker


def _acquire_or_wait(*what: object, **more: object) -> object:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        worker, how = _acquire(*what, **more, max_concurrency=WORKERS)
        if worker is not None:
            return worker, how
        time.sleep(0.01)
    return _acquire(*what, **more)


lambda_svc.acquire_worker = _acquire_or_wait

if __name__ == "__main__":
    sys.exit(main())
