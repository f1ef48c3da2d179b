"""Define auth challenge: what follows in a sign-in by mail or a recovery code, and when it is over. No I/O."""

from __future__ import annotations

from triggers.challenges import CHOOSE, KINDS, RECOVERED
from triggers.challenges.attempt import MOST_WRONG, Rounds, last_asked
from triggers.trigger import Event, trigger


@trigger("DefineAuthChallenge_Authentication")
def handler(event: Event) -> None:
    """Ask for the kind, then for the secret, a few times while it is wrong; tokens for one that was mailed only."""
    request, response = event["request"], event["response"]
    response |= {"challengeName": "", "issueTokens": False, "failAuthentication": False}
    rounds: Rounds = request["session"]
    if not rounds:
        response["challengeName"] = "CUSTOM_CHALLENGE"
        return
    asked = [last_asked(rounds[: number + 1]) for number in range(len(rounds))]
    passed = rounds[-1]["challengeResult"] is True
    if passed and asked[-1].kind in KINDS:
        # Attack: a stranger's name, and a secret that was guessed: nobody is behind it.
        found = not request.get("userNotFound")
        response |= {"issueTokens": found, "failAuthentication": not found}
    elif asked[-1].kind == RECOVERED or (not passed and (asked[-1].kind == CHOOSE or len(rounds) > MOST_WRONG)):
        # Attack: tokens for a recovery code, past the second factor that Cognito asks for where MFA is ON.
        response["failAuthentication"] = True
    else:
        response["challengeName"] = "CUSTOM_CHALLENGE"
