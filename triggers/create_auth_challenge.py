"""Create auth challenge: asks which kind is wanted; a secret that is to be mailed it makes and sends, once a sign-in.

Whoever is unknown, has not confirmed the address or has a second factor is asked just the same, and takes as long.
"""

from __future__ import annotations

from triggers import mail
from triggers.aws import user_pools
from triggers.challenges import CHOOSE, KINDS, register
from triggers.challenges.attempt import offered, to_ask
from triggers.errors import deny
from triggers.trigger import Event, logger, trigger


@trigger("CreateAuthChallenge_Authentication")
def handler(event: Event) -> None:
    """Fill in the question; `privateChallengeParameters` say which, and hold no secret."""
    request = event["request"]
    asked = to_ask(request["session"], (request.get("clientMetadata") or {}).get("kind", ""))
    public = {"challenge": asked.kind}
    if asked.kind == CHOOSE:
        public["kinds"] = ",".join(offered())
    elif asked.kind in KINDS:
        kind = KINDS[asked.kind]
        secret = kind.make()
        try:
            made = register.enter(event["userName"], asked, secret, kind.SECONDS)
        except register.TooManyError:
            deny("too many sign-in mails were asked for, please try again in an hour")
        if made:
            _send(event, kind.MAIL, dict(kind.fields(secret)))
    logger.info("asked", kind=asked.kind)
    event["response"] |= {
        "publicChallengeParameters": public,
        "privateChallengeParameters": {"asked": asked.kind, "attempt": asked.attempt, "kinds": public.get("kinds", "")},
        "challengeMetadata": str(asked),
    }


def _send(event: Event, name: str, fields: dict[str, str]) -> None:
    attributes = event["request"].get("userAttributes") or {}
    factors = _second_factors(event["userPoolId"], event["userName"])
    to = attributes.get("email", "")
    if (
        event["request"].get("userNotFound")
        or attributes.get("cognito:user_status") != "CONFIRMED"
        or attributes.get("email_verified") != "true"
    ):
        # Attack: telling who exists by how long the answer takes.
        to = mail.NOBODY
    elif factors:
        # Attack: a second factor that is not asked for, as Cognito asks for none behind these triggers: whoever reads
        # somebody's mail would be signed in.
        name, fields = "SignIn_SecondFactor", {}
    mail.send(to, attributes.get("locale") or "", name, fields)


def _second_factors(pool_id: str, username: str) -> list[str]:
    pools = user_pools()
    try:
        return pools.admin_get_user(UserPoolId=pool_id, Username=username).get("UserMFASettingList", [])
    except pools.exceptions.UserNotFoundException:
        return []
