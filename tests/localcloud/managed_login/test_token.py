"""`/oauth2/token`: the three grants, and what the app is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.context import Invocation
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient
from localcloud.userpool.providers.federation_state import ResourceServer
from localcloud.userpool.sign_in_state import RefreshToken
from tests.localcloud.managed_login.site import CALLBACK, CLIENT, POOL, SUB, Site, claims, key, read, refusal

TRIGGER = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
ORDERS = ["https://orders.example.com/v1/read", "https://orders.example.com/v1/write"]


@pytest.fixture
def site() -> Site:
    return Site.make()


class TestAuthorizationCode:
    def test_a_code_gives_all_tokens(self, site: Site) -> None:
        found = site.tokens(scope="openid email aws.cognito.signin.user.admin")
        assert set(found) == {"id_token", "access_token", "refresh_token", "token_type", "expires_in"}
        assert (found["token_type"], found["expires_in"]) == ("Bearer", 3600)
        access, identity = claims(found["access_token"]), claims(found["id_token"])
        assert (access["token_use"], access["version"], access["client_id"]) == ("access", 2, CLIENT)
        assert access["scope"] == "openid email aws.cognito.signin.user.admin"
        assert (identity["sub"], identity["email"], identity["email_verified"]) == (SUB, "ada@example.com", True)
        assert "name" not in identity

    def test_without_openid_there_is_no_id_token(self, site: Site) -> None:
        assert "id_token" not in site.tokens(scope="aws.cognito.signin.user.admin")

    def test_no_device_is_offered(self, site: Site) -> None:
        site.set_pool(DeviceConfiguration={"DeviceOnlyRememberedOnUserPrompt": True})
        found = site.tokens()
        assert "device_key" not in claims(found["access_token"])
        assert "access_token" in read(site.token(grant_type="refresh_token", refresh_token=found["refresh_token"]))

    def test_a_resource_may_be_named_again_and_not_changed(self, site: Site) -> None:
        first, second = (site.code(resource="https://api.example.com") for _ in range(2))
        read(site.redeem(first, resource="https://api.example.com"))
        assert refusal(site.redeem(second, resource="https://other.example.com")) == (400, "invalid_target")

    @pytest.mark.parametrize("missing", ["code", "redirect_uri", "grant_type"])
    def test_what_is_missing_is_an_invalid_request(self, site: Site, missing: str) -> None:
        form = {"grant_type": "authorization_code", "code": site.code(), "redirect_uri": CALLBACK}
        assert refusal(site.token(**{**form, missing: ""})) == (400, "invalid_request")

    def test_a_trigger_that_refuses_is_heard(self, site: Site) -> None:
        def refuse(arn: str, event: Mapping[str, Any], **_: object) -> Invocation:
            return Invocation(error_type="Exception", error_message=f"not at {event['triggerSource']}")

        code = site.code()
        site.set_pool(LambdaConfig={"PreTokenGeneration": TRIGGER})
        site.cloud.invoke = refuse
        answer = site.redeem(code)
        assert refusal(answer) == (400, "invalid_request")
        why = "PreTokenGeneration failed with error not at TokenGeneration_HostedAuth."
        assert json.loads(answer.body)["error_description"] == why


class TestRefreshToken:
    def test_it_gives_tokens_with_the_same_scopes_and_no_other_refresh_token(self, site: Site) -> None:
        first = site.tokens(nonce="n")
        site.times[0] += 60
        again = read(site.token(grant_type="refresh_token", refresh_token=first["refresh_token"]))
        assert set(again) == {"id_token", "access_token", "token_type", "expires_in"}
        old, new = claims(first["access_token"]), claims(again["access_token"])
        assert new["scope"] == old["scope"] == "openid email"
        assert (new["origin_jti"], new["auth_time"]) == (old["origin_jti"], old["auth_time"])
        assert new["iat"] == old["iat"] + 60

    def test_the_api_renews_it_too(self, site: Site) -> None:
        refresh = site.tokens()["refresh_token"]
        client = site.cloud.store.get(AppClient, CLIENT)
        assert client is not None
        again = tokens.renew(site.context, site.pool, client, refresh, "", None)
        assert claims(again["AccessToken"])["scope"] == "openid email"

    def test_a_client_that_rotates_gets_a_new_one_and_the_old_one_ends_it_all(self, site: Site) -> None:
        """Attack: a refresh token that was stolen, used after the app has used it."""
        old = site.tokens()["refresh_token"]
        site.add_client(CLIENT, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"], RefreshTokenRotation={"Feature": "ENABLED"})
        new = read(site.token(grant_type="refresh_token", refresh_token=old))["refresh_token"]
        assert new != old
        for refresh in (old, new):
            assert refusal(site.token(grant_type="refresh_token", refresh_token=refresh)) == (400, "invalid_grant")

    def test_the_client_has_to_be_allowed_to(self, site: Site) -> None:
        refresh = site.tokens()["refresh_token"]
        site.add_client(CLIENT, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
        assert refusal(site.token(grant_type="refresh_token", refresh_token=refresh)) == (400, "unauthorized_client")

    @pytest.mark.parametrize("refresh", ["none", "a.b", "."])
    def test_an_unknown_one_is_an_invalid_grant(self, site: Site, refresh: str) -> None:
        assert refusal(site.token(grant_type="refresh_token", refresh_token=refresh)) == (400, "invalid_grant")

    def test_a_missing_one_is_an_invalid_request(self, site: Site) -> None:
        assert refusal(site.token(grant_type="refresh_token")) == (400, "invalid_request")

    def test_another_clients_is_an_invalid_grant(self, site: Site) -> None:
        """Attack: a refresh token that was found, redeemed by an app of one's own."""
        refresh = site.tokens()["refresh_token"]
        site.add_client("1other")
        answer = site.token(grant_type="refresh_token", refresh_token=refresh, client_id="1other")
        assert refusal(answer) == (400, "invalid_grant")

    @pytest.mark.parametrize("changes", [{"enabled": False}, {"status": "RESET_REQUIRED"}])
    def test_it_ends_with_its_users_right_to_sign_in(self, site: Site, changes: dict[str, Any]) -> None:
        refresh = site.tokens()["refresh_token"]
        site.change_user(**changes)
        assert refusal(site.token(grant_type="refresh_token", refresh_token=refresh)) == (400, "invalid_grant")


