"""The one sign-in engine: `start`, `answer` and `next_step` are the only place that decides what follows.

`answer` opens the sealed session first (client, user, challenge, expiry, single use) and only then runs a challenge's
code. `next_step` issues the first challenge that applies, and tokens when none does. Admin calls take the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import custom_auth, sessions, tokens, triggers
from localcloud.userpool.accounts import auth_events, migration
from localcloud.userpool.accounts.users import find_user, stand_in
from localcloud.userpool.attempt import Challenge, SignIn, wrong_password
from localcloud.userpool.challenges import BY_NAME, ORDER
from localcloud.userpool.factors import device_sessions, first_factors
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.userpool.protection import adaptive

SPENDS_SESSION = frozenset({"NotAuthorizedException"})
"""Errors after which a session is void; any other wrong answer may be corrected a few times."""

WITH_SESSION = ("USER_AUTH", "CUSTOM_AUTH")
"""Flows whose PASSWORD_VERIFIER has a `Session` beside its SECRET_BLOCK: the same one here, as long as one may be.

Source: Cognito developer guide, "Authentication flows". That of USER_SRP_AUTH has none, as measured on AWS:
ministackorg/ministack#1758.
"""


def start(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    validation: Mapping[str, str] | None,
    *,
    flow: str = "USER_SRP_AUTH",
    password: str = "",
    device_key: str = "",
    via: str = "api",
) -> SignIn:
    """A sign-in of that name. Raises UserNotFoundException where the client does not hide who exists.

    `validation`, the call's ClientMetadata, is for the triggers that run here, and no others: source: InitiateAuth.
    With `password`, which was sent and not proven, somebody whom nobody knows here may come from another directory.
    """
    user = find_user(ctx, pool, username)
    auth_events.check_address(ctx, pool, client, user)
    if user is None and password and "UserMigration" in pool.triggers:
        user = migration.at_sign_in(ctx, pool, client, username, password, validation or {})
    if user is None and not client.hides_users:
        raise AwsError("UserNotFoundException", "User does not exist.")
    triggers.pre_authentication(ctx, pool, client, username, user, validation or {})
    return SignIn(pool, client, username, user, flow, device_key=device_key, via=via)


def answer(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    name: str,
    session: str | None,
    responses: Mapping[str, str],
    metadata: Mapping[str, str] | None,
    via: str = "api",
) -> dict[str, Any]:
    """Take the answer to a challenge and say what follows. Raises AwsError; a failed answer changes nothing else."""
    name, responses = _chosen_at_once(ctx, name, session, responses)
    challenge = _by_name(name)
    if challenge.carrier == "device":
        session = device_sessions.recall(ctx, pool, client, session, responses)
    elif challenge.carrier == "secret_block":
        session = responses.get("PASSWORD_CLAIM_SECRET_BLOCK")
    if not session:
        missing = "PASSWORD_CLAIM_SECRET_BLOCK" if challenge.carrier == "secret_block" else "Session"
        raise AwsError("InvalidParameterException", f"Missing required parameter {missing}")
    opened, s = resume(ctx, pool, client, session, name, via, metadata)
    _check_same_user(ctx, s, responses)
    with sessions.answering(ctx, opened.id):
        try:
            proven = challenge.verify(ctx, s, responses)
        except AwsError as error:
            (sessions.spend if error.code in SPENDS_SESSION else sessions.fail)(ctx, opened.id)
            auth_events.refused(ctx, s, responses.get("ANSWER", name), error.code)
            raise
        sessions.spend(ctx, opened.id)
    return next_step(ctx, _passed(ctx, s, proven, name))


def next_step(ctx: Context, s: SignIn) -> dict[str, Any]:
    """The next challenge, or the end: the only decision on what a sign-in still lacks.

    The end is the tokens for the API, and `{"SignedIn": SUB}` for the pages, which go on to an authorization code.
    """
    s = adaptive.consider(ctx, s)
    for challenge in ORDER:
        if challenge.applies(ctx, s):
            return _ask(ctx, challenge, s)
    return next_step(ctx, custom_auth.decide(ctx, s)) if custom_auth.is_open(s) else _finish(ctx, s)


def session_of(
    ctx: Context, s: SignIn, challenge: str, expires: float | None = None, most: int = sessions.MAX_LENGTH
) -> str:
    """The sealed session of a sign-in that waits for this challenge's answer, for as long as the client allows."""
    state = {
        name: getattr(s, name)
        for name in (
            "username",
            "flow",
            "first_proven",
            "chosen",
            "rounds",
            "new_password_set",
            "mfa_proven",
            "device_key",
            "device_proven",
            "via",
        )
    }
    # Attack: telling by its length whether a session is about a user who exists.
    sub = s.user.sub if s.user else stand_in(ctx, s.pool, s.username)
    state |= {"known": int(s.user is not None), "sub": sub, "pool_id": s.pool.id, "notes": dict(s.notes)}
    state["password"] = _password_mark(ctx, s.user) if s.first_proven else ""
    return sessions.issue(ctx, challenge, s.client.id, expires or ctx.now + s.client.session_seconds, state, most)


