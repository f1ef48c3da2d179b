"""Sessions share what botocore hooks into each of them, and nothing that one of them is given."""

from __future__ import annotations

from typing import Any

import botocore.handlers
import botocore.session

from auth.sessions import new_session

EVENT = "before-call.s3.PutObject"


def test_a_session_has_the_handlers_of_botocores_own() -> None:
    assert answers(new_session()) == answers(botocore.session.Session())


def test_what_is_hooked_into_one_session_stays_there() -> None:
    """Attack: credentials that one user's session signs with, in the requests of another user's."""
    one, other = new_session(), new_session()
    one.register(EVENT, hooked)
    assert "hooked" in answers(one)
    assert answers(other) == answers(new_session()) == answers(botocore.session.Session())


def test_a_handler_that_botocore_is_given_later_is_there() -> None:
    """As moto does, whenever it is imported."""
    new_session()
    botocore.handlers.BUILTIN_HANDLERS.append((EVENT, hooked))
    try:
        assert "hooked" in answers(new_session())
    finally:
        botocore.handlers.BUILTIN_HANDLERS.remove((EVENT, hooked))
    assert "hooked" not in answers(new_session())


def hooked(**_: Any) -> Any:
    """A handler of ours."""
    return "hooked"


def answers(session: botocore.session.Session) -> list[Any]:
    """What the session's handlers say to a call."""
    model = session.get_service_model("s3").operation_model("PutObject")
    request = {"headers": {}, "body": b"", "url_path": "/", "context": {}}
    said = session.get_component("event_emitter").emit(
        EVENT, params=request, model=model, request_signer=None, context={"signing": {}}
    )
    return [answer for _, answer in said]
