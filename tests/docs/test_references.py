"""What the docs point to is there, and what is there is documented: links, files, commands, options, settings."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit
from xml.etree import ElementTree

import click
import pytest

import auth.errors
from auth.cli import main as gatehouse
from docs.generate_operations import page as operations_page
from tests.docs.pages import PAGES, ROOT, anchors, blocks, inline_code, links, prose, read

HOSTS = {
    "pypi.org",
    "semver.org",
    "nodejs.org",
    "docs.aws.amazon.com",
    "127.0.0.1:4566",
    "localhost:4566",
    "127.0.0.1:9000",
    "localhost:3000",
}


def commands(group: click.Group, name: str = "gatehouse") -> Iterator[str]:
    for noun in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), noun)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {noun}")
        else:
            yield f"{name} {noun}"


@cache
def own_files() -> list[str]:
    """All files of the project, with what was installed or built left out."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in ("node_modules", "build") and not name.startswith(".")]
        found += [f"{folder}/{name}" for name in names]
    return found


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def undocumented(names: Iterator[str] | list[str] | set[str], page: str) -> list[str]:
    return [name for name in sorted(set(names)) if not re.search(rf"{re.escape(name)}(?![\w-])", read(page))]


@pytest.mark.parametrize("page", PAGES)
def test_links_and_anchors_resolve(page: str) -> None:
    for link in links(page):
        url = urlsplit(link)
        if url.scheme:
            assert url.netloc in HOSTS, f"{link}: a host that the docs do not name otherwise"
            continue
        target = (ROOT / page).parent / url.path if url.path else ROOT / page
        assert target.exists(), f"{link} leads nowhere"
        if url.fragment:
            assert url.fragment in anchors(str(target.resolve().relative_to(ROOT))), f"{link}: no such heading"


def test_each_page_can_be_found_from_the_readme() -> None:
    found, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        found.add(page)
        near = {((ROOT / page).parent / urlsplit(link).path).resolve() for link in links(page)}
        waiting += [other for other in PAGES if ROOT / other in near and other not in found]
    assert set(PAGES) - found == {"CHANGELOG.md"}


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    named = [code for code in inline_code(page) if re.fullmatch(r"[\w./-]+\.(py|ts|md|yaml|svg)", code)]
    assert [name for name in named if not any(file.endswith(f"/{name}") for file in own_files())] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_the_text_exist(page: str) -> None:
    known = [
        *commands(gatehouse),
        *(f"python -m localcloud {command}" for command in ("up", "reset", "explain", "decide")),
    ]
    for code in inline_code(page):
        if code.startswith("gatehouse --"):
            continue
        if code.startswith(("gatehouse ", "python -m localcloud ")):
            assert any(f"{code} ".startswith(f"{command} ") for command in known), code
        elif code.startswith("make ") and "…" not in code:
            assert f"\n{code.split()[1]}:" in read("Makefile"), code
        elif code.startswith("python -m "):
            module = code.split()[2].replace(".", "/")
            source = read(f"{module}.py" if (ROOT / f"{module}.py").is_file() else f"{module}/__main__.py")
            assert [option for option in code.split() if option.startswith("--") and option not in source] == []


def test_make_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)
    listed = re.findall(r"^  make (\w+)", output("make", "--silent", "help"), re.MULTILINE)
    assert listed == targets


def test_every_command_is_documented() -> None:
    assert undocumented(commands(gatehouse), "docs/administration.md") == []
    options = [name for option in gatehouse.params for name in option.opts if isinstance(option, click.Option)]
    assert undocumented([name for name in options if name.startswith("--")], "docs/administration.md") == []


def test_every_option_of_the_local_cloud_is_documented() -> None:
    options = re.findall(r"--[a-z][a-z-]+", output(sys.executable, "-m", "localcloud", "up", "--help"))
    assert undocumented(set(options) - {"--help"}, "docs/local-cloud.md") == []
    commands = re.findall(r"^    (\w+)  ", output(sys.executable, "-m", "localcloud", "--help"), re.MULTILINE)
    assert commands
    assert undocumented([f"python -m localcloud {command}" for command in commands], "docs/local-cloud.md") == []


def test_every_environment_variable_is_documented() -> None:
    settings = re.findall(r'"((?:GATEHOUSE|AWS)_[A-Z_]+)"', read("auth/settings.py"))
    assert undocumented(settings, "docs/sign-in.md") == []
    functions = re.findall(r'os\.environ\["(\w+)"\]', "".join(map(_source, ("api", "triggers"))))
    powertools = re.findall(r"^ +(POWERTOOLS_\w+):", read("cloudformation/backend.yaml"), re.MULTILINE)
    assert undocumented([*functions, *powertools], "docs/functions.md") == []


def test_every_parameter_of_the_stack_is_documented() -> None:
    section = read("cloudformation/backend.yaml").partition("\nParameters:\n")[2].partition("\nConditions:")[0]
    assert undocumented(re.findall(r"^  (\w+):$", section, re.MULTILINE), "cloudformation/README.md") == []


def test_every_error_is_documented() -> None:
    tree = (auth.errors.__doc__ or "").partition("\n\n")[2].rpartition("\n\n")[0]
    assert "\n".join(line[4:] for line in tree.splitlines()) in read("docs/errors.md")
    codes = re.findall(r'ApiError\(\d+, "(\w+)"', _source("api"))
    assert undocumented(codes, "docs/errors.md") == []


def test_every_route_of_the_api_is_documented() -> None:
    routes = re.findall(r"RouteKey: (.+)", read("cloudformation/backend.yaml"))
    assert [route for route in routes if f"`{route}`" not in read("docs/functions.md")] == []


def test_the_administrators_policy_allows_every_call_that_is_made() -> None:
    calls = {
        node.func.attr if node.func.attr != "get_paginator" else ast.literal_eval(node.args[0])
        for node in ast.walk(ast.parse(read("auth/admin.py")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if ast.unparse(node.func.value) == "self._pools"
    }
    (policy,) = [block.text for block in blocks("docs/administration.md") if block.language == "json"]
    allowed = re.findall(r'"cognito-idp:(\w+)"', policy)
    assert {name.replace("_", "") for name in calls} == {name.lower() for name in allowed}


def test_the_list_of_operations_is_up_to_date() -> None:
    assert read("docs/operations.md") == operations_page(), "run `python -m docs.generate_operations`"


def test_the_picture_is_well_formed_and_has_words_for_who_cannot_see_it() -> None:
    root = ElementTree.fromstring(read("docs/picture.svg"))
    assert [root.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc")] > ["", ""]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_machine_or_a_person(page: str) -> None:
    assert re.findall(r"(?:/home|/root|/work|/Users|/mnt|/opt|[A-Z]:\\)[/\\]?\w*", read(page)) == []
    addresses = re.findall(r"[\w.+-]+@([\w-]+\.[\w.-]+)", read(page))
    assert set(addresses) <= {"example.com", "good.example", "evil.example"}
    hosts = {urlsplit(url).netloc for url in re.findall(r"https?://[^\s\"'`)>,{]+", read(page))}
    assert [host for host in hosts - HOSTS if not host.endswith((".example.com", ".amazoncognito.com"))] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_fenced(page: str) -> None:
    assert re.findall(r"^ {4,}\S.*", prose(page), re.MULTILINE) == []


def _source(folder: str) -> str:
    return "".join(path.read_text() for path in sorted((ROOT / folder).rglob("*.py")))
