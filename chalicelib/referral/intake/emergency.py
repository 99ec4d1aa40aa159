"""A short notice while an emergency is declared: on the first pages for any county, in the form for
the county that was chosen. It promises nothing; a page is shown without it rather than not at all.
"""

from __future__ import annotations

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.domain.places import COUNTIES


def declared(county: str = "") -> list[str]:
    """Names of the counties with a declared emergency: of one county, or of all."""
    try:
        found = emergencies.counties(emergencies.in_force(now()))
    except Exception:
        logger().exception("declared emergencies")
        return []
    return [COUNTIES[one].name for one in found if one in COUNTIES and county in ("", one)]
