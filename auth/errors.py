"""Every error that this library raises.

    AuthError
    ├── SettingsInvalid             a setting is missing or cannot be read
    ├── CredentialsMissing          no AWS credentials, or AWS does not know them
    ├── ServiceUnreachable          no answer, or an internal error
    ├── AccessDenied                IAM or a firewall rule says no
    ├── NotAuthorized               wrong password, or a session, token or refresh token that is no longer good
    ├── UserNotFound
    ├── UserNotConfirmed            sign-up was not confirmed yet
    ├── UsernameTaken               the username, e-mail or phone number belongs to another user
    ├── PasswordPolicy              the new password breaks the pool's policy or repeats an old one
    ├── PasswordResetRequired       an administrator demands a new password by code
    ├── CodeMismatch                wrong confirmation, reset or TOTP code
    ├── CodeExpired
    ├── CodeNotDelivered            the code could not be sent
    ├── TooManyRequests             slow down; also too many failed attempts
    ├── InvalidRequest              the service refuses a parameter
    ├── ResourceNotFound            no such pool, client, group or device
    ├── TriggerRefused              a Lambda trigger refused the operation or failed
    ├── ChallengeUnsupported        the service asks for something that this library cannot do
    ├── ChallengeUnanswered         the caller gave no answer to a question
    ├── HandshakeFailed             the server's half of SRP is malformed or unsafe
    ├── CallbackInvalid             what came to the redirect URI is not the answer to this sign-in
    ├── LoginJustLinked             a trigger linked this login to a user a moment ago: begin again, and it works
    ├── StepUpRequired              the API wants a newer sign-in: `AuthClient.step_up`, and then the same again
    └── TokenInvalid                never trust the token; the subclass says why
        ├── TokenMalformed          not a JWT of ours: not text, too long, not three parts, not JSON
        ├── TokenHeaderRefused      an algorithm other than RS256, or a `crit` header
        ├── TokenKeyUnknown         its `kid` names no key of the pool
        ├── TokenKeysUnavailable    the pool's keys could not be fetched, so nothing is known
        ├── TokenSignatureInvalid
        ├── TokenClaimMissing       a claim that must be there is not, or has the wrong type
        ├── TokenExpired
        ├── TokenNotYetValid        issued in the future
        ├── TokenIssuerInvalid      another pool's token
        ├── TokenUseInvalid         an ID token where an access token is due, or the reverse
        ├── TokenClientInvalid      another app client's token
        └── TokenBindingInvalid     another sign-in's token: its `nonce`, `at_hash` or `sub` is not that of this one

A code of AWS that no class lists becomes a plain `AuthError` with that `code`.
"""

# ruff: noqa: N818 - named for what happened, as AWS names them

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


class AuthError(Exception):
    """Base of the tree. `code` is AWS's error code if a service said it; `hint` tells a person what to try."""

    codes: ClassVar[tuple[str, ...]] = ()
    hint: str | None = None

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint or self.hint


class SettingsInvalid(AuthError):
    """A setting is missing or cannot be read; the message names it."""


