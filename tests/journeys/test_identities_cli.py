"""`gatehouse identities`: who is which identity, asked either way, and an administrator's move."""

from __future__ import annotations

from typing import Any

import pytest

from auth import AuthError, Identity, IdentityMap
from auth.cli.identities import Counter
from auth.moving import Step
from tests.journeys.belongings import NOTHING, belongings, give, having
from tests.journeys.claims import claims_of
from tests.journeys.cli import ROOT_KEYS, Cli
from tests.journeys.operators import documented_policy, operator
from tests.journeys.people import Person, root_client, settings_of
from tests.local_cloud import LocalCloud

NOBODY = "us-east-1:00000000-0000-4000-8000-000000000000"


def sub_of(person: Person) -> str:
    return str(claims_of((person.signed_in or person.sign_in()).tokens.access_token)["sub"])


def test_either_id_finds_the_other(cli: Cli, person: Person) -> None:
    identity = having(person)
    expected = {"identity_id": identity.identity_id, "sub": sub_of(person), "email": person.email}
    for who in (identity.identity_id, sub_of(person), person.email):
        (shown,) = cli.json("identities", "show", who)
        assert expected.items() <= shown.items()
        assert set(shown) == {*expected, "username", "first_seen", "last_seen"}
        assert identity.identity_id in cli.done("identities", "show", who)


def test_who_has_no_identity_and_who_is_unknown(cli: Cli, person: Person) -> None:
    assert cli.json("identities", "show", person.email) == []
    assert cli.json("identities", "show", NOBODY) == []
    for who in ("nobody@example.com", "us-east-1:nobody"):
        unknown = cli("identities", "show", who)
        assert (unknown.exit_code, unknown.stdout) == (1, "")


def test_the_map_remembers_a_user_who_is_no_more(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    identity, sub = having(person), sub_of(person)
    root_client(cloud, "cognito-idp").admin_delete_user(UserPoolId=cloud.outputs["UserPoolId"], Username=sub)
    for who in (identity.identity_id, sub):
        (shown,) = cli.json("identities", "show", who)
        assert (shown["identity_id"], shown["sub"]) == (identity.identity_id, sub)
        assert shown["username"] is shown["email"] is None


def test_a_changed_identity_comes_first(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    old = having(person).identity_id
    root_client(cloud, "cognito-identity").delete_identities(IdentityIdsToDelete=[old])
    new = having(person).identity_id
    assert [shown["identity_id"] for shown in cli.json("identities", "show", person.email)] == [new, old]
    assert cli.json("identities", "show", old)[0]["email"] == person.email


def test_a_guest_who_was_left_behind_is_moved(
    cloud: LocalCloud, cli: Cli, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another client signed in with the guest's id: Cognito merged the identities, and the data stayed where it was."""
    guest, user = Identity(settings_of(cloud)), having(person)
    files, items = {f"{number}.txt": b"x" for number in range(3)}, {"a": "guest's", "b": "b"}
    give(cloud, guest, files, items)
    give(cloud, user, {}, {"a": "user's"})
    root_client(cloud, "s3").put_object(
        Bucket=cloud.outputs["UserDataBucket"], Key=f"protected/{guest.identity_id}/face.png", Body=b"x"
    )
    assert user.link(guest.identity_id) == user.identity_id

    stopped: list[Any] = []

    def stop(step: Any) -> None:
        stopped.append(step)
        if len(stopped) == 3:
            raise AuthError("stopped")

    for name, value in ROOT_KEYS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(AuthError, match="stopped"):
        IdentityMap(settings_of(cloud)).move(guest.identity_id, user.identity_id, stop)
    ids = (guest.identity_id, user.identity_id)
    said = cli.done("identities", "move", *ids, "--yes")
    assert said == f"moved 3 files and 2 items to {ids[1]}, 1 of them below from/{ids[0]}/"
    assert cli.done("identities", "move", *ids, "--yes") == f"moved 0 files and 0 items to {ids[1]}"
    assert belongings(cloud, ids[0]) == NOTHING
    assert belongings(cloud, ids[1]).names == (sorted(files), sorted(["a", "b", f"from/{ids[0]}/a"]))
    assert user.client("s3").head_object(Bucket=cloud.outputs["UserDataBucket"], Key=f"protected/{ids[1]}/face.png")


def test_a_move_asks_first(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    guest, user = Identity(settings_of(cloud)), having(person)
    give(cloud, guest, {"note.txt": b"x"}, {})
    asked = cli("identities", "move", guest.identity_id, user.identity_id, input="n\n")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert f"Move all files and items of {guest.identity_id} to {user.identity_id}?" in asked.stderr
    assert belongings(cloud, guest.identity_id).names == (["note.txt"], [])


def test_a_move_to_where_nobody_is_refused(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    guest, user = Identity(settings_of(cloud)), having(person)
    give(cloud, guest, {"note.txt": b"x"}, {})
    for target, why in {
        NOBODY: "not found",
        Identity(settings_of(cloud)).identity_id: "has no login",
        "somebody": "is no identity id",
        "..": "is no identity id",
        guest.identity_id: "both are the same identity",
    }.items():
        refused = cli("identities", "move", guest.identity_id, target, "--yes")
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert why in refused.stderr
    assert cli("identities", "move", "../..", user.identity_id, "--yes").exit_code == 1
    assert belongings(cloud, guest.identity_id).names == (["note.txt"], [])


def test_progress_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    counter = Counter()
    for number in range(250):
        for done in ("copied", "deleted"):
            counter(Step(done, "item", str(number)))
    assert capsys.readouterr() == ("", "100 moved\n200 moved\n")


def test_the_documented_policy_is_enough(cloud: LocalCloud, person: Person) -> None:
    cli = operator(cloud, documented_policy(cloud))
    guest, user = Identity(settings_of(cloud)), having(person)
    give(cloud, user, {"note.txt": b"user's"}, {"a": "user's"})
    give(cloud, guest, {"note.txt": b"guest's", "film": b"x" * (17 * 2**20)}, {"a": "guest's"})
    assert cli.json("identities", "show", person.email)[0]["identity_id"] == user.identity_id
    assert cli.json("identities", "show", user.identity_id)[0]["email"] == person.email
    moved = cli.done("identities", "move", guest.identity_id, user.identity_id, "--yes")
    assert moved.startswith("moved 2 files and 1 items")
    assert belongings(cloud, guest.identity_id) == NOTHING


def test_who_may_only_look_moves_nothing(cloud: LocalCloud, person: Person) -> None:
    policy = documented_policy(cloud)
    look = {**policy, "Statement": [s for s in policy["Statement"] if "s3:PutObject" not in s["Action"]]}
    assert len(look["Statement"]) < len(policy["Statement"])
    cli = operator(cloud, look)
    guest, user = Identity(settings_of(cloud)), having(person)
    give(cloud, guest, {"note.txt": b"x"}, {})
    refused = cli("identities", "move", guest.identity_id, user.identity_id, "--yes")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert belongings(cloud, guest.identity_id).names == (["note.txt"], [])
