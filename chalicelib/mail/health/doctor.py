"""The mail doctor: can letters leave, and do we hear what became of them? Green, or the exact fix.

Pure: facts in, findings out. Texts are msgids with values; a fix is one command or one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import AwsError
from chalicelib.mail.health.ses_health import Facts
from chalicelib.web.languages import N_

# Red, and yet letters leave and we hear of them.
HARMLESS: Final = ("runs",)
GREEN, YELLOW, RED, UNKNOWN = "green", "yellow", "red", "unknown"
# Nobody looked, because it cannot be looked up from here: never a reason for a calm word.
UNCHECKED = "unchecked"
# Without these we do not hear that an address is dead; the others are only good to know.
NEEDED: Final = {"BOUNCE", "COMPLAINT"}
WISHED: Final = {"DELIVERY", "REJECT", "DELIVERY_DELAY", "RENDERING_FAILURE"}
# SES looks at accounts from 5 % bounces or 0.1 % complaints, and stops them at 10 % and 0.5 %.
BOUNCES: Final = (0.05, 0.10)
COMPLAINTS: Final = (0.001, 0.005)
# Seconds within which a test letter has its report.
PATIENCE: Final = 300


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and (unless green) what to do about it."""

    check: str
    colour: str
    text: str
    fix: str = ""
    values: Item = field(default_factory=dict)


def examine(facts: Facts) -> list[Finding]:
    """Every check on these facts."""
    found: list[Finding] = []
    for name, look in CHECKS.items():
        needs = NEEDS.get(name, name)
        if needs in facts.unknown:
            found.append(_unknown(name, facts.unknown[needs]))
        else:
            found += list(look(facts))
    return found


def _unknown(check: str, code: str) -> Finding:
    """What could not be looked at. A look that AWS refuses is broken itself; so is the key then."""
    colour = UNKNOWN
    if AwsError(code).refused:
        colour = RED if check == "keys" else YELLOW
    text = N_("Could not be looked at: AWS answered %(code)s.")
    return Finding(
        check, colour, text, N_("Check that this role may read it, and look again."), {"code": code}
    )


def verdict(findings: list[Finding]) -> str:
    """``red`` when a letter cannot arrive or we would not hear that it did not; else the next worst."""
    colours = {one.colour for one in findings}
    return next((c for c in (RED, YELLOW) if c in colours), GREEN)


def summary(findings: list[Finding]) -> str:
    """The verdict, or ``harmless`` where it is red and letters leave all the same."""
    red = {one.check for one in findings if one.colour == RED}
    return "harmless" if red and red <= set(HARMLESS) else verdict(findings)


def _identity(facts: Facts) -> Iterator[Finding]:
    who = {"sender": facts.sender, "domain": facts.sender.rpartition("@")[2]}
    if not facts.identity:
        yield Finding(
            "identity",
            RED,
            N_("SES does not know the sender %(sender)s."),
            "aws sesv2 create-email-identity --email-identity %(domain)s",
            who,
        )
    elif not facts.identity.get("VerifiedForSendingStatus"):
        yield Finding(
            "identity",
            RED,
            N_("The sender %(sender)s is not verified yet."),
            N_("Open the message that SES sent there, or add the DNS records that SES shows."),
            who,
        )
    else:
        yield Finding("identity", GREEN, N_("The sender %(sender)s is verified."), "", who)


def _dkim(facts: Facts) -> Iterator[Finding]:
    identity = facts.identity or {}
    dkim = identity.get("DkimAttributes") or {}
    domain = facts.sender.rpartition("@")[2]
    if dkim.get("SigningEnabled") and dkim.get("Status") == "SUCCESS":
        yield Finding("dkim", GREEN, N_("Letters are signed (DKIM)."))
        return
    records = ", ".join(
        f"{token}._domainkey.{domain} CNAME {token}.dkim.amazonses.com"
        for token in dkim.get("Tokens") or []
    )
    yield Finding(
        "dkim",
        YELLOW,
        N_("Letters are not signed (DKIM): many mail programs take them for spam."),
        records or f"aws sesv2 create-email-identity --email-identity {domain}",
    )


def _spf(facts: Facts) -> Iterator[Finding]:
    from_ = (facts.identity or {}).get("MailFromAttributes") or {}
    domain = facts.sender.rpartition("@")[2]
    if from_.get("MailFromDomainStatus") == "SUCCESS":
        yield Finding("spf", GREEN, N_("The return address is our own (SPF)."))
        return
    yield Finding(
        "spf",
        YELLOW,
        N_("Letters return to Amazon's address, not to ours (SPF)."),
        "aws sesv2 put-email-identity-mail-from-attributes --email-identity %(domain)s"
        " --mail-from-domain mail.%(domain)s",
        {"domain": domain},
    )


