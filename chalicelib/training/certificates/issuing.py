"""A certificate is issued: by the completion of a training, once; or by staff, who may print it anew in place
of an older one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, create, delete
from chalicelib.training.certificates import rows
from chalicelib.training.certificates.rows import Certificate
from chalicelib.training.certificates.telling import READY, tell
from chalicelib.training.graduate import graduate_of, opened_again
from chalicelib.workflow.cases import Case
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.storage import keys

# That a training has its certificate, beside its case.
ONCE: Final = "CERTIFICATE"
REPLACED: Final = "replaced"
# The completion was confirmed by mistake.
MISTAKE: Final = "confirmed_by_mistake"


def completed(state: Case, version: int, told: TellRoom) -> None:
    """Somebody has completed the training: they get their certificate, once, however often it is told. Where the
    training was opened again, the certificate counts no more."""
    once = Key(keys.case_pk(state.reference), ONCE)
    had = dynamodb.get(once, consistent=True)
    if opened_again(state.reference, version):
        if had is not None:
            for one in rows.every():  # also one that was printed in place of the first
                if one.trainee == state.reference and one.valid:
                    rows.revoke(one, MISTAKE, "system", now())
            dynamodb.write(delete(once))
    elif had is None:
        _issue(state, once)
    else:
        # Whoever issued it may have stopped before its owner was told.
        tell(rows.one_of(str(had["certificate"])), READY, "system", now())


def _issue(state: Case, once: Key) -> None:
    who, at = graduate_of(state), now()
    code = rows.new_code()
    new = Certificate(
        id=rows.id_of(code),
        code=code,
        name=who.contact.name,
        on=who.on,
        program=who.program,
        at=at,
        issued_by="system",
        hours=who.hours,
        cohort=who.cohort,
        email=who.contact.email,
        language=who.language,
        trainee=who.reference,
    )
    try:
        rows.issue(new, at, create(once, {"certificate": new.id}))
    except ConditionFailed:
        return  # somebody was told of it at the same moment
    tell(new, READY, "system", at)


def printed_anew(old: Certificate, new: Certificate, by: str, at: int) -> Certificate:
    """The same certificate with other words and a code of its own; the older one counts no more.

    Raises ConditionFailed where the older one was revoked meanwhile.
    """
    made = fresh(replace(new, trainee=old.trainee, replaces=old.id), by, at)
    rows.issue(made, at, rows.revoking(old, REPLACED, by, at))
    tell(made, READY, by, at)
    return made


def fresh(new: Certificate, by: str, at: int) -> Certificate:
    """With a code of its own."""
    code = rows.new_code()
    return replace(new, id=rows.id_of(code), code=code, at=at, issued_by=by)
