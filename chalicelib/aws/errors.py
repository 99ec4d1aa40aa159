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
    "ValidationException",
})  # fmt: skip

# What AWS says when the house is broken: a right is missing, or a thing, or a key is gone or disabled.
# The same call fails until somebody mends that, and trying it at once does not help.
_REFUSED = frozenset({
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "DecryptionFailure",
    "DecryptionFailureException",
    "DisabledException",
    "EncryptionFailure",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidRequestException",  # a secret that is to be deleted
    "InvalidSignatureException",
    "KeyUnavailableException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NoCredentialsError",
    "OptInRequired",
    "ResourceNotFoundException",
    "SignatureDoesNotMatch",
    "StateMachineDeleting",
    "StateMachineDoesNotExist",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
})  # fmt: skip


class AwsError(Exception):
    """AWS refused a call, or was not to be reached. ``code`` is AWS's own word for it.

    ``refused_members``: in a refused transaction, the places of the members that were refused.
    ``reason``: the finer word that some services add; ``fields``: of the request, what they name.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        operation: str = "",
        *,
        reached: bool = True,
        refused_members: tuple[int, ...] = (),
        reason: str = "",
        fields: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code, self.message, self.reached = code, message, reached
        self.operation, self.refused_members = operation, refused_members
        self.reason, self.fields = reason, fields

    @property
    def refused(self) -> bool:
        """Whether the house is broken: a missing right, a missing thing, a key that cannot be used."""
        key = self.code.upper().startswith("KMS") and "THROTTL" not in self.code.upper()
        return key or self.code in _REFUSED


class ConditionFailed(Exception):
    """A row did not hold what a write expected. ``members``: which writes of a transaction say so."""

    def __init__(self, members: tuple[int, ...] = (0,)) -> None:
        super().__init__(f"condition of {members} failed")
        self.members = members


def is_refused(error: Exception) -> bool:
    """Whether AWS refused it because something of ours is not as it must be."""
    return isinstance(error, AwsError) and error.refused


def is_transient(error: Exception) -> bool:
    """Whether AWS was not to be reached or said no for now: trying again soon helps."""
    if isinstance(error, AwsError):
        return error.code not in _WRONG and not error.refused
    return isinstance(error, TryAgain | ConnectionError | TimeoutError)
