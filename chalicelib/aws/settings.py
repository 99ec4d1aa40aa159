"""The settings of this deployment, read from the environment once and checked by name."""

from __future__ import annotations

import math
import os
from functools import lru_cache
from typing import NamedTuple

# Every function is given these by the template: none starts without them.
NEEDED = (
    "table_name",
    "base_url",
    "sender_email",
    "configuration_set",
    "link_keys_secret",
    "state_machine_prefix",
)


# No dataclass: that module would be a tenth of the import of the app.
class Settings(NamedTuple):
    """One field an environment variable of the same name in capitals."""

    table_name: str
    base_url: str = ""
    stage: str = "local"
    sender_email: str = ""
    reply_to_email: str = ""
    configuration_set: str = ""
    mail_topic: str = ""
    text_identity: str = (
        ""  # the number or pool that text messages come from; without one there are none
    )
    text_configuration_set: str = ""
    link_keys_secret: str = ""
    state_machine_prefix: str = ""
    user_pool_id: str = ""
    user_pool_client_id: str = ""
    login_url: str = ""
    issuer: str = ""
    jwks_url: str = ""
    time_scale: float = 1.0
    second_person: str = "off"
    quiet_hours: str = "on"
    commit: str = ""  # what was deployed
    deployed_at: str = ""  # and when, in UTC: 2026-11-30T07:12:00Z

    @property
    def sends_texts(self) -> bool:
        """Whether this deployment sends text messages."""
        return bool(self.text_identity)

    def machine_arn(self, name: str) -> str:
        """ARN of a state machine by its short name, as ``referral`` or ``follow_up``."""
        return f"{self.state_machine_prefix}{name}"

    def execution_arn(self, machine: str, name: str) -> str:
        """ARN of a run by machine and run name."""
        return self.machine_arn(machine).replace(":stateMachine:", ":execution:") + f":{name}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings. Raises RuntimeError naming what is missing or not a number."""
    values: dict[str, str | float] = {}
    for name in Settings._fields:
        raw = os.environ.get(name.upper(), "").strip()
        if raw:
            values[name] = raw
    if missing := [name for name in NEEDED if name not in values]:
        raise RuntimeError(f"{', '.join(n.upper() for n in missing)} is not set")
    if "time_scale" in values:
        try:
            values["time_scale"] = float(values["time_scale"])
        except ValueError:
            raise RuntimeError("TIME_SCALE must be a number") from None
        if not 1 <= float(values["time_scale"]) < math.inf:
            raise RuntimeError("TIME_SCALE must be 1 or more")
    for name in ("second_person", "quiet_hours"):
        if values.get(name, "off") not in ("on", "off"):
            raise RuntimeError(f"{name.upper()} must be on or off")
    return Settings(**values)  # type: ignore[arg-type]
