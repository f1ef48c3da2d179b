"""A stack as the rules look at it: its resources, the policies in them, and who gets which role.

A template and a live stack give the same: a live one is described in CloudFormation's own types and properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from localcloud.policy.lint.cognito import PREFIX
from localcloud.policy.lint.documents import policies_of
from localcloud.policy.lint.node import Node, Place
from localcloud.policy.lint.policy import Policy, Statement
from localcloud.policy.lint.text import is_known, last_name

_ROLE = "AWS::IAM::Role"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. `ref` is its physical name or id, a symbol in a template."""

    name: str
    type: str
    properties: Node
    ref: str
    place: Place


@dataclass(frozen=True, slots=True)
class Use:
    """One way by which users get a role: as the pool's default, by a rule of the pool, or as a group's."""

    kind: Literal["authenticated", "unauthenticated", "mapped", "group"]
    role: Node
    pool: str = ""


@dataclass(frozen=True)
class Role:
    """A role and what is known of it. `complete`: no policy is attached whose text is not here."""

    resource: Resource
    trust: Policy
    policies: tuple[Policy, ...]
    uses: tuple[Use, ...]
    complete: bool

    def serves(self, *kinds: str) -> bool:
        """Whether users get it in one of these ways."""
        return any(use.kind in kinds for use in self.uses)

    @property
    def is_default(self) -> bool:
        """Whether all users of a pool get it, or all guests."""
        return self.serves("authenticated", "unauthenticated")

    @cached_property
    def for_users(self) -> bool:
        """Whether users of an identity pool get it, as far as its trust policy and the stack say."""
        principals = [node for each in self.trust.statements for node in each.node.get("Principal").walk()]
        return bool(self.uses) or any(node.text.startswith(PREFIX) for node in principals)

    @property
    def statements(self) -> Iterator[Statement]:
        """What it allows and denies."""
        return (statement for policy in self.policies for statement in policy.statements)


@dataclass(frozen=True)
class Stack:
    """All resources by logical id. `template` is the document as written; a live stack has none."""

    resources: Mapping[str, Resource]
    template: Node | None = None

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these types."""
        return (resource for resource in self.resources.values() if resource.type in types)

    def named(self, text: str, *types: str) -> Resource | None:
        """The resource of these types that an ARN, an id or a name means."""
        if not text or not is_known(text):
            return None
        return next((each for each in self.of_type(*types) if last_name(each.ref) == last_name(text)), None)

    @cached_property
    def _documents(self) -> tuple[tuple[Policy, tuple[Node, ...]], ...]:
        every = self.resources.values()
        return tuple(found for each in every for found in policies_of(each.name, each.type, each.properties))

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy document."""
        return tuple(policy for policy, _ in self._documents)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Every role that the stack makes itself."""
        return tuple(self._role(resource) for resource in self.of_type(_ROLE))

    @cached_property
    def user_roles(self) -> tuple[Role, ...]:
        """The roles that users of an identity pool get."""
        return tuple(role for role in self.roles if role.for_users)

    def same_users(self, role: Role) -> list[Role]:
        """The roles whose data is the role's own users' too: a guest who signs up has had both of the pool's roles."""
        defaults = [each for each in self.user_roles if each.is_default]
        return defaults if role in defaults else [role]

    @cached_property
    def granted(self) -> tuple[Statement, ...]:
        """What roles allow and deny: all statements of policies that are for a role, or attached to one."""
        attached = {id(policy) for role in self.roles for policy in role.policies}
        grants = [each for each in self.policies if each.kind == "identity" and (each.role or id(each) in attached)]
        return tuple(statement for policy in grants for statement in policy.statements)

    def statements(self, *kinds: str) -> Iterator[Statement]:
        """The statements of all policies of these kinds."""
        return (statement for policy in self.policies if policy.kind in kinds for statement in policy.statements)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """How users get roles."""
        return tuple(self._uses())

    def _uses(self) -> Iterator[Use]:
        for attachment in self.of_type("AWS::Cognito::IdentityPoolRoleAttachment"):
            pool = attachment.properties.get("IdentityPoolId").text
            roles = attachment.properties.get("Roles")
            yield Use("authenticated", roles.get("authenticated"), pool)
            yield Use("unauthenticated", roles.get("unauthenticated"), pool)
            yield from (Use("mapped", rule.get("RoleARN"), pool) for rule in role_rules(attachment))
        for group in self.of_type("AWS::Cognito::UserPoolGroup"):
            yield Use("group", group.properties.get("RoleArn"))

    def _role(self, resource: Resource) -> Role:
        trust = Policy("trust", resource.name, resource.properties.get("AssumeRolePolicyDocument"), role=True)
        arns = resource.properties.get("ManagedPolicyArns").each()
        managed = [self.named(arn.text, "AWS::IAM::ManagedPolicy") for arn in arns]
        holders = {resource.name, *(each.name for each in managed if each)}
        held = tuple(
            policy
            for policy, roles in self._documents
            if policy.kind == "identity"
            and (policy.owner in holders or any(last_name(role.text) == last_name(resource.ref) for role in roles))
        )
        uses = tuple(use for use in self.uses if self.named(use.role.text, _ROLE) is resource)
        complete = None not in managed and all(policy.document.known for policy in held)
        return Role(resource, trust, held, uses, complete)


def role_rules(attachment: Resource) -> Iterator[Node]:
    """The rules in the role mappings of an identity pool."""
    for _, mapping in attachment.properties.get("RoleMappings").entries():
        yield from mapping.get("RulesConfiguration", "Rules").each()
