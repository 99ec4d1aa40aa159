"""How long `make run` takes to the first page once all is installed: wall time, in its own folder."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from infra.emulator import ROOT, free_port

PATIENCE = 90


def first_page(folder: Path) -> float:
    """Seconds from `make run` to the landing page. Raises TimeoutError."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "LOCAL_DIR": str(folder)}
    began = time.monotonic()
    made = subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.monotonic() - began < PATIENCE:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page,
            ):
                if page.status == 200:
                    return time.monotonic() - began
            time.sleep(0.05)
        raise TimeoutError("`make run` shows no page")
    finally:
        made.send_signal(signal.SIGTERM)
        made.wait(30)