def _dmarc(facts: Facts) -> Iterator[Finding]:
    domain = facts.sender.rpartition("@")[2]
    yield Finding(
        "dmarc",
        UNCHECKED,
        N_("We cannot look up DMARC from here. This record should exist:"),
        '_dmarc.%(domain)s TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@%(domain)s"',
        {"domain": domain},
    )


def _account(facts: Facts) -> Iterator[Finding]:
    account = facts.account or {}
    if not account.get("ProductionAccessEnabled"):
        yield Finding(
            "sandbox",
            RED,
            N_("The account is in the sandbox: it can write to verified addresses only."),
            "aws sesv2 put-account-details --production-access-enabled"
            " --mail-type TRANSACTIONAL --website-url ...",
        )
    else:
        yield Finding("sandbox", GREEN, N_("The account may write to everybody."))
    if not account.get("SendingEnabled") or account.get("EnforcementStatus") == "SHUTDOWN":
        yield Finding(
            "sending",
            RED,
            N_("SES does not send for this account."),
            "aws sesv2 put-account-sending-attributes --sending-enabled",
        )
    elif account.get("EnforcementStatus") == "PROBATION":
        yield Finding(
            "sending",
            YELLOW,
            N_("SES is looking at this account: too many letters came back."),
            N_("Read the message of AWS Support, and fix the addresses that fail."),
        )
    else:
        yield Finding("sending", GREEN, N_("SES sends for this account."))
    yield _quota(account.get("SendQuota") or {})


def _quota(quota: Item) -> Finding:
    most, sent = float(quota.get("Max24HourSend", 0)), float(quota.get("SentLast24Hours", 0))
    values = {"left": int(max(0, most - sent)), "most": int(most)}
    if most < 0:  # SES's word for no limit
        return Finding("quota", GREEN, N_("There is no daily limit."))
    if most - sent <= 0:
        text, colour = N_("The daily limit of %(most)s letters is used up."), RED
    else:
        text = N_("%(left)s of %(most)s letters are left today.")
        colour = YELLOW if most - sent < most / 10 else GREEN
    fix = "" if colour == GREEN else N_("Ask for more under Service Quotas, SES, Sending quota.")
    return Finding("quota", colour, text, fix, values)


def _events(facts: Facts) -> Iterator[Finding]:
    wired = [
        set(one.get("MatchingEventTypes") or [])
        for one in facts.destinations or []
        if one.get("Enabled") and (one.get("SnsDestination") or {}).get("TopicArn")
    ]
    told = set().union(*wired)
    redeploy = "make deploy STAGE=%(stage)s"
    values = {"stage": facts.stage, "missing": ", ".join(sorted((NEEDED | WISHED) - told))}
    if told >= NEEDED | WISHED:
        yield Finding("events", GREEN, N_("SES reports what becomes of each letter."))
    elif told >= NEEDED:
        text = N_("SES does not report everything: %(missing)s is missing.")
        yield Finding("events", YELLOW, text, redeploy, values)
    else:
        text = N_("SES does not report that letters come back: %(missing)s is missing.")
        yield Finding("events", RED, text, redeploy, values)


def _heard(facts: Facts) -> Iterator[Finding]:
    heard = [
        one
        for one in facts.subscriptions or []
        if one.get("Protocol") == "lambda" and str(one.get("SubscriptionArn")).startswith("arn:")
    ]
    if heard:
        yield Finding("heard", GREEN, N_("Our function hears those reports."))
        return
    text = N_("Nobody hears those reports: no function listens to their topic.")
    yield Finding("heard", RED, text, "make deploy STAGE=%(stage)s", {"stage": facts.stage})


def _suppressed(facts: Facts) -> Iterator[Finding]:
    if not facts.suppressed:
        yield Finding(
            "suppressed", GREEN, N_("None of our people is on SES's list of dead addresses.")
        )
        return
    yield Finding(
        "suppressed",
        YELLOW,
        N_("SES sends nothing to: %(who)s."),
        "aws sesv2 delete-suppressed-destination --email-address ...",
        {"who": ", ".join(facts.suppressed)},
    )


