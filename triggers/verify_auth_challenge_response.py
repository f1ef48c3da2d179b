"""Verify auth challenge response: whether an answer is the secret that is asked for. A right one counts once."""

from __future__ import annotations

from triggers.challenges import CHOOSE, KINDS, RECOVERY, recovery_code, register
from triggers.challenges.attempt import Asked
from triggers.trigger import Event, logger, trigger


@trigger("VerifyAuthChallengeResponse_Authentication")
def handler(event: Event) -> None:
    """Say so in `answerCorrect`.

    A run that Cognito waited for in vain has used a mailed secret up: its second run says no, and the user asks for
    another.
    """
    private, answer = event["request"]["privateChallengeParameters"], event["request"]["challengeAnswer"]
    # What a client or an earlier run put there counts for nothing.
    event["response"]["answerCorrect"] = right = False
    if private["asked"] == CHOOSE:
        right = answer in private["kinds"].split(",")
    elif private["asked"] == RECOVERY:
        right = recovery_code.redeem(event, private["attempt"], answer)
    elif private["asked"] in KINDS:
        asked = Asked(private["asked"], private["attempt"])
        right = register.use_up(event["userName"], asked, KINDS[asked.kind].read(answer))
    event["response"]["answerCorrect"] = right
    logger.info("judged an answer", kind=private["asked"], right=right)
