"""Names that nothing uses: vulture, told of the uses that it cannot see. ``python -m infra.lint_names``.

A name counts as used when a template, a letter, a machine or the AWS template has it as a word, when a
string in the code says ``module:name``, when it is a kind of task, which is found by its module, or a key
of a typed dict that the code gives or reads; what a framework calls by its name stands in ``CALLED``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[1]
CODE = ("app.py", "chalicelib", "infra")
WORDS = ("chalicelib/**/*.html", "chalicelib/**/*.j2", "statemachines/*", "infra/template/*.yaml")
# A decorator that registers what it stands before.
REGISTER = [
    "@ask",
    "@step",
    "@act",
    "@rule",
    "@initialize",
    "@invariant",
    "@pytest.fixture",
    "@stage",
    "@field_validator",
]
CALLED = {
    # http.server and socketserver
    "do_*", "log_message", "handle_error", "format", "daemon_threads", "request_queue_size",
    "protocol_version", "disable_nagle_algorithm", "server_version", "sys_version", "timeout",
    "close_connection", "wbufsize",
    # shlex; the operations of the bench's table, by AWS's names
    "whitespace", "whitespace_split", "_*Item", "_*GetItem", "_Query", "_TransactWriteItems",
    # pytest, hypothesis, html.parser, mechanicalsoup
    "pytest_*", "pytestmark", "teardown", "handle_starttag", "handle_data",
    # what moto and boto3 read, set from outside; fixtures that are wanted for what they do
    "current_account", "dynamo_to_dict", "to_regular_json", "__deepcopy__", "_loader",
    "state_credentials", "one_call_at_a_time",
    # AWS, and Jinja's cache of bytecode
    "lambda_handler", "get_cache_key", "load_bytecode", "dump_bytecode",
    # urllib, zipfile, cyclonedx, pydantic, babel
    "redirect_request", "kwargs", "external_attr", "compress_type", "component", "model_config",
    "extract_*", "comment_tags", "keywords",
}  # fmt: skip
# Read by nobody in the product, and here for a reason.
KEPT = {
    "same_story": "the invariant checker compares a state with its log by it",
    "decide_again": "an old decision is decided again by its own rules, to show that they are data",
    "propose_again": "the same for tiers",
    "needs_reason": "tests hold every end to its reason by it",
    "NO_DATE": "tests hold every status to a date, or to this list",
    "gives": "a test holds each page to what its guard gives it",
    # Questions whose answers people read, and no code by name.
    "children_enrolled": "a question", "funding": "a question", "anything_else": "a question",
    # Facts of a rule, which it reads by their names as stored with the decision.
    "same_request": "a fact", "local_program": "a fact",
    "declared_emergency": "a fact", "contacts_in_90_days": "a fact",
}  # fmt: skip


def used_elsewhere() -> set[str]:
    """Every word of the files that are no Python; of those that are, every ``module:name``, kind, and key
    of a typed dict."""
    found: set[str] = set()
    keys: set[str] = set()
    given: set[str] = set()
    for pattern in WORDS:
        for path in ROOT.glob(pattern):
            found |= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    for path in (ROOT / "chalicelib").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'"[\w.]+:(\w+)"', text))
        found |= set(re.findall(r"^(\w+) = Kind\b", text, re.M))
        given |= set(re.findall(r'"(\w+)"', text)) | set(re.findall(r"(\w+)=", text))
        keys |= set(keys_of(ast.parse(text)))
    return found | (keys & given)


def keys_of(module: ast.Module) -> Iterator[str]:
    """The keys of the typed dicts that a module declares."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and any(one.arg == "total" for one in node.keywords):
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield line.target.id


def unused_in(*folders: str) -> dict[str, str]:
    """Name -> where it stands and what it is, for each that nothing in these folders uses."""
    found = Vulture(ignore_names=sorted(CALLED), ignore_decorators=REGISTER)
    found.scavenge([str(ROOT / one) for one in folders])
    return {
        one.name: f"{Path(one.filename).relative_to(ROOT)}:{one.first_lineno}: unused {one.typ}"
        for one in found.get_unused_code(min_confidence=60)
    }


def problems() -> list[str]:
    """Each name that nothing uses, and each of ``KEPT`` that is not there or is used by now."""
    product, known = unused_in(*CODE), used_elsewhere()
    product = {n: at for n, at in product.items() if not at.startswith("infra/answers.py")}
    tests = {
        n: at
        for n, at in unused_in(*CODE, "tests").items()
        if at.startswith(("tests/", "infra/answers.py"))
    }
    lines = [
        f"{at} {name}"
        for name, at in (product | tests).items()
        if name not in known and name not in KEPT
    ]
    stale = sorted(set(KEPT) - set(product) - set(tests))
    return lines + [f"infra/lint_names.py: {name} is used, or gone: not to keep" for name in stale]


def main() -> int:
    """Command line: print every problem; 1 when there is one."""
    found = problems()
    print("\n".join([*found, f"{len(found)} names that nothing uses"]))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
