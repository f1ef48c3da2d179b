"""The engine does what was authorised and nothing else; each seam that holds it is there, in the pinned version."""

from __future__ import annotations

import ast
import importlib
import json
import logging
import sys
import threading
import tomllib
from typing import Any

import pytest

from localcloud.aws import engine
from localcloud.aws.seams import EngineError, Seams, is_loaded
from localcloud.aws.services import SERVICES
from localcloud.errors import AwsError
from tests.localcloud.aws.local_engine import ACCOUNT, ROOT, LocalEngine


@pytest.fixture(scope="module", autouse=True)
def buckets(local: LocalEngine) -> None:
    for name in ("mine", "theirs"):
        local.call("s3", "CreateBucket", Bucket=name)
    local.call("s3", "PutObject", Bucket="theirs", Key="secret", Body=b"theirs")


# ------------------------------------------------------------------------------------------------ the pinned engine


def test_the_engine_is_pinned_to_the_version_that_the_seams_are_known_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"ministack=={engine.VERSION}" in project["optional-dependencies"]["local"]


def test_another_version_is_refused(local: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_running", False)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "1.6.0")
    with pytest.raises(EngineError, match=r"ministack 1\.6\.0 is installed"):
        local.wait(local.engine.start())


def test_one_file_imports_the_engine() -> None:
    importers = set()
    for path in [path for name in ("localcloud", "auth", "api", "triggers") for path in (ROOT / name).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                names.append(ast.unparse(node.args[0]).strip("f'\""))
            importers |= {path.name for name in names if name.split(".")[0] == "ministack"}
    assert importers == {"engine.py"}


SEAMS = [
    *("app._MAIN_LOOP", "core.iam_evaluator.enforce", "core.responses.request_scope"),
    *("core.responses.fix_error_content_type", "core.responses.fix_success_content_type"),
    *("core.persistence._json_default", "core.persistence._json_object_hook"),
    *("services.lambda_svc._execute_function_dispatch", "services.lambda_svc._fetch_code_from_s3"),
    *("services.lambda_svc.lambda_execute_result_to_api_proxy_response", "services.lambda_svc.CODE_BLOB_DIR"),
    *("services.lambda_svc._get_func_record_for_ref", "services.lambda_svc._resolve_name_and_qualifier"),
    *("services.lambda_svc._policy_resource_arn", "services.lambda_svc._functions"),
    *("services.apigateway._validate_jwt_authorizer", "services.apigateway.handle_execute"),
    "services.apigateway._iam_caller_identity_v2",
    *("services.apigateway._match_route", "services.apigateway.stages_for_api", "services.apigateway._integrations"),
    *("services.apigateway.decode_http_api_path", "services.apigateway._extract_lambda_ref_from_integration_uri"),
    *("services.s3.DATA_DIR", "services.s3.S3_PERSIST", "services.s3._load_persisted_data", "services.s3._buckets"),
    *("services.s3._persist_object", "services.s3._atomic_write"),
    *("services.s3.cors_preflight", "services.s3.cors_response_headers", "services.s3.format_head_response"),
    *("services.s3._bucket_policies", "services.s3._object_tags", "services.s3._resolve_subresource_version"),
    *("services.iam._roles", "services.iam._users", "services.iam._access_keys", "services.iam._lookup_policy"),
    *("services.iam._groups", "services.iam._user_inline_policies", "services.iam._group_inline_policies"),
    *("services.dynamodb._tables", "services.dynamodb._resource_policies"),
    *("services.dynamodb._remove_item", "services.dynamodb._ttl_settings", "services.dynamodb._ttl_reaper"),
    *("services.kms._resolve_key", "services.kms._aliases", "services.kms._grants", "services.sns._topics"),
    *("services.sqs._queue_by_arn", "services.kinesis._resource_policies", "services.kinesis._shard_iterators"),
    *("services.secretsmanager._resolve", "services.secretsmanager._resource_policies"),
    *("services.dynamodb_streams._decode_iterator", "services.ses._identities", "services.ses_v2._identities"),
    "services.ses._sent_emails_list",
    *("services.eventbridge._invoke_target", "services.eventbridge._dispatch_to_lambda"),
    *("services.eventbridge._dispatch_event", "services.eventbridge._rules"),
    *("services.cloudwatch_logs._log_groups", "services.cloudwatch_logs._append_log_events"),
    *("services.cloudformation.provisioners._RESOURCE_HANDLERS", "services.cloudformation.stacks._add_event"),
    *("services.cloudformation.stacks._runs_on_worker_thread", "services.cloudformation.stacks._stack_region_context"),
    *("services.cloudformation.handlers._create_stack_task_in_region",),
    *("services.cloudformation.handlers.validate_template_support",),
    *("services.cloudformation.changesets._create_stack_task_in_region",),
    *("services.cloudformation.changesets.validate_template_support",),
    *("services.cloudformation.provisioners._STACK_TAG_PROPERTY",),
    "services.cloudformation.helpers.TEMPLATE_BODY_MAX_BYTES",
]


@pytest.mark.parametrize("seam", SEAMS)
def test_the_engine_has_each_seam(local: LocalEngine, seam: str) -> None:
    module, _, name = seam.rpartition(".")
    assert hasattr(importlib.import_module(f"ministack.{module}"), name)


def test_a_seam_that_is_gone_says_so() -> None:
    with pytest.raises(EngineError, match=r"no logging\.nothing; its version must be the pinned one"):
        Seams().replace(logging, "nothing", None)


def test_seams_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "probe", 1, raising=False)
    seams, table = Seams(), {"a": 1}
    seams.replace(logging, "probe", 2)
    seams.replace(logging, "probe", 3)
    seams.refill(table, {"b": 2})
    assert (logging.probe, table) == (3, {"b": 2})  # type: ignore[attr-defined]
    seams.restore()
    assert (logging.probe, table) == (1, {"a": 1})  # type: ignore[attr-defined]


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_answers(local: LocalEngine, service: str) -> None:
    module = local.engine.module(SERVICES[service].module)
    assert callable(module.handle_request)
    assert callable(module.reset)


def test_nothing_that_is_not_needed_runs(local: LocalEngine) -> None:
    for name in ("cognito", "iot", "rds", "ec2", "transfer"):
        assert not is_loaded(f"ministack.services.{name}"), name
    assert "docker" not in sys.modules
    # MQTT on 8883 and the schedulers of EventBridge would be threads or tasks by these names.
    assert not [thread.name for thread in threading.enumerate() if "scheduler" in thread.name or "mqtt" in thread.name]


def test_logging_is_left_alone(local: LocalEngine) -> None:
    root = logging.getLogger()
    assert not [handler for handler in root.handlers if type(handler) is logging.StreamHandler]
    assert root.level >= logging.WARNING


# ------------------------------------------------------------------------------------------- exactly what was decided


def test_a_service_that_the_local_cloud_does_not_have_is_refused_by_name(local: LocalEngine) -> None:
    with pytest.raises(AwsError, match="ec2 DescribeInstances is not supported by the local cloud") as raised:
        local.perform("ec2", "DescribeInstances")
    assert (raised.value.code, raised.value.status) == ("NotImplemented", 501)


def test_attack_another_operation_in_the_target_header(local: LocalEngine) -> None:
    headers = {"x-amz-target": "DynamoDB_20120810.CreateTable", "content-type": "application/x-amz-json-1.0"}
    reply = local.perform("dynamodb", "ListTables", headers=headers, body=b"{}")
    assert b"TableNames" in reply.body
    reply = local.perform("s3", "GetObject", method="GET", path="/theirs/secret", headers=headers)
    assert reply.body == b"theirs"


@pytest.mark.parametrize(
    "body", [b"Action=ListUsers&Action=DeleteUser", b"Action=DeleteUser", b"", b"Action=ListUsers&A=1&A=2"]
)
def test_attack_another_action_in_the_form(local: LocalEngine, body: bytes) -> None:
    with pytest.raises(AwsError, match="parameter twice"):
        local.perform("iam", "ListUsers", body=body)


@pytest.mark.parametrize("place", ["headers", "query"])
def test_attack_an_upload_that_copies_what_belongs_to_another(local: LocalEngine, place: str) -> None:
    source = (
        {"x-amz-copy-source": "/theirs/secret"} if place == "headers" else {"x-amz-copy-source": ["/theirs/secret"]}
    )
    local.perform("s3", "PutObject", method="PUT", path="/mine/copy", body=b"mine", **{place: source})
    assert local.perform("s3", "GetObject", method="GET", path="/mine/copy").body == b"mine"


def test_attack_an_upload_that_sets_something_else(local: LocalEngine) -> None:
    policy = b'{"Version": "2012-10-17", "Statement": []}'
    local.perform("s3", "PutObject", method="PUT", path="/mine/policy", query={"policy": [""]}, body=policy)
    assert local.engine.resource_policy("arn:aws:s3:::mine") is None
    assert local.perform("s3", "GetObject", method="GET", path="/mine/policy").body == policy


def test_attack_a_key_that_names_another_account(local: LocalEngine) -> None:
    headers = {"authorization": "AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/iam/aws4_request"}
    reply = local.perform("iam", "ListUsers", headers=headers, body=b"Action=ListUsers")
    assert reply.status == 200
    local.call("iam", "CreateUser", UserName="ours")
    reply = local.perform("iam", "ListUsers", headers=headers, body=b"Action=ListUsers")
    assert f"arn:aws:iam::{ACCOUNT}:user/ours".encode() in reply.body


def test_a_request_signed_in_its_url_is_taken_as_decided(local: LocalEngine) -> None:
    query = {"X-Amz-Signature": ["0"], "X-Amz-Credential": ["ASIAOTHER/20260101/us-east-1/s3/aws4_request"]}
    query |= {"X-Amz-Algorithm": ["AWS4-HMAC-SHA256"], "X-Amz-Date": ["20200101T000000Z"], "X-Amz-Expires": ["1"]}
    assert local.perform("s3", "GetObject", method="GET", path="/theirs/secret", query=query).body == b"theirs"


def test_regions_do_not_mix(local: LocalEngine) -> None:
    local.call("sqs", "CreateQueue", region="eu-west-1", QueueName="far")
    assert not local.call("sqs", "ListQueues").get("QueueUrls")
    assert len(local.call("sqs", "ListQueues", region="eu-west-1")["QueueUrls"]) == 1


def test_the_engine_itself_denies_nothing(local: LocalEngine) -> None:
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::theirs/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
    local.call("s3", "PutBucketPolicy", Bucket="theirs", Policy=policy)
    assert local.perform("s3", "GetObject", method="GET", path="/theirs/secret").body == b"theirs"
    local.call("s3", "DeleteBucketPolicy", Bucket="theirs")


def test_errors_keep_their_code_and_shape(local: LocalEngine) -> None:
    with pytest.raises(AwsError) as raised:
        local.call("dynamodb", "DescribeTable", TableName="nothing")
    assert raised.value.code == "ResourceNotFoundException"
    with pytest.raises(AwsError) as raised:
        local.call("s3", "GetObject", Bucket="mine", Key="nothing")
    assert (raised.value.code, raised.value.status) == ("NoSuchKey", 404)


def test_a_head_request_has_a_length_and_no_body(local: LocalEngine) -> None:
    reply = local.perform("s3", "HeadObject", method="HEAD", path="/theirs/secret")
    assert (reply.status, reply.body) == (200, b"")
    assert {name.lower(): value for name, value in reply.headers}["content-length"] == "6"


def test_browsers_are_told_what_the_bucket_allows(local: LocalEngine) -> None:
    rule = {"AllowedOrigins": ["http://localhost:3000"], "AllowedMethods": ["PUT"]}
    local.call("s3", "PutBucketCors", Bucket="mine", CORSConfiguration={"CORSRules": [rule]})
    asks = {"access-control-request-method": "PUT"}
    allowed = local.engine.preflight("/mine/a", {"origin": "http://localhost:3000", **asks})
    assert allowed.status == 200
    assert dict(allowed.headers)["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert local.engine.preflight("/mine/a", {"origin": "http://evil.example", **asks}).status == 403
    put: dict[str, Any] = {"method": "PUT", "path": "/mine/a", "body": b"x"}
    reply = local.perform("s3", "PutObject", headers={"origin": "http://localhost:3000"}, **put)
    assert dict(reply.headers)["Access-Control-Allow-Origin"] == "http://localhost:3000"
    reply = local.perform("s3", "PutObject", headers={"origin": "http://evil.example"}, **put)
    assert "Access-Control-Allow-Origin" not in dict(reply.headers)
