#!/usr/bin/python3
"""Servers that misbehave on purpose, for tests of time-outs and of what a client says about a fault.

    fakes.py BEHAVIOUR [options]

Listens on 127.0.0.1 (--address, --port), prints the port as one line, and serves until SIGTERM arrives, its standard
input ends (if that is a pipe or a socket) or --lifetime seconds (600) have passed: a test that dies leaves nothing.

    close              accepts and closes at once
    stall              accepts, reads, never says anything
    garbage            answers with random bytes (--seed)
    drip               answers a bind correctly, one byte per --interval seconds (1)
    oversized          answers with an LDAP message that claims to be 2 GiB long
    plain-text         answers with HTTP, as a wrong service on the port would
    ldap               a small LDAP server: --bind-code, --bind-message, --search-code, --stall-after bind|root,
                       --attribute NAME=VALUE (of the root entry), --clock-offset SECONDS (of currentTime)
    proxy HOST:PORT    forwards; after --after bytes from the server it closes (--then close), resets (--then reset)
                       or goes silent with the connection open (--then stall); at most --times connections

--certificate and --key make any of them but proxy speak TLS first.
"""

import argparse
import asyncio
import contextlib
import datetime
import os
import random
import signal
import socket
import ssl
import stat
import struct
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BIND_REQUEST, SEARCH_REQUEST, EXTENDED_REQUEST, UNBIND_REQUEST = 0x60, 0x63, 0x77, 0x42
BIND_RESPONSE, SEARCH_ENTRY, SEARCH_DONE, EXTENDED_RESPONSE = 0x61, 0x64, 0x65, 0x78
PROTOCOL_ERROR = 2
MESSAGE_LIMIT = 1 << 20


def tlv(tag: int, body: bytes) -> bytes:
    """A BER value with a definite length (X.690 8.1)."""
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def integer(value: int, tag: int = 0x02) -> bytes:
    """A BER integer (or enumeration)."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def text(value: str) -> bytes:
    """A BER octet string."""
    return tlv(0x04, value.encode("utf-8"))


def message(identifier: int, operation: int, body: bytes) -> bytes:
    """An LDAPMessage (RFC 4511 4.1.1)."""
    return tlv(0x30, integer(identifier) + tlv(operation, body))


def result(code: int, diagnostic: str = "") -> bytes:
    """The parts of an LDAPResult (RFC 4511 4.1.9)."""
    return integer(code, 0x0A) + text("") + text(diagnostic)


def entry(attributes: dict[str, list[str]]) -> bytes:
    """The root entry with these attributes."""
    rows = b"".join(
        tlv(0x30, text(name) + tlv(0x31, b"".join(map(text, values)))) for name, values in attributes.items()
    )
    return text("") + tlv(0x30, rows)


async def read_tlv(reader: asyncio.StreamReader) -> bytes:
    """The contents of the next BER value from the client."""
    await reader.readexactly(1)
    length = (await reader.readexactly(1))[0]
    if length & 0x80:
        length = int.from_bytes(await reader.readexactly(length & 0x7F), "big")
    if length > MESSAGE_LIMIT:
        raise ValueError(f"a request of {length} bytes")
    return await reader.readexactly(length)


async def read_request(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Message id and operation of the next request."""
    body = await read_tlv(reader)
    size = body[1]
    return int.from_bytes(body[2 : 2 + size], "big"), body[2 + size]


async def drain(reader: asyncio.StreamReader) -> None:
    """Reads until the client goes."""
    while await reader.read(65536):
        pass


def answering(data: Callable[[], bytes]) -> Handler:
    """Waits for the client's first bytes (over TLS it has spoken already), sends the same to each, goes silent."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(data())
        await writer.drain()
        await drain(reader)

    return handle


async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Closes at once."""
    writer.close()