def resume(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    session: str,
    challenge: str,
    via: str,
    metadata: Mapping[str, str] | None = None,
) -> tuple[sessions.SealedSession, SignIn]:
    """A session that waits for this challenge at this door, and its sign-in. Raises NotAuthorizedException."""
    opened = sessions.open_session(ctx, session, challenge, client.id)
    s = _resume(ctx, pool, client, opened.state, metadata or {})
    # Attack: a sign-in that a browser began, with what only its cookies prove, taken out and ended for API tokens.
    if s.via != via:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    return opened, s


def _passed(ctx: Context, s: SignIn, proven: SignIn, name: str) -> SignIn:
    """What is kept of an answer that was taken: for the user's history, and for the triggers of CUSTOM_AUTH."""
    factor = proven.first_proven if not s.first_proven else name
    proven = auth_events.answered(ctx, proven, factor)
    # A custom challenge says itself whether it was passed.
    return proven if name == "CUSTOM_CHALLENGE" else custom_auth.with_result(proven, name)


def _ask(ctx: Context, challenge: Challenge, s: SignIn) -> dict[str, Any]:
    s, parameters = challenge.issue(ctx, s)
    in_block = challenge.carrier == "secret_block"
    says_session = not in_block or (challenge.name == "PASSWORD_VERIFIER" and s.flow in WITH_SESSION)
    # A SECRET_BLOCK may be of any length.
    session = session_of(ctx, s, challenge.name, most=sessions.MAX_LENGTH if says_session else sys.maxsize)
    if in_block:
        parameters = {**parameters, "SECRET_BLOCK": session}
    if challenge.carrier == "device":
        device_sessions.keep(ctx, s.client, s.known_user.sub, s.device_key, session)
    asked = {"ChallengeName": challenge.name, "ChallengeParameters": parameters}
    return {**asked, "Session": session} if says_session else asked


def _finish(ctx: Context, s: SignIn) -> dict[str, Any]:
    user = s.known_user
    # Attack: getting to the end past a factor that was asked for and that no challenge of the list took up.
    if not s.first_proven or s.chosen:
        raise wrong_password()
    triggers.post_authentication(ctx, s.pool, s.client, user, s.metadata, new_device=not s.device_proven)
    s = auth_events.passed(ctx, s)
    if s.via == "pages":
        return {"SignedIn": user.sub}
    if s.device_proven:
        source = "TokenGeneration_AuthenticateDevice"
    elif s.new_password_set:
        source = "TokenGeneration_NewPasswordChallenge"
    else:
        source = "TokenGeneration_Authentication"
    result = tokens.issue(
        ctx,
        s.pool,
        s.client,
        user,
        source,
        device_key=s.device_key if s.device_proven else "",
        # Source: aws-amplify/amplify-js#14909.
        offers_device=s.flow != "CUSTOM_AUTH",
        metadata=s.metadata,
        event_id=auth_events.id_of(s),
    )
    return {"AuthenticationResult": result, "ChallengeParameters": {}}


def _resume(
    ctx: Context, pool: UserPool, client: AppClient, state: Mapping[str, Any], metadata: Mapping[str, str]
) -> SignIn:
    fields = dict(state)
    known, sub, mark = fields.pop("known"), fields.pop("sub"), fields.pop("password")
    user = ctx.store.get(User, pool.id, sub) if known else None
    if fields.pop("pool_id") != pool.id or (known and user is None):
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    s = SignIn(pool=pool, client=client, user=user, metadata=metadata, **fields)
    if s.first_proven and user is not None:
        # Attack: going on with a sign-in that an old password began, after the user or an administrator set another.
        if mark != _password_mark(ctx, user):
            raise AwsError("NotAuthorizedException", "Invalid session for the user.")
        if not user.enabled:
            raise AwsError("NotAuthorizedException", "User is disabled.")
    return s


def _password_mark(ctx: Context, user: User | None) -> str:
    """Another one whenever the password or the user's status is."""
    return ctx.cloud.sealer.digest("password", user.verifier if user else "", user.status if user else "")[:16]


def _check_same_user(ctx: Context, s: SignIn, responses: Mapping[str, str]) -> None:
    """Attack: a session of one user, answered in the name of another."""
    given = responses.get("USERNAME")
    if given is None:
        raise AwsError("InvalidParameterException", "Missing required parameter USERNAME")
    if s.user is not None:
        named = s.user if given == s.user.username else find_user(ctx, s.pool, given)
        same = named is not None and named.sub == s.user.sub
    else:
        same = s.pool.fold(given) in (s.pool.fold(s.username), stand_in(ctx, s.pool, s.username))
    if not same:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")


def _chosen_at_once(
    ctx: Context, name: str, session: str | None, responses: Mapping[str, str]
) -> tuple[str, Mapping[str, str]]:
    """Where a first factor is to be chosen, its own challenge may be answered without choosing it first."""
    peeked = sessions.peek(ctx, session) if session and name in first_factors.PASSWORDS else None
    if peeked is None or peeked.challenge != "SELECT_CHALLENGE":
        return name, responses
    return "SELECT_CHALLENGE", {**responses, "ANSWER": name}


def _by_name(name: str) -> Challenge:
    if name not in BY_NAME:
        raise AwsError("InvalidParameterException", f"The challenge {name} is not supported by the local cloud.")
    return BY_NAME[name]
