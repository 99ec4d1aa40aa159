"""What AWS refuses, as errors of our own: botocore's never leave this package."""

from __future__ import annotations

from chalicelib.domain.errors import TryAgain

# What AWS says when the very request is wrong: the same request fails again.
_WRONG = frozenset({
    "BadRequestException",
    "InvalidArn",
    "InvalidExecutionInput",
    "InvalidName",
    "InvalidParameterValue",
    "MessageRejected",
    "ParamValidationError",
    "StateMachineDoesNotExist",
    "ValidationException",
})  # fmt: skip


class AwsError(Exception):
    """AWS refused a call, or was not to be reached. ``code`` is AWS's own word for it.

    ``refused_members``: in a refused transaction, the places of the members that were refused.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        operation: str = "",
        *,
        reached: bool = True,
        refused_members: tuple[int, ...] = (),
    ) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code, self.message, self.reached = code, message, reached
        self.refused_members = refused_members


class ConditionFailed(Exception):
    """A row did not hold what a write expected. ``members``: which writes of a transaction say so."""

    def __init__(self, members: tuple[int, ...] = (0,)) -> None:
        super().__init__(f"condition of {members} failed")
        self.members = members


def is_transient(error: Exception) -> bool:
    """Whether AWS was not to be reached or said no for now: trying again later helps."""
    if isinstance(error, AwsError):
        return error.code not in _WRONG
    return isinstance(error, TryAgain | ConnectionError | TimeoutError)
