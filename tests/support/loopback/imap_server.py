"""IMAP server on loopback with TLS: the part of RFC 3501 that fetching a mailbox needs."""

import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class LoopbackMailbox:
    """Messages by UID, and which of them are seen. `reply_hook` may answer a command itself:
    `UID FETCH 3 (BODY.PEEK[])` with `NO`; with "" the server hangs up."""

    port: int = 0
    password: str = "secret"
    uid_validity: int = 1
    messages: dict[int, bytes] = field(default_factory=dict)
    seen_uids: set[int] = field(default_factory=set)
    folders: set[str] = field(default_factory=lambda: {"INBOX"})
    commands: list[str] = field(default_factory=list)
    stated_sizes: dict[int, int] = field(default_factory=dict)  # where they are not the real ones
    reply_hook: Callable[[str], str | None] = lambda _command: None

    def add(self, raw: bytes) -> int:
        """Put a message into the mailbox; its UID."""
        uid = max(self.messages, default=0) + 1
        self.messages[uid] = raw
        return uid


class IMAPHandler(socketserver.StreamRequestHandler):
    """One connection."""

    mailbox: LoopbackMailbox

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("* OK loopback")
        for line in self.rfile:
            tag, _space, command = line.decode().strip().partition(" ")
            self.mailbox.commands.append(command)
            answer = self.mailbox.reply_hook(command)
            if answer == "":
                return  # it hangs up
            self.say(f"{tag} {answer or self.carry_out(command)} (that is all)")
            if command.upper() == "LOGOUT":
                return

    def carry_out(self, command: str) -> str:
        verb, _space, rest = command.partition(" ")
        if verb.upper() == "UID":
            verb, _space, rest = rest.partition(" ")
        carry_out = getattr(self, f"do_{verb.lower()}", None)
        return carry_out(rest) if carry_out else "BAD what"

    def do_capability(self, _rest: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK"

    def do_login(self, rest: str) -> str:
        return "OK in" if rest.endswith(f'"{self.mailbox.password}"') else "NO who"

    def do_select(self, rest: str) -> str:
        if rest.strip('"') not in self.mailbox.folders:
            return "NO folder"
        self.say(f"* {len(self.mailbox.messages)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.mailbox.uid_validity}] valid")
        return "OK [READ-WRITE] selected"

    def do_search(self, rest: str) -> str:
        first = int(re.findall(r"UID (\d+):\*", rest)[0])
        uids = sorted(self.mailbox.messages)
        found = [uid for uid in uids if uid >= first] or uids[-1:]  # `n:*` has the last one always
        self.say(f"* SEARCH {' '.join(map(str, found))}")
        return "OK"

    def do_fetch(self, rest: str) -> str:
        number, _space, what = rest.partition(" ")
        uid = int(number)
        raw = self.mailbox.messages.get(uid)
        if raw is None:
            return "OK"
        if "RFC822.SIZE" in what:
            size = self.mailbox.stated_sizes.get(uid, len(raw))
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})")
            return "OK"
        part = "HEADER" if "HEADER" in what else ""
        if part:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[{part}] {{{len(raw)}}}\r\n".encode())
        self.wfile.write(raw + b")\r\n")
        return "OK"

    def do_store(self, rest: str) -> str:
        numbers = rest.partition(" ")[0]
        self.mailbox.seen_uids |= set(map(int, numbers.split(",")))
        return "OK"

    def do_logout(self, _rest: str) -> str:
        self.say("* BYE")
        return "OK"


class TLSServer(socketserver.ThreadingTCPServer):
    """Server whose connections are TLS; the handshake is made in the thread of the connection."""

    daemon_threads = True
    context: ssl.SSLContext

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            with self.context.wrap_socket(request, server_side=True) as secret:
                super().finish_request(secret, client_address)
        except OSError:
            """The caller hung up, or does not trust the certificate; that is what some tests want."""


@contextmanager
def imap_server(certificate: Path) -> Iterator[LoopbackMailbox]:
    """A mailbox for the length of the block."""
    mailbox = LoopbackMailbox()
    handler = type("BoundIMAPHandler", (IMAPHandler,), {"mailbox": mailbox})
    server = TLSServer(("127.0.0.1", 0), handler)
    server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.context.load_cert_chain(certificate)
    mailbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
