"""A mail server of a test: speaks SMTP over a real socket, keeps what it is handed."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What the server took, and what it is to refuse."""

    port: int = 0
    unknown: set[str] = field(default_factory=set)
    greeting: str = "220 mail.test ready"
    password_ok: bool = True
    took: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    """One session: commands of a line each, and a message that ends with a dot."""

    box: Mailbox

    def handle(self) -> None:
        self._say(self.box.greeting)
        for line in self.rfile:
            words = line.decode().strip()
            self.box.said.append(words)
            if not self._answer(words):
                return

    def _answer(self, words: str) -> bool:
        verb = words.split(" ", maxsplit=1)[0].upper()
        if verb == "EHLO":
            self._say("250-mail.test")
            self._say("250 AUTH PLAIN")
        elif verb == "AUTH":
            self._say("235 ok" if self.box.password_ok else "535 no")
        elif verb == "RCPT":
            known = words.partition("<")[2].partition(">")[0]
            self.box.recipients.append(known)
            self._say("550 no such user" if known in self.box.unknown else "250 ok")
        elif verb == "DATA":
            self._say("354 go on")
            self._take()
            self._say("250 taken")
        else:
            self._say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.box.took.append(found)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a server for the time of the block."""
    box = Mailbox()
    handler = type("Talk", (_Talk,), {"box": box})
    with _Server(("127.0.0.1", 0), handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
