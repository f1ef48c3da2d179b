"""The stack's HTTP API from outside: authorizer, CORS, permissions and failures as API Gateway has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.function import Function, Result, sandbox_error
from localcloud.aws.jwt_authorizer import TrustedIssuer
from localcloud.jws import Key
from tests.localcloud.aws.local_engine import LocalEngine, succeed, template_copy

KEY = Key.make()
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_UserPool"
OK = {"statusCode": 200, "body": '{"ok": true}', "headers": {"content-type": "application/json"}}


class World:
    """What the engine asks back for, to be set by each test."""

    now = 1000.0
    asked: tuple[str, str, str] | None = None
    permitted = True

    def may_invoke(self, function: Function, service: str, source_arn: str) -> bool:
        self.asked = (function.arn, service, source_arn)
        return self.permitted


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def local(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    def find(issuer: str) -> TrustedIssuer | None:
        return TrustedIssuer(issuer, KEY.verify) if issuer == ISSUER else None

    options: dict[str, Any] = {"may_invoke": world.may_invoke, "find_issuer": find, "now": lambda: world.now}
    with LocalEngine(tmp_path_factory.mktemp("engine"), **options) as running:
        yield running


@pytest.fixture(scope="module")
def url(local: LocalEngine, tmp_path_factory: pytest.TempPathFactory) -> str:
    return local.deploy(*template_copy(tmp_path_factory.mktemp("template")))["ApiUrl"]


@pytest.fixture(autouse=True)
def clean(local: LocalEngine, world: World) -> None:
    world.now, world.asked, world.permitted = 1000.0, None, True
    local.invoked.clear()
    local.answer = lambda event: succeed(OK)


def token(**changes: Any) -> dict[str, str]:
    claims = {"iss": ISSUER, "client_id": "us-east-1_AppClient", "scope": "aws.cognito.signin.user.admin", "sub": "s"}
    return {"authorization": f"Bearer {KEY.sign({**claims, 'exp': 2000, 'iat': 1000, **changes})}"}


def headers_of(reply: Any) -> Mapping[str, str]:
    return {name.lower(): value for name, value in reply.headers}


def test_a_good_token_reaches_the_function_with_its_claims(local: LocalEngine, url: str, world: World) -> None:
    reply = local.request("GET", f"{url}/me", token())
    assert (reply.status, json.loads(reply.body)) == (200, {"ok": True})
    function, event = local.invoked[0]
    assert function.arn.endswith(":function:gatehouse-local-api:live")
    assert (event["routeKey"], event["rawPath"]) == ("GET /me", "/me")
    assert event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "s"
    api_id = url.split("/")[-2]
    source = f"arn:aws:execute-api:us-east-1:000000000000:{api_id}/$default/GET/me"
    assert world.asked == (function.arn, "apigateway.amazonaws.com", source)


def test_path_parameters_are_decoded_once(local: LocalEngine, url: str) -> None:
    assert local.request("DELETE", f"{url}/me/devices/us-east-1_a%2520b%2Fc", token()).status == 404
    assert local.request("DELETE", f"{url}/me/devices/us-east-1_a%20b", token()).status == 200
    assert local.invoked[0][1]["pathParameters"] == {"key": "us-east-1_a b"}


def test_the_default_stage_need_not_be_named(local: LocalEngine, url: str) -> None:
    assert local.request("GET", url.removesuffix("$default") + "me", token()).status == 200
    assert local.request("GET", url.replace("$", "%24") + "/me", token()).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (token(exp=999), 401),
        (token(exp=None), 401),
        (token(client_id="another"), 401),
        (token(iss=ISSUER + "x"), 401),
        (token(scope="openid"), 403),
        ({"authorization": "Bearer " + Key.make().sign({"iss": ISSUER, "exp": 2000})}, 401),
    ],
)
def test_attack_a_request_without_a_good_token(
    local: LocalEngine, url: str, headers: dict[str, str], status: int
) -> None:
    reply = local.request("GET", f"{url}/me", headers)
    message = {401: "Unauthorized", 403: "Forbidden"}[status]
    assert (reply.status, json.loads(reply.body)) == (status, {"message": message})
    assert headers_of(reply)["www-authenticate"].startswith("Bearer")
    assert local.invoked == []


def test_a_token_ages_with_the_clouds_clock(local: LocalEngine, url: str, world: World) -> None:
    headers = token()
    assert local.request("GET", f"{url}/me", headers).status == 200
    world.now = 2000.0
    assert local.request("GET", f"{url}/me", headers).status == 401


def test_what_no_route_matches_is_not_found(local: LocalEngine, url: str) -> None:
    for method, path in (("GET", f"{url}/nothing"), ("POST", f"{url}/me"), ("GET", url.replace("/$", "0/$"))):
        reply = local.request(method, path, token())
        assert (reply.status, json.loads(reply.body)) == (404, {"message": "Not Found"})


def test_attack_a_function_that_never_let_the_api_in(local: LocalEngine, url: str, world: World) -> None:
    world.permitted = False
    reply = local.request("GET", f"{url}/me", token())
    assert (reply.status, json.loads(reply.body)) == (500, {"message": "Internal Server Error"})
    assert local.invoked == []


def test_attack_reading_stack_traces_from_outside(local: LocalEngine, url: str) -> None:
    error = sandbox_error("Timeout", "Sandbox.Timedout", "secret detail")
    local.answer = lambda event: Result("r", None, error, 1.0, 0.0, ())
    reply = local.request("GET", f"{url}/me", token())
    assert (reply.status, json.loads(reply.body)) == (500, {"message": "Internal Server Error"})


def test_a_runner_that_fails_is_an_internal_error(local: LocalEngine, url: str) -> None:
    def fail(event: Any) -> Result:
        raise RuntimeError("secret detail")

    local.answer = fail
    reply = local.request("GET", f"{url}/me", token())
    assert (reply.status, json.loads(reply.body)) == (500, {"message": "Internal Server Error"})


def test_a_busy_function_is_unavailable(local: LocalEngine, url: str) -> None:
    error = sandbox_error("Refused", "TooManyRequestsException", "Rate Exceeded.")
    local.answer = lambda event: Result("r", None, error, 1.0, 0.0, ())
    assert local.request("GET", f"{url}/me", token()).status == 503


def test_allowed_origins_are_told_so_and_others_are_not(local: LocalEngine, url: str) -> None:
    asks = {"access-control-request-method": "GET", "origin": "http://localhost:3000"}
    reply = local.request("OPTIONS", f"{url}/me", asks)
    assert reply.status == 204
    assert headers_of(reply)["access-control-allow-origin"] == "http://localhost:3000"
    assert headers_of(reply)["access-control-max-age"] == "3600"
    reply = local.request("GET", f"{url}/me", token() | {"origin": "http://localhost:3000"})
    assert headers_of(reply)["access-control-allow-origin"] == "http://localhost:3000"
    reply = local.request("OPTIONS", f"{url}/me", asks | {"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in headers_of(reply)


@pytest.mark.parametrize(("authorization", "status"), [("CUSTOM", 500), ("AWS_IAM", 403)])
def test_attack_a_route_with_an_authorizer_that_nobody_asks(
    local: LocalEngine, url: str, authorization: str, status: int
) -> None:
    api_id = url.split("/")[-2]
    target = local.call("apigatewayv2", "GetRoutes", ApiId=api_id)["Items"][0]["Target"]
    made = {"ApiId": api_id, "RouteKey": f"GET /{authorization}", "AuthorizationType": authorization, "Target": target}
    local.call("apigatewayv2", "CreateRoute", **made)
    signed = {"authorization": "AWS4-HMAC-SHA256 anything"}
    assert local.request("GET", f"{url}/{authorization}", signed).status == status
    assert local.invoked == []


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (
            {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"AuthorizerType": "REQUEST"}},
            "`AuthorizerType`: `REQUEST`",
        ),
        (
            {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"AuthorizationType": "CUSTOM"}},
            "`AuthorizationType`: `CUSTOM`",
        ),
        (
            {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"AuthorizationType": {"Fn::Sub": "JWT"}}},
            "AuthorizationType",
        ),
        (
            {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "WEBSOCKET"}},
            "`ProtocolType`: `WEBSOCKET`",
        ),
    ],
)
def test_an_authorizer_of_another_kind_stops_the_deploy(
    local: LocalEngine, tmp_path: Path, resource: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Exception, match=reason):
        local.deploy_resources({"A": resource}, tmp_path, "kinds")
