"""Pages of version 2 need a style for each client.

https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
"""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "app clients with OAuth flows and no style, in a user pool whose domain has `ManagedLoginVersion: 2`",
    "Managed login of version 2 shows an error page to a client without a style: nobody signs in there.",
    "Add an `AWS::Cognito::ManagedLoginBranding` for the client; `UseCognitoProvidedValues: true` takes Cognito's own.",
)
_CLIENT = "AWS::Cognito::UserPoolClient"


def check(stack: Stack) -> Iterator[Finding]:
    """Find clients whose users are sent to a page that is not there."""
    styles = [style.properties.get("ClientId") for style in stack.of_type("AWS::Cognito::ManagedLoginBranding")]
    if not all(style.known for style in styles):
        return
    styled = [stack.named(style.text, _CLIENT) for style in styles]
    domains = [domain.properties for domain in stack.of_type("AWS::Cognito::UserPoolDomain")]
    pools = [domain.get("UserPoolId") for domain in domains if domain.get("ManagedLoginVersion").text == "2"]
    ids = {pool.text for pool in pools if pool.known}
    for client in stack.of_type(_CLIENT):
        flows = client.properties.get("AllowedOAuthFlowsUserPoolClient")
        if flows.is_true and client.properties.get("UserPoolId").text in ids and client not in styled:
            yield RULE.found(flows, client.name)
