"""The door of the stand-ins: `/_localcloud/stand-ins/NAME/…`, open only where they are switched on (`--stand-ins`)."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from concurrent.futures import Executor

import orjson

from localcloud.context import Cloud
from localcloud.stand_ins.models import PREFIX, Answer, StandInError, StandInRequest
from localcloud.wire import http, web

SECRET = "localcloud/stand-ins"  # noqa: S105 (a name)
"""The secret in Secrets Manager that has `client_secret`, the same for every client."""

_NAMES = ("google", "facebook", "saml")

log = logging.getLogger("localcloud")


def providers(endpoint_url: str) -> Mapping[str, str]:
    """Where the stand-ins are, by the names of those that they stand for."""
    base = f"{endpoint_url}{PREFIX}"
    return {
        "accounts.google.com": f"{base}google",
        "www.facebook.com": f"{base}facebook",
        "graph.facebook.com": f"{base}facebook",
    }


def parameters(endpoint_url: str) -> Mapping[str, str]:
    """What a template's parameters of these names are where they have no other value: clients of the stand-ins."""
    return {
        "GoogleClientId": "stand-in.apps.googleusercontent.com",
        "GoogleSecret": SECRET,
        "FacebookAppId": "100000000000001",
        "FacebookSecret": SECRET,
        "SamlMetadataUrl": f"{endpoint_url}{PREFIX}saml/metadata",
        "LinkingEmailDomains": "Google=example.com Facebook=example.com ${SamlProviderName}=example.com",
    }


class Door(web.Door):
    """Serves the stand-ins."""

    def __init__(self, cloud: Cloud, executor: Executor) -> None:
        super().__init__(executor)
        self._cloud = cloud

    def answer(self, head: http.HttpRequest, body: bytes) -> Answer:
        """What a stand-in answers; an error as JSON, with its reason, since only developers see these."""
        try:
            if not http.names_us(head):
                raise StandInError("the host is no name of this machine", status=421)
            name = head.path.removeprefix(PREFIX).partition("/")[0]
            if name not in _NAMES:
                raise StandInError("there is no such stand-in", status=404)
            module = importlib.import_module(f"localcloud.stand_ins.{name}")
            request = StandInRequest(
                cloud=self._cloud,
                base=f"{self._cloud.endpoint_url}{PREFIX}{name}",
                path=head.path,
                method="GET" if head.method == "HEAD" else head.method,
                query=web.read_parameters(head.raw_query),
                form=web.read_form(head, body),
                headers=head.headers,
            )
            answer: Answer = module.answer(request)
            return answer
        except StandInError as error:
            return _refused(error)
        except web.RepeatedError as error:
            return _refused(StandInError(str(error)))
        except Exception:
            log.exception("stand-in failed")
            return _refused(StandInError("a fault of the stand-in: see the server's output", "server_error", 500))


def _refused(error: StandInError) -> Answer:
    told = {"error": error.code, "error_description": error.why}
    return Answer(error.status, orjson.dumps(told), "application/json")
