"""Random calls to a local cloud of its own: no answer of 500, no error that AWS does not declare, nothing half-done."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.fuzz.running import run
from tests.local_cloud import LocalCloud


def main() -> int:
    """Fuzz. 0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("-n", type=int, default=5_000, metavar="N", help="how many calls (default 5,000)")
    parser.add_argument("--seed", type=int, help="of an earlier run, to make its calls again")
    options = parser.parse_args()
    seed = SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    print(f"SEED={seed} N={options.n}", flush=True)
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloud(Path(folder) / "data", ("--no-stack",)).start()
        try:
            for finding in run(cloud, seed, options.n):
                found += 1
                print(finding, flush=True)
        finally:
            cloud.stop()
    print(f"{options.n} calls, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
