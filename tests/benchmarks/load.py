"""A load of HTTP requests from one process: a few connections, each sending its next when it is answered."""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CONNECTIONS = 8
_END_OF_HEAD = b"\r\n\r\n"


class UnexpectedAnswerError(Exception):
    """An answer with another status than the benchmark counts on: its figures would mean nothing."""


@dataclass
class Load:
    """What was answered: the seconds that each request took, and all of them together."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The time below which this share of the answers came, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


class _Client:
    """One connection and the answer that it is waiting for."""

    def __init__(self, port: int, status: int) -> None:
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.status = b"HTTP/1.1 %d " % status
        self.received = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Whether the answer is complete. Raises UnexpectedAnswerError."""
        part = self.socket.recv(1 << 18)
        self.received += part
        head, found, body = self.received.partition(_END_OF_HEAD)
        if not part or (found and not head.startswith(self.status)):
            raise UnexpectedAnswerError((head + found + body)[:1000].decode(errors="replace"))
        return bool(found) and len(body) >= _content_length(head)


def _content_length(head: bytes) -> int:
    return int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])


def run(port: int, requests: Iterator[bytes], *, seconds: float, status: int) -> Load:
    """Send `requests` for so many seconds. Raises UnexpectedAnswerError."""
    load = Load()
    with selectors.DefaultSelector() as ready:
        clients = [_Client(port, status) for _ in range(CONNECTIONS)]
        started = time.perf_counter()
        for client in clients:
            ready.register(client.socket, selectors.EVENT_READ, client)
            client.send(next(requests))
        waiting = len(clients)
        while waiting:
            for key, _ in ready.select():
                client = key.data
                if not client.receive():
                    continue
                now = time.perf_counter()
                load.latencies.append(now - client.sent_at)
                if now - started < seconds:
                    client.send(next(requests))
                else:
                    ready.unregister(client.socket)
                    client.socket.close()
                    waiting -= 1
        load.seconds = time.perf_counter() - started
    return load
