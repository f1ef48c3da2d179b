"""`python -m localcloud.aws.package [--target aws|local] [--out FOLDER]`, run in the project's folder.

`local` builds FOLDER/NAME for this machine, `aws` builds FOLDER/aws/NAME for the template's runtime and architecture.
Exit code 0: the packages are there; 1: why not is on standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from localcloud.aws.package import stamp
from localcloud.aws.package.errors import PackageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what is not built yet."""
    parser = argparse.ArgumentParser(prog="python -m localcloud.aws.package", description="Build the Lambda packages.")
    parser.add_argument("--target", choices=("local", "aws"), default="local", help="the machine to build for")
    parser.add_argument("--out", type=Path, default=Path("build"), help="the folder to build in")
    chosen = parser.parse_args(arguments)
    root = Path.cwd()
    folder = chosen.out / "aws" if chosen.target == "aws" else chosen.out
    if not (root / stamp.TEMPLATE).is_file():
        return _fail(f"{stamp.TEMPLATE} is not there", "run this in the project's folder")
    if stamp.is_current(folder, stamp.digest(root, chosen.target)):
        return 0
    # Not before: these take longer to load than all of the above takes to run.
    from localcloud.aws.package.build import build

    try:
        build(root, folder, chosen.target, lambda line: print(line, flush=True))
    except PackageError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"cannot build in {folder}: {error}")
    return 0


def _fail(reason: str, hint: str = "") -> int:
    print(f"error: {reason}", *([f"hint: {hint}"] if hint else []), sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
