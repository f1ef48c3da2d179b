"""What the deciding parts may know of deployed resources, read straight from the engine's stores."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from localcloud.aws import kms_keys, resource_policies, resource_tags
from localcloud.aws.function import Function
from localcloud.aws.function_code import FunctionCode
from localcloud.aws.records import NOTHING, Document, RoleRecord, UserRecord, document


class Catalog(ABC):
    """Reads of the engine's stores, safe on any thread. What is not there gives None or nothing.

    `identity_pool_of` (the ARN of an identity's pool) and `pool_tags` (by ARN) know what is not the engine's; whoever
    has pools sets them.
    """

    region: str
    account: str
    data_dir: Path
    identity_pool_of: Callable[[str], str] = staticmethod(lambda identity_id: "")
    pool_tags: Callable[[str], Mapping[str, str]] = staticmethod(lambda arn: {})

    @abstractmethod
    def module(self, name: str) -> Any:
        """A service module of the engine."""

    @abstractmethod
    def scope(self, region: str = "") -> contextlib.AbstractContextManager[None]:
        """Makes the engine's stores those of our account and this region (empty: the default region)."""

    def role(self, arn_or_name: str) -> RoleRecord | None:
        """The role of that name or ARN."""
        if arn_or_name.startswith("arn:") and not arn_or_name.startswith(f"arn:aws:iam::{self.account}:role/"):
            return None
        with self.scope():
            role = self.module("iam")._roles.get(arn_or_name.rsplit("/", 1)[-1])
            # A path is part of the ARN: role/a/x and role/b/x must not stand for each other.
            if role is None or (arn_or_name.startswith("arn:") and role["Arn"] != arn_or_name):
                return None
            return RoleRecord(
                name=role["RoleName"],
                arn=role["Arn"],
                role_id=role["RoleId"],
                trust_policy=document(role["AssumeRolePolicyDocument"]),
                inline_policies=_documents(role["InlinePolicies"]),
                attached_policies=self._managed(role["AttachedPolicies"]),
                permissions_boundary=self._boundary(role.get("PermissionsBoundary")),
                max_session_seconds=int(role["MaxSessionDuration"]),
                tags=_tags(role["Tags"]),
            )

    def user_by_access_key(self, access_key: str) -> UserRecord | None:
        """The user that an active access key belongs to."""
        iam = self.module("iam")
        with self.scope():
            key = iam._access_keys.get(access_key)
            user = iam._users.get(key["UserName"]) if key and key["Status"] == "Active" else None
            if key is None or user is None:
                return None
            groups = [group for group in iam._groups.values() if user["UserName"] in group["Users"]]
            inline = dict(iam._user_inline_policies.get(user["UserName"]) or {})
            for group in groups:
                policies = iam._group_inline_policies.get(group["GroupName"]) or {}
                inline |= {f"{group['GroupName']}/{name}": document for name, document in policies.items()}
            attached = [*user["AttachedPolicies"], *(arn for group in groups for arn in group["AttachedPolicies"])]
            return UserRecord(
                name=user["UserName"],
                arn=user["Arn"],
                user_id=user["UserId"],
                secret=key["SecretAccessKey"],
                inline_policies=_documents(inline),
                attached_policies=self._managed(attached),
                permissions_boundary=self._boundary(user.get("PermissionsBoundary")),
                tags=_tags(user["Tags"]),
            )

    def role_arn(self, name: str) -> str:
        """The ARN of the role of that name, with its path; of one that does not exist, as if it had none."""
        role = self.role(name)
        return f"arn:aws:iam::{self.account}:role/{name}" if role is None else role.arn

    def role_tags(self, arn: str) -> Mapping[str, str]:
        """The tags of a role; empty when it does not exist."""
        role = self.role(arn)
        return {} if role is None else role.tags

    def managed_policy(self, arn: str) -> Document | None:
        """The default version of a managed policy, AWS's own included."""
        with self.scope():
            return None if self.module("iam")._lookup_policy(arn) is None else self._managed_document(arn)

    def resource_policy(self, arn: str) -> Document | None:
        """The policy that a resource of our account carries; None for one that has none."""
        return resource_policies.find(self, arn)

    def resource_tags(self, arn: str) -> Mapping[str, str]:
        """The tags of a resource of our account that `aws:ResourceTag/…` asks for; empty when there is none."""
        return resource_tags.find(self, arn)

    def key_schema(self, table: str, index: str | None = None) -> tuple[str, ...]:
        """Key attribute names of the table of an ARN, or of its index, partition key first; empty if there is none.

        An index whose partition key is several attributes has no leading key, and gives nothing.
        """
        with self.scope(table.split(":")[3]):
            found = self.module("dynamodb")._tables.get(table.rpartition("/")[2])
        if found is not None and index is not None:
            indexes = [*(found["GlobalSecondaryIndexes"] or ()), *(found["LocalSecondaryIndexes"] or ())]
            found = next((candidate for candidate in indexes if candidate["IndexName"] == index), None)
        keys = sorted(found["KeySchema"], key=lambda key: key["KeyType"] != "HASH") if found else []
        if sum(key["KeyType"] == "HASH" for key in keys) > 1:
            return ()
        return tuple(key["AttributeName"] for key in keys)

    def key_arn(self, region: str, reference: str) -> str:
        """The ARN of a KMS key, from its id, ARN, alias or alias ARN; empty when there is none."""
        with self.scope(region):
            key = kms_keys.find(self.module("kms"), reference)
        return "" if key is None else str(key["Arn"])

    def ciphertext_key_arn(self, region: str, ciphertext: bytes) -> str:
        """The ARN of the KMS key that a ciphertext was made with; empty when it is no ciphertext of ours."""
        with self.scope(region):
            key = kms_keys.find_by_ciphertext(self.module("kms"), ciphertext)
        return "" if key is None else str(key["Arn"])

    def key_properties(self, arn: str) -> Mapping[str, str | Sequence[str]]:
        """What conditions may ask of a KMS key itself, by the name after `kms:`; empty when there is none."""
        with self.scope(arn.split(":")[3]):
            kms = self.module("kms")
            key = kms_keys.find(kms, arn)
            return {} if key is None else kms_keys.properties(kms, key)

    def iterator_stream_arn(self, service: str, region: str, iterator: str) -> str:
        """The ARN of the stream that a shard iterator of `kinesis` or `dynamodbstreams` reads; empty if it is none."""
        with self.scope(region):
            if service == "kinesis":
                state = self.module("kinesis")._shard_iterators.get(iterator)
                return "" if state is None else f"arn:aws:kinesis:{region}:{self.account}:stream/{state['stream']}"
            state = self.module("dynamodb_streams")._decode_iterator(iterator)
        own = f"arn:aws:dynamodb:{region}:{self.account}:table/"
        # Anyone can write such an iterator; the engine reads the table that it names, whatever the ARN beside it says.
        stream, table = (str(state.get("arn")), str(state["t"])) if state else ("", "")
        return stream if stream.startswith(f"{own}{table}/stream/") else ""

    def secret_arn(self, region: str, reference: str) -> str:
        """The ARN of a secret, from its name, its ARN or the beginning of its ARN; empty when there is none."""
        with self.scope(region):
            _, secret = self.module("secretsmanager")._resolve(reference)
        return "" if secret is None else str(secret["ARN"])

    def mail_identity(self, region: str, address: str) -> str:
        """The verified identity that mail from an address is sent as: the address, or its nearest domain; or empty."""
        with self.scope(region):
            names = {*self.module("ses")._identities, *self.module("ses_v2")._identities}
        labels = address.rpartition("@")[2].lower().split(".")
        parents = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        domains = {name.lower(): name for name in names if "@" not in name}
        nearest = next((domains[parent] for parent in parents if parent in domains), "")
        return address if address in names else nearest

    def object_tags(self, bucket: str, key: str, version_id: str | None = None) -> Mapping[str, str]:
        """Tags of a stored object; empty when there is none."""
        s3 = self.module("s3")
        with self.scope():
            stored = s3._buckets.get(bucket)
            if stored is None:
                return {}
            # In a versioned bucket the tags belong to a version; none named means the latest.
            version = s3._resolve_subresource_version({"versionId": [version_id]} if version_id else {}, stored, key)
            return dict(s3._object_tags.get((bucket, key, version)) or {})

    def function(self, reference: str) -> Function | None:
        """The function of a name, `name:alias` or ARN: at an alias, the version that it points to."""
        functions = self.module("lambda_svc")
        region = reference.split(":")[3] if reference.startswith("arn:") else self.region
        with self.scope(region):
            record, config, _ = functions._get_func_record_for_ref(reference)
            if record is None or config is None:
                return None
            name, qualifier = functions._resolve_name_and_qualifier(reference)
            arn = functions._policy_resource_arn(name, qualifier)
        return self.runnable(record, config, arn)

    def runnable(self, record: Mapping[str, Any], config: Mapping[str, Any], arn: str) -> Function:
        """What the runner needs of the engine's record of one version. `arn` is what it was invoked by."""
        code = FunctionCode.read(record["code_zip"])
        return Function(
            name=config["FunctionName"],
            arn=arn,
            handler=config["Handler"],
            timeout=float(config["Timeout"]),
            memory_mb=int(config["MemorySize"]),
            role_arn=config["Role"],
            environment=dict((config.get("Environment") or {}).get("Variables") or {}),
            package=code.folder or code.unpack(self.data_dir / "functions"),
            log_group=config["LoggingConfig"].get("LogGroup") or f"/aws/lambda/{config['FunctionName']}",
            version=config["Version"],
            runtime=config["Runtime"],
        )

    def _managed(self, arns: Iterable[str]) -> dict[str, Document]:
        return {arn: self._managed_document(arn) for arn in arns}

    def _managed_document(self, arn: str) -> Document:
        policy = self.module("iam")._lookup_policy(arn)
        return NOTHING if policy is None else document(policy["Versions"][policy["DefaultVersionId"]]["Document"])

    def _boundary(self, arn: str | None) -> Document | None:
        return self._managed_document(arn) if arn else None


def _documents(texts: Mapping[str, Any]) -> dict[str, Document]:
    return {name: document(text) for name, text in texts.items()}


def _tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
