"""The embedded AWS: one MiniStack process group, started empty and ended whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

REGION = "us-west-2"
# Calls without a signature (people at the pages) are looked up in this account.
ACCOUNT = "000000000000"
ROOT = Path(__file__).resolve().parent.parent
_PORTS = range(20_000, 32_000)
PROGRAM = Path(__file__).resolve().parent / "engine" / "start_ministack.py"


class StackError(Exception):
    """The local stack cannot run; the message is one line that says why and what to do."""


def free_port() -> int:
    """A TCP port on this machine that nobody listens on: below those that the system gives to connections, so
    that none of them takes it before a server does."""
    chosen = (_PORTS[secrets.randbelow(len(_PORTS))] for _ in range(1000))
    return next(port for port in chosen if not taken(port))


def taken(port: int) -> bool:
    """True when somebody listens on ``port`` here."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def scratch_folder(folder: Path) -> Path:
    """Where the functions are unpacked: in memory if there is plenty, which is ten times faster."""
    memory = Path("/dev/shm")
    with contextlib.suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 3 * 2**30:
            name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
            return memory / f"iecmhc-{name}"
    return folder / "tmp"


def remove_orphans(memory: Path = Path("/dev/shm"), age: float = 60) -> list[Path]:
    """Free the memory of stacks that were killed: folders that no process runs in, or was told of.

    ``age``: seconds since a folder last changed; a younger one may belong to a stack that starts.
    """
    told = b""
    for process in Path("/proc").glob("[0-9]*"):
        for what in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                told += (process / what).read_bytes() + b"\n"
    gone = [
        one
        for one in memory.glob("iecmhc-*")
        if str(one).encode() not in told and time.time() - one.stat().st_mtime > age
    ]
    for one in gone:
        shutil.rmtree(one, ignore_errors=True)
    return gone


class Emulator:
    """MiniStack on a port of its own. ``folder`` takes its log and its scratch files."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._extra = environment or {}
        self._scratch = scratch_folder(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}
        self._session: Any = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """The process, which leads its group; 0 before the start."""
        return self._process.pid if self._process else 0

    def dead(self) -> str | None:
        """How it died, in words; None while it lives or was never started."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        return f"signal {-code}" if code < 0 else f"exit {code}"

    def start(self) -> None:
        """Start it in a session of its own (Ctrl-C is not for it). Raises StackError."""
        python = Path(os.environ.get("MINISTACK_PYTHON") or ROOT / ".venv-stack" / "bin" / "python")
        if not python.exists():
            raise StackError(f"{python} is missing: run `make install` first")
        remove_orphans()
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(mode=0o700, parents=True)
        log = self.folder / "ministack.log"
        # The functions inherit this: of the caller's environment they may see no more than on AWS.
        clean = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(python), str(PROGRAM)],
                env={
                    **clean,
                    "GATEWAY_PORT": str(self.port),
                    "BIND_HOST": "127.0.0.1",
                    "MINISTACK_HOST": "127.0.0.1",
                    "MINISTACK_REGION": REGION,
                    "MINISTACK_ACCOUNT_ID": ACCOUNT,
                    "AWS_ACCESS_KEY_ID": ACCOUNT,
                    "AWS_SECRET_ACCESS_KEY": "local",
                    "AWS_EC2_METADATA_DISABLED": "true",
                    "TZ": "UTC",
                    "TMPDIR": str(self._scratch),
                    "STATE_DIR": str(self._scratch / "state"),
                    "LOG_LEVEL": "WARNING",
                    # Servers of other protocols that it would open on fixed ports.
                    "SFTP_ENABLED": "0",
                    "IOT_MTLS_ENABLED": "0",
                    **self._extra,
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_ready(self, seconds: float = 30) -> None:
        """Return when it answers. Raises StackError with the last line of its log."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2),
            ):
                return
            time.sleep(0.05)
        lines = (self.folder / "ministack.log").read_text(errors="replace").strip().splitlines()
        raise StackError(f"MiniStack did not start: {lines[-1] if lines else 'no word from it'}")

    def client(self, name: str) -> Any:
        """A boto3 client of the emulator, kept for the next call."""
        import boto3
        from botocore.config import Config

        with self._lock:
            if name not in self._clients:
                self._session = self._session or boto3.session.Session()
                self._clients[name] = self._session.client(
                    name,
                    endpoint_url=self.endpoint,
                    region_name=REGION,
                    aws_access_key_id=ACCOUNT,
                    aws_secret_access_key="local",
                    config=Config(
                        retries={"total_max_attempts": 2},
                        connect_timeout=3,
                        read_timeout=120,
                        max_pool_connections=20,
                    ),
                )
            return self._clients[name]

    def stop(self) -> None:
        """End the whole group: function workers outlive the server otherwise."""
        if self._process is None:
            return
        end_group(self._process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process = None
        shutil.rmtree(self._scratch, ignore_errors=True)


def end_group(leader: int, seconds: float = 1.0) -> None:
    """Ask the processes of a group to end, and end those that do not listen."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGTERM)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(leader, os.WNOHANG)
            os.killpg(leader, 0)
            time.sleep(0.03)
        os.killpg(leader, signal.SIGKILL)


def leftover(pid: int) -> bool:
    """True when ``pid`` is a MiniStack of an earlier run that was killed before it could tidy up."""
    with contextlib.suppress(OSError):
        return b"ministack" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
