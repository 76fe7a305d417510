"""HTTP on a socket: reads requests, meets faults, sends answers, keeps the journal. It never writes to the console."""

import contextlib
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

from dibt.sandbox.blobs import PIECE
from dibt.sandbox.bodies import Body, Connection
from dibt.sandbox.faults import Fault, FaultKind
from dibt.sandbox.hub import Hub
from dibt.sandbox.identifiers import object_id, stamp
from dibt.sandbox.journal import Entry
from dibt.sandbox.limits import Verdict
from dibt.sandbox.routing import Route
from dibt.sandbox.wire import FilePart, Response

ABRUPTLY = struct.pack("ii", 1, 0)


class SandboxHTTPServer(ThreadingHTTPServer):
    """A thread for each connection; `close` ends the idle ones too."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        family = socket.AF_INET6 if ":" in hub.config.host else socket.AF_INET
        self.address_family = family
        super().__init__((hub.config.host, hub.config.port), Handler)

    def note_open(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.add(connection)

    def note_closed(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.discard(connection)

    def leave(self) -> None:
        """End all connections, refuse new ones until `server_activate`, keep the port. Call `shutdown` before."""
        self._hang_up()
        self.socket.close()
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()

    def close(self) -> None:
        """Stop listening, end every connection, put the state away. Call `shutdown` before."""
        self.hub.faults.clear()
        self._hang_up()
        self.server_close()
        self.hub.close()

    def _hang_up(self) -> None:
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the other side was faster
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive between requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = 600
    _verdict = Verdict()

    @property
    def sandbox(self) -> SandboxHTTPServer:
        return cast(SandboxHTTPServer, self.server)

    def setup(self) -> None:
        super().setup()
        self.sandbox.note_open(self.connection)

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the client went away, or was made to by a fault

    def finish(self) -> None:
        self.sandbox.note_closed(self.connection)
        try:
            super().finish()
        except ConnectionError:
            self.close_connection = True

    def version_string(self) -> str:
        return "sandbox-hub"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """The journal is the log."""

    def answer(self) -> None:
        hub, path = self.sandbox.hub, urlsplit(self.path).path
        body = Body(self.headers, cast(Connection, self.rfile))
        found = hub.router.find(self.command, path)
        content = b"" if found and found[0].streams else body.read_all()
        caller = self.headers.get("Authorization") or ""
        self._verdict = hub.limits.take(
            self.command, path, authorization=caller, address=self.client_address[0]
        )
        fault = None if self._verdict.refusal else hub.faults.take(self.command, path)
        if fault is not None and not self._goes_on(fault, path):
            return
        response = self._verdict.refusal or self._response(found, fault, body, content)
        self._note(path, response.status, fault)
        if fault is not None and fault.kind == FaultKind.LATE_ANSWER:
            hub.faults.wait(fault.seconds)
        if fault is not None and fault.kind == FaultKind.LOST_ANSWER:
            self._break()
            return
        self.close_connection = self.close_connection or not body.ended
        self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer  # noqa: N815

    def _response(
        self, found: tuple[Route, dict[str, str]] | None, fault: Fault | None, body: Body, content: bytes
    ) -> Response:
        if fault is not None and fault.kind == FaultKind.STATUS:
            return fault.response()
        target = urlsplit(self.path)
        return self.sandbox.hub.answer(
            found,
            method=self.command,
            path=target.path,
            query=target.query,
            headers=self.headers,
            body=content,
            stream=body,
        )

    def _goes_on(self, fault: Fault, path: str) -> bool:
        """Let the first half of a fault happen; whether there will be an answer at all."""
        is_end = fault.kind in {FaultKind.HANG, FaultKind.RESET}
        if is_end:
            self._note(path, None, fault)
        if fault.kind in {FaultKind.HANG, FaultKind.SLOW}:
            self.sandbox.hub.faults.wait(fault.seconds)
        if is_end:
            self._break()
        return not is_end

    def _break(self) -> None:
        """End the connection with a reset, without another byte."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPTLY)

    def _note(self, path: str, status: int | None, fault: Fault | None) -> None:
        kind = "" if fault is None else fault.kind.value
        entry = Entry(self.command, path, status, stamp(), kind, self._verdict.limited)
        self.sandbox.hub.journal.write(entry)

    def _send(self, response: Response) -> None:
        content = response.body
        length = content.length if isinstance(content, FilePart) else len(content)
        self.send_response(response.status)
        for name, value in {**self._common_headers(), **response.headers}.items():
            self.send_header(name, _one_line(value))
        self.send_header("Content-Length", response.headers.get("Content-Length", str(length)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        if isinstance(content, FilePart):
            self._send_part(content)
        else:
            self.wfile.write(content)

    def _send_part(self, part: FilePart) -> None:
        with part.path.open("rb") as stored:
            stored.seek(part.start)
            left = part.length
            while left:
                piece = stored.read(min(PIECE, left))
                self.wfile.write(piece)
                left -= len(piece)

    def _common_headers(self) -> dict[str, str]:
        trace = self.headers.get("X-Amzn-Trace-Id") or self.headers.get("X-Request-Id") or object_id()
        return {
            "X-Request-Id": f"Root=1-{object_id()};{trace}",
            "X-Content-Type-Options": "nosniff",
            **self._verdict.headers,
        }


def _one_line(value: str) -> str:
    """A header value that cannot start another header; names out of a request end up in some."""
    return " ".join(value.splitlines()).encode("ascii", "replace").decode()
