"""`gatehouse policy lint`: what it prints, how it exits, and that its page in the docs says what the rules are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docs.generate_policy_rules import PAGE, page
from localcloud.cli.policy import policy
from localcloud.policy.lint.catalogue import RULES
from tests.localcloud.policy.lint.bad_copies import BAD_COPIES, ROOT, TEMPLATE, UNKNOWN

ERROR = next(copy for copy in BAD_COPIES if copy.rule == "trust-without-audience")
WARNING = next(copy for copy in BAD_COPIES if copy.rule == "shared-function-role")
INFO = next(copy for copy in BAD_COPIES if copy.rule == "long-sessions")


def lint(*arguments: object) -> Result:
    return CliRunner().invoke(policy, ["lint", *map(str, arguments)])


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return tmp_path / "template.yaml"


def test_our_own_template_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = lint("--strict")
    assert (ran.exit_code, ran.output) == (0, "cloudformation/backend.yaml: nothing found\n")


def test_a_finding_has_place_danger_and_mend(template: Path) -> None:
    template.write_text(ERROR.text)
    ran = lint(template)
    ((_, line),) = ERROR.places
    rule = RULES[ERROR.rule]
    assert ran.exit_code == 1
    assert ran.stdout == (
        f"{template}:{line}:13: error: trust-without-audience (GuestRole)\n    {rule.danger}\n    mend: {rule.mend}\n"
    )
    assert ran.stderr == f"{template}: 1 error\n"


def test_a_program_gets_json(template: Path) -> None:
    template.write_text(ERROR.text)
    ran = lint(template, "--json")
    (found,) = json.loads(ran.stdout)
    assert (ran.exit_code, ran.stderr) == (1, "")
    assert {key: found[key] for key in ("rule", "level", "resource", "source", "line", "column")} == {
        "rule": "trust-without-audience",
        "level": "error",
        "resource": "GuestRole",
        "source": str(template),
        "line": ERROR.places[0][1],
        "column": 13,
    }


def test_warnings_fail_only_when_asked_to_and_infos_never(template: Path) -> None:
    template.write_text(WARNING.text)
    assert (lint(template).exit_code, lint(template, "--strict").exit_code) == (0, 1)
    template.write_text(INFO.text)
    assert (lint(template).exit_code, lint(template, "--strict").exit_code) == (0, 0)
    template.write_text(UNKNOWN.text)
    assert (lint(template).exit_code, lint(template, "--strict").exit_code) == (0, 1)


def test_several_templates_are_linted_together_and_a_rule_can_be_left_out(template: Path) -> None:
    template.write_text(ERROR.text)
    assert lint(TEMPLATE, template).stderr == f"{TEMPLATE}, {template}: 1 error\n"
    assert lint(TEMPLATE, template, "--ignore", ERROR.rule).exit_code == 0


def test_parameters_are_read_from_a_file(template: Path, tmp_path: Path) -> None:
    template.write_text(next(copy for copy in BAD_COPIES if copy.rule == "classic-flow-with-guests").text)
    values = tmp_path / "values.json"
    values.write_text('[{"ParameterKey": "AllowGuests", "ParameterValue": "false"}]')
    assert (lint(template).exit_code, lint(template, "--parameters", values).exit_code) == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.yaml"], "nowhere.yaml: No such file or directory"),
        (["--ignore", "no-such-rule"], "there is no rule `no-such-rule`"),
        (["--explain", "no-such-rule"], "there is no rule `no-such-rule`"),
        ([str(TEMPLATE), "--stack", "gatehouse"], "give templates or --stack, not both"),
        ([str(TEMPLATE), "--parameters", "nowhere.json"], "nowhere.json: No such file or directory"),
        ([str(TEMPLATE), "--parameters", str(TEMPLATE)], "Expecting value"),
        ([str(TEMPLATE), "--parameters", str(ROOT / "pyproject.toml")], "pyproject.toml:1:2"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], said: str) -> None:
    ran = lint(*arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr


@pytest.mark.parametrize("text", ['{"a": 1}', "[1]", '[{"ParameterKey": "Stage"}]', "[" * 100_000])
def test_a_parameters_file_of_another_form_is_wrong_usage(text: str, tmp_path: Path) -> None:
    values = tmp_path / "values.json"
    values.write_text(text)
    ran = lint(TEMPLATE, "--parameters", values)
    assert (ran.exit_code, "is not a list of" in ran.stderr) == (2, True)


def test_a_text_of_the_template_gives_the_terminal_no_commands(template: Path) -> None:
    """The attack: a name in somebody else's template that clears the screen, to hide what was found."""
    action = '"ec2:Describe\\e[2J"'
    template.write_text(
        ERROR.text.replace(
            "Action: s3:GetObject\n                Resource: !Sub", f"Action: {action}\n                Resource: !Sub"
        )
    )
    ran = lint(template)
    assert (ran.exit_code, "No guest can use" in ran.output, "\x1b" in ran.output) == (1, True, False)


def test_each_rule_is_explained() -> None:
    lines = lint("--list-rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(RULES)
    for name, rule in RULES.items():
        assert all(part in lint("--explain", name).stdout for part in (name, rule.level, rule.danger, rule.mend))
    assert [one["rule"] for one in json.loads(lint("--list-rules", "--json").stdout)] == sorted(RULES)


def test_a_rule_speaks_in_sentences() -> None:
    assert [rule.id for rule in RULES.values() if not (rule.danger.endswith(".") and rule.mend.endswith("."))] == []


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m docs.generate_policy_rules`"


def test_help_and_templates_need_nothing_of_aws() -> None:
    """The commands are quick because they load neither boto3 nor the local cloud."""
    program = (
        "import sys; from localcloud.cli.policy import policy;"
        f"policy(['lint', {str(TEMPLATE)!r}], standalone_mode=False);"
        "print(*sorted({'botocore', 'boto3', 'ministack', 'uvicorn'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1] == ""


def test_without_the_extra_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['yaml'] = None; from localcloud.cli.policy import policy;"
        "policy(['lint'], standalone_mode=False)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.stderr.splitlines()[-1] == "auth.errors.AuthError: `policy lint` needs yaml"