async def stall(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Says nothing."""
    await drain(reader)


def dripping(interval: float) -> Handler:
    """Answers the first request with a successful bind, byte by byte."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        identifier, _ = await read_request(reader)
        # A diagnostic text long enough that the answer outlasts any time-out of a test.
        for octet in message(identifier, BIND_RESPONSE, result(0, "slow" * 200)):
            writer.write(bytes((octet,)))
            await writer.drain()
            await asyncio.sleep(interval)
        await drain(reader)

    return handle


@dataclass(frozen=True)
class Ldap:
    """How the small LDAP server answers."""

    bind_code: int
    bind_message: str
    search_code: int
    stall_after: str | None
    attributes: dict[str, list[str]]
    clock_offset: float | None

    def root(self) -> dict[str, list[str]]:
        """The root entry as of now."""
        found = dict(self.attributes)
        if self.clock_offset is not None:
            now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.clock_offset)
            found["currentTime"] = [now.strftime("%Y%m%d%H%M%S.0Z")]
        return found

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one client: every search is answered with the root entry."""
        while True:
            identifier, operation = await read_request(reader)
            if operation == BIND_REQUEST:
                writer.write(message(identifier, BIND_RESPONSE, result(self.bind_code, self.bind_message)))
                stop = self.stall_after == "bind"
            elif operation == SEARCH_REQUEST:
                if self.search_code == 0:
                    writer.write(message(identifier, SEARCH_ENTRY, entry(self.root())))
                writer.write(message(identifier, SEARCH_DONE, result(self.search_code)))
                stop = self.stall_after == "root"
            elif operation == EXTENDED_REQUEST:
                writer.write(message(identifier, EXTENDED_RESPONSE, result(PROTOCOL_ERROR)))
                stop = False
            elif operation == UNBIND_REQUEST:
                return
            else:
                stop = False
            await writer.drain()
            if stop:
                await drain(reader)
                return


def proxy(target: str, after: int, then: str, times: int | None) -> Handler:
    """Forwards both ways until `after` bytes have come from the server; without end once `times` connections were cut."""
    host, _, port = target.rpartition(":")
    cut = 0

    async def upstream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal cut
        far_reader, far_writer = await asyncio.open_connection(host.strip("[]"), int(port))
        forward = asyncio.create_task(upstream(reader, far_writer))
        left = after
        try:
            while left > 0 or not (times is None or cut < times):
                data = await far_reader.read(min(left, 65536) if left > 0 else 65536)
                if not data:
                    return
                left -= len(data)
                writer.write(data)
                await writer.drain()
            cut += 1
            if then == "stall":
                await forward
            elif then == "reset":
                plain = writer.get_extra_info("socket")
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            forward.cancel()
            far_writer.close()

    return handle


def guarded(handler: Handler) -> Handler:
    """The handler, but a client that goes away or talks nonsense ends its own connection only."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, ValueError, IndexError):
            await handler(reader, writer)
        writer.close()

    return handle


def choose(options: argparse.Namespace) -> Handler:
    """The handler for the behaviour that the command line names."""
    if options.behaviour == "proxy":
        return proxy(options.target, options.after, options.then, options.times)
    if options.behaviour == "drip":
        return dripping(options.interval)
    if options.behaviour == "ldap":
        attributes: dict[str, list[str]] = {}
        for pair in options.attribute:
            name, _, value = pair.partition("=")
            attributes.setdefault(name, []).append(value)
        return Ldap(
            options.bind_code,
            options.bind_message,
            options.search_code,
            options.stall_after,
            attributes,
            options.clock_offset,
        ).handle
    random_bytes = random.Random(options.seed).randbytes(4096)
    return {
        "close": close,
        "stall": stall,
        "garbage": answering(lambda: random_bytes),
        "oversized": answering(lambda: b"\x30\x84\x7f\xff\xff\xff\x02\x01\x01"),
        "plain-text": answering(lambda: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
    }[options.behaviour]


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="servers that misbehave on purpose")
    behaviours = ("close", "stall", "garbage", "drip", "oversized", "plain-text", "ldap", "proxy")
    parser.add_argument("behaviour", choices=behaviours)
    parser.add_argument("target", nargs="?", help="HOST:PORT behind the proxy")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--lifetime", type=float, default=600.0)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--interval", type=float, default=1.0)
    parser.add_argument("--bind-code", type=int, default=0)
    parser.add_argument("--bind-message", default="")
    parser.add_argument("--search-code", type=int, default=0)
    parser.add_argument("--stall-after", choices=("bind", "root"))
    parser.add_argument("--attribute", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--clock-offset", type=float)
    parser.add_argument("--after", type=int, default=0)
    parser.add_argument("--then", choices=("close", "reset", "stall"), default="close")
    parser.add_argument("--times", type=int)
    options = parser.parse_args()
    if (options.behaviour == "proxy") != (options.target is not None):
        parser.error("HOST:PORT belongs to 'proxy', and to it only")
    return options


async def serve(options: argparse.Namespace) -> None:
    """Listens until told to stop."""
    context: ssl.SSLContext | None = None
    if options.certificate and options.behaviour != "proxy":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # A certificate with a fault must still be served: what is weak is for the client to say.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.load_cert_chain(options.certificate, options.key)
    server = await asyncio.start_server(
        guarded(choose(options)), options.address, options.port, ssl=context, backlog=128
    )
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    print(server.sockets[0].getsockname()[1], flush=True)

    def watch() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(over.set)

    mode = os.fstat(0).st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        # A daemon thread: waiting for standard input must not keep the process alive.
        threading.Thread(target=watch, daemon=True).start()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), options.lifetime)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(parse()))
