"""Templates are read with the place of each value; what is no template is refused in a sentence that says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.policy.lint import TemplateError, check, read_template
from localcloud.policy.lint.loader import MAX_BYTES, parse
from localcloud.policy.lint.node import Intrinsic
from tests.localcloud.policy.lint.bad_copies import TEMPLATE

YAML = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: 2012-10-17
            Statement: [{Effect: Allow, NotAction: "s3:*", Resource: "*"}]
"""


def load(text: str | bytes, tmp_path: Path, name: str = "t.yaml") -> list[str]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [f"{one.rule}:{one.place.line}:{one.place.column}" for one in check(read_template(path))]


def test_a_finding_has_its_line_and_column(tmp_path: Path) -> None:
    assert load(YAML, tmp_path) == ["allow-all-but:9:52"]


def test_json_is_read_too_with_tabs_and_long_forms(tmp_path: Path) -> None:
    document = {
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${A}/${aws:username}"}}]
    }
    role = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": document}]}}
    text = json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "R": role}}, indent="\t")
    assert [found.split(":")[0] for found in load(text, tmp_path, "t.json")] == ["variable-swallowed-by-sub"]


def test_merged_and_repeated_parts_count_where_they_are_written(tmp_path: Path) -> None:
    shared = (
        YAML.replace("Properties:", "Properties: &shared") + "  Other: {Type: AWS::IAM::Role, Properties: *shared}\n"
    )
    merged = shared + "  Third: {Type: AWS::IAM::Role, Properties: {<<: *shared, RoleName: third}}\n"
    assert load(merged, tmp_path) == ["allow-all-but:9:52"] * 3


def test_values_stay_as_written() -> None:
    node = parse(b"a: 010\nb: yes\nc: 2012-10-17\nd: ~\ne: !Sub x\nf: {Ref: x}\ng: ''", "t")
    assert [node.get(key).value for key in "abcd"] == ["010", "yes", "2012-10-17", None]
    assert [value.name for key in "ef" if isinstance(value := node.get(key).value, Intrinsic)] == ["Sub", "Ref"]
    assert (node.get("g").value, node.get("b").is_true, node.get("a").is_true) == ("", True, False)


# What is wrong, and what is said of it after the path.
WRONG: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", ": is empty"),
    "no template": ("hello: world\n", ": has no Resources: this is no CloudFormation template"),
    "a text": ("hello", ": has no Resources: this is no CloudFormation template"),
    "a list": ("- 1\n- 2\n", ": has no Resources: this is no CloudFormation template"),
    "no mapping of resources": ("Resources: [1]", ": has no Resources: this is no CloudFormation template"),
    "no resources": ("Resources: {}", ": has no Resources: this is no CloudFormation template"),
    "broken YAML": ("Resources:\n  A: [1\n", ":3:1: did not find expected ',' or ']'"),
    "an unknown alias": ("Resources: *nowhere", ":1:12: alias `nowhere` comes before its anchor is complete"),
    "an alias to itself": ("a: &a [*a]", ":1:8: alias `a` comes before its anchor is complete"),
    "a key twice": ("Resources:\n  A: 1\n  A: 2\n", ":3:3: `A` comes twice"),
    "a list as key": ("? [a]\n: b\n", ":1:3: a key must be text"),
    "two documents": ("a: 1\n---\nb: 2\n", ":2:1: a second document begins; a template is one"),
    "not UTF-8": (b"\xff\xfe\x00", ": is not text in UTF-8"),
    "control characters": ("a: \x07", ": unacceptable character #x0007: control characters are not allowed"),
    "deep nesting": ("[" * 100_000, ":1:62: nested deeper than 60 levels"),
    "deep nesting of mappings": ("{a: " * 100_000, ":1:245: nested deeper than 60 levels"),
    "a huge file": (b"#" * (MAX_BYTES + 1), ": is larger than 1 MB, which is the most that CloudFormation takes"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_template_is_refused(name: str, tmp_path: Path) -> None:
    text, said = WRONG[name]
    with pytest.raises(TemplateError) as raised:
        load(text, tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 't.yaml'}{said}")


def test_aliases_that_multiply_are_refused_and_not_written_out(tmp_path: Path) -> None:
    """The attack: nine lines that mean a billion values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(TemplateError, match="more than 200000 values, aliases written out"):
        load("\n".join(lines), tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="No such file or directory"):
        read_template(tmp_path / "nothing.yaml")
    with pytest.raises(TemplateError, match="Is a directory"):
        read_template(tmp_path)


def test_a_parameter_that_the_template_does_not_have_is_refused() -> None:
    with pytest.raises(TemplateError, match="has no parameter `Stag`"):
        read_template(TEMPLATE, {"Stag": "dev"})
