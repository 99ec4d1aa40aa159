"""The whole system on this machine: emulator, deploy, journal, mailbox and front door as one thing.

    with LocalStack(Path(".local"), port=8000) as stack:
        print(stack.run["request_form"])

`make run`, the demo, the end-to-end tests and the bench all start it here. It is the template that
deploys to AWS, by the code that deploys it; this file adds what AWS does and the emulator does not.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from chalicelib.rooms import DUE
from chalicelib.workflow.machines import titles
from infra.build import ROOT, build
from infra.deploy import DeployError, deploy, stack_name
from infra.emulator import (
    ACCOUNT,
    REGION,
    Emulator,
    StackError,
    end_group,
    free_port,
    leftover,
    taken,
)
from infra.frontdoor import FrontDoor
from infra.furnish import drain_leftover, keep_link_keys, put_rows_back, scheduled, sign_up_staff
from infra.gateway_responses import GatewayResponses
from infra.journal import Journal
from infra.lines import Damaged
from infra.mailbox import Mail, Mailbox
from infra.postoffice import PostOffice
from infra.release import release
from infra.run_reports import RunReports
from infra.seed import logins, seed
from infra.template import BuildError
from infra.text_office import IDENTITY

STAGE = "local"
# An emulator that dies is started again so often within so many seconds, and then no more.
LIVES, WITHIN = 3, 600
# Seconds of one round that brings cases back: the calls to the emulator must not time out.
ROUND = 15
# Looks of the clock before the start is done; what they leave is done in its own minutes.
FIRST_LOOKS = 20
API_STAGE = "api"


# Whose calls go through the post office: what AWS mails stands in the mailbox.
BY_MAIL = (
    "AWS_ENDPOINT_URL_SESV2",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2",
)


class LocalStack:
    """The system, running. ``folder`` keeps what survives a restart; ``port`` 0 is any free one.

    ``time_scale`` N makes every wait N times shorter. Raises StackError on entering, with one line.
    """

    def __init__(
        self,
        folder: Path = ROOT / ".local",
        port: int = 0,
        time_scale: float = 1,
        *,
        say: Callable[[str], None] = lambda line: None,
        seeded: bool = True,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.time_scale = time_scale
        self.outputs: dict[str, str] = {}
        self.run: dict[str, Any] = {}
        self._say, self._seeded = say, seeded
        self._environment = environment or {}
        self._lock: TextIO | None = None
        self._ended = threading.Event()
        self._deaths: list[float] = []
        self.gave_up = threading.Event()
        self._open: list[Callable[[], None]] = []
        self._journal: Journal | None = None
        self._reports: RunReports | None = None

    # -- what others use -------------------------------------------------------------------------

    def client(self, name: str) -> Any:
        """A boto3 client of this stack."""
        return self.emulator.client(name)

    @property
    def table(self) -> str:
        """The table's name."""
        return self.outputs["TableName"]

    def mails(self) -> list[Mail]:
        """Every letter so far, oldest first."""
        return self.mailbox.all()

    def invoke(self, output: str, payload: dict[str, Any]) -> Any:
        """Call the function that the output ``output`` names; returns its answer.

        Raises StackError when it failed.
        """
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs[output], Payload=json.dumps(payload)
        )
        body = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise StackError(f"{output}: {body[:500]}")
        return json.loads(body or "null")

    def tick(self, **how: Any) -> Any:
        """Let the clock look once, now; ``how`` as the event has it."""
        return self.invoke("ClockName", scheduled("clock", **how))

    def reconcile(self, reason: str, **how: Any) -> Any:
        """Bring every referral without a live run back to its stage; ``how`` as the event has it."""
        return self.invoke("ReconcileName", scheduled("reconcile", reason=reason, **how))

    # -- start and stop --------------------------------------------------------------------------

    def __enter__(self) -> LocalStack:
        try:
            self._start()
        except BaseException as error:
            self.stop()
            if isinstance(error, BuildError | DeployError | Damaged):
                raise StackError(str(error)) from None
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End everything, latest first; what is on the table is on the disk afterwards."""
        self._ended.set()
        if self._reports is not None:
            self._reports.stop()
        while self._open:
            with contextlib.suppress(Exception):
                self._open.pop()()

    def _start(self) -> None:
        self._take_folder()
        if taken(self.port):
            raise StackError(f"port {self.port} is in use: choose another with PORT=")
        self.mailbox = Mailbox(self.folder / "mails.jsonl", self._say)
        office_port = free_port()
        self._mail_endpoint = f"http://127.0.0.1:{office_port}"
        self.emulator = Emulator(
            self.folder,
            {**dict.fromkeys(BY_MAIL, self._mail_endpoint), **self._environment},
        )
        # The end goes the other way round: nobody comes in, no letter leaves, the last changes are
        # written down, and then the lights go out.
        self._open += [self.emulator.stop, self._close_journal]
        self.emulator.start()
        self._note_emulator()
        self._office = PostOffice(office_port, self.emulator.port, self.mailbox)
        self._open.append(self._office.stop)
        self._front = FrontDoor(self.port, self.emulator.port, self.mailbox)
        self._open.append(self._front.stop)
        self.out = build(STAGE, say=self._say)
        self._begin_life()
        if self.time_scale > 1:
            threading.Thread(target=self._tick_often, name="clock", daemon=True).start()
        self._write_run()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()

    def _begin_life(self) -> None:
        """From a running, empty emulator to the system as it stood: deployed, restored, waiting."""
        self.emulator.wait_ready()
        self.outputs = deploy(STAGE, self.out, self.client, self._parameters(), self._say)
        self._note_emulator()
        self._office.report_to(
            self.client("sns"), self.outputs["MailTopicArn"], f"{stack_name(STAGE)}-mail"
        )
        keep_link_keys(self.client, self.outputs["LinkKeysArn"], self.folder / "link-keys.json")
        restored = self._remember()
        if not restored and self._seeded:
            self._say("seeding the demo network")
            seed(self.client("dynamodb"), self.table)
        template = json.loads((self.out / "template.json").read_text())
        api = self.outputs["RestAPIId"]
        stage = self.client("apigateway").get_stage(restApiId=api, stageName=API_STAGE)
        own = GatewayResponses(template, API_STAGE, stage.get("variables"))
        self._front.open_to(api, own)
        with ThreadPoolExecutor(3) as pool:
            people = pool.submit(
                sign_up_staff, self.client, self.outputs["StaffPoolId"], self.table
            )
            pages = pool.submit(self._wait_for_pages)
            if restored:
                self._say("bringing every open referral back to its stage")
                pool.submit(self._bring_back, restored).result()
            people.result()
            pages.result()
        self._report_runs()

    def _report_runs(self) -> None:
        """From now on the stack hears of each run that ends badly."""
        if self._reports is not None:
            self._reports.stop()
        machines = [self.outputs["MachinePrefix"] + name for name in titles()]
        self._reports = RunReports(
            self.client("stepfunctions"), machines, lambda e: self.invoke("RunEndedName", e)
        )

    def _watch(self) -> None:
        """An emulator that dies is started again, at the same addresses, but not for ever; one that
        dies while it comes back has died once more."""
        failed = ""
        while not self._ended.wait(0.2):
            code = failed or self.emulator.dead()
            if not code:
                continue
            now = time.monotonic()
            self._deaths = [at for at in self._deaths if now - at < WITHIN] + [now]
            if len(self._deaths) > LIVES:
                self._say(f"the embedded AWS died {len(self._deaths)} times: giving up")
                self.gave_up.set()
                return
            self._say(f"the embedded AWS died ({code}): starting it again")
            try:
                self._live_again()
                failed = ""
                self._say("it is back, at the same addresses")
            except Exception as error:
                failed = f"it did not come back: {error}"
                self.emulator.stop()

    def _live_again(self) -> None:
        self._front.close()
        self._close_journal(drained=False)
        self.emulator.stop()
        self.emulator.start()
        self._note_emulator()
        self._begin_life()
        self._write_run()

    def _close_journal(self, drained: bool = True) -> None:
        if self._journal is not None:
            self._journal.stop(drained)
            self._journal = None

    def _note_emulator(self) -> None:
        """What the next start needs to know of this emulator, should it outlive us."""
        facts = {
            "pid": self.emulator.pid,
            "endpoint": self.emulator.endpoint,
            "mail_endpoint": self._mail_endpoint,
            "stream": self.outputs.get("TableStreamArn", ""),
        }
        draft = self.folder / "emulator.draft"
        draft.write_text(json.dumps(facts))
        draft.replace(self.folder / "emulator.json")
        (self.folder / "stack.pid").write_text(str(self.emulator.pid))

    def _bring_back(self, restored: int) -> None:
        """Every open referral waits again: the engine is new, so nothing can be on its way.

        Then leaves what had not left when the lights went out: the rows were put back past the stream.
        """
        done, answer = 0, {"next": ""}
        while True:
            answer = self.reconcile("restart", quiet=-1, after=answer["next"], seconds=ROUND)
            done += answer["looked"]
            if not answer["next"]:
                break
            self._say(f"{done} of {done + answer['left']} open referrals are back")
        first = {"detail": {"duty": DUE}, "unheard": restored, "seconds": ROUND}
        for _ in range(FIRST_LOOKS):
            if not self.tick(**first)["more"]:
                break
            self._say("more is due than one look of the clock does: it looks again")

    def _take_folder(self) -> None:
        """One stack a folder; one that was killed leaves its emulator behind, which ends now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # letters, and what people wrote
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StackError(
                f"another stack runs in {self.folder}: stop it, or set LOCAL_DIR="
            ) from None
        self._open.append(self._lock.close)
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.folder / "stack.pid").read_text())
            if leftover(pid):
                self._say("an earlier run was killed: taking over what it left")
                drain_leftover(self.folder, self._say)
                end_group(pid)
        (self.folder / "run.json").unlink(missing_ok=True)
        self._open.append(lambda: (self.folder / "run.json").unlink(missing_ok=True))
        self._open.append(lambda: (self.folder / "stack.pid").unlink(missing_ok=True))
        self._open.append(lambda: (self.folder / "emulator.json").unlink(missing_ok=True))

    def _parameters(self) -> dict[str, str]:
        """What differs from a deployment to AWS: addresses, the clock's pace, no second factor."""
        return {
            "BaseUrl": self.base_url,
            "TimeScale": f"{self.time_scale:g}",
            "TextIdentity": IDENTITY,
            "QuietHours": os.environ.get("QUIET_HOURS", "off"),
            "LoginUrl": self.emulator.endpoint,
            "KeysOrigin": self.emulator.endpoint,
            "StaffMfa": "OFF",
            "LogRetentionDays": "7",
            **release(ROOT, STAGE).parameters(),
        }

    def _remember(self) -> int:
        """Put the journal's rows back and follow the table from here.

        Returns since when (UTC seconds) the stream has what is written; 0 when there were no rows.
        """
        self._journal = Journal(self.folder / "journal.jsonl", self._say)
        rows = self._journal.rows()
        self._journal.compact(rows)
        # Before the rows: a clock that ticks meanwhile must not be missed.
        self._journal.follow(self.client("dynamodbstreams"), self.outputs["TableStreamArn"])
        if rows:
            self._say(f"putting {len(rows)} rows back")
            put_rows_back(self.client, self.table, self.outputs["RelayName"], rows)
        return int(time.time()) if rows else 0

    def _wait_for_pages(self) -> None:
        """The first page, once: it also warms the function up."""
        import http.client

        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        door.request("GET", "/")
        status = door.getresponse().status
        door.close()
        if status >= 500:
            raise StackError(f"the first page answers {status}: see {self.folder}/ministack.log")

    def _tick_often(self) -> None:
        """The emulator's schedule cannot fire faster than a minute; scaled time must."""
        pause = max(0.5, 60 / self.time_scale)
        while not self._ended.wait(pause):
            with contextlib.suppress(Exception):
                self.tick()

    def _write_run(self) -> None:
        prefix = self.outputs["MachinePrefix"]
        self.run = {
            "base_url": self.base_url,
            "request_form": f"{self.base_url}/request",
            "landing": f"{self.base_url}/",
            "mailbox": f"{self.base_url}/mailbox",
            "messages": f"{self.base_url}/mailbox/messages.json",
            "console": f"{self.base_url}/console",
            "logins": logins(),
            "table": self.table,
            "machines": {name: f"{prefix}{name}" for name in titles()},
            "functions": {
                name: self.outputs[f"{name.capitalize()}Name"]
                for name in ("relay", "clock", "reconcile")
            },
            "endpoint": self.emulator.endpoint,
            "mail_endpoint": self._mail_endpoint,
            "region": REGION,
            "account": ACCOUNT,
            "time_scale": self.time_scale,
            "pid": os.getpid(),
        }
        draft = self.folder / "run.draft"
        draft.write_text(json.dumps(self.run, indent=1) + "\n")
        draft.replace(self.folder / "run.json")
