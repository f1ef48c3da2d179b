"""AWS::DynamoDB::Table: the engine drops point-in-time recovery."""

from __future__ import annotations

from localcloud.aws.resources import Attributes, MendedType, Properties, is_true


class Table(MendedType):
    """A table with its backups switched as the template says."""

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        if (wanted := _recovery(new)) != _recovery(old):
            specification = {"PointInTimeRecoveryEnabled": wanted}
            parameters = {"TableName": physical_id, "PointInTimeRecoverySpecification": specification}
            self._call("dynamodb", "UpdateContinuousBackups", parameters)
        return attributes


def _recovery(properties: Properties) -> bool:
    return is_true(properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False))
