"""One JSON logger for every function. It gets ids and verdicts, never personal data."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def logger() -> Any:
    """The Powertools logger, made when first needed."""
    # Many requests log nothing.
    from aws_lambda_powertools import Logger

    return Logger(
        service="iecmhc-network",
        log_uncaught_exceptions=False,
        # Lambda reads the level of a line only beside a timestamp of this form.
        use_rfc3339=True,
    )