class TestClientCredentials:
    @pytest.fixture
    def site(self) -> Site:
        site = Site.make("the secret", AllowedOAuthFlows=["client_credentials"], AllowedOAuthScopes=ORDERS)
        scopes = {"read": "See orders", "write": "Make orders"}
        site.cloud.store.put(ResourceServer(POOL, "https://orders.example.com/v1", "Orders", scopes))
        return site

    def ask(self, site: Site, **form: str) -> Any:
        return site.token(grant_type="client_credentials", client_secret="the secret", **form)

    def test_a_machine_gets_an_access_token_and_nothing_else(self, site: Site) -> None:
        found = read(self.ask(site, scope=ORDERS[0]))
        assert set(found) == {"access_token", "token_type", "expires_in"}
        got = claims(found["access_token"])
        assert set(got) == {
            "sub",
            "client_id",
            "token_use",
            "scope",
            "auth_time",
            "iss",
            "exp",
            "iat",
            "version",
            "jti",
        }
        assert (got["sub"], got["client_id"], got["token_use"], got["version"]) == (CLIENT, CLIENT, "access", 2)
        assert got["scope"] == ORDERS[0]
        assert site.cloud.store.count(RefreshToken) == 0

    def test_without_scopes_it_gets_all_of_the_client(self, site: Site) -> None:
        assert claims(read(self.ask(site))["access_token"])["scope"] == " ".join(ORDERS)

    @pytest.mark.parametrize("scope", ["orders", "https://orders.example.com/v1/delete", "openid", ORDERS[0].upper()])
    def test_a_scope_that_the_client_has_not_is_refused(self, site: Site, scope: str) -> None:
        assert refusal(self.ask(site, scope=scope)) == (400, "invalid_scope")

    def test_a_scope_that_is_gone_from_its_resource_server_is_refused(self, site: Site) -> None:
        site.cloud.store.put(ResourceServer(POOL, "https://orders.example.com/v1", "Orders", {"read": "See orders"}))
        assert refusal(self.ask(site, scope=ORDERS[1])) == (400, "invalid_scope")

    def test_a_users_scopes_are_not_for_machines(self, site: Site) -> None:
        """Attack: a machine that asks for a scope which lets a user be managed."""
        site.add_client(CLIENT, "the secret", AllowedOAuthFlows=["client_credentials"])
        assert refusal(self.ask(site)) == (400, "invalid_scope")

    def test_a_machines_token_is_nobodys(self, site: Site) -> None:
        """Attack: a machine's token at the places of users."""
        token = read(self.ask(site))["access_token"]
        assert refusal(site.user_info(token)) == (401, "invalid_token")

    def test_a_client_without_the_flow_is_refused(self, site: Site) -> None:
        site.add_client(CLIENT, "the secret", AllowedOAuthScopes=ORDERS)
        assert refusal(self.ask(site)) == (400, "unauthorized_client")

    def test_a_public_client_is_refused(self, site: Site) -> None:
        """Attack: anybody who has read a public client's id off a page."""
        site.add_client(CLIENT, AllowedOAuthFlows=["client_credentials"], AllowedOAuthScopes=ORDERS)
        assert refusal(site.token(grant_type="client_credentials")) == (400, "unauthorized_client")

    def test_a_trigger_changes_the_token(self, site: Site) -> None:
        wanted = {
            "claimsToAddOrOverride": {"tenant": "red", "client_id": "another", "both": "added"},
            "claimsToSuppress": ["auth_time", "both"],
            "scopesToAdd": ["own/scope"],
            "scopesToSuppress": [ORDERS[1]],
        }
        event = self.let_trigger(site, claimsAndScopeOverrideDetails={"accessTokenGeneration": wanted})
        got = claims(read(self.ask(site, aws_client_metadata='{"environment": "dev"}'))["access_token"])
        assert (got["tenant"], got["client_id"], got["scope"]) == ("red", CLIENT, f"{ORDERS[0]} own/scope")
        assert "auth_time" in got
        assert "both" not in got
        assert (event["version"], event["triggerSource"]) == ("3", "TokenGeneration_ClientCredentials")
        assert event["callerContext"]["clientId"] == event["userName"] == CLIENT
        assert event["response"] == {"claimsAndScopeOverrideDetails": None}
        assert event["request"] == {
            "userAttributes": {},
            "groupConfiguration": {"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": None},
            "scopes": ORDERS,
            "clientMetadata": {"environment": "dev"},
        }

    @pytest.mark.parametrize("version", ["V1_0", "V2_0"])
    def test_an_older_trigger_does_not_hear_of_machines(self, site: Site, version: str) -> None:
        event = self.let_trigger(site, version)
        assert read(self.ask(site))
        assert event == {}

    def test_a_trigger_that_refuses_a_machine_is_heard(self, site: Site) -> None:
        self.let_trigger(site)
        site.cloud.invoke = lambda *_, **__: Invocation(error_type="Exception", error_message="not today")
        answer = self.ask(site)
        assert refusal(answer) == (400, "invalid_request")
        assert json.loads(answer.body)["error_description"] == "PreTokenGeneration failed with error not today."

    @pytest.mark.parametrize("metadata", ["", "x", "[]", "7", '{"a": 1}', '{"a": null}', '{"a": "1", "a": "2"}'])
    def test_metadata_is_an_object_of_texts(self, site: Site, metadata: str) -> None:
        assert refusal(self.ask(site, aws_client_metadata=metadata)) == (400, "invalid_request")

    def let_trigger(self, site: Site, version: str = "V3_0", **response: Any) -> dict[str, Any]:
        """Give the pool a pre token generation trigger that answers so; the event that it gets, as soon as it does."""
        seen: dict[str, Any] = {}

        def answer(arn: str, event: Mapping[str, Any], **_: object) -> Invocation:
            assert arn == TRIGGER
            seen.update(event)
            return Invocation({**event, "response": response})

        site.set_pool(LambdaConfig={"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": TRIGGER}})
        site.cloud.invoke = answer
        return seen


