"""Users from a CSV file, over the socket: header, job, upload by plain HTTP, run, log, and the first sign-ins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from auth.errors import NotAuthorized, PasswordResetRequired
from tests.journeys.importing import LOGS, finish, make_csv, make_role, read_log, run_import, upload
from tests.journeys.people import PASSWORD, client, root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud

ADA = {"cognito:username": "ada@example.com", "email": "ada@example.com", "email_verified": "TRUE", "name": "Ada, L"}
BOB = {"cognito:username": "bob@example.com", "email": "bob@example.com", "email_verified": "true"}
BAD = {"cognito:username": "cyd@example.com", "email": "cyd@example.com", "email_verified": "false"}


@pytest.fixture(scope="module")
def role(cloud: LocalCloud) -> str:
    return make_role(cloud)


@pytest.fixture
def pool(cloud: LocalCloud) -> Pool:
    return Pool.make(cloud)


@pytest.fixture
def root(cloud: LocalCloud) -> Any:
    return root_client(cloud, "cognito-idp")


def header_of(root: Any, pool: Pool) -> list[str]:
    header: list[str] = root.get_csv_header(UserPoolId=pool.id)["CSVHeader"]
    return header


def test_a_file_becomes_users(cloud: LocalCloud, root: Any, pool: Pool, role: str) -> None:
    job = run_import(root, pool.id, make_csv(header_of(root, pool), ADA, BOB, BAD, BOB), role)
    counts = {name: job[name] for name in ("ImportedUsers", "SkippedUsers", "FailedUsers")}
    assert counts == {"ImportedUsers": 2, "SkippedUsers": 1, "FailedUsers": 1}
    assert (job["Status"], job["CompletionMessage"]) == ("Succeeded", "Import Job Completed Successfully.")
    ada = root.admin_get_user(UserPoolId=pool.id, Username="ada@example.com")
    assert {"Name": "name", "Value": "Ada, L"} in ada["UserAttributes"]
    assert ada["UserStatus"] == "RESET_REQUIRED"
    assert read_log(cloud, pool.id, job) == [
        "[SUCCEEDED] Line Number 2 - The import succeeded.",
        "[SUCCEEDED] Line Number 3 - The import succeeded.",
        "[FAILED] Line Number 4 - The User Record does not set any of the auto verified attributes to true."
        " (Example: email_verified to true).",
        "[SKIPPED] Line Number 5 - The user already exists.",
    ]


def test_an_imported_user_chooses_a_password_by_mail(root: Any, pool: Pool, role: str) -> None:
    run_import(root, pool.id, make_csv(header_of(root, pool), ADA), role)
    ada = pool.person("ada@example.com")
    with pytest.raises((NotAuthorized, PasswordResetRequired)):
        ada.client.sign_in(ada.email, PASSWORD)
    ada.client.forgot_password(ada.email)
    ada.client.confirm_forgot_password(ada.email, ada.cloud.code(ada.email), PASSWORD)
    assert ada.sign_in().tokens


def test_an_imported_password_works_at_once_and_by_srp_from_then_on(root: Any, pool: Pool, role: str) -> None:
    made = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    data = make_csv([*header_of(root, pool), "password_hash"], {**ADA, "password_hash": made})
    assert run_import(root, pool.id, data, role, PasswordHashingAlgorithm="BCRYPT")["ImportedUsers"] == 1
    asked = {"ClientId": pool.client_id, "AuthFlow": "USER_PASSWORD_AUTH"}
    login = {"USERNAME": "ada@example.com", "PASSWORD": PASSWORD}
    ada = pool.person("ada@example.com")
    with pytest.raises(NotAuthorized):
        ada.client.sign_in(ada.email, PASSWORD)  # SRP: there is no verifier yet
    assert code_of(root.initiate_auth, **asked, AuthParameters={**login, "PASSWORD": "Wrong-Horse-7"}) == (
        "NotAuthorizedException"
    )
    assert "AuthenticationResult" in root.initiate_auth(**asked, AuthParameters=login)
    assert ada.sign_in().tokens


def test_the_url_takes_one_job_s_file_with_its_header_only(root: Any, pool: Pool, role: str) -> None:
    """Attack: a file in the place of the one that an administrator is about to import."""
    jobs = [
        root.create_user_import_job(JobName="one", UserPoolId=pool.id, CloudWatchLogsRoleArn=role)["UserImportJob"]
        for _ in range(2)
    ]
    url, other = (job["PreSignedUrl"] for job in jobs)
    assert upload(url, b"x", {})[0] == 403
    assert upload(url, b"x", {"x-amz-server-side-encryption": "AES256"})[0] == 403
    assert upload(url.split("?")[0], b"x")[0] == 403
    assert upload(url.replace(jobs[0]["JobId"], jobs[1]["JobId"]), b"x")[0] == 403
    assert upload(f"{url.split('?')[0]}?{other.split('?')[1]}", b"x")[0] == 403
    unmet = refusal(root.start_user_import_job, UserPoolId=pool.id, JobId=jobs[0]["JobId"])
    assert unmet == ("PreconditionNotMetException", f"No csv file was uploaded for {jobs[0]['JobId']}")
    assert upload(url, b"x")[0] == 200


@pytest.mark.parametrize("actions", [LOGS[:1], LOGS[:3]])
def test_a_role_that_may_not_write_the_log_fails_the_job(
    cloud: LocalCloud, root: Any, pool: Pool, actions: tuple[str, ...]
) -> None:
    """Attack: a job that writes where the role that it names may not."""
    job = run_import(root, pool.id, make_csv(header_of(root, pool), ADA), make_role(cloud, actions))
    assert (job["Status"], job["ImportedUsers"]) == ("Failed", 0)
    assert job["CompletionMessage"] == "The CloudWatch Logs role cannot be assumed, or does not let Cognito write."
    status, explained = cloud.get(f"explain?request={job['JobId']}")
    assert status == 200
    assert "logs:" in json.dumps(explained)


def test_a_role_that_does_not_trust_cognito_fails_the_job(cloud: LocalCloud, root: Any, pool: Pool) -> None:
    """Attack: any role of the account in Cognito's hands, because an administrator of pools names it."""
    data = make_csv(header_of(root, pool), ADA)
    assert run_import(root, pool.id, data, make_role(cloud, trusted="lambda.amazonaws.com"))["Status"] == "Failed"
    missing = "arn:aws:iam::000000000000:role/nobody"
    assert run_import(root, pool.id, data, missing)["Status"] == "Failed"


