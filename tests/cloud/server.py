"""Serves the answers of this folder, or of the one that is named, as Microsoft Graph would, with the failures that a mode names.

    server.py [FOLDER]

Writes one line of JSON with its ports when it is ready, and ends when its standard input does. `graph` is Graph, `other` another host
that must never be asked. `/mode/NAME` sets the mode and forgets what was asked, `/mode/NAME/RESOURCE` the mode of one resource
alone; `/asked` tells what was asked since: paths, and whether the token came with them.

Users are filtered as the tests need it: `PROPERTY eq 'TEXT'`, joined by `or`.
"""

import http.server
import json
import pathlib
import re
import sys
import threading
import time
import urllib.parse

FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
CLAUSE = re.compile(r"(\w+) eq '((?:[^']|'')*)'")
RESOURCES = {
    "/v1.0/organization": "organization",
    "/v1.0/directory/onPremisesSynchronization": "onPremisesSynchronization",
    "/v1.0/domains": "domains",
    "/v1.0/domains/tailspintoys.com/federationConfiguration": "federationConfiguration",
    "/v1.0/policies/featureRolloutPolicies": "featureRolloutPolicies",
    "/v1.0/users": "users",
}

state = {"mode": "well", "only": "", "asked": [], "refused": set()}
lock = threading.Lock()


def answer(name, url):
    body = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    asked = urllib.parse.parse_qs(url.query).get("$filter")
    if name == "users" and asked:
        clauses = [(key, text.replace("''", "'").lower()) for key, text in CLAUSE.findall(asked[0])]
        body["value"] = [
            user for user in body["value"] if any((user.get(key) or "").lower() == text for key, text in clauses)
        ]
    return body


def error(code):
    return {"error": {"code": code, "message": "Words of the service.", "innerError": {"date": "2026-10-01T08:00:00"}}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=()):
        octets = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; odata.metadata=minimal; charset=utf-8")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/mode/"):
            with lock:
                mode, _, only = url.path.removeprefix("/mode/").partition("/")
                state.update(mode=mode, only=only, asked=[], refused=set())
            return self.reply(200, {})
        if url.path == "/asked":
            with lock:
                return self.reply(200, state["asked"])
        with lock:
            mode, only = state["mode"], state["only"]
            port = self.server.server_address[1]
            state["asked"].append({
                "port": port,
                "path": url.path,
                "query": urllib.parse.unquote(url.query),
                "token": self.headers.get("Authorization", "").startswith("Bearer "),
            })
        name = RESOURCES.get(url.path)
        if name is None:
            return self.reply(404, error("Request_ResourceNotFound"))
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            return self.reply(401, error("InvalidAuthenticationToken"))
        if only and name != only:
            return self.well(name, url)
        getattr(self, "mode_" + mode.replace("-", "_"), self.well)(name, url)

    def well(self, name, url):
        self.reply(200, answer(name, url))

    def mode_forbidden(self, _name, _url):
        self.reply(403, error("Authorization_RequestDenied"))

    def mode_application(self, name, url):
        """A token of an application: the features are refused."""
        if name in ("onPremisesSynchronization", "featureRolloutPolicies"):
            return self.reply(403, error("Authorization_RequestDenied"))
        return self.well(name, url)

    def mode_user_read(self, name, url):
        """What User.Read shows: null in the place of all that it hides."""
        if name != "organization":
            return self.mode_forbidden(name, url)
        body = answer(name, url)
        for key in list(body["value"][0]):
            if key not in ("id", "displayName", "verifiedDomains"):
                body["value"][0][key] = None
        return self.reply(200, body)

    def mode_expired(self, _name, _url):
        self.reply(401, error("InvalidAuthenticationToken"))

    def mode_off(self, name, url):
        body = answer(name, url)
        if name == "onPremisesSynchronization":
            body["value"][0]["features"]["passwordSyncEnabled"] = False
        self.reply(200, body)

    def mode_other_tenant(self, name, url):
        text = json.dumps(answer(name, url)).replace("fabrikam", "northwind")
        self.reply(200, text.encode())

    def mode_busy_once(self, name, url):
        with lock:
            first = name not in state["refused"]
            state["refused"].add(name)
        if first:
            return self.reply(429, error("TooManyRequests"), [("Retry-After", "1")])
        return self.well(name, url)

    def mode_busy(self, _name, _url):
        self.reply(429, error("TooManyRequests"), [("Retry-After", "900")])

    def mode_broken(self, _name, _url):
        self.reply(500, error("InternalServerError"))

    def mode_slow(self, _name, _url):
        time.sleep(20)

    def mode_pages(self, name, url):
        """One element a page."""
        body = answer(name, url)
        page = int(urllib.parse.parse_qs(url.query).get("$skiptoken", ["0"])[0])
        elements = body["value"]
        body["value"] = elements[page : page + 1]
        if page + 1 < len(elements):
            root = f"http://127.0.0.1:{self.server.server_address[1]}"
            same = "&".join(part for part in url.query.split("&") if part and not part.startswith("$skiptoken="))
            body["@odata.nextLink"] = f"{root}{url.path}?{same}&$skiptoken={page + 1}"
        self.reply(200, body)

    def mode_foreign_page(self, name, url):
        body = answer(name, url)
        body["@odata.nextLink"] = f"http://127.0.0.1:{other.server_address[1]}{url.path}"
        self.reply(200, body)

    def mode_endless(self, name, url):
        body = answer(name, url)
        body["@odata.nextLink"] = f"http://127.0.0.1:{self.server.server_address[1]}{url.path}"
        self.reply(200, body)

    def mode_twin_keys(self, name, url):
        """A next page in a body with keys that differ in their letter case alone, which some readers of JSON refuse."""
        body = answer(name, url)
        if "$skiptoken" not in url.query:
            root = f"http://127.0.0.1:{self.server.server_address[1]}"
            body |= {"X": 1, "x": 2, "@odata.nextLink": f"{root}{url.path}?{url.query}&$skiptoken=1"}
        self.reply(200, body)

    def mode_mirror(self, _name, _url):
        """Who answers in the place of Graph and shows what it was sent."""
        shown = self.headers.get("Authorization", "")
        self.reply(200, {"value": [{"id": shown, "authenticationType": "Federated", "isVerified": True}]})

    def mode_redirect(self, _name, url):
        self.reply(302, {}, [("Location", f"http://127.0.0.1:{other.server_address[1]}{url.path}")])

    def mode_page_of_a_proxy(self, _name, _url):
        self.reply(200, b"<html><body>Sign in to the network</body></html>")

    def mode_cut_off(self, name, url):
        octets = json.dumps(answer(name, url)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(octets) + 100))
        self.end_headers()
        self.wfile.write(octets)
        self.close_connection = True

    def mode_huge(self, _name, _url):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        try:
            for _ in range(64):
                self.wfile.write(chunk)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True


graph, other = (http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2))
for server in (graph, other):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"graph": graph.server_address[1], "other": other.server_address[1]}), flush=True)
sys.stdin.read()
