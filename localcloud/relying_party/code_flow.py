"""The authorization code flow of OAuth 2.0, as its client: to the provider, back with a code, the code for tokens.

Rules: RFC 6749, sections 4.1 and 5; RFC 9207 (`iss` in the answer).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from localcloud.context import Cloud
from localcloud.federation import documents, strict_json
from localcloud.federation.addresses import AnswerError
from localcloud.federation.errors import RejectedError, TokenError, UnreachableError
from localcloud.relying_party.errors import DeclinedError
from localcloud.relying_party.models import Asked

MAX_CODE = 4096
"""Characters of a code; longer than any."""

_ERROR = re.compile(r"[A-Za-z_.-]{1,64}")
_UNPRINTABLE = re.compile(r"[^ -~]")
_ACCESS_TOKEN = re.compile(r"[!-~]{1,16384}")


def location(endpoint: str, asked: Asked, state: str, **more: str) -> str:
    """Where the browser goes to, with the authorization request in its query.

    `prompt` goes along as the app said it, whether or not the provider knows the value: so does AWS.
    """
    query = {
        "client_id": asked.details["client_id"],
        "redirect_uri": asked.callback,
        "response_type": "code",
        "scope": asked.details["authorize_scopes"],
        "state": state,
        **({"login_hint": asked.login_hint} if asked.login_hint else {}),
        **({"prompt": asked.prompt} if asked.prompt else {}),
        **more,
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def code_of(provider: str, answer: Mapping[str, str], issuers: Collection[str] = (), *, named: bool = False) -> str:
    """The code that the browser came back with. Raises DeclinedError and TokenError.

    `issuers` are the names of the provider; `named` says that it announced to give one of them in each answer.
    """
    # Attack: mix-up. A provider that is bad or broken into sends the browser on, so that the code of a good one ends
    # at its own token endpoint, or its own code at the good one's.
    if issuers and ("iss" in answer or named) and answer.get("iss") not in issuers:
        raise TokenError(f"The answer is not of {provider}, which was asked.")
    if "error" in answer:
        code = answer["error"] if _ERROR.fullmatch(answer["error"]) else "an error"
        raise DeclinedError(provider, code, _UNPRINTABLE.sub("?", answer.get("error_description", "")[:200]))
    if not 0 < len(answer.get("code", "")) <= MAX_CODE:
        raise TokenError(f"{provider} answered without a code.")
    return answer["code"]


def redemption(asked: Asked, code: str, client_secret: str, **more: str) -> dict[str, str]:
    """The form that asks for tokens. The secret is in it: Cognito authenticates by `client_secret_post` only.

    Source: Cognito developer guide, "Using OIDC identity providers with a user pool", prerequisites.
    """
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.callback,
        "client_id": asked.details["client_id"],
        **({"client_secret": client_secret} if client_secret else {}),
        **more,
    }


def redeem(cloud: Cloud, provider: str, url: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """What a token endpoint answers. Raises RejectedError when it says no, TokenError, and UnreachableError."""
    try:
        answer = documents.read_object(cloud, provider, url, form)
    except UnreachableError as error:
        refusal = _refusal(error.__cause__)
        # The cause may name the URL, and Facebook's has the secret and the code in it.
        raise RejectedError(f"{provider} gives no token for the code: {refusal}.") if refusal else error from None
    if str(answer.get("token_type", "bearer")).lower() != "bearer":
        raise TokenError(f"{provider} gives tokens of another type than Bearer.")
    return answer


def access_token_of(provider: str, tokens: Mapping[str, Any]) -> str:
    """The access token of a token endpoint's answer. Raises TokenError."""
    found = tokens.get("access_token")
    # Attack: a line break in it would write headers of its own into the next request.
    if not isinstance(found, str) or not _ACCESS_TOKEN.fullmatch(found):
        raise TokenError(f"{provider} answered without an access token.")
    return found


def _refusal(cause: BaseException | None) -> str:
    """OAuth's error code in an answer that says no; empty for any other answer. Its description may echo the code."""
    if not isinstance(cause, AnswerError) or cause.status not in (400, 401, 403):
        return ""
    try:
        found = strict_json.read(cause.body)
        error = found["error"]
        said = error["type"] if isinstance(error, dict) else error  # Facebook has an object there
    except (ValueError, KeyError, TypeError):
        said = ""
    return said if isinstance(said, str) and _ERROR.fullmatch(said) else f"status {cause.status}"
