"""SMTP sink: a mail server on loopback that keeps what it is sent."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

ReplyFunction = Callable[[str], str | None]


@dataclass
class MailServer:
    """It keeps what it is sent. `says` may answer a command itself: "RCPT TO:<…>" with "550 No"."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    reply_hook: ReplyFunction = lambda _command: None

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    def bodies(self) -> list[str]:
        return [message.get_content() for message in self.letters]


class SMTPHandler(socketserver.StreamRequestHandler):
    """The part of RFC 5321 that a client needs to send a message."""

    mailbox: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 loopback")
        for line in self.rfile:
            command = line.decode().strip()
            answer = self.mailbox.reply_hook(command)
            if answer == "":
                return  # it hangs up
            if answer is None and command.upper() == "DATA":
                self.say("354 Go on")
                message, answer = self.read_data(), self.mailbox.reply_hook("END OF DATA")
                if not answer:
                    self.mailbox.raw.append(message)
                if answer == "":
                    return  # it has the letter, and nobody hears so
            self.say(answer or "250 Fine")
            if command.upper() == "QUIT":
                return

    def read_data(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server for the length of the block."""
    mailbox = MailServer()
    handler = type("BoundSMTPHandler", (SMTPHandler,), {"mailbox": mailbox})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    mailbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def use_mail_server(settings: object, server: MailServer) -> None:
    """Make the settings send e-mail there."""
    for name, value in {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_TIMEOUT": 5,
    }.items():
        setattr(settings, name, value)
