#!/usr/bin/python3
"""Does every misbehaving server misbehave as it says?  python3 -m unittest tests/lab/test_fakes.py"""

import re
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIND = bytes.fromhex("300c020101600702010304008000")
ROOT = bytes.fromhex("3025020102632004000a01000a0100020100020100010100870b6f626a656374436c6173733000")
SEARCH_DONE = bytes.fromhex("65070a010004000400")


@contextmanager
def fake(*arguments: str) -> Iterator[int]:
    """A running server; its port."""
    command = [sys.executable, str(HERE / "fakes.py"), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            if process.wait(20) != 0:
                raise AssertionError(f"{command} ended with {process.returncode}")


def connect(port: int) -> socket.socket:
    """A connection that never waits long."""
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def read(connection: socket.socket, size: int) -> bytes:
    """Exactly this many bytes."""
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            break
        data += piece
    return data


def silent(connection: socket.socket) -> bool:
    """Nothing comes within 0.3 s, and the connection stays open."""
    connection.settimeout(0.3)
    try:
        connection.recv(1)
    except TimeoutError:
        return True
    return False


class Fakes(unittest.TestCase):
    """One test for each behaviour."""

    def test_close(self) -> None:
        with fake("close") as port, connect(port) as client:
            self.assertEqual(client.recv(1), b"")

    def test_stall(self) -> None:
        with fake("stall") as port, connect(port) as client:
            client.sendall(BIND)
            self.assertTrue(silent(client))

    def test_garbage_is_the_same_for_a_seed(self) -> None:
        answers = []
        for seed in ("1", "1", "2"):
            with fake("garbage", "--seed", seed) as port, connect(port) as client:
                client.sendall(BIND)
                answers.append(read(client, 4096))
        self.assertEqual(answers[0], answers[1])
        self.assertNotEqual(answers[0], answers[2])

    def test_drip(self) -> None:
        with fake("drip", "--interval", "0.2") as port, connect(port) as client:
            client.sendall(BIND)
            self.assertEqual([len(client.recv(64)) for _ in range(4)], [1, 1, 1, 1])

    def test_oversized(self) -> None:
        with fake("oversized") as port, connect(port) as client:
            client.sendall(BIND)
            self.assertEqual(read(client, 6), b"\x30\x84\x7f\xff\xff\xff")

    def test_plain_text(self) -> None:
        with fake("plain-text") as port, connect(port) as client:
            client.sendall(BIND)
            self.assertEqual(read(client, 8), b"HTTP/1.1")

    def test_ldap_refuses_a_bind(self) -> None:
        message = "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 775, v4563"
        with fake("ldap", "--bind-code", "49", "--bind-message", message) as port, connect(port) as client:
            client.sendall(BIND)
            answer = client.recv(4096)
        self.assertIn(b"\x61", answer)
        self.assertIn(bytes((0x0A, 1, 49)), answer)
        self.assertIn(message.encode(), answer)

    def test_ldap_tells_a_clock_that_is_off(self) -> None:
        arguments = ("ldap", "--clock-offset", "360", "--attribute", "dnsHostName=dc1.contoso.test")
        with fake(*arguments) as port, connect(port) as client:
            client.sendall(BIND + ROOT)
            answer = b""
            while SEARCH_DONE not in answer:
                answer += client.recv(4096)
        self.assertRegex(answer, re.compile(rb"currentTime.{4}\d{14}\.0Z", re.S))
        self.assertIn(b"dc1.contoso.test", answer)

    def test_ldap_stalls_after_a_bind(self) -> None:
        with fake("ldap", "--stall-after", "bind") as port, connect(port) as client:
            client.sendall(BIND + ROOT)
            self.assertIn(b"\x61", client.recv(4096))
            self.assertTrue(silent(client))

    def test_proxy_cuts(self) -> None:
        with fake("garbage") as behind:
            for then in ("close", "reset", "stall"):
                target = f"127.0.0.1:{behind}"
                with fake("proxy", target, "--after", "100", "--then", then) as port, connect(port) as client:
                    client.sendall(BIND)
                    self.assertEqual(len(read(client, 100)), 100)
                    if then == "stall":
                        self.assertTrue(silent(client))
                    elif then == "reset":
                        with self.assertRaises(ConnectionResetError):
                            client.recv(1)
                    else:
                        self.assertEqual(client.recv(1), b"")

    def test_proxy_cuts_so_many_connections_only(self) -> None:
        with fake("garbage") as behind:
            arguments = ("proxy", f"127.0.0.1:{behind}", "--after", "100", "--times", "1")
            with fake(*arguments) as port:
                for expected in (100, 4096):
                    with connect(port) as client:
                        client.sendall(BIND)
                        self.assertEqual(len(read(client, 4096)), expected)

    def test_tls(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            certs = [sys.executable, str(HERE / "certs.py"), folder, "--name", "localhost", "--address", "127.0.0.1"]
            subprocess.run([*certs, "--variants"], check=True)
            tls = Path(folder) / "tls"
            context = ssl.create_default_context(cafile=str(Path(folder) / "ca.pem"))
            pairs = {path.stem: path for path in (tls / "tls.pem", *(tls / "variants").glob("*.pem"))}
            accepted = set()
            for name, path in pairs.items():
                arguments = ("ldap", "--certificate", str(path), "--key", str(path.with_suffix(".key")))
                with fake(*arguments) as port, connect(port) as plain:
                    try:
                        with context.wrap_socket(plain, server_hostname="localhost") as client:
                            client.sendall(BIND)
                            self.assertIn(b"\x61", client.recv(4096))
                            accepted.add(name)
                    except ssl.SSLError:
                        pass
            self.assertEqual(len(pairs), 8)
            self.assertNotIn("expired", accepted)
            self.assertTrue(accepted >= {"tls"})
            refused = {"expired", "not-yet-valid", "wrong-name", "self-signed", "untrusted"}
            self.assertFalse(accepted & refused)


if __name__ == "__main__":
    unittest.main()
