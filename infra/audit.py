"""Known vulnerabilities in what ships and in our tools, where the list can be reached."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-stack.txt")
# Words of a network that does not let us out, as opposed to a finding.
_UNREACHABLE = (
    "ConnectionError",
    "Max retries",
    "ServiceError",
    "HTTPError",
    "timed out",
    "Timeout",
)


def main() -> int:
    """1 when a package has a known vulnerability; 0 and a line when nobody could be asked."""
    program = Path(sys.executable).with_name("pip-audit")
    shipped = ["-r", str(ROOT / FILES[0])]
    command = [str(program), "--progress-spinner=off", "--timeout=15", *shipped]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        print("not checked: the list of vulnerabilities did not answer")
        return 0
    output = done.stdout + done.stderr
    if done.returncode and any(word in output for word in _UNREACHABLE):
        print("not checked: the list of vulnerabilities cannot be reached from here")
        return 0
    print(output.strip().splitlines()[-1] if done.returncode == 0 else output.strip())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
