"""A registry on loopback for scripts/local-registry.sh: one packed crate, served well and badly.

    local-registry.py CRATE METADATA

METADATA is what `cargo metadata --no-deps` says of the workspace. Prints its address, then serves:

    /good/      as a registry does
    /early/     does not list the version for the first two questions
    /never/     never lists it
    /yanked/    lists it as yanked
    /lying/     serves other bytes than its index says
"""

import hashlib
import http.server
import json
import sys

CRATES_IO = "https://github.com/rust-lang/crates.io-index"


def entry(package, digest):
    """The line of the index, as a registry makes it from the manifest."""
    dependencies = [
        {
            "name": of["rename"] or of["name"],
            "package": of["name"] if of["rename"] else None,
            "req": of["req"],
            "features": of["features"],
            "optional": of["optional"],
            "default_features": of["uses_default_features"],
            "target": of["target"],
            "kind": of["kind"] or "normal",
            "registry": CRATES_IO,
        }
        for of in package["dependencies"]
        if of["kind"] != "dev"
    ]
    return {
        "name": package["name"],
        "vers": package["version"],
        "deps": dependencies,
        "cksum": digest,
        "features": {},
        "features2": package["features"],
        "yanked": False,
        "v": 2,
    }


class Registry(http.server.BaseHTTPRequestHandler):
    crate, line, asked = b"", {}, {}

    def do_GET(self):
        kind, _, path = self.path.lstrip("/").partition("/")
        if path == "config.json":
            host = self.headers["Host"]
            self.answer(json.dumps({"dl": f"http://{host}/{kind}/dl", "api": None}).encode())
        elif path == "ru/ni/runinfra" and self.lists(kind):
            line = dict(self.line, yanked=kind == "yanked")
            self.answer(json.dumps(line).encode() + b"\n")
        elif path == f"dl/{self.line['name']}/{self.line['vers']}/download":
            self.answer(self.crate + (b"more" if kind == "lying" else b""))
        else:
            self.send_error(404)

    def lists(self, kind):
        self.asked[kind] = self.asked.get(kind, 0) + 1
        return kind != "never" and (kind != "early" or self.asked[kind] > 2)

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    with open(sys.argv[1], "rb") as file:
        Registry.crate = file.read()
    with open(sys.argv[2], encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    (package,) = [of for of in packages if of["name"] == "runinfra"]
    Registry.line = entry(package, hashlib.sha256(Registry.crate).hexdigest())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()
