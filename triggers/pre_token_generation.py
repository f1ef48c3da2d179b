"""Pre token generation: says the user's role and plan in the ID token and in the access token."""

from __future__ import annotations

from triggers import profile
from triggers.errors import deny
from triggers.trigger import Event, trigger


@trigger(
    "TokenGeneration_HostedAuth",
    "TokenGeneration_Authentication",
    "TokenGeneration_NewPasswordChallenge",
    "TokenGeneration_AuthenticateDevice",
    "TokenGeneration_RefreshTokens",
)
def handler(event: Event) -> None:
    """Add the claims `role` and `plan`, both strings, from the user's profile."""
    if event["version"] not in ("2", "3"):
        # A V1 answer cannot reach the access token: whoever reads the role there would find none.
        deny("this user pool must send pre token generation events of version V2_0 or later")
    user = profile.read(event["request"]["userAttributes"]["sub"])
    claims = {"claimsToAddOrOverride": {"role": user.role, "plan": user.plan}}
    answer = {"idTokenGeneration": claims, "accessTokenGeneration": claims}
    if groups := event["request"].get("groupConfiguration"):
        # "An empty or null object suppresses the groups"; the request's own, handed back, keeps them as they are.
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
        answer["groupOverrideDetails"] = groups
    event["response"]["claimsAndScopeOverrideDetails"] = answer
