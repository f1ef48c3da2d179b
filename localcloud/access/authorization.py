"""Whether IAM lets a call through: each action that the request stands for is decided, none is waved through."""

from __future__ import annotations

from collections.abc import Sequence

from localcloud.access.assume_role import trust_policy
from localcloud.access.callers import Caller, resource_policy
from localcloud.access.refusals import Finding, RefusedError, find
from localcloud.access.request_context import request_keys
from localcloud.aws.engine import Engine
from localcloud.aws.function import Function
from localcloud.aws.records import NOTHING
from localcloud.clock import Clock
from localcloud.iam import actions
from localcloud.iam.actions import Call, Check
from localcloud.iam.evaluator import Policies, decide, is_about_assuming
from localcloud.iam.policy import Policy
from localcloud.iam.request import Principal, Request
from localcloud.wire.protocol import QUERY_SERVICES


class Authorizer:
    """Decides calls by the policies that the engine keeps. With `enforce` off, everything is allowed."""

    def __init__(self, engine: Engine, clock: Clock, *, enforce: bool = True) -> None:
        self._engine = engine
        self._clock = clock
        self.enforce = enforce

    def authorize(self, caller: Caller, call: Call) -> list[Finding]:
        """What IAM finds for each thing that the call asks for. Raises RefusedError unless it allows them all.

        Of a call whose parts count singly, refused parts are findings among the others.
        """
        if not self.enforce:
            return []
        checks = actions.checks(call, self._engine)
        if not checks:
            # The root may do what has no mapping yet; anyone else is denied by name.
            if caller.is_root:
                return []
            wanted = f"{call.service}:{call.operation or 'this request'}"
            raise denied(call.service, f"The local cloud does not know which permission {wanted} needs.")
        findings: list[Finding] = []
        for check in checks:
            finding = self.find(caller, call, check)
            findings.append(finding)
            if not (finding.decision.allowed or check.part):
                raise denied(call.service, finding.decision.message, findings)
        return findings

    def find(self, caller: Caller, call: Call, check: Check) -> Finding:
        """What IAM finds for one thing that a call asks for."""
        policies = caller.policies(self._resource_policy(check.resource), self._trust(check))
        context = request_keys(call.source_ip, call.region, call.headers, self._clock.now())
        tags = self._resource_tags(check.resource) if policies.ask_for_tags else {}
        request = Request(
            principal=caller.principal,
            action=check.action,
            resource=check.resource,
            resource_account=call.account,
            context={**context, **caller.context, **tags, **check.context},
        )
        return find(request, policies, check.part)

    def may_invoke(self, function: Function, service: str, source_arn: str) -> bool:
        """Whether a function's own policy lets an AWS service call it from that source."""
        return self.lets(service, "lambda:InvokeFunction", function.arn, source_arn)

    def lets(self, service: str, action: str, resource: str, source_arn: str) -> bool:
        """Whether a resource's own policy lets an AWS service do something to it on behalf of that source."""
        policy = self._resource_policy(resource)
        context = {"aws:SourceArn": source_arn, "aws:SourceAccount": self._engine.account}
        request = Request(Principal("Service", service), action, resource, context=context)
        return policy is not None and decide(request, Policies(resource=policy)).allowed

    def _trust(self, check: Check) -> Policy | None:
        """The trust policy of the role that is to be assumed; of a role that is not there, one that trusts nobody."""
        if not is_about_assuming(check.action.lower(), check.resource):
            return None
        role = self._engine.role(check.resource)
        return trust_policy(role.trust_policy if role else NOTHING, check.resource)

    def _resource_tags(self, resource: str) -> dict[str, str]:
        return {f"aws:ResourceTag/{key}": value for key, value in self._engine.resource_tags(resource).items()}

    def _resource_policy(self, resource: str) -> Policy | None:
        return resource_policy(self._engine.resource_policy(resource), resource)


def denied(service: str, message: str, findings: Sequence[Finding] = ()) -> RefusedError:
    """A refusal in the words of the service's protocol."""
    if service == "s3" or service in QUERY_SERVICES:
        return RefusedError("AccessDenied", message, 403, findings)
    status = 403 if service in ("lambda", "apigatewayv2", "sesv2") else 400
    return RefusedError("AccessDeniedException", message, status, findings)
