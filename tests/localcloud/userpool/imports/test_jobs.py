"""Jobs: which state follows which, what stops one, what a server that ended leaves behind, and the limits."""

from __future__ import annotations

from localcloud.store import replaced
from localcloud.userpool.imports.batches import SIZE
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.imports.run import Limits
from tests.localcloud.userpool.conftest import START, Api
from tests.localcloud.userpool.imports.conftest import ROLE, Desk, csv, person

DAY = 86_400.0
UNMET = "PreconditionNotMetException"


def start(api: Api, pool_id: str, job_id: str) -> dict[str, object]:
    job: dict[str, object] = api("StartUserImportJob", UserPoolId=pool_id, JobId=job_id)["UserImportJob"]
    return job


def leave(api: Api, pool_id: str, job_id: str, status: str) -> None:
    """Leave a job in a state, as if somebody else had brought it there."""
    api.cloud.store.update(ImportJob, (pool_id, job_id), lambda job: replaced(job, status=status))


def many(desk: Desk, pool_id: str, count: int) -> bytes:
    return csv(desk.header(pool_id), *(person(f"u{number}") for number in range(count)))


def test_a_new_job_says_where_its_file_goes(api: Api, desk: Desk, people: str) -> None:
    job = desk.describe(people, desk.create(people, PasswordHashingAlgorithm="SCRYPT"))
    assert job.pop("JobId").startswith("import-")
    assert job.pop("PreSignedUrl").startswith("http://127.0.0.1:4566/_aws/user-import/000000000000/")
    assert job == {
        "JobName": "people",
        "UserPoolId": people,
        "CreationDate": START,
        "Status": "Created",
        "CloudWatchLogsRoleArn": ROLE,
        "ImportedUsers": 0,
        "SkippedUsers": 0,
        "FailedUsers": 0,
        "PasswordHashingAlgorithm": "SCRYPT",
    }


def test_a_job_starts_once(api: Api, desk: Desk, people: str) -> None:
    job_id = desk.create(people)
    with api.refused(UNMET, f"No csv file was uploaded for {job_id}"):
        start(api, people, job_id)
    desk.put(job_id, many(desk, people, 1))
    started = start(api, people, job_id)
    assert (started["Status"], started["StartDate"]) == ("Pending", START)
    desk.runner.wait()
    ended = desk.describe(people, job_id)
    assert (ended["Status"], ended["CompletionDate"]) == ("Succeeded", START)
    assert not desk.runner.is_uploaded(job_id)
    with api.refused(UNMET, "its status is Succeeded"):
        start(api, people, job_id)
    with api.refused(UNMET, "its status is Succeeded"):
        api("StopUserImportJob", UserPoolId=people, JobId=job_id)


def test_a_pool_without_auto_verified_attributes_imports_nobody(api: Api, desk: Desk, pool: str) -> None:
    job_id = desk.create(pool)
    desk.put(job_id, many(desk, pool, 1))
    with api.refused(UNMET, "auto verified"):
        start(api, pool, job_id)


def test_one_job_is_active_at_a_time(api: Api, desk: Desk, people: str) -> None:
    first, second = desk.create(people), desk.create(people)
    desk.put(second, many(desk, people, 1))
    for status in ("Pending", "InProgress", "Stopping"):
        leave(api, people, first, status)
        with api.refused(UNMET, "Another user import job is active."):
            start(api, people, second)
    leave(api, people, first, "Failed")
    assert start(api, people, second)["Status"] == "Pending"


def test_a_stopped_job_ends_after_the_batch_at_hand(api: Api, desk: Desk, people: str) -> None:
    job_id = desk.create(people)
    desk.put(job_id, many(desk, people, 2_500))
    desk.before_batch = lambda: leave(api, people, job_id, "Stopping")
    start(api, people, job_id)
    desk.runner.wait()
    job = desk.describe(people, job_id)
    assert (job["Status"], job["ImportedUsers"]) == ("Stopped", SIZE)
    assert job["CompletionMessage"] == "The Import Job was stopped by the developer."
    assert api.describe_pool(people)["EstimatedNumberOfUsers"] == SIZE


def test_stopping_is_a_state_of_its_own(api: Api, desk: Desk, people: str) -> None:
    job_id = desk.create(people)
    leave(api, people, job_id, "InProgress")
    stopped = api("StopUserImportJob", UserPoolId=people, JobId=job_id)["UserImportJob"]
    assert stopped["Status"] == "Stopping"
    with api.refused(UNMET, "its status is Stopping"):
        api("StopUserImportJob", UserPoolId=people, JobId=job_id)


