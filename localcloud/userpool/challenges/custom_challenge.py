"""CUSTOM_CHALLENGE: a question that the create trigger makes, and whose answer the verify trigger judges."""

from __future__ import annotations

import json
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool import custom_auth, triggers
from localcloud.userpool.attempt import SignIn, shown_name
from localcloud.userpool.factors.sign_in_codes import required


class CustomChallenge:
    """Asked where the define trigger says so. A wrong answer is no error: that trigger says what follows."""

    name = "CUSTOM_CHALLENGE"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """While it is what the triggers have chosen."""
        return s.flow == "CUSTOM_AUTH" and s.chosen == self.name

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """The public parameters. The private ones stay in the session, which only the server reads."""
        question = triggers.create_auth_challenge(ctx, s.pool, s.client, s.username, s.user, s.rounds, s.metadata)
        s = s.noting(private=json.dumps(dict(question.private)), metadata=question.metadata or "")
        return s, {"USERNAME": shown_name(ctx, s), **question.public}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """The sign-in with the result in its rounds."""
        private = json.loads(s.notes["private"])
        given = required(answer.get("ANSWER"), "ANSWER")
        passed = triggers.verify_auth_challenge(ctx, s.pool, s.client, s.username, s.user, private, given, s.metadata)
        return custom_auth.with_result(s.forgetting(), self.name, passed, s.notes["metadata"] or None)
