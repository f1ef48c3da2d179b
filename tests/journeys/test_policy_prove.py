"""`gatehouse policy prove`: our template is proven, and whatever opens or closes something in a copy of it is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from localcloud.cli.prove import prove
from tests.local_cloud import ROOT

TEMPLATE = ROOT / "cloudformation" / "backend.yaml"
EXPECTATIONS = ROOT / "cloudformation" / "expectations.json"
PARAMETERS = ROOT / "cloudformation" / "parameters" / "local.json"
OTHER_TEMPLATE = ROOT / "tests" / "localcloud" / "policy" / "prove" / "other_template.yaml"

OWN_KEY = 'dynamodb:LeadingKeys: ["${cognito-identity.amazonaws.com:sub}"]'
OWN_ID = "${!cognito-identity.amazonaws.com:sub}"
NO_KEY = '"Null": {"dynamodb:LeadingKeys": "false"}'
AUDIENCE = 'StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref IdentityPool}'
ANY_AUDIENCE = 'StringLike: {"cognito-identity.amazonaws.com:aud": "*"}'

OTHER_LAYOUT = {
    "outputs": {"user_pool": "Pool", "app_client": "Client", "identity_pool": "IdPool"},
    "personas": {"reader": {"kind": "user"}, "visitor": {"kind": "guest"}},
    "places": {
        "own notes": {"table": "Table", "partition": "{self}"},
        "others' notes": {"table": "Table", "partition": "nobody"},
        "notes": {"table": "Table"},
    },
}

BAD_EDITS = (
    ("GuestRole", "Action: [dynamodb:GetItem, dynamodb:Query,", "Action: [dynamodb:GetItem, dynamodb:Scan,"),
    ("GuestRole", OWN_KEY, OWN_KEY.replace("${cognito-identity.amazonaws.com:sub}", "*")),
    ("GuestRole", "ForAllValues:StringEquals", "ForAllValues:StringLike"),
    ("GuestRole", NO_KEY, ""),
    ("GuestRole", '"${UserDataBucket.Arn}/public/*"', '"${UserDataBucket.Arn}/p*"'),
    ("OwnDataPolicy", f"/private/{OWN_ID}/*", f"/private/{OWN_ID}*"),
    ("EditorsRole", AUDIENCE, ANY_AUDIENCE),
)


OPENED = {
    "guest/dynamodb:GetItem@direct/others' items",
    "guest/dynamodb:Scan@direct/table",
    "guest/s3:GetObject@direct/others' private files",
    "ada/s3:GetObject@direct/lookalike files",
    "stranger/s3:GetObject@direct/group files",
}
CLOSED = {"guest/dynamodb:Query@direct/own items"}


def run(*options: str | Path, template: Path = TEMPLATE) -> Result:
    arguments = ["--template", str(template), "--parameters", str(PARAMETERS), *map(str, options)]
    return CliRunner().invoke(prove, arguments)


def bad_copy(folder: Path) -> Path:
    """Our template with every bad edit; each must apply exactly once."""
    resources = re.split(r"(?m)^(?=  \w+:$)", TEMPLATE.read_text())
    for name, old, new in BAD_EDITS:
        (at,) = (number for number, text in enumerate(resources) if text.startswith(f"  {name}:\n"))
        assert resources[at].count(old) == 1, (name, old)
        resources[at] = resources[at].replace(old, new)
    (folder / "cloudformation").mkdir()
    (folder / "build").symlink_to(ROOT / "build")
    path = folder / "cloudformation" / "backend.yaml"
    path.write_text("".join(resources))
    return path


@pytest.mark.timeout(300)
def test_our_template_is_proven(tmp_path: Path) -> None:
    ran = run("--json", tmp_path / "cells.json", "--html", tmp_path / "page.html")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.splitlines()[-1].endswith("all as expected")
    document = json.loads((tmp_path / "cells.json").read_text())
    cells = {f"{c['persona']}/{c['operation']}@{c['route']}/{c['place']}": c for c in document["cells"]}
    assert cells["ada/GetObject@direct/own private files"]["decided_by"].split(",")[0].endswith("/OwnFiles")
    assert cells["guest/PutObject@presigned/others' private files"]["allowed"] is False
    assert cells["bob/DeleteTable@direct/table"]["allowed"] is False
    assert "all as expected" in (tmp_path / "page.html").read_text()


def test_a_bad_copy_fails_and_names_what_opened_and_what_closed(tmp_path: Path) -> None:
    """Attack, each by its own edit: a key or prefix that is not one's own, a Scan, a stranger from another pool."""
    unchanged = ("bob/s3:GetObject@direct/others' private files", "ada/s3:GetObject@direct/public files")
    only = [option for cell in (*OPENED, *CLOSED, *unchanged) for option in ("--only", cell)]
    ran = run("--expect", EXPECTATIONS, "--json", tmp_path / "cells.json", *only, template=bad_copy(tmp_path))
    assert ran.exit_code == 1, ran.output
    found = json.loads((tmp_path / "cells.json").read_text())["differences"]
    assert (set(found["opened"]), set(found["closed"])) == (OPENED, CLOSED)
    assert [way["persona"] for way in found["open_ways_to_keys"]] == ["stranger"]
    assert "guest  dynamodb:Scan@direct  table  by: own-data/OwnItems" in ran.stdout
    assert "guest  dynamodb:Query@direct  own items  by: no identity-based policy allows dynamodb:Query" in ran.stdout


def test_what_is_not_covered_and_not_excused_fails(tmp_path: Path) -> None:
    document = json.loads(EXPECTATIONS.read_text())
    document["not_covered"] = {}
    (tmp_path / "expectations.json").write_text(json.dumps(document))
    ran = run(
        "--expect", tmp_path / "expectations.json", "--only", "guest/s3:GetObjectTorrent@direct/own private files"
    )
    assert ran.exit_code == 1
    assert "s3:GetObjectTorrent@direct: the local cloud does not map it" in ran.stdout


def test_somebody_elses_template_needs_a_layout_and_nothing_more(tmp_path: Path) -> None:
    """Other outputs, other keys, a number to sort by, no bucket, no guests; `--update` writes what to expect."""
    expectations = tmp_path / "expectations.json"
    expectations.write_text(json.dumps({"layout": OTHER_LAYOUT}))
    parameters = tmp_path / "parameters.json"
    parameters.write_text("[]")
    options = ("--parameters", parameters, "--expect", expectations)
    ran = run(*options, "--update", template=OTHER_TEMPLATE)
    assert ran.exit_code == 0, ran.output
    allowed = json.loads(expectations.read_text())["allowed"]
    assert allowed["reader"] == {"own notes": ["read", "list"], "others' notes": [], "notes": []}
    assert allowed["visitor"] == {"own notes": [], "others' notes": [], "notes": []}
    again = run(*options, "--only", "reader/dynamodb:*@direct/*", template=OTHER_TEMPLATE)
    assert again.exit_code == 0, again.output


def test_nothing_to_try_and_nothing_to_compare_with_are_said(tmp_path: Path) -> None:
    nothing = run("--only", "nobody/*")
    assert (nothing.exit_code, "nothing matches nobody/*" in nothing.stderr) == (1, True)
    missing = run("--expect", tmp_path / "none.json")
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
    both = run("--only", "ada/*", "--update")
    assert (both.exit_code, "leave out --only" in both.stderr) == (2, True)
