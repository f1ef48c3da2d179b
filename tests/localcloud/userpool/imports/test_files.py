"""Files as people make them: quotes, line ends, byte order marks, columns that are unknown, missing or there twice."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.userpool.imports import csv_file
from localcloud.userpool.imports.columns import FileError
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.imports.conftest import Desk, csv, person

NAMES = ["cognito:username", "email", "name"]
VALUES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)


def test_the_header_is_aws_s(api: Api, desk: Desk, people: str) -> None:
    assert desk.header(people) == [
        "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
        "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
        "phone_number_verified", "address", "updated_at", "custom:level", "custom:note", "cognito:mfa_enabled",
        "cognito:username",
    ]  # fmt: skip


def test_columns_may_come_in_any_order(api: Api, desk: Desk, people: str) -> None:
    assert desk.run(people, csv(desk.header(people)[::-1], person("ada")))["ImportedUsers"] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda header: [*header, "shoe_size"], "The CSV header has an unexpected column at position 24."),
        (lambda header: [name for name in header if name != "locale"], "The CSV header lacks a column: locale"),
        (lambda header: [*header, "email"], "The CSV header has a column twice: email"),
        (lambda header: ["\ufeffname", *header[1:]], "The CSV file must be UTF-8 without a byte order mark."),
        (lambda header: ['"name"', *header[1:]], "The CSV header has an unexpected column at position 1."),
        (lambda header: [], "The CSV file has no header."),
        (lambda header: [*header, "x" * 20_000], "The CSV header cannot be read."),
    ],
)
def test_a_header_that_is_not_the_pool_s_fails_the_job(desk: Desk, people: str, change: object, message: str) -> None:
    header: list[str] = change(desk.header(people))  # type: ignore[operator]
    job = desk.run(people, csv(header, person("ada")))
    assert (job["Status"], job["ImportedUsers"]) == ("Failed", 0)
    assert job["CompletionMessage"].startswith(message)
    assert len(job["CompletionMessage"]) <= 128


def test_a_file_without_a_header_does_not_show_its_first_user(desk: Desk, people: str) -> None:
    """Attack: reading an address, or a password hash, in the description of a job."""
    job = desk.run(people, b"ada,ada@example.com,$2b$10$secret\n")
    assert job["CompletionMessage"] == "The CSV header has an unexpected column at position 1."


def test_the_column_for_hashes_is_needed_by_a_job_for_hashes_only(desk: Desk, people: str) -> None:
    data = csv(desk.header(people), person("ada"))
    job = desk.run(people, data, PasswordHashingAlgorithm="BCRYPT")
    assert job["CompletionMessage"] == "The CSV header lacks a column: password_hash"
    assert desk.run(people, data)["ImportedUsers"] == 1


def test_a_file_with_a_header_only_imports_nobody(desk: Desk, people: str) -> None:
    assert desk.run(people, csv(desk.header(people)))["Status"] == "Succeeded"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_are_counted_as_an_editor_counts_them(desk: Desk, people: str, end: bytes) -> None:
    header, row = csv(desk.header(people), person("ada")).split(b"\n")
    desk.run(people, end.join([header, row, b"", row, b"\xff\xfe", b"a,b", b"x" * 16_001, b"y" * 70_000, row]))
    assert [line.partition(" - ")[::2] for line in desk.lines] == [
        ("[SUCCEEDED] Line Number 2", "The import succeeded."),
        ("[SKIPPED] Line Number 4", "The user already exists."),
        ("[FAILED] Line Number 5", "The row is not UTF-8."),
        ("[FAILED] Line Number 6", "The row has 2 values, and the header 23 columns."),
        ("[FAILED] Line Number 7", "The row is longer than 16000 characters."),
        ("[FAILED] Line Number 8", "The row is longer than 16000 characters."),
        ("[SKIPPED] Line Number 9", "The user already exists."),
    ]


@given(rows=st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=5), end=st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_as_aws_has_it_is_read_back(rows: list[tuple[str, str, str]], end: str) -> None:
    """A backslash stands before each comma; one at a value's end would be read as standing before the next comma."""
    kept = [tuple(value.replace("\\", "/") for value in row) for row in rows]
    lines = [",".join(value.replace(",", "\\,") for value in row) for row in kept]
    file = io.BytesIO(end.join([",".join(NAMES), *lines]).encode())
    assert csv_file.read_header(file) == NAMES
    found = [row for _, row in csv_file.read_rows(file, NAMES)]
    wanted = [{name: value.strip() for name, value in zip(NAMES, row, strict=True)} for row in kept]
    assert found == [{name: value for name, value in row.items() if value} for row in wanted]


@given(data=st.binary(max_size=2_000))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    file = io.BytesIO(data)
    header, message = [], ""
    try:
        header = csv_file.read_header(file)
    except FileError as error:
        message = str(error)
    assert len(message) <= 128
    for number, row in csv_file.read_rows(file, header):
        assert number >= 2
        assert isinstance(row, str) or set(row) <= set(header)


@given(pieces=st.lists(st.sampled_from([b"x" * 64_002, b"y" * 100, "ü".encode() * 40_000, b"\n", b"\r"]), max_size=8))
def test_a_line_takes_no_more_memory_than_a_row_may(pieces: list[bytes]) -> None:
    """Attack: a file of one endless line."""

    class Watched(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            assert size == 64_002
            return super().readline(size)

    file = Watched(b"a,b,c\n" + b"".join(pieces))
    csv_file.read_header(file)
    assert all(len(str(row)) < 20_000 for _, row in csv_file.read_rows(file, ["a", "b", "c"]))
