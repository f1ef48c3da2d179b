"""`python -m localcloud`: start the local cloud, forget its state, explain a refusal, or decide IAM requests."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

_RESET = "forget it all: python -m localcloud reset --data-dir {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m localcloud", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_up(commands.add_parser("up", help="start the local cloud (Ctrl-C stops it)"))
    reset = commands.add_parser("reset", help="forget all state of a data folder whose server is stopped")
    reset.add_argument("--data-dir", type=Path, default=Path(".gatehouse"))
    commands.add_parser("decide", help="decide IAM requests: one JSON object a line in, one decision a line out")
    _add_explain(commands.add_parser("explain", help="why a running local cloud refused a request"))
    options = parser.parse_args(arguments)
    if options.command == "up":
        return up(options)
    if options.command == "reset":
        return reset_folder(options.data_dir)
    if options.command == "explain":
        from localcloud.explain import command

        return command.main(options.request_id, options.endpoint_url, as_json=options.json)
    return decide_lines()


def up(options: argparse.Namespace) -> int:
    """Serve until stopped. A taken port or an unusable data folder is one line, and 1."""
    from localcloud.options import Options
    from localcloud.server import PortTakenError, Server, bind
    from localcloud.store import FolderInUseError

    try:
        sock = bind(options.port)
    except PortTakenError as error:
        return _fail(str(error), f"choose another one: --port {options.port + 1}")
    try:
        server = Server(
            Options(
                data_dir=options.data_dir,
                iam=options.iam,
                issuer=options.issuer,
                stack=not options.no_stack,
                template=options.template,
                parameters=options.parameters,
                decisions=options.decisions,
                providers=dict(options.provider),
                stand_ins=options.stand_ins,
                import_limits=options.import_limits,
                quotas=options.quotas,
            ),
            sock,
        )
    except FolderInUseError as error:
        return _fail(str(error), "stop the other server, or choose another folder: --data-dir DIR")
    except sqlite3.DatabaseError as error:
        return _fail(f"the data folder {options.data_dir} cannot be read: {error}", _RESET.format(options.data_dir))
    except OSError as error:
        return _fail(
            f"the data folder {options.data_dir} cannot be used: {error.strerror}", "choose another: --data-dir DIR"
        )
    host, port = sock.getsockname()
    print(f"listening on http://{host}:{port}", flush=True)
    server.run()
    return 0


def decide_lines() -> int:
    """Decide each line of standard input, until there is none or nobody reads the answers."""
    from localcloud import decide

    try:
        return decide.main(sys.stdin, sys.stdout)
    except BrokenPipeError:
        # As for any filter: `| head` ends it, and Python must not complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def reset_folder(folder: Path) -> int:
    """Delete a data folder's content, whatever is in it, unless a server has it open."""
    from localcloud.store import FolderInUseError, claim

    if not (folder / "state.sqlite").exists():
        return _fail(f"{folder} is not a data folder of the local cloud", "name one with --data-dir DIR")
    try:
        claim(folder).close()
    except FolderInUseError as error:
        return _fail(str(error), "stop it first, or ask it: POST /_localcloud/reset")
    shutil.rmtree(folder)
    return 0


def _add_up(up_parser: argparse.ArgumentParser) -> None:
    up_parser.add_argument("--port", type=_port, default=4566, help="0 takes any free one (default %(default)s)")
    up_parser.add_argument("--data-dir", type=Path, default=Path(".gatehouse"), help="where state lives (%(default)s)")
    up_parser.add_argument("--iam", choices=("enforce", "off"), default="enforce", help="off: every key is root's")
    up_parser.add_argument(
        "--issuer", choices=("aws", "endpoint"), default="aws", help="the form of `iss` in tokens (default %(default)s)"
    )
    up_parser.add_argument("--decisions", action="store_true", help="keep every IAM decision, not only refusals")
    up_parser.add_argument(
        "--provider",
        type=_provider,
        action="append",
        default=[],
        metavar="NAME=URL",
        help="where a login provider is, for a stand-in: accounts.google.com=http://127.0.0.1:9000 (repeatable)",
    )
    up_parser.add_argument(
        "--stand-ins", action="store_true", help="be Google, Facebook and a SAML provider, too, without the Internet"
    )
    up_parser.add_argument(
        "--import-limits",
        choices=("aws", "off"),
        default="aws",
        help="off: a user import may have more than 500,000 rows and 100 MB, as no pool on AWS takes them at once",
    )
    up_parser.add_argument(
        "--quotas", action="store_true", help="throttle calls to user pools, by the default rates of an AWS account"
    )
    up_parser.add_argument("--no-stack", action="store_true", help="start empty, deploy nothing")
    up_parser.add_argument("--template", type=Path, default=Path("cloudformation/backend.yaml"), help="%(default)s")
    up_parser.add_argument(
        "--parameters", type=Path, default=Path("cloudformation/parameters/local.json"), help="%(default)s"
    )


def _add_explain(explain_parser: argparse.ArgumentParser) -> None:
    explain_parser.add_argument(
        "request_id", nargs="?", default="last", help="the request id of the refused answer; without one, the last"
    )
    explain_parser.add_argument(
        "--endpoint-url",
        default=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        help="where the local cloud is (AWS_ENDPOINT_URL, or %(default)s)",
    )
    explain_parser.add_argument("--json", action="store_true", help="print JSON")


def _provider(text: str) -> tuple[str, str]:
    from localcloud.federation.addresses import checked

    name, _, url = text.partition("=")
    try:
        checked(url)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
    return name, url


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to 65535")
    return int(text)


def _fail(error: str, hint: str) -> int:
    print(f"error: {error}\nhint: {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
