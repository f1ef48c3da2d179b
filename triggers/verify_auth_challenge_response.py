"""Verify auth challenge response: whether an answer is the secret that was sent. A right one counts once."""

from __future__ import annotations

from triggers.challenges import CHOOSE, KINDS, register
from triggers.challenges.attempt import Asked
from triggers.trigger import Event, logger, trigger


@trigger("VerifyAuthChallengeResponse_Authentication")
def handler(event: Event) -> None:
    """Say so in `answerCorrect`.

    A run that Cognito waited for in vain has used the secret up: its second run says no, and the user asks for another.
    """
    private, answer = event["request"]["privateChallengeParameters"], event["request"]["challengeAnswer"]
    # What a client or an earlier run put there counts for nothing.
    event["response"]["answerCorrect"] = False
    if private["asked"] == CHOOSE:
        right = answer in private["kinds"].split(",")
    else:
        asked = Asked(private["asked"], private["attempt"])
        right = register.use_up(event["userName"], asked, KINDS[asked.kind].read(answer))
    event["response"]["answerCorrect"] = right
    logger.info("judged an answer", kind=private["asked"], right=right)
