"""What a person is told in place of an AWS error: the key of a text, with its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.errors import AwsError


@dataclass(frozen=True, slots=True)
class Message:
    """A text by its key, and what stands in it."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


_TEXTS: tuple[tuple[str, str, str], ...] = (
    ("NotAuthorizedException", "Incorrect username or password", "wrong_password"),
    ("NotAuthorizedException", "Password attempts exceeded", "too_many_attempts"),
    ("NotAuthorizedException", "User is disabled", "user_disabled"),
    ("NotAuthorizedException", "security reasons", "blocked"),
    ("NotAuthorizedException", "Temporary password has expired", "temporary_password_expired"),
    ("NotAuthorizedException", "Invalid session", "session_expired"),
    ("NotAuthorizedException", "cannot be reset", "reset_not_possible"),
    ("NotAuthorizedException", "cannot be confirmed", "already_confirmed"),
    ("InvalidParameterException", "already confirmed", "already_confirmed"),
    ("InvalidParameterException", "no registered/verified", "reset_not_possible"),
    ("InvalidParameterException", "Invalid email address", "invalid_email"),
    ("InvalidParameterException", "Invalid phone number", "invalid_phone_number"),
    ("InvalidParameterException", "Username should be", "invalid_username"),
    ("InvalidParameterException", "Username cannot be of", "invalid_username"),
    ("InvalidParameterException", "attribute is required", "attribute_required"),
    ("InvalidParameterException", "No code can be sent", "no_code"),
    ("InvalidParameterException", "one of the available challenges", "no_passkey"),
    ("InvalidParameterException", "CREDENTIAL", "passkey_failed"),
    ("InvalidParameterException", "", "invalid_input"),
    ("InvalidPasswordException", "not long enough", "password_too_short"),
    ("InvalidPasswordException", "uppercase", "password_uppercase"),
    ("InvalidPasswordException", "lowercase", "password_lowercase"),
    ("InvalidPasswordException", "numeric", "password_number"),
    ("InvalidPasswordException", "symbol", "password_symbol"),
    ("InvalidPasswordException", "", "password_not_taken"),
    ("UserNotFoundException", "", "user_not_found"),
    ("UsernameExistsException", "", "user_exists"),
    ("AliasExistsException", "", "user_exists"),
    ("CodeMismatchException", "", "wrong_code"),
    ("EnableSoftwareTokenMFAException", "", "wrong_code"),
    ("ExpiredCodeException", "already been used", "code_used"),
    ("ExpiredCodeException", "", "code_expired"),
    ("LimitExceededException", "", "too_many_attempts"),
    ("ResourceNotFoundException", "Device", "session_expired"),
)
"""Code, part of the message, key: the first that fits."""

_TRIGGER_SAID = " failed with error "


def message_of(error: AwsError) -> Message:
    """The message for an error that a person can do something about. Raises all others again, for the error page."""
    if error.code == "UserLambdaValidationException":
        # As on AWS: what a trigger refuses with is written for the person whom it refuses.
        return Message("refused", {"why": error.message.partition(_TRIGGER_SAID)[2].rstrip(". ")})
    for code, part, key in _TEXTS:
        if code == error.code and part in error.message:
            return Message(key)
    raise error
