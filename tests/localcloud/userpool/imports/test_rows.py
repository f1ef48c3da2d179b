"""One row of a file, one user: Cognito's rules for each column, and what the log says of a row that breaks one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.imports.conftest import Desk, change_pool, person

NOT_VERIFIED = (
    "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true)."
)


def test_a_row_becomes_a_user(api: Api, desk: Desk, people: str) -> None:
    row = person(
        "ada",
        name="Ada, Countess",
        email_verified="TRUE",
        birthdate="12/10/1815",
        updated_at="1471453471",
        locale="  en  ",
        **{"custom:level": "7", "custom:note": "née"},
    )
    assert desk.rows(people, row)["ImportedUsers"] == 1
    user = api.stored_user(people, "ada")
    assert user.status == "RESET_REQUIRED"
    assert {name: value for name, value in user.attributes.items() if name != "sub"} == {
        "name": "Ada, Countess",
        "email": "ada@example.com",
        "email_verified": "true",
        "birthdate": "1815-12-10",
        "updated_at": "1471453471",
        "locale": "en",
        "custom:level": "7",
        "custom:note": "née",
    }
    found = api("ListUsers", UserPoolId=people, Filter='email = "ada@example.com"')["Users"]
    assert [each["Username"] for each in found] == ["ada"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"cognito:username": ""}, "cognito:username is required."),
        ({"cognito:username": "a b"}, "has white space in it"),
        ({"cognito:username": "a\tb"}, "has white space in it"),
        ({"cognito:username": "a" * 129}, "is longer than 128 characters"),
        ({"email_verified": "yes"}, "email_verified: The value must be true or false."),
        ({"email_verified": "false"}, NOT_VERIFIED),
        ({"email_verified": "", "phone_number": "+12025550100", "phone_number_verified": "true"}, NOT_VERIFIED),
        ({"email": ""}, "email is required when email_verified is true."),
        ({"phone_number_verified": "true"}, "phone_number is required when phone_number_verified is true."),
        ({"email": "nobody"}, "Invalid email address format."),
        ({"phone_number": "12"}, "Invalid phone number format."),
        ({"birthdate": "1815-12-10"}, "mm/dd/yyyy"),
        ({"birthdate": "02/30/2000"}, "mm/dd/yyyy"),
        ({"updated_at": "today"}, "updated_at: Value must be numeric"),
        ({"custom:level": "10"}, "custom:level: Value must be at most 9"),
        ({"custom:note": "longer"}, "custom:note: String must be no longer than 5 characters"),
        ({"name": '"Ada"'}, "name: The value is in quotation marks."),
        ({"cognito:mfa_enabled": "true"}, "cognito:mfa_enabled does not match the MFA configuration"),
        ({"cognito:mfa_enabled": "maybe"}, "cognito:mfa_enabled: The value must be true or false."),
        ({"password_hash": "x"}, "The row has a password hash, and the job no PasswordHashingAlgorithm."),
    ],
)
def test_a_row_that_breaks_a_rule_fails_alone_and_is_not_shown(
    api: Api, desk: Desk, people: str, values: dict[str, str], message: str
) -> None:
    """Attack: users' data in a log that others may read: no value of the row is in its line."""
    job = desk.rows(people, person("bob"), person("ada", **values), person("cyd"))
    assert (job["Status"], job["ImportedUsers"], job["FailedUsers"]) == ("Succeeded", 2, 1)
    assert desk.lines[1].startswith("[FAILED] Line Number 3 - ")
    assert message in desk.lines[1]
    assert "ada" not in desk.lines[1]


def test_a_required_attribute_must_be_there(api: Api, desk: Desk) -> None:
    schema = [{"Name": "family_name", "AttributeDataType": "String", "Required": True}]
    pool = api.new_pool(AutoVerifiedAttributes=["email"], Schema=schema)
    desk.rows(pool, person("ada"), person("bob", family_name="B"))
    assert desk.lines[0].endswith("family_name: The attribute is required")
    assert desk.lines[1].startswith("[SUCCEEDED]")


