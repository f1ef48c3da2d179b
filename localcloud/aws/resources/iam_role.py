"""AWS::IAM::Role: the engine drops the permissions boundary, and attaches policies that are not there."""

from __future__ import annotations

from localcloud.aws.resources import Attributes, MendedType, Properties


class Role(MendedType):
    """A role with its boundary put through IAM's API. Raises AwsError NoSuchEntity for a policy that is not there."""

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        for arn in (*new.get("ManagedPolicyArns", ()), *_boundary(new)):
            self._call("iam", "GetPolicy", {"PolicyArn": arn})
        for arn in _boundary(new):
            self._call("iam", "PutRolePermissionsBoundary", {"RoleName": physical_id, "PermissionsBoundary": arn})
        if _boundary(old) and not _boundary(new):
            self._call("iam", "DeleteRolePermissionsBoundary", {"RoleName": physical_id})
        return attributes


def _boundary(properties: Properties) -> list[str]:
    return [properties["PermissionsBoundary"]] if "PermissionsBoundary" in properties else []
