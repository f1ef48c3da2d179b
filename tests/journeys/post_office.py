"""A mail server that keeps what it is given: what the stack's functions send through SES ends here."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections import defaultdict
from email.message import EmailMessage
from types import TracebackType
from typing import cast

from tests.local_cloud import wait_until


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as smtplib speaks."""

    def handle(self) -> None:
        office = cast("PostOffice", self.server)
        recipients: list[str] = []
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.partition(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                office.keep(recipients, self._content())
            elif word == "RCPT":
                recipients.append(line[line.index("<") + 1 : line.index(">")])
            self._say("221 bye" if word == "QUIT" else "250 fine")

    def _content(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line.removeprefix(b".") for line in lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    """Mail by address, in the order that it came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mail: dict[str, list[EmailMessage]] = defaultdict(list)

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> PostOffice:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def keep(self, recipients: list[str], content: bytes) -> None:
        message = email.message_from_bytes(content, policy=email.policy.default)
        for recipient in recipients:
            self.mail[recipient].append(message)

    def next_mail(self, address: str, known: int = 0) -> tuple[str, str]:
        """Subject and body of the mail to an address after the `known` first ones; waits for it."""
        wait_until(lambda: len(self.mail[address]) > known)
        message = self.mail[address][known]
        body = message.get_body(("html",))
        assert body is not None
        return message["subject"], body.get_content()
