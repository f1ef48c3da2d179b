"""The public API is what `__all__` says, is loaded only when used, and importing it costs no boto3."""

from __future__ import annotations

import subprocess
import sys

import pytest

import auth


def test_every_public_name_resolves() -> None:
    for name in auth.__all__:
        assert getattr(auth, name).__name__ == name
    assert dir(auth) == sorted(auth.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Lost'"):
        auth.Lost  # noqa: B018


@pytest.mark.parametrize("statement", ["import auth", "from auth import TokenVerifier, Settings", "import auth.cli"])
def test_importing_it_does_not_import_boto3(statement: str) -> None:
    check = f"{statement}; import sys; sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
