"""What the deciding parts may know of deployed resources, read straight from the engine's stores."""

from __future__ import annotations

import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from localcloud.aws.function import Function
from localcloud.aws.function_code import FunctionCode
from localcloud.aws.records import NOTHING, Document, FunctionRecord, RoleRecord, SessionRecord, UserRecord


class Catalog(ABC):
    """Reads of the engine's stores, safe on any thread. What is not there gives None or nothing."""

    region: str
    account: str
    data_dir: Path

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
                trust_policy=_document(role["AssumeRolePolicyDocument"]),
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

    def session(self, access_key: str) -> SessionRecord | None:
        """The role session of a temporary access key, expired or not."""
        session = self.module("sts")._sessions.get(access_key)
        # Anything else has no role to decide by.
        if session is None or session["PrincipalType"] != "AssumedRole":
            return None
        policies = session.get("SessionPolicies") or {}
        own = [_document(policies["Policy"])] if policies.get("Policy") else []
        with self.scope():
            managed = self._managed(policies.get("PolicyArns") or ())
        return SessionRecord(
            arn=session["Arn"],
            role_name=session["Arn"].split("/")[-2],
            user_id=session["UserId"],
            secret=session["SecretAccessKey"],
            token=session["SessionToken"],
            expires_at=float(session["Expiration"]),
            policies=(*own, *managed.values()),
            tags=_tags(session.get("SessionTags") or ()),
        )

    def bucket_policy(self, bucket: str) -> Document | None:
        """The policy of a bucket."""
        with self.scope():
            text = self.module("s3")._bucket_policies.get(bucket)
        return None if text is None else _document(text)

    def table_policy(self, table: str) -> Document | None:
        """The resource policy of a table."""
        with self.scope():
            entry = self.module("dynamodb")._resource_policies.get(f"{self._table_prefix()}{table}")
        return None if entry is None else _document(entry["Policy"])

    def key_schema(self, table: str, index: str | None = None) -> tuple[str, ...]:
        """Key attribute names of a table or index, partition key first; empty when it does not exist."""
        with self.scope():
            found = self.module("dynamodb")._tables.get(table.removeprefix(self._table_prefix()))
        if found is not None and index is not None:
            indexes = [*(found["GlobalSecondaryIndexes"] or ()), *(found["LocalSecondaryIndexes"] or ())]
            found = next((candidate for candidate in indexes if candidate["IndexName"] == index), None)
        keys = sorted(found["KeySchema"], key=lambda key: key["KeyType"] != "HASH") if found else ()
        return tuple(key["AttributeName"] for key in keys)

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

    def function(self, reference: str) -> FunctionRecord | None:
        """The function of a name, `name:alias` or ARN: at an alias, the version that it points to."""
        functions = self.module("lambda_svc")
        region = reference.split(":")[3] if reference.startswith("arn:") else self.region
        with self.scope(region):
            record, config, _ = functions._get_func_record_for_ref(reference)
            if record is None or config is None:
                return None
            name, qualifier = functions._resolve_name_and_qualifier(reference)
            arn = functions._policy_resource_arn(name, qualifier)
            statements = functions._functions[name]["policy"]["Statement"]
        # As on AWS, a permission given on an alias says nothing about the bare function, nor the other way round.
        mine = [statement for statement in statements if statement["Resource"] == arn]
        policy = {"Version": "2012-10-17", "Statement": mine} if mine else None
        return FunctionRecord(self.runnable(record, config, arn), policy)

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

    def _table_prefix(self) -> str:
        return f"arn:aws:dynamodb:{self.region}:{self.account}:table/"

    def _managed(self, arns: Iterable[str]) -> dict[str, Document]:
        return {arn: self._managed_document(arn) for arn in arns}

    def _managed_document(self, arn: str) -> Document:
        policy = self.module("iam")._lookup_policy(arn)
        return NOTHING if policy is None else _document(policy["Versions"][policy["DefaultVersionId"]]["Document"])

    def _boundary(self, arn: str | None) -> Document | None:
        return self._managed_document(arn) if arn else None


def _document(text: Any) -> Document:
    document = text if isinstance(text, dict) else _parsed(text)
    return document if isinstance(document, dict) else NOTHING


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _documents(texts: Mapping[str, Any]) -> dict[str, Document]:
    return {name: _document(text) for name, text in texts.items()}


def _tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
