"""The report in text: the matrix in letters, and each difference in full, management first."""

from __future__ import annotations

from localcloud.policy.prove.comparison import compare, not_covered
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.run import Proof
from localcloud.policy.prove.text_report import lines
from tests.localcloud.policy.prove.outcomes import PEOPLE, cell, decided, expectations

OUTCOMES = [
    decided(cell("ada/s3:GetObject@direct/own files"), True),
    decided(cell("ada/s3:PutObject@direct/own files"), True),
    decided(cell("ada/s3:PutObject@presigned/own files"), False, "no policy"),
    decided(cell("bob/s3:GetObject@direct/own files"), False, "no policy"),
    decided(cell("ada/s3:DeleteBucket@direct/bucket"), True),
    Outcome(cell("ada/s3:GetObjectTorrent@direct/own files"), None, "nobody knows"),
]


def report(**more: object) -> list[str]:
    expected = expectations(**more)
    missing = not_covered(OUTCOMES)
    comparison = compare(expected, OUTCOMES, missing, PEOPLE, complete=True)
    return list(lines(Proof(expected, OUTCOMES, missing, PEOPLE, comparison, 3.0)))


def test_the_matrix_is_in_letters() -> None:
    top = report()[:3]
    assert [line.split() for line in top] == [["ada", "bob"], ["own", "files", "R", "w", "-"], ["bucket", "M"]]


def test_each_difference_is_named_with_what_decided_it_management_first() -> None:
    found = report(allowed={"bob": {"own files": ["read"]}})
    opened = found.index("OPEN TO MANAGE, and should not be: 1")
    assert found[opened + 1] == "  ada  s3:DeleteBucket@direct  bucket  by: a/B, 200"
    assert opened < found.index("open, and should not be: 2")
    shut = found.index("shut, and should not be: 1")
    assert found[shut + 1] == "  bob  s3:GetObject@direct  own files  by: no policy, AccessDenied"
    assert "  s3:GetObjectTorrent@direct: nobody knows" in found
    assert found[-1].endswith("3 s: 5 differences")
