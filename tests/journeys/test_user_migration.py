"""A user of an older directory signs in, and is one of the pool's own from then on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auth import AuthClient
from tests.journeys.people import PASSWORD, root_client, settings_of, unsigned_client
from tests.local_cloud import ROOT, LocalCloud
from tests.older_directory import TOKEN, OlderDirectory


def test_the_first_sign_in_brings_a_user_over(tmp_path: Path, email: str) -> None:
    values = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    kept = [entry for entry in values if entry["ParameterKey"] != "MigrationUrl"]
    with OlderDirectory() as directory:
        directory.users[email] = {"password": PASSWORD, "email": email, "email_verified": True, "name": "Ada"}
        given = {"ParameterKey": "MigrationUrl", "ParameterValue": directory.url}
        (tmp_path / "parameters.json").write_text(json.dumps([*kept, given]))
        cloud = LocalCloud(tmp_path / "data", ("--parameters", str(tmp_path / "parameters.json"))).start()
        try:
            root_client(cloud, "secretsmanager").create_secret(
                Name="gatehouse/migration", SecretString=json.dumps({"token": TOKEN})
            )
            app = unsigned_client(cloud, "cognito-idp")

            def sign_in(password: str) -> None:
                app.initiate_auth(
                    ClientId=cloud.outputs["AppClientId"],
                    AuthFlow="USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": email, "PASSWORD": password},
                )

            with pytest.raises(app.exceptions.NotAuthorizedException):
                sign_in("wrong")
            sign_in(PASSWORD)
            asked = len(directory.asked)
            # From here on it is a user like all others: by SRP, and without a word to the directory.
            tokens = AuthClient(settings_of(cloud)).sign_in(email, PASSWORD).tokens
            assert tokens.refresh_token
            assert len(directory.asked) == asked == 2
        finally:
            cloud.kill()