class CredentialsMissing(AuthError):
    """No AWS credentials were found, or AWS does not know them."""

    codes = (
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    )
    hint = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (the local cloud's are test and test)"


class ServiceUnreachable(AuthError):
    """No answer, or an internal error of the service. Trying again later may help."""

    codes = ("InternalErrorException", "InternalServerException", "InternalFailure", "ServiceUnavailable")
    hint = "is the endpoint right, and is it up?"


class AccessDenied(AuthError):
    """IAM, or a firewall rule in front of the pool, says no."""

    codes = ("AccessDeniedException", "AccessDenied", "ForbiddenException")


class NotAuthorized(AuthError):
    """Wrong password, or a session, token or refresh token that is no longer good."""

    codes = ("NotAuthorizedException", "UnauthorizedException", "RefreshTokenReuseException")


class UserNotFound(AuthError):
    """The pool has no such user (or says so: a pool may hide it behind `NotAuthorized`)."""

    codes = ("UserNotFoundException",)


class UserNotConfirmed(AuthError):
    """The sign-up was not confirmed yet."""

    codes = ("UserNotConfirmedException",)


class UsernameTaken(AuthError):
    """The username, e-mail address or phone number belongs to another user."""

    codes = ("UsernameExistsException", "AliasExistsException")


class PasswordPolicy(AuthError):
    """The new password breaks the pool's policy or repeats an old one."""

    codes = ("InvalidPasswordException", "PasswordHistoryPolicyViolationException")


class PasswordResetRequired(AuthError):
    """An administrator demands a new password: `forgot_password`, then `confirm_forgot_password`."""

    codes = ("PasswordResetRequiredException",)


class CodeMismatch(AuthError):
    """A wrong confirmation, reset or TOTP code."""

    codes = ("CodeMismatchException", "EnableSoftwareTokenMFAException")


class CodeExpired(AuthError):
    """The code was right once; ask for another."""

    codes = ("ExpiredCodeException",)


class CodeNotDelivered(AuthError):
    """The code could not be sent."""

    codes = ("CodeDeliveryFailureException",)


class TooManyRequests(AuthError):
    """Slow down; also too many failed attempts."""

    codes = (
        "LimitExceededException",
        "ThrottlingException",
        "TooManyFailedAttemptsException",
        "TooManyRequestsException",
    )


class InvalidRequest(AuthError):
    """The service refuses a parameter, or the user or pool is in a state that forbids the call."""

    codes = (
        "InvalidParameterException",
        "MFAMethodNotFoundException",
        "OperationNotEnabledException",
        "SoftwareTokenMFANotFoundException",
        "UnsupportedOperationException",
        "UnsupportedTokenTypeException",
        "UnsupportedUserStateException",
        "ValidationException",
    )


class ResourceNotFound(AuthError):
    """No such pool, client, group or device."""

    codes = ("ResourceNotFoundException",)


class TriggerRefused(AuthError):
    """A Lambda trigger refused the operation, failed, or answered nonsense."""

    codes = ("InvalidLambdaResponseException", "UnexpectedLambdaException", "UserLambdaValidationException")


class ChallengeUnsupported(AuthError):
    """The service asks for something that this library cannot do; the message names it."""


class ChallengeUnanswered(AuthError):
    """The caller gave no answer to a question of the sign-in; the message names its kind."""


class HandshakeFailed(AuthError):
    """The server's half of the SRP handshake is malformed or unsafe."""


class CallbackInvalid(AuthError):
    """What came to the redirect URI is not the answer to this sign-in."""


class LoginJustLinked(AuthError):
    """A trigger linked this login to a user a moment ago: `begin` again with the same provider, and it works."""


class StepUpRequired(AuthError):
    """The API wants a newer sign-in: `AuthClient.step_up`, and then the same again. The message says how new."""


class TokenInvalid(AuthError):
    """Never trust the token. The subclass says why."""


class TokenMalformed(TokenInvalid):
    """Not a JWT of ours: not text, too long, not three parts, not JSON, nested too deep."""


class TokenHeaderRefused(TokenInvalid):
    """An algorithm other than RS256, or a `crit` header."""


class TokenKeyUnknown(TokenInvalid):
    """The token's `kid` names no key of the pool."""


class TokenKeysUnavailable(TokenInvalid):
    """The pool's keys could not be fetched, so nothing is known about the token."""


class TokenSignatureInvalid(TokenInvalid):
    """The named key did not sign this token."""


class TokenClaimMissing(TokenInvalid):
    """A claim that must be there is not, or has the wrong type."""


class TokenExpired(TokenInvalid):
    """`exp` has passed."""


class TokenNotYetValid(TokenInvalid):
    """`iat` or `nbf` lies in the future."""


class TokenIssuerInvalid(TokenInvalid):
    """Another pool's token."""


class TokenUseInvalid(TokenInvalid):
    """An ID token where an access token is due, or the reverse."""


class TokenClientInvalid(TokenInvalid):
    """Another app client's token."""


class TokenBindingInvalid(TokenInvalid):
    """Another sign-in's token: its `nonce`, `at_hash` or `sub` is not that of this one."""


def from_client_error(error: ClientError) -> AuthError:
    """The member of the tree for an error that a service answered with."""
    code = str(error.response.get("Error", {}).get("Code", "Unknown"))
    message = str(error.response.get("Error", {}).get("Message", "")) or code
    return _CLASS_OF.get(code, AuthError)(message, code=code)


@contextmanager
def aws_errors() -> Iterator[None]:
    """Turn whatever botocore raises inside the block into a member of the tree."""
    from botocore import exceptions as botocore  # here, so that reading this tree does not load botocore

    try:
        yield
    except botocore.ClientError as error:
        raise from_client_error(error) from error
    except botocore.ParamValidationError as error:
        # botocore repeats a value of the wrong type, and the value may be a password.
        text = re.sub(r", value: .*?(?=, (?:type|valid)|$)", "", str(error), flags=re.MULTILINE)
        raise InvalidRequest(text) from None
    except (botocore.NoCredentialsError, botocore.PartialCredentialsError, botocore.CredentialRetrievalError) as error:
        raise CredentialsMissing(str(error)) from error
    except (botocore.ProfileNotFound, botocore.NoRegionError, botocore.InvalidRegionError) as error:
        raise SettingsInvalid(str(error)) from error
    except (botocore.ConnectionError, botocore.HTTPClientError) as error:
        raise ServiceUnreachable(str(error)) from error
    except botocore.BotoCoreError as error:
        raise AuthError(str(error)) from error


_CLASS_OF = {code: member for member in AuthError.__subclasses__() for code in member.codes}
