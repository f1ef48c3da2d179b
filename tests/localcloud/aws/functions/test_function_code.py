"""Where a function's code lies: archives are unpacked once, and a build that others made is told by its looks."""

from __future__ import annotations

import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localcloud.aws.function_code import FunctionCode, fingerprint

CALLS = 8


def test_first_calls_at_once_get_the_same_whole_folder(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20):
            archive.writestr(f"package/{number}.py", f"x = {number}\n" * 100)
    code, together = FunctionCode(buffer.getvalue(), None), threading.Barrier(CALLS)

    def unpack(parent: Path) -> Path:
        together.wait()
        return code.unpack(parent)

    with ThreadPoolExecutor(CALLS) as executor:
        for attempt in range(5):
            (folder,) = set(executor.map(unpack, [tmp_path / str(attempt)] * CALLS))
            assert len(list(folder.glob("package/*.py"))) == 20
            assert list(folder.parent.iterdir()) == [folder]


def test_a_build_that_nothing_is_said_of_is_told_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package/handler.py").write_text("x = 1")
    first = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == first
    (tmp_path / "package/handler.py").write_text("x = 10")
    assert fingerprint(tmp_path) != first
