"""A backend with its own sign-in vouches for its users, whose apps then come with the token that it handed them."""

from __future__ import annotations

import pytest

from tests.journeys.identity_pools import IdentityPool
from tests.journeys.people import client, unsigned_client
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud

DEVELOPER = "login.example"
OWN = "cognito-identity.amazonaws.com"


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> IdentityPool:
    made = IdentityPool.make(cloud, DeveloperProviderName=DEVELOPER)
    own = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": f"arn:aws:s3:::{made.bucket}/${{cognito-identity.amazonaws.com:sub}}/*",
    }
    # Only the backend's users: `amr` names the provider.
    role = made.role([own], amr=DEVELOPER, may_be_tagged=True)
    made.root.set_identity_pool_roles(IdentityPoolId=made.id, Roles={"authenticated": role})
    return made


def vouch(pool: IdentityPool, user: str) -> tuple[str, str]:
    """Identity and token that the backend gets for its user."""
    answer = pool.root.get_open_id_token_for_developer_identity(IdentityPoolId=pool.id, Logins={DEVELOPER: user})
    return answer["IdentityId"], answer["Token"]


def test_the_backends_user_reaches_its_own_files(pool: IdentityPool, email: str) -> None:
    identity, token = vouch(pool, email)
    other, _ = vouch(pool, f"other-{email}")
    s3 = client(pool.cloud, "s3", pool.credentials(identity, {OWN: token}))
    assert s3.put_object(Bucket=pool.bucket, Key=f"{identity}/note", Body=b"mine")
    assert code_of(s3.put_object, Bucket=pool.bucket, Key=f"{other}/note", Body=b"theirs") == "AccessDenied"
    assert code_of(pool.credentials, identity_id=other, logins={OWN: token}) == "NotAuthorizedException"


def test_a_user_of_another_kind_is_not_let_into_the_role(pool: IdentityPool, email: str) -> None:
    logins = pool.logins(pool.users.confirmed_person(email))
    request = {"identity_id": pool.get_id(logins), "logins": logins}
    assert code_of(pool.credentials, **request) == "InvalidIdentityPoolConfigurationException"


def test_only_the_backend_vouches(pool: IdentityPool, email: str) -> None:
    """Attack: a client that says who it is, without keys or under the developer provider's name."""
    request = {"IdentityPoolId": pool.id, "Logins": {DEVELOPER: email}}
    unsigned = unsigned_client(pool.cloud, "cognito-identity")
    assert (
        code_of(unsigned.get_open_id_token_for_developer_identity, **request) == "MissingAuthenticationTokenException"
    )
    assert code_of(unsigned.get_id, **request) == "NotAuthorizedException"


def test_two_users_become_one(pool: IdentityPool, email: str) -> None:
    ada, _ = vouch(pool, email)
    countess, _ = vouch(pool, f"countess-{email}")
    names = {"IdentityPoolId": pool.id, "DeveloperProviderName": DEVELOPER}
    pool.root.merge_developer_identities(
        SourceUserIdentifier=email, DestinationUserIdentifier=f"countess-{email}", **names
    )
    assert vouch(pool, email)[0] == countess != ada
    found = pool.root.lookup_developer_identity(IdentityPoolId=pool.id, IdentityId=countess)
    assert sorted(found["DeveloperUserIdentifierList"]) == sorted([email, f"countess-{email}"])
    pool.root.unlink_developer_identity(IdentityId=countess, DeveloperUserIdentifier=email, **names)
    assert vouch(pool, email)[0] not in (ada, countess)