def test_a_clean_stop_of_the_server_fails_the_job(api: Api, desk: Desk, people: str) -> None:
    job_id = desk.create(people)
    desk.put(job_id, many(desk, people, 2_500))
    desk.before_batch = desk.runner._closing.set
    start(api, people, job_id)
    desk.runner.wait()
    job = desk.describe(people, job_id)
    assert (job["Status"], job["ImportedUsers"]) == ("Failed", SIZE)
    assert job["CompletionMessage"] == "The local cloud was stopped."


def test_what_a_killed_server_left_is_ended_at_the_next_start(api: Api, desk: Desk, people: str) -> None:
    """Attack: files of users, with their password hashes, on a disk that nobody tidies."""
    running, stopping, waiting = (desk.create(people) for _ in range(3))
    for job_id in (running, stopping, waiting):
        desk.put(job_id, b"x")
    leave(api, people, running, "InProgress")
    leave(api, people, stopping, "Stopping")
    (desk.folder / "import-gone.0123.part").write_bytes(b"half of one")
    (desk.folder / "import-gone.csv").write_bytes(b"of a pool that is gone")
    desk.runner.recover()
    assert desk.describe(people, running)["Status"] == "Failed"
    assert "Import the file again" in desk.describe(people, running)["CompletionMessage"]
    assert desk.describe(people, stopping)["Status"] == "Stopped"
    assert desk.describe(people, waiting)["Status"] == "Created"
    assert [path.name for path in desk.folder.iterdir()] == [f"{waiting}.csv"]


def test_a_job_that_nobody_starts_expires_with_its_file(api: Api, desk: Desk, people: str) -> None:
    job_id = desk.create(people)
    desk.put(job_id, many(desk, people, 1))
    api.cloud.clock.advance(DAY)
    assert desk.describe(people, job_id)["Status"] == "Created"
    api.cloud.clock.advance(1)
    job = desk.describe(people, job_id)
    assert (job["Status"], job["CompletionDate"]) == ("Expired", START + DAY)
    assert job["CompletionMessage"] == "The user import job has expired."
    with api.refused(UNMET, "its status is Expired"):
        start(api, people, job_id)
    desk.put(desk.create(people), b"x")
    assert not desk.runner.is_uploaded(job_id)


def test_jobs_are_listed_from_the_last_to_the_first(api: Api, desk: Desk, people: str, mail_pool: str) -> None:
    made = []
    for _ in range(5):
        api.cloud.clock.advance(1)
        made.append(desk.create(people))
    desk.create(mail_pool)
    first = api("ListUserImportJobs", UserPoolId=people, MaxResults=3)
    rest = api("ListUserImportJobs", UserPoolId=people, MaxResults=3, PaginationToken=first["PaginationToken"])
    listed = [job["JobId"] for page in (first, rest) for job in page["UserImportJobs"]]
    assert listed == made[::-1]
    assert "PaginationToken" not in rest
    with api.refused("InvalidParameterException"):
        api("ListUserImportJobs", UserPoolId=mail_pool, MaxResults=3, PaginationToken=first["PaginationToken"])


def test_a_job_is_its_pool_s_alone(api: Api, desk: Desk, people: str, mail_pool: str) -> None:
    job_id = desk.create(people)
    for operation in ("DescribeUserImportJob", "StartUserImportJob", "StopUserImportJob"):
        with api.refused("ResourceNotFoundException"):
            api(operation, UserPoolId=mail_pool, JobId=job_id)


def test_a_pool_that_goes_takes_its_jobs_and_half_an_import_along(api: Api, desk: Desk, people: str) -> None:
    job_id = desk.create(people)
    desk.put(job_id, many(desk, people, 2_500))
    desk.before_batch = lambda: api("DeleteUserPool", UserPoolId=people)
    start(api, people, job_id)
    desk.runner.wait()
    with api.refused("ResourceNotFoundException"):
        desk.describe(people, job_id)
    assert not desk.runner.is_uploaded(job_id)
    assert api.cloud.store.count(ImportJob) == 0


def test_a_file_with_too_many_users_imports_none_of_them(api: Api, desk: Desk, people: str) -> None:
    desk.limit(Limits(rows=2))
    job = desk.run(people, many(desk, people, 3) + b"\n\n")
    assert (job["Status"], job["ImportedUsers"]) == ("Failed", 0)
    assert job["CompletionMessage"] == "The CSV file has more than 2 users."
    assert desk.run(people, many(desk, people, 2) + b"\n\n")["ImportedUsers"] == 2


def test_aws_s_limits_are_the_default() -> None:
    assert Limits() == Limits(rows=500_000, size=104_857_600)


def test_a_pool_has_a_thousand_jobs_at_most(api: Api, desk: Desk, people: str) -> None:
    kept = api.cloud.store.get(ImportJob, people, desk.create(people))
    assert kept is not None
    api.cloud.store.insert_all(ImportJob, (replaced(kept, id=f"import-{number}") for number in range(999)))
    with api.refused("LimitExceededException"):
        desk.create(people)
