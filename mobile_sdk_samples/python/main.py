"""The whole story with the `auth` library: `python main.py [--outputs FILE] [--email ADDRESS]`."""

from __future__ import annotations

import argparse
import sys
import uuid
from pathlib import Path

from story import StoryEnds, tell

from auth import AuthError, Settings

OUTPUTS = Path(__file__).parents[2] / ".gatehouse/outputs.json"


def main() -> int:
    """Tell the story; 0 if every step is as it should be."""
    parser = argparse.ArgumentParser(description="A user's whole story against a backend.")
    parser.add_argument("--outputs", type=Path, default=OUTPUTS, help="the stack's outputs (default: %(default)s)")
    parser.add_argument("--email", help="where the code goes; on the local cloud any address will do")
    options = parser.parse_args()
    try:
        settings = Settings.from_outputs(options.outputs)
        if not (email := options.email or (settings.endpoint_url and f"sample-{uuid.uuid4()}@example.com")):
            parser.error("on AWS, --email must say where the code goes")
        print(f"auth on {settings.endpoint_url or f'AWS, {settings.region}'}")
        tell(settings, email, options.outputs.parent / "sample-devices")
    except (AuthError, StoryEnds) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
