"""AWS::IAM::ManagedPolicy: the engine passes over a role that is not there."""

from __future__ import annotations

from localcloud.aws.resources import Attributes, MendedType, Properties


class ManagedPolicy(MendedType):
    """A managed policy that is attached to each role it names. Raises AwsError NoSuchEntity for a missing one."""

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        for role in new.get("Roles", ()):
            self._call("iam", "GetRole", {"RoleName": role})
        return attributes
