"""What the functions' roles may reach of AppDataTable, where profiles, recovery codes and cut-offs lie side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.cloudformation.test_cut_off import RESOURCES

TABLE = {"Fn::GetAtt": "AppDataTable.Arn"}
KEYS = {
    "PostConfirmationRole": ["USER#*"],
    "PreTokenGenerationRole": ["USER#*"],
    "PostAuthenticationRole": ["USER#*"],
    "CreateAuthChallengeRole": ["SIGN_IN#*"],
    "VerifyAuthChallengeResponseRole": ["SIGN_IN#*", "RECOVERY#*"],
    "AccountNoticeRole": ["NOTICE#*"],
    "CutOffRole": ["CUT_OFF"],
    "ApiRole": ["USER#*", "IDENTITY#*", "RECOVERY#*"],
}


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement about the table, with the role or policy that has it."""
    for name, resource in RESOURCES.items():
        properties = resource.get("Properties", {})
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", ()) if isinstance(policy, dict)]
        if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            documents.append(properties["PolicyDocument"])
        for entry in [entry for document in documents for entry in document["Statement"]]:
            statement = entry["Fn::If"][1] if "Fn::If" in entry else entry
            if "AppDataTable" in str(statement.get("Resource")):
                yield name, statement


def test_a_function_that_is_taken_over_reaches_its_own_items_only() -> None:
    """Attack: a mistake in one function, by which somebody plants recovery codes, or takes a cut-off back."""
    found = dict(statements())
    assert found.keys() == KEYS.keys()
    for role, statement in found.items():
        (keys,) = [value for name, value in statement["Condition"].items() if name.startswith("ForAllValues:")]
        assert keys == {"dynamodb:LeadingKeys": KEYS[role]}, role
        # ForAllValues is true of a call that names no key, such as a Scan.
        assert statement["Condition"]["Null"] == {"dynamodb:LeadingKeys": "false"}
