"""Each guard removed in turn: the net must catch every one.

A mutant is applied to a copy of the tree and a few chosen test files are run there; one that they
let through means that a test is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("app.py", "babel.cfg", "chalicelib", "infra", "pyproject.toml", "statemachines", "tests",
          ".chalice")  # fmt: skip
SECONDS = 240

COMMANDS = "tests/unit/workflow/test_commands.py"
EFFECTS = "tests/unit/workflow/test_effects.py"
CLOCK = "tests/unit/workflow/test_scheduler.py"
BESIDE = "tests/unit/workflow/test_side_tasks.py"
CALLS = "tests/faults/test_aws_calls.py"
STREAM = "tests/faults/test_stream_and_schedules.py"
SEEDS = "tests/faults/test_stories.py"
SINGLE = "tests/faults/test_one_fault_at_a_time.py"
BROKEN = "tests/workflow/test_broken_runs.py"
LIFE = "tests/workflow/test_lifecycle.py"
LINKS = "tests/web/test_task_pages_links.py"
PAGES = "tests/web/test_task_pages.py"
STATUS = "tests/web/test_status_pages.py"
LOGIN = "tests/web/test_console_login.py"
CONSOLE = "tests/web/test_console_pages.py"
GUARDS = "tests/faults/test_guards.py"
FORM = "tests/web/test_request_form.py"
BAD = "tests/web/test_bad_input.py"
REPLAYS = "tests/web/test_replays.py"
LOANS = "tests/second_case/test_loans.py"
LOAN_NET = "tests/second_case/test_faults.py"


@dataclass(frozen=True)
class Mutant:
    """``removes`` what stands as ``old`` in ``file``, once; ``tests`` are the net."""

    removes: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def mutant(removes: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    """A mutant of a file of chalicelib."""
    return Mutant(removes, f"chalicelib/{file}", old, new, tests)


MUTANTS = (
    # -- one command is one write ------------------------------------------------------------------
    mutant("version check", "workflow/storage/store.py",
           'conditions = [field("version").equals(before.version), *_same_token(before)]',
           "conditions = [*_same_token(before)]", COMMANDS, SEEDS),
    mutant("token check of a command", "workflow/storage/store.py",
           "    if before.task is None:\n        return []", "    if True:\n        return []",
           GUARDS, SEEDS),
    mutant("own command known again", "workflow/storage/store.py",
           "        if any(e.command == entry.command",
           "        if not entry.command and any(e.command == entry.command", GUARDS, COMMANDS),
    mutant("copy of the riding entry", "workflow/storage/store.py",
           "            dynamodb.write(_log_entry(before.reference, riding))",
           "            pass", COMMANDS, SEEDS),
    mutant("a new referral exists once", "workflow/storage/store.py",
           "writes.create(keys.state(", "writes.put(keys.state(", GUARDS),
    mutant("own beginning known again", "workflow/storage/store.py",
           "if made is None or made.command != entry.command:", "if made is None:", GUARDS),
    mutant("busy AWS is tried again", "aws/dynamodb.py",
           "            if error.reached and error.code not in _BUSY:", "            if True:", CALLS),
    mutant("condition of a run's token", "workflow/storage/store.py",
           "dynamodb.write(attached.only_if(same))", "dynamodb.write(attached)", GUARDS, SEEDS),
    mutant("version check of the clock's note", "workflow/storage/store.py",
           'dynamodb.write(done.only_if(field("version").equals(state.version)))', "dynamodb.write(done)",
           GUARDS, SEEDS),
    mutant("wake-up moved nearer", "workflow/storage/store.py",
           "over_since < before.wake_at <= wanted:", "over_since < before.wake_at:", GUARDS),
    mutant("wake-up of what has no effects", "workflow/storage/store.py",
           "and before.swept == before.version:", "and True:", GUARDS),
    mutant("wake-up that moved meanwhile", "workflow/storage/store.py",
           'conditions.append(field("wake_at").equals(before.wake_at))', "pass", GUARDS),
    mutant("mark of what is to leave", "workflow/storage/store.py",
           "        sets[LEAVES] = True", "        pass", EFFECTS),
    mutant("newest entries without a gap", "workflow/storage/store.py",
           "    if opened is None or found[opened].version", "    if opened is None or False and found[opened].version",
           "tests/unit/workflow/test_what_is_read.py"),
    mutant("a press is good once", "workflow/storage/store.py",
           "        if press and recorded(state, press):\n            return state", "        pass",
           COMMANDS, REPLAYS),
    mutant("a form is good once, whatever it says", "workflow/storage/store.py",
           "    if made not in (None, press):", "    if False:", REPLAYS),
    mutant("a press that changes no case is good once", "web/press.py",
           "    if not rate_limits.allow(", "    if not press and not rate_limits.allow(", REPLAYS),
    mutant("a press on another task", "workflow/tasks.py",
           "if state.task is None or state.task.number != n:\n            return None\n        if over",
           "if state.task is None:\n            return None\n        if over", GUARDS, PAGES, COMMANDS),
    mutant("expiry of a task", "workflow/tasks.py",
           "if over(state, state.task, at):", "if False:", GUARDS, LINKS),
    mutant("a task beside ends once", "workflow/storage/side_task_rows.py",
           'off_the_lists.only_if(*_OPEN)',
           'off_the_lists.only_if(_OPEN[0])', GUARDS, BESIDE),
    mutant("an end is an end", "referral/status/withdraw.py", "        if not state.open:\n",
           "        if False:\n", LIFE),
    # -- effects --------------------------------------------------------------------------------------
    mutant("outbox: the sweep", "workflow/sweep.py", "            dispatch(state.reference, entry, state, heard=heard)",
           "            pass", STREAM, EFFECTS),
    mutant("a look after the clock's own command", "workflow/scheduler.py",
           "    if state.version > seen:\n        return", "    if False:\n        return", CLOCK),
    mutant("mail row: sent once", "mail/send_letter.py",
           '    if row is not None and row.get("status") != letter_rows.SENDING:', "    if False:",
           EFFECTS, STREAM),
    mutant("claim of a late letter", "mail/send_letter.py", "    if late and not letter_rows.claim(",
           "    if False and not letter_rows.claim(", GUARDS, SEEDS),
    mutant("a letter without a reason", "mail/send_letter.py",
           "    if not still_needed(state, entry, effect):", "    if False:", GUARDS, SEEDS, EFFECTS),
    mutant("a letter judged by an old state", "workflow/outbox.py",
           "    return state if state.version >= entry.version else", "    return state if state else", GUARDS, SEEDS),
    mutant("generation of a start", "workflow/outbox.py",
           "if effect.generation == state.generation:", "if True:", GUARDS, BROKEN),
    mutant("a run that exists is the same run", "aws/stepfunctions.py",
           '        if error.code != "ExecutionAlreadyExists":', "        if True:", EFFECTS, STREAM),
    mutant("nobody waits anymore", "aws/stepfunctions.py",
           "        if error.code not in _NOBODY_WAITS:", "        if True:", EFFECTS, STREAM),
    mutant("a mail's status only moves forward", "mail/letter_rows.py",
           "dynamodb.write(moved.only_if(later))", "dynamodb.write(moved)", EFFECTS),
    # -- runs -----------------------------------------------------------------------------------------
    mutant("fence of a step", "workflow/steps.py", "    if generation < state.generation:",
           "    if generation < 0:", GUARDS, BROKEN),
    mutant("what is done is not done again", "workflow/steps.py", "    if name in state.done:",
           "    if False:", GUARDS, BROKEN, SINGLE),
    mutant("a step after the end", "workflow/steps.py",
           "    if not state.open and not after_close:", "    if False:", LIFE),
    mutant("who is asked is not asked twice", "workflow/steps.py",
           "if state.task is not None and state.task.kind == kind.name:", "if False:", BROKEN,
           SINGLE),
    mutant("answered while the token was stored", "workflow/steps.py",
           "if not store.attach_token(state, mark):",
           "if store.attach_token(state, mark) is None:", GUARDS, SEEDS),
    mutant("restarted by two", "workflow/reconciler/restarts.py",
           "if fresh.generation != state.generation or machine_of(fresh) is None:",
           "if machine_of(fresh) is None:", GUARDS),
    # -- more than one type of case ---------------------------------------------------------------
    mutant("type of a case in its row", "workflow/storage/store.py",
           '        row["case_type"] = state.case_type', "        pass", LOANS),
    mutant("a page finds cases of its type", "workflow/storage/store.py",
           "if state is None or not isinstance(state, of):", "if state is None:", LOANS),
    mutant("a pause ends where its type says nothing of it", "workflow/scheduler.py",
           "if ends else (resume(state, at), [])", "if ends else ({}, [])", LOANS, LOAN_NET),
    # -- places ---------------------------------------------------------------------------------------
    mutant("capacity of a consultant", "directory/places.py",
           "*conditions, free, ~field(", "*conditions, ~field(", GUARDS, COMMANDS),
    mutant("an offer to who is inactive", "directory/people.py",
           'reference, field("active").equals(True))', 'reference, field("active").exists())', GUARDS),
    mutant("a place returned twice", "directory/places.py",
           'returned.only_if(field("held").contains(reference))', "returned", GUARDS),
    # -- links, sessions, forms ---------------------------------------------------------------------
    mutant("MAC of a link", "web/links.py",
           "shape is not None\n    reference = normalize_reference(flat)",
           "shape is not None or shape is not None\n    reference = normalize_reference(flat)", LINKS),
    mutant("expiry of a link", "tasks/link_status.py",
           'if at >= link.expires or over(state, task, at) else "open"',
           'if over(state, task, at) else "open"', LINKS),
    mutant("first link that opens a task", "tasks/link_status.py",
           "        if link.number < task.first_valid_link:\n            who", "        if False:\n            who", LINKS),
    mutant("age of a nonce", "web/links.py",
           "    fresh = now - NONCE_SECONDS <= int(at, 16) <= now + 600", "    fresh = True", PAGES,
           GUARDS),
    mutant("subject of a nonce", "web/links.py", '    message = "|".join(str(part) for part in parts)',
           '    parts = parts[:1] + parts[2:] if parts[0] == "nonce" else parts\n'
           '    message = "|".join(str(part) for part in parts)', GUARDS),
    mutant("expiry of a draft", "referral/rows/request_drafts.py",
           '    if row is None or row["expires_at"] <= now:', "    if row is None:", GUARDS, FORM),
    mutant("a draft that was sent", "referral/rows/request_drafts.py",
           'field("pk").exists(), field("sent_at").absent()', 'field("pk").exists()', GUARDS),
    mutant("limit of uses", "aws/rate_limits.py",
           'field("expires_at").more_than(now), field("used").less_than(limit)',
           'field("expires_at").more_than(now)', GUARDS, STATUS),
    mutant("end of a limit's window", "aws/rate_limits.py",
           'field("pk").absent() | field("expires_at").at_most(now)',
           'field("pk").absent() | field("expires_at").differs(now)', GUARDS, STATUS),
    mutant("tries of a code", "mail/email_code.py",
           '    if not rate_limits.allow("proof-tries", signed, TRIES, GOOD_FOR, now()):',
           "    if False:", STATUS),
    mutant("what strangers ask for counts apart", "aws/rate_limits.py",
           "    if own:", "    if False:", "tests/security/test_lockouts.py"),
    mutant("expiry of a session", "web/sessions.py",
           '    if row is None or int(row["expires_at"]) <= now:', "    if row is None:", LOGIN),
    mutant("staff who are not active", "web/staff_auth.py",
           ' or row.get("active") is not True', "", LOGIN),
    mutant("counties of staff", "web/staff_auth.py",
           "        if of_it is not None and not who.scope.covers(*of_it):", "        if False:",
           "tests/security/test_every_county.py"),
    mutant("role of a page", "web/staff_auth.py", "    if who.role not in route.who.roles:",
           "    if False:", LOGIN, CONSOLE, "tests/web/test_console_runs.py"),
    mutant("nonce of the console", "web/staff_auth.py",
           'if current().method == "POST" and not nonce_ok(who):', "if False:", LOGIN, CONSOLE),
    mutant("Origin of a form", "web/answering.py", "if not from_here(ctx.headers, origin()):",
           "if False:", BAD),
    mutant("a parameter that comes twice", "web/http_input.py", "    if len(found) > 1:", "    if False:",
           BAD, PAGES),
    mutant("size of a body", "web/http_input.py", "    if len(body) > MAX_BODY:", "    if False:", BAD),
    mutant("escaping", "web/render.py", "        autoescape=escape,", "        autoescape=False,",
           "tests/web/test_task_pages_text.py", BAD),
    mutant("strict templates", "web/render.py", "        undefined=StrictUndefined,\n", "",
           "tests/unit/mail/test_letters.py"),
)  # fmt: skip


@contextmanager
def tree() -> Iterator[Path]:
    """A copy of the tree, to spoil."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        there = Path(name)
        for part in COPIED:
            source = ROOT / part
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, there / part, ignore=ignored)
            else:
                shutil.copy2(source, there / part)
        yield there


