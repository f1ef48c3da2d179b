"""Lambda triggers: which function, which event, what of its answer counts, and which error refuses the operation.

Source of the events and error texts: Cognito developer guide, "Customizing user pool workflows with Lambda triggers".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.claims import DETAILS, ClaimChanges, read_changes
from localcloud.userpool.federation_state import IdentityProvider
from localcloud.userpool.models import AppClient, Group, User, UserPool
from localcloud.userpool.trigger_answer import read_flag, read_object, read_strings, read_text, wrong

SECONDS = 5.0
"""How long Cognito waits for a trigger; cannot be changed there, so it cannot be here."""

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
"""What AWS names in place of a client where an administrator calls."""

ATTEMPTS = 3
"""Calls in all when a trigger times out. AWS says only that it may try again: a trigger must stand being run twice."""

SUPPORTED = frozenset(
    {
        "PreSignUp",
        "PostConfirmation",
        "PostAuthentication",
        "CustomMessage",
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "PreTokenGeneration",
        "PreTokenGenerationConfig",
        "InboundFederation",
    }
)
"""`LambdaConfig` keys that run here; a pool that names another one is refused."""


@dataclass(frozen=True, slots=True)
class SignUpAnswer:
    """What a pre sign-up trigger decides."""

    confirm: bool = False
    verify_email: bool = False
    verify_phone: bool = False


@dataclass(frozen=True, slots=True)
class AuthDecision:
    """What a define auth challenge trigger decides: the next challenge, tokens, or the end."""

    challenge: str
    issue_tokens: bool
    fail_authentication: bool


@dataclass(frozen=True, slots=True)
class AuthQuestion:
    """What a create auth challenge trigger makes; `private` never leaves the server."""

    public: Mapping[str, str]
    private: Mapping[str, str]
    metadata: str


def pre_sign_up(
    ctx: Context,
    pool: UserPool,
    client_id: str,
    user: User,
    source: str,
    validation: Mapping[str, str],
    metadata: Mapping[str, str],
) -> SignUpAnswer:
    """Ask the pre sign-up trigger. Raises UserLambdaValidationException where it refuses."""
    request = {"validationData": dict(validation) or None, "clientMetadata": dict(metadata) or None}
    defaults = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
    answer = _run(ctx, pool, "PreSignUp", f"PreSignUp_{source}", client_id, user, request, defaults)
    flags = {name: read_flag(answer, name) for name in defaults}
    for name, attribute in (("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")):
        if flags[name] and attribute not in user.attributes:
            raise _invalid("PreSignUp", f"{name} of a user without {attribute}")
    return SignUpAnswer(flags["autoConfirmUser"], flags["autoVerifyEmail"], flags["autoVerifyPhone"])


def post_confirmation(
    ctx: Context, pool: UserPool, client_id: str, user: User, source: str, metadata: Mapping[str, str]
) -> None:
    """Tell the post confirmation trigger; `source` is `ConfirmSignUp` or `ConfirmForgotPassword`."""
    request = {"clientMetadata": dict(metadata)} if metadata else {}
    _run(ctx, pool, "PostConfirmation", f"PostConfirmation_{source}", client_id, user, request, {})


def post_authentication(
    ctx: Context, pool: UserPool, client: AppClient, user: User, metadata: Mapping[str, str], *, new_device: bool
) -> None:
    """Tell the post authentication trigger. `newDeviceUsed` is there only where the pool tracks devices."""
    request: dict[str, Any] = {"clientMetadata": dict(metadata)} if metadata else {}
    if pool.devices is not None:
        request["newDeviceUsed"] = new_device
    _run(ctx, pool, "PostAuthentication", "PostAuthentication_Authentication", client.id, user, request, {})


def custom_message(
    ctx: Context,
    pool: UserPool,
    client_id: str,
    user: User,
    source: str,
    metadata: Mapping[str, str],
    *,
    username: str = "",
) -> Mapping[str, str]:
    """Ask the custom message trigger; what it leaves out keeps the pool's own text."""
    request: dict[str, Any] = {"codeParameter": "{####}", "linkParameter": "{##Click Here##}"}
    request["usernameParameter"] = "{username}" if username else None
    if metadata:
        request["clientMetadata"] = dict(metadata)
    defaults = {"smsMessage": None, "emailMessage": None, "emailSubject": None}
    answer = _run(ctx, pool, "CustomMessage", f"CustomMessage_{source}", client_id, user, request, defaults)
    return {name: text for name in defaults if (text := read_text(answer, name))}


