"""Starts the embedded AWS with task tokens as long as the real ones: 700 characters.

A token of the emulator's own has 36, so a row that holds one would be cheaper here than on AWS. This is a
program of the emulator's own interpreter, kept free of the project.
"""

import secrets
import sys

from ministack.app import main
from ministack.core.responses import new_uuid
from ministack.services import stepfunctions

LENGTH = 700
# The function of the emulator that makes a task's token; the others make names.
MAKERS = {"_execute_task"}


def _named() -> str:
    caller = sys._getframe(1).f_code.co_name
    if caller not in MAKERS:
        return str(new_uuid())
    return secrets.token_urlsafe(LENGTH)[:LENGTH]


stepfunctions.new_uuid = _named

if __name__ == "__main__":
    sys.exit(main())
