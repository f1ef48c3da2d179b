"""AWS::DynamoDB::Table: the engine drops point-in-time recovery and time to live."""

from __future__ import annotations

from localcloud.aws.resources import Attributes, MendedType, Properties, is_true


class Table(MendedType):
    """A table with its backups, and the end of its items, as the template says."""

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        if (wanted := _recovery(new)) != _recovery(old):
            specification = {"PointInTimeRecoveryEnabled": wanted}
            parameters = {"TableName": physical_id, "PointInTimeRecoverySpecification": specification}
            self._call("dynamodb", "UpdateContinuousBackups", parameters)
        if (attribute := _time_to_live(new)) != (before := _time_to_live(old)):
            if attribute and before:
                # As on AWS: items would otherwise go by an attribute that meant something else until now.
                raise ValueError("TimeToLiveSpecification: disable it before you name another attribute")
            switched = {"AttributeName": attribute or before, "Enabled": bool(attribute)}
            self._call("dynamodb", "UpdateTimeToLive", {"TableName": physical_id, "TimeToLiveSpecification": switched})
        return attributes


def _recovery(properties: Properties) -> bool:
    return is_true(properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False))


def _time_to_live(properties: Properties) -> str:
    """The attribute by which items end, or nothing."""
    specification = properties.get("TimeToLiveSpecification", {})
    return str(specification["AttributeName"]) if is_true(specification.get("Enabled", False)) else ""