def pre_token_generation(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    user: User,
    groups: list[Group],
    source: str,
    metadata: Mapping[str, str],
    granted: Sequence[str],
) -> ClaimChanges:
    """Ask the pre token generation trigger, V1 or V2 as the pool has it; `granted` are the access token's scopes."""
    version = _token_version(pool)
    request = _token_request(groups, metadata)
    if version != "V1_0":
        request["scopes"] = list(granted)
    event_version = {"V1_0": "1", "V2_0": "2", "V3_0": "3"}[version]
    defaults = {DETAILS[version]: None}
    answer = _run(ctx, pool, "PreTokenGeneration", source, client.id, user, request, defaults, version=event_version)
    return read_changes(answer, version)


def machine_token_generation(
    ctx: Context, pool: UserPool, client: AppClient, metadata: Mapping[str, str], granted: Sequence[str]
) -> ClaimChanges:
    """Ask the pre token generation trigger about a machine's access token; before V3 it does not hear of those.

    AWS does not say whom it names as the user there: here it is the token's subject, the client.
    """
    version = _token_version(pool)
    if version != "V3_0":
        return ClaimChanges()
    request = {"userAttributes": {}, **_token_request([], metadata), "scopes": list(granted)}
    source, defaults = "TokenGeneration_ClientCredentials", {DETAILS[version]: None}
    answer = _call(ctx, pool, "PreTokenGeneration", source, client.id, client.id, request, defaults, version="3")
    return read_changes(answer, version)


def define_auth_challenge(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    user: User | None,
    rounds: Sequence[Mapping[str, Any]],
    metadata: Mapping[str, str],
) -> AuthDecision:
    """Ask what follows in a CUSTOM_AUTH. `user` is None for a name that nobody has; `rounds` are the results so far."""
    request = _of_sign_in(client, user, metadata, session=list(rounds))
    defaults = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
    answer = _of_custom_auth(ctx, pool, client, "DefineAuthChallenge", username, user, request, defaults)
    flags = (read_flag(answer, name) for name in ("issueTokens", "failAuthentication"))
    return AuthDecision(read_text(answer, "challengeName"), *flags)


def create_auth_challenge(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    user: User | None,
    rounds: Sequence[Mapping[str, Any]],
    metadata: Mapping[str, str],
) -> AuthQuestion:
    """Ask for the question of a CUSTOM_CHALLENGE."""
    request = _of_sign_in(client, user, metadata, challengeName="CUSTOM_CHALLENGE", session=list(rounds))
    public, private, name = "publicChallengeParameters", "privateChallengeParameters", "challengeMetadata"
    defaults = {public: None, private: None, name: None}
    answer = _of_custom_auth(ctx, pool, client, "CreateAuthChallenge", username, user, request, defaults)
    return AuthQuestion(read_strings(answer, public), read_strings(answer, private), read_text(answer, name))


def verify_auth_challenge(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    user: User | None,
    private: Mapping[str, str],
    given: str,
    metadata: Mapping[str, str],
) -> bool:
    """Ask whether the answer to a CUSTOM_CHALLENGE is right."""
    request = _of_sign_in(client, user, metadata, privateChallengeParameters=dict(private), challengeAnswer=given)
    defaults = {"answerCorrect": None}
    answer = _of_custom_auth(ctx, pool, client, "VerifyAuthChallengeResponse", username, user, request, defaults)
    return read_flag(answer, "answerCorrect")


def inbound_federation(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    provider: IdentityProvider,
    username: str,
    sources: Mapping[str, Mapping[str, str]],
) -> Mapping[str, str]:
    """What is to be taken for the provider's claims, all of them; empty where they are to stay as they are."""
    request = {"providerName": provider.name, "providerType": provider.type, "attributes": dict(sources)}
    defaults: Mapping[str, Any] = {"userAttributesToMap": {}}
    source = "InboundFederation_ExternalProvider"
    answer = _call(ctx, pool, "InboundFederation", source, client.id, username, request, defaults)
    claims = read_object(answer, "userAttributesToMap")
    if not all(isinstance(value, str) for value in claims.values()):
        raise wrong("userAttributesToMap")
    return claims