def _rates(facts: Facts) -> Iterator[Finding]:
    rates = facts.rates or {}
    for check, name, text, limits in (
        ("bounces", "BounceRate", N_("%(rate)s of the letters come back."), BOUNCES),
        ("complaints", "ComplaintRate", N_("%(rate)s are reported as spam."), COMPLAINTS),
    ):
        if name not in rates:
            yield Finding(check, UNCHECKED, N_("SES has counted nothing in the last two days."))
            continue
        rate = float(rates[name])
        colour = RED if rate >= limits[1] else YELLOW if rate >= limits[0] else GREEN
        fix = (
            "" if colour == GREEN else N_("Look at the letters that did not arrive, and fix them.")
        )
        yield Finding(check, colour, text, fix, {"rate": f"{100 * rate:.2f} %"})


def _keys(facts: Facts) -> Iterator[Finding]:
    if facts.keys:
        yield Finding("keys", GREEN, N_("The key of our links can be read."))
        return
    yield Finding(
        "keys",
        RED,
        N_("The key of our links does not work: no letter can have a link."),
        "aws secretsmanager get-secret-value --secret-id $LINK_KEYS_SECRET",
    )


def _post(facts: Facts) -> Iterator[Finding]:
    if facts.post.get("closed_since"):
        yield Finding(
            "post",
            YELLOW,
            N_("Letters wait: SES answered %(why)s. We will try again by ourselves."),
            N_("Look at the lines above. Nothing is lost: the most urgent letters leave first."),
            {"why": str(facts.post.get("why", ""))},
        )
    else:
        yield Finding("post", GREEN, N_("No letter waits for the post."))


def _refused(facts: Facts) -> Iterator[Finding]:
    """A line for each operation that AWS refuses; one where it refuses none."""
    for one in facts.refused:
        yield Finding(
            "refused" if one.holds_letters else "runs",
            RED,
            N_("AWS refuses %(operation)s: %(code)s. What needs it waits and is not lost."),
            N_(
                "Look for a missing right of a role, a disabled key or a thing that is gone. Then: "
                "make deploy STAGE=%(stage)s"
            ),
            {"operation": one.operation, "code": one.code, "stage": facts.stage},
        )
    if not facts.refused:
        yield Finding("refused", GREEN, N_("AWS refuses us nothing."))


def _test(facts: Facts) -> Iterator[Finding]:
    """Only a report that came back proves that letters leave."""
    status = str(facts.post.get("test_status", ""))
    late = facts.at - int(facts.post.get("test_at", facts.at)) > PATIENCE
    if status == "delivered":
        yield Finding("test", GREEN, N_("A test letter left, and its report came back."))
    elif status == "refused":
        text = N_("SES did not take the test letter of the function that sends letters.")
        yield Finding("test", RED, text, N_("Look at the lines above."))
    elif status in ("asked", "leaves") and late:
        text = N_("The function that sends letters did not take the test letter.")
        yield Finding("test", RED, text, N_("Read the log of the relay."))
    elif status == "sent" and late:
        text = N_(
            "A test letter left, and no report of it came: we do not hear what becomes of letters."
        )
        yield Finding("test", RED, text, "make deploy STAGE=%(stage)s", {"stage": facts.stage})
    elif status in ("", "asked", "leaves", "sent"):
        yield Finding("test", UNKNOWN, N_("No report of a test letter came yet."))
    else:
        text = N_("The report of the test letter says that it did not arrive.")
        yield Finding("test", YELLOW, text, N_("Send one to another address."))


CHECKS: Final[dict[str, Callable[[Facts], Iterator[Finding]]]] = {
    "identity": _identity,
    "dkim": _dkim,
    "spf": _spf,
    "dmarc": _dmarc,
    "account": _account,
    "destinations": _events,
    "subscriptions": _heard,
    "suppressed": _suppressed,
    "rates": _rates,
    "keys": _keys,
    "refused": _refused,
    "test": _test,
    "post": _post,
}
# Check -> the fact that it stands on, where that has another name.
NEEDS: Final = {"dkim": "identity", "spf": "identity"}

NAMES: Final[dict[str, str]] = {
    "identity": N_("Sender"),
    "dkim": N_("Signature"),
    "spf": N_("Return address"),
    "dmarc": N_("DMARC"),
    "account": N_("Account"),
    "sandbox": N_("Sandbox"),
    "sending": N_("Sending"),
    "quota": N_("Daily limit"),
    "events": N_("Reports"),
    "destinations": N_("Reports"),
    "heard": N_("Who hears them"),
    "subscriptions": N_("Who hears them"),
    "suppressed": N_("Dead addresses"),
    "bounces": N_("Bounces"),
    "complaints": N_("Complaints"),
    "rates": N_("Bounces"),
    "keys": N_("Links"),
    "refused": N_("Refused by AWS"),
    "runs": N_("Refused by AWS"),
    "test": N_("Test letter"),
    "post": N_("Waiting letters"),
}
"""Check -> its name (msgid)."""