def test_whoever_is_there_is_skipped(api: Api, desk: Desk, people: str) -> None:
    api.new_user(people, "ada")
    job = desk.rows(people, person("ada"), person("bob"), person("bob", name="another"), person("cyd"))
    assert [line.split()[0] for line in desk.lines] == ["[SKIPPED]", "[SUCCEEDED]", "[SKIPPED]", "[SUCCEEDED]"]
    assert (job["ImportedUsers"], job["SkippedUsers"]) == (2, 2)
    again = desk.rows(people, person("ada"), person("bob"))
    assert again["SkippedUsers"] == 2
    assert again["CompletionMessage"] == "Too many users have failed or been skipped during the import."
    assert again["Status"] == "Failed"


def test_users_of_a_pool_that_signs_in_by_mail_are_named_by_their_sub(api: Api, desk: Desk, mail_pool: str) -> None:
    rows = [person("Ada@example.com", email="ada@example.com"), person("ADA@example.com", email="ADA@example.com")]
    desk.rows(mail_pool, *rows, person("nobody"), person("bob@example.com", email="cyd@example.com"))
    assert [line.split()[0] for line in desk.lines] == ["[SUCCEEDED]", "[SKIPPED]", "[FAILED]", "[FAILED]"]
    user = api.stored_user(mail_pool, "ada@EXAMPLE.com")
    assert user.username == user.sub
    # No trigger runs for imported users.
    assert api.triggers.events == []


def test_an_alias_that_is_somebody_else_s_fails_the_row(api: Api, desk: Desk) -> None:
    """Attack: an import that takes the address over which somebody signs in by."""
    pool = api.new_pool(AutoVerifiedAttributes=["email"], AliasAttributes=["email", "preferred_username"])
    api.new_user(pool, "ada", email="ada@example.com", email_verified="true", preferred_username="countess")
    rows = [person("bob", email="ada@example.com"), person("cyd"), person("eve", email="cyd@example.com")]
    desk.rows(pool, *rows, person("countess"), person("dan", preferred_username="countess"))
    assert [line.partition(" - ")[2] for line in desk.lines] == [
        "An account with the given email already exists.",
        "The import succeeded.",
        "An account with the given email already exists.",
        "The user already exists.",
        "An account with the given preferred_username already exists.",
    ]
    assert api.stored_user(pool, "ada@example.com").username == "ada"


def test_who_can_sign_in_by_a_code_is_confirmed(api: Api, desk: Desk, people: str) -> None:
    def offer(config: dict[str, Any]) -> dict[str, Any]:
        policies = {**config["Policies"], "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        return {**config, "Policies": policies}

    change_pool(api, people, offer)
    desk.rows(people, person("ada"))
    assert api.stored_user(people, "ada").status == "CONFIRMED"


@pytest.mark.parametrize("mfa", ["ON", "OPTIONAL"])
def test_mfa_enabled_means_a_code_by_sms(api: Api, desk: Desk, people: str, mfa: str) -> None:
    change_pool(api, people, lambda config: {**config, "MfaConfiguration": mfa, "EnabledMfas": ["SMS_MFA"]})
    on = {"cognito:mfa_enabled": "true"}
    desk.rows(people, person("ada", phone_number="+12025550100", **on), person("bob"), person("cyd", **on))
    assert api.stored_user(people, "ada").mfa_methods == ["SMS_MFA"]
    assert api.stored_user(people, "bob").mfa_methods == []
    # Attack: a user for whom MFA was on, signed in by the password alone.
    assert desk.lines[2].startswith("[SUCCEEDED]" if mfa == "ON" else "[FAILED]")


def test_a_batch_that_is_full_goes_on_with_the_next(api: Api, desk: Desk, people: str) -> None:
    rows = [person(f"u{number}") for number in range(2_500)]
    job = desk.rows(people, *rows, person("u7"))
    assert (job["ImportedUsers"], job["SkippedUsers"]) == (2_500, 1)
    assert api.describe_pool(people)["EstimatedNumberOfUsers"] == 2_500
    assert len({api.stored_user(people, name).sub for name in ("u0", "u499", "u500", "u2499")}) == 4


def test_a_long_log_keeps_the_lines_of_rows_that_failed(api: Api, desk: Desk, people: str) -> None:
    rows = [person(f"u{number}") for number in range(7_000)]
    desk.rows(people, *rows, person("ada", email_verified="false"))
    assert len(desk.lines) == 5_002
    assert "only those of rows that failed" in desk.lines[5_000]
    assert desk.lines[5_001].startswith("[FAILED] Line Number 7002 - ")
