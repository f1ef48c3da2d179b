"""The TypeScript samples: the unmodified JavaScript clients tell the same story against a local cloud."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import node
from tests.local_cloud import LocalCloud
from tests.samples.running import SAMPLES, altered, check_stopped, check_told, run

FOLDER = SAMPLES / "typescript"
LIBRARIES = ("identity-js", "amplify")

pytestmark = pytest.mark.timeout(600)  # the first run downloads the packages


@pytest.fixture(scope="session")
def built() -> None:
    """The sample with its packages, type-checked and compiled; at once if that was done before."""
    node.require("the TypeScript samples")
    with node.prepared(FOLDER):
        if not node.is_newer(FOLDER / "dist/main.js", [*FOLDER.glob("src/*"), FOLDER / "tsconfig.json"]):
            subprocess.run(["npm", "run", "--silent", "build"], cwd=FOLDER, check=True)


def tell(library: str, outputs: Path) -> subprocess.CompletedProcess[str]:
    # The build is the fixture's: two at once would read each other's half-written files.
    return run(["npm", "start", "--silent", "--ignore-scripts", "--", library, "--outputs", str(outputs)], FOLDER)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_story(library: str, cloud: LocalCloud) -> None:
    check_told(tell(library, cloud.data_dir / "outputs.json"))


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_step_that_fails_stops_the_story(library: str, cloud: LocalCloud, tmp_path: Path) -> None:
    outputs = altered(cloud.outputs, tmp_path, AppClientId="1" * 26)
    check_stopped(tell(library, outputs), "the user signs up as .*: ResourceNotFoundException: .*")


@pytest.mark.usefixtures("built")
def test_a_missing_outputs_file_is_one_line(tmp_path: Path) -> None:
    check_stopped(
        tell("amplify", tmp_path / "none.json"), r"the outputs file cannot be read \(`make up` writes it\): .*"
    )


@pytest.mark.usefixtures("built")
def test_an_unknown_library_is_wrong_usage() -> None:
    check_stopped(run(["npm", "start", "--silent", "--ignore-scripts", "--", "none"], FOLDER), "usage: .*")
