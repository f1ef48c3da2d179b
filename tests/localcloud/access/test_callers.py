"""What a caller's policies and conditions see of the role behind its session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from localcloud.access import callers, credentials
from localcloud.access.callers import Caller
from localcloud.aws.records import NOTHING, RoleRecord, UserRecord
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.iam.variables import Context as Keys
from localcloud.seal import Sealer
from localcloud.sigv4 import Credential
from localcloud.store import Store

ROLE = RoleRecord("r", "arn:aws:iam::000000000000:role/r", "AROAEXAMPLE", NOTHING, {}, {}, None, 3600, {})


class Roles:
    """A directory with one role."""

    def __init__(self, role: RoleRecord) -> None:
        self._role = role

    def role(self, arn_or_name: str) -> RoleRecord | None:
        return self._role

    def user_by_access_key(self, access_key: str) -> UserRecord | None:
        return None


def session_of(role_tags: dict[str, str], session_tags: dict[str, str]) -> Caller:
    """The caller of a session with these tags, of a role with those."""
    cloud = Cloud(Store(None, credentials.KINDS), Clock(), Sealer(b"for tests"))
    role = replace(ROLE, tags=role_tags)
    context = {f"aws:PrincipalTag/{key}": value for key, value in session_tags.items()}
    session = credentials.issue(Context(cloud), role, "session", seconds=900, context=context)
    signed = Credential(
        session.access_key, "", "", "", (), "", session.session_token, presigned=False, expires=None, timestamp=""
    )
    return callers.find_caller(cloud, Roles(role), signed, {})


@pytest.mark.parametrize("spelt", ["team", "Team", "TEAM"])
def test_a_session_tag_replaces_the_roles_however_a_condition_spells_it(spelt: str) -> None:
    """Attack: a Deny by the one spelling and an Allow by the other, each of which sees another team (rule 12)."""
    key = f"aws:PrincipalTag/{spelt}"
    context = session_of({"team": "red", "floor": "1"}, {"Team": "blue"}).context
    assert Keys(context).get(key, key.lower()) == "blue"
    assert context["aws:PrincipalTag/floor"] == "1"