def _token_version(pool: UserPool) -> str:
    """The version of the pre token generation trigger."""
    config = pool.triggers.get("PreTokenGenerationConfig") or {}
    return str(config.get("LambdaVersion", "V1_0"))


def _token_request(groups: list[Group], metadata: Mapping[str, str]) -> dict[str, Any]:
    """What all versions of the pre token generation trigger are told."""
    roles = ClaimChanges().roles(groups)
    configuration = {
        "groupsToOverride": [group.name for group in groups],
        "iamRolesToOverride": roles.get("cognito:roles", []),
        "preferredRole": roles.get("cognito:preferred_role"),
    }
    return {"groupConfiguration": configuration, **({"clientMetadata": dict(metadata)} if metadata else {})}


def _function(pool: UserPool, name: str) -> str | None:
    setting = pool.triggers.get(f"{name}Config") or pool.triggers.get(name)
    return str(setting["LambdaArn"]) if isinstance(setting, Mapping) else setting


def _of_sign_in(client: AppClient, user: User | None, metadata: Mapping[str, str], **about: Any) -> dict[str, Any]:
    """What the three triggers of CUSTOM_AUTH are told alike. Without its being hidden, nobody unknown comes here."""
    return {
        "userAttributes": _attributes(user) if user else {},
        **about,
        **({"clientMetadata": dict(metadata)} if metadata else {}),
        **({"userNotFound": user is None} if client.hides_users else {}),
    }


def _of_custom_auth(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    name: str,
    username: str,
    user: User | None,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Call one of the three triggers of CUSTOM_AUTH. Raises InvalidUserPoolConfigurationException without it."""
    if not _function(pool, name):
        raise AwsError("InvalidUserPoolConfigurationException", f"The user pool has no {name} trigger.")
    named = user.username if user else username
    return _call(ctx, pool, name, f"{name}_Authentication", client.id, named, request, response)


def _attributes(user: User) -> dict[str, str]:
    return {**user.attributes, "cognito:user_status": user.status}


def _run(
    ctx: Context,
    pool: UserPool,
    name: str,
    source: str,
    client_id: str,
    user: User,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    version: str = "1",
) -> Mapping[str, Any]:
    """Call a trigger about a user."""
    attributes = dict(user.attributes)
    if name == "PreSignUp":
        # The user does not exist yet: it has no sub and no status.
        del attributes["sub"]
    else:
        attributes["cognito:user_status"] = user.status
    about = {"userAttributes": attributes, **request}
    return _call(ctx, pool, name, source, client_id, user.username, about, response, version)


def _call(
    ctx: Context,
    pool: UserPool,
    name: str,
    source: str,
    client_id: str,
    username: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    version: str = "1",
) -> Mapping[str, Any]:
    """The `response` part of the trigger's answer, or the default one where the pool has no such trigger."""
    arn = _function(pool, name)
    if not arn:
        return response
    event = {
        "version": version,
        "triggerSource": source,
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": ctx.user_agent or "unknown", "clientId": client_id or NO_CLIENT},
        "request": request,
        "response": dict(response),
    }
    for attempt in range(1, ATTEMPTS + 1):
        result = ctx.cloud.invoke(
            arn, event, service="cognito-idp.amazonaws.com", source_arn=ctx.cloud.pool_arn(pool.id), seconds=SECONDS
        )
        if not result.timed_out:
            break
        if attempt == ATTEMPTS:
            raise AwsError(
                "UnexpectedLambdaException",
                f"{name} invocation failed due to error Socket timeout while invoking Lambda function.",
            )
    if result.error_type in ("AccessDeniedException", "ResourceNotFoundException", "TooManyRequestsException"):
        raise AwsError("UnexpectedLambdaException", f"{name} invocation failed due to error {result.error_type}.")
    if result.error_type:
        raise AwsError("UserLambdaValidationException", f"{name} failed with error {result.error_message}.")
    if not isinstance(result.payload, Mapping) or not isinstance(result.payload.get("response"), Mapping | None):
        raise _invalid(name, "Unrecognizable lambda output")
    return result.payload.get("response") or {}


def _invalid(name: str, why: str) -> AwsError:
    return AwsError("InvalidLambdaResponseException", f"{name}: {why}")
