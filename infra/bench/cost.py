"""What a thousand lifecycles cost on AWS, line by line: counted where it can be, modelled where not."""

from __future__ import annotations

from dataclasses import dataclass

from infra.bench import deployed
from infra.bench.cold import Cold
from infra.bench.lifecycle import Life

# USD, us-west-2, arm64: per transition, call, GB-second, request unit, letter, trace and GB of logs.
PRICES = {
    "Step Functions transitions": 0.025 / 1_000,
    "Lambda calls": 0.20 / 1_000_000,
    "Lambda GB-seconds, warm": 0.0000133334,
    "Lambda GB-seconds, cold starts": 0.0000133334,
    "DynamoDB write units": 0.625 / 1_000_000,
    "DynamoDB read units": 0.125 / 1_000_000,
    "SES letters": 0.10 / 1_000,
    "API Gateway calls": 3.50 / 1_000_000,
    "X-Ray traces": 5.00 / 1_000_000,
    "CloudWatch Logs, GB": 0.50,
}
FIXED = "KMS key 1 USD, secret 0.40, alarms about 2, scheduler 43,800 calls: about 0.30"
# Modelled, not measured. A warm call takes 60 ms. Of the calls one in five finds no warm process:
# people come in bursts of some pages, and a stage's steps follow each other.
WARM_SECONDS, COLD_SHARE = 0.06, 0.2
# A process at 1,769 MB has a whole processor; the CPU seconds of this machine are taken as that one's.
WHOLE_PROCESSOR_GB = 1.769
# Bytes that a call logs (our line with its context, or the access log's; the template keeps Lambda's own
# lines out), and that an event of a run logs.
LOG_BYTES, EVENT_BYTES = 600, 430


@dataclass(frozen=True)
class Line:
    """A line of the bill for 1,000 lifecycles."""

    name: str
    amount: float

    @property
    def price(self) -> float:
        """USD."""
        return self.amount * PRICES[self.name]


def bill(life: Life, cold: Cold) -> list[Line]:
    """The lines of 1,000 lifecycles that go as this one did."""
    # Each record that passes the stream's filter and each report of a letter is a call at most.
    steps = life.calls + life.records + len(life.letters)
    calls = life.pages + steps
    api_gb, step_gb = deployed.gigabytes()
    warm = (life.pages * api_gb + steps * step_gb) * WARM_SECONDS
    # In a smaller process a cold start takes longer, by the share of the processor that it has not.
    page, step = cold.seconds["form"], cold.seconds["step"]
    cold_gb = COLD_SHARE * (
        life.pages * page * WHOLE_PROCESSOR_GB + steps * step * WHOLE_PROCESSOR_GB
    )
    traces = calls if deployed.functions_begin_traces() else 0
    traces += life.runs if deployed.runs_are_traced() else 0
    logged = calls * LOG_BYTES + (life.events * EVENT_BYTES if deployed.runs_are_logged() else 0)
    amounts = {
        "Step Functions transitions": life.transitions,
        "Lambda calls": calls,
        "Lambda GB-seconds, warm": warm,
        "Lambda GB-seconds, cold starts": cold_gb,
        "DynamoDB write units": life.written + life.form_written,
        "DynamoDB read units": life.read + life.form_read,
        "SES letters": len(life.letters),
        "API Gateway calls": life.pages,
        "X-Ray traces": traces,
        "CloudWatch Logs, GB": logged / 2**30,
    }
    return [Line(name, 1000 * amount) for name, amount in amounts.items()]


def printed(lines: list[Line]) -> str:
    """The bill as text."""
    rows = [f"  {one.name:32} {one.amount:14,.1f}  {one.price:7.3f} USD" for one in lines]
    total = f"  {'together':32} {'':14}  {sum(one.price for one in lines):7.3f} USD"
    return "\n".join(
        [
            "1,000 lifecycles in which nobody has to be reminded",
            *rows,
            total,
            f"  each month apart: {FIXED}",
        ]
    )