def tried(one: Mutant, there: Path) -> tuple[Mutant, str, float]:
    """The first test that fails on the mutant; "" when it survives."""
    path = there / one.file
    whole = path.read_text(encoding="utf-8")
    begun = time.monotonic()
    path.write_text(whole.replace(one.old, one.new), encoding="utf-8")
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", *one.tests],
            cwd=there, capture_output=True, text=True, timeout=SECONDS, check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        found = re.search(r"^(?:FAILED|ERROR) \S*::(\w+)", ran.stdout, re.M)
        killed = found[1] if found and ran.returncode == 1 else ""
        if ran.returncode not in (0, 1):
            killed = ""
    except subprocess.TimeoutExpired:
        killed = "it never came to an end"
    finally:
        path.write_text(whole, encoding="utf-8")
    return one, killed, time.monotonic() - begun


def hunt(chosen: tuple[Mutant, ...] = MUTANTS, hands: int = 2) -> list[tuple[Mutant, str, float]]:
    """Try them all, in so many copies side by side; prints a line each."""
    copies: Queue[Path] = Queue()

    def attempt(one: Mutant) -> tuple[Mutant, str, float]:
        there = copies.get()
        try:
            found = tried(one, there)
        finally:
            copies.put(there)
        print(f"  {one.removes:<40} {found[1] or 'SURVIVED'}", flush=True)
        return found

    with tree() as one, tree() as other:
        for there in (one, other)[:hands]:
            copies.put(there)
        with ThreadPoolExecutor(hands) as pool:
            return list(pool.map(attempt, chosen))