@pytest.mark.parametrize("grant", ["password", "implicit", "AUTHORIZATION_CODE", "__class__"])
def test_other_grants_are_not_supported(site: Site, grant: str) -> None:
    assert refusal(site.token(grant_type=grant)) == (400, "unsupported_grant_type")


def test_a_client_without_oauth_is_refused(site: Site) -> None:
    code = site.code()
    site.add_client(CLIENT, AllowedOAuthFlowsUserPoolClient=False)
    assert refusal(site.redeem(code)) == (400, "unauthorized_client")


def test_a_body_that_is_no_form_is_an_invalid_request(site: Site) -> None:
    answer = site.ask("POST", "/oauth2/token", form="grant_type=refresh_token", content_type="application/json")
    assert refusal(answer) == (400, "invalid_request")


def test_a_query_is_no_form(site: Site) -> None:
    """Attack: secrets and codes in an address, where histories and logs keep them."""
    answer = site.ask("POST", "/oauth2/token", "grant_type=refresh_token&client_id=1app&refresh_token=r", form="")
    assert refusal(answer) == (400, "invalid_request")


def test_a_parameter_that_comes_twice_is_an_invalid_request(site: Site) -> None:
    """Attack: two clients, codes or addresses in one request."""
    answer = site.ask("POST", "/oauth2/token", form=f"grant_type=refresh_token&client_id={CLIENT}&client_id=1other")
    assert refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/revoke"])
def test_get_is_refused_as_programs_read_it(site: Site, path: str) -> None:
    assert refusal(site.ask("GET", path)) == (405, "invalid_request")


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke"])
def test_an_app_in_a_browser_may_call(site: Site, path: str) -> None:
    asked = site.ask("OPTIONS", path, access_control_request_headers="authorization,content-type")
    assert asked.status == 200
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "authorization" in asked.headers["access-control-allow-headers"].split(", ")
    refused = site.ask("POST", path, form="")
    assert refused.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/login", "/logout", "/oauth2/idpresponse"])
def test_no_page_of_another_origin_reads_a_page(site: Site, path: str) -> None:
    """Attack: another site's script that reads a form's secret, or an address with a code in it."""
    for method in ("OPTIONS", "GET"):
        assert "access-control-allow-origin" not in site.ask(method, path, origin="https://evil.example.com").headers


def test_the_keys_are_the_pools(site: Site) -> None:
    assert site.tokens()["access_token"].encode().startswith(key().head)
