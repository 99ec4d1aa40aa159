"""Keys and access patterns of the one table.

| what                     | pk            | sk              | read by                              |
|--------------------------|---------------|-----------------|--------------------------------------|
| state of a referral      | R#{ref}       | REFERRAL        | every command and page               |
| the request's answers    | R#{ref}       | REQUEST         | rules, task pages, console           |
| what it is found by, besides | R#{ref}   | FOUND_BY        | console search                       |
| its log                  | R#{ref}       | LOG#{v:06d}     | timeline, fold, sweeper              |
| a sent mail              | R#{ref}       | MAIL#{v:06d}.{i}| once-only send, timeline             |
| a task beside            | R#{ref}       | TASK#{n:06d}    | its link, the clock, console         |
| the token of a wait      | R#{ref}       | TOKEN#{mark}    | outbox, when an answer leaves        |
| a half-written answer    | R#{ref}       | REFERRAL_KEPT#{n:06d} | its task's page, with the state |
| an action plan           | R#{ref}       | PLAN            | delivery, closure                    |
| what the rules decided   | R#{ref}       | DECISION#{name} | task pages, letters, console         |
| a draft                  | DRAFT#{id}    | DRAFT           | the request form                     |
| a count of tries         | LIMIT#{kind}# | LIMIT           | codes, fresh links                   |
| an address that bounced  | CHOICES#{keyed hash} | BOUNCES  | every letter, reports of letters     |
| a signed-in browser      | SESSION#{hash}| SESSION         | the console                          |
| requests for one site    | SAME#{hash}   | {ref}           | eligibility                     |
| a contact of a service   | CONTACT#{service}#{id} | CONTACT  | the record of a person or a site     |
| contacts by an address   | MET#{keyed hash} | {service}#{id} | whoever asks if somebody is known |
| rounds of the reconciler  | RECONCILED    | {instant:011d}  | /console/reconcile                   |
| a wish for a round now   | RECONCILE     | RECONCILE       | the clock, /console/reconcile        |
| consultants, staff, sites| CONSULTANTS.. | {id}            | match, console, letters              |
| a user of the sign-in    | SIGNINS       | SIGNIN#{id}     | the clock, the directory's pages     |
| a certificate            | CERTIFICATES  | CERTIFICATE#{digest} | its code, the clock, console    |
| how a new consultant works | R#{ref}     | CONSULTANT_FORM | onboarding                           |
| what others gave a consultant | CREDENTIALS#{id} | {id}     | console, renewal                     |
| who waits for a place    | WAITLIST      | {rank}#{sent}#{ref} | the clock, match                 |
| that it was never sent   | R#{ref}       | UNSENT          | the clock, to forget whose it was    |
| that they were invited   | R#{ref}       | INVITED         | the day's invitations                |
| what a person wants of messages | CHOICES#{keyed hash} | CHOICES | every letter, its own page |
| waits for a consultant   | WAITS         | DAY#{day}, NOW  | the clock, the status page           |
| is the post open, doctor | POST          | STATE           | outbox after a refusal, clock, intake|
| letters that wait (index)| gsi1pk post / undelivered | gsi1sk lane#at / at | clock, console       |
| board (index)            | gsi1pk open/closed | gsi1sk submitted#ref | console list               |
| what cases are found by (index)| gsi1pk search | gsi1sk written#ref | console search              |
| all contacts (index)     | gsi1pk contacts | gsi1sk written#service#id | the records      |
| a look that is wanted    | R#{ref}       | LOOK            | the clock                            |
| queue (index)            | gsi2pk role   | gsi2sk who#due#ref#n | the queue of staff         |
| wake (index)             | wpk W! / W    | wake_at         | the clock, the urgent first          |
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.aws.dynamodb import BOARD as BOARD
from chalicelib.aws.dynamodb import QUEUE as QUEUE
from chalicelib.aws.dynamodb import Index
from chalicelib.aws.writes import Key

STATE = "REFERRAL"
REQUEST = "REQUEST"
FOUND_BY = "FOUND_BY"
PLAN = "PLAN"
LOG = "LOG#"
LAST_VERSION = 999_999  # a log entry's number has six digits
MAIL = "MAIL#"
TASK = "TASK#"
TOKEN = "TOKEN#"  # noqa: S105 (a sort key)
DECISION = "DECISION#"
LOOK = "LOOK"
WAKE = Index("wake", "wpk", "wake_at")
# The clock looks at the urgent first: cases that are not routine, tasks beside, runs that ended.
WAKE_URGENT, WAKE_PARTITION = "W!", "W"
WAKES = (WAKE_URGENT, WAKE_PARTITION)


def wakes_in(priority: str) -> str:
    """Where the clock finds a case of this priority."""
    return WAKE_PARTITION if priority == "routine" else WAKE_URGENT


def case_pk(reference: str) -> str:
    """Partition of a referral."""
    return f"R#{reference}"


def reference_of(pk: str) -> str:
    """The reference behind a referral's partition key."""
    return pk.removeprefix("R#")


def log_sk(v: int) -> str:
    """Sort key of entry ``v``."""
    return f"{LOG}{v:06d}"


def mail_sk(v: int, number: int) -> str:
    """Sort key of the mail that effect ``number`` of entry ``v`` sent."""
    return f"{MAIL}{v:06d}.{number}"


def task_sk(n: int) -> str:
    """Sort key of task ``n``, when it is a task beside."""
    return f"{TASK}{n:06d}"


def state(reference: str) -> Key:
    """The row of a referral's state."""
    return Key(case_pk(reference), STATE)


def request(reference: str) -> Key:
    """The row of a request's answers."""
    return Key(case_pk(reference), REQUEST)


def found_by(reference: str) -> Key:
    """The row by which the search finds a case that has no request."""
    return Key(case_pk(reference), FOUND_BY)


def log_entry(reference: str, v: int) -> Key:
    """The row of entry ``v``."""
    return Key(case_pk(reference), log_sk(v))


def mail(reference: str, v: int, number: int) -> Key:
    """The row of the mail of effect ``number`` of entry ``v``."""
    return Key(case_pk(reference), mail_sk(v, number))


def task(reference: str, n: int) -> Key:
    """The row of task ``n``, when it is a side task."""
    return Key(case_pk(reference), task_sk(n))


def look(reference: str) -> Key:
    """The row that wakes the clock for a close look at a case and its runs."""
    return Key(case_pk(reference), LOOK)


def token(reference: str, mark: str) -> Key:
    """The row of the engine's token with this fingerprint."""
    return Key(case_pk(reference), TOKEN + mark)


def plan(reference: str) -> Key:
    """The row of a referral's action plans."""
    return Key(case_pk(reference), PLAN)


def decision(reference: str, name: str) -> Key:
    """The row of what the rules decided, by name."""
    return Key(case_pk(reference), DECISION + name)


def key_of(row: Mapping[str, object]) -> Key:
    """The key of a row that was read."""
    return Key(str(row["pk"]), str(row["sk"]))