def test_who_makes_a_job_must_be_allowed_to_pass_its_role(cloud: LocalCloud, pool: Pool, role: str) -> None:
    """Attack: an administrator of pools who writes with a role that is not theirs to give. Rule: iam:PassRole."""
    iam, name = root_client(cloud, "iam"), f"operator-{pool.id[-9:]}"
    iam.create_user(UserName=name)
    keys = iam.create_access_key(UserName=name)["AccessKey"]
    statement = {"Effect": "Allow", "Action": "cognito-idp:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="pools", PolicyDocument=document)
    operator = client(cloud, "cognito-idp", keys)
    assert code_of(operator.create_user_import_job, JobName="one", UserPoolId=pool.id, CloudWatchLogsRoleArn=role) == (
        "AccessDeniedException"
    )


def test_a_kill_in_the_middle_leaves_a_failed_job_that_can_be_repeated(fresh_cloud: LocalCloud, tmp_path: Path) -> None:
    cloud = fresh_cloud
    cloud.options = ("--no-stack",)
    cloud.start()
    root, role, pool = root_client(cloud, "cognito-idp"), make_role(cloud), Pool.make(cloud)
    rows = [{**BOB, "cognito:username": f"u{i}@example.com", "email": f"u{i}@example.com"} for i in range(20_000)]
    data = make_csv(header_of(root, pool), *rows)
    made = root.create_user_import_job(JobName="many", UserPoolId=pool.id, CloudWatchLogsRoleArn=role)
    job = made["UserImportJob"]
    assert upload(job["PreSignedUrl"], data)[0] == 200
    root.start_user_import_job(UserPoolId=pool.id, JobId=job["JobId"])
    asked = {"UserPoolId": pool.id, "JobId": job["JobId"]}
    while not root.describe_user_import_job(**asked)["UserImportJob"]["ImportedUsers"]:
        pass
    cloud.kill()
    cloud.start()
    ended = finish(root, job)
    assert ended["Status"] == "Failed"
    there = root.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"]
    assert 0 < there == ended["ImportedUsers"] < len(rows)
    assert not [*(cloud.data_dir / "imports").iterdir()]
    again = run_import(root, pool.id, data, role)
    assert (again["ImportedUsers"], again["SkippedUsers"]) == (len(rows) - there, there)
