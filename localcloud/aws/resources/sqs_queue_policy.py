"""AWS::SQS::QueuePolicy: the engine passes over a queue that is not there."""

from __future__ import annotations

from localcloud.aws.resources import Attributes, MendedType, Properties


class QueuePolicy(MendedType):
    """A policy on queues. Raises AwsError for a queue that is not there."""

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        for url in new["Queues"]:
            self._call("sqs", "GetQueueAttributes", {"QueueUrl": url})
        return attributes
