"""http.pcap: curl and nginx, several requests on each connection, bodies of all kinds."""

import json
import random

from other import SCRIPTS, Other, folder, run, serving

URL = "http://127.0.0.1"
bytes_at_random = random.Random(80).randbytes


def fill(files):
    (files / "kept").mkdir(parents=True)
    (files / "index.html").write_text("<!doctype html><title>Harbour</title>" + "<p>The ferry is late again.</p>\n" * 40)
    (files / "ferries.json").write_text(json.dumps([{"ferry": number, "late": number % 7} for number in range(400)]))
    (files / "crane.bin").write_bytes(bytes_at_random(9_000))
    (files / "zeros.bin").write_bytes(bytes(3_000))
    (files / "small.bin").write_bytes(b"\x81\x05Hello\x82\x03\x01\x02\x03")
    (files / "empty.json").write_text("")


def visit(path):
    pages = [f"{URL}/{name}" for name in ("", "ferries.json", "crane.bin", "small.bin", "empty.json", "kept/", "nowhere")]
    # All of them on one connection; the second time packed, and then only by halves.
    run("curl", "-s", *pages)
    run("curl", "-s", "--compressed", *pages, f"{URL}/zeros.bin")
    run("curl", "-s", "-r", "100-3099", f"{URL}/crane.bin", "--next", "-s", "-I", f"{URL}/ferries.json")
    run("curl", "-s", "-r", "0-9,50-59", f"{URL}/crane.bin")
    run("curl", "-s", "-T", path / "files/crane.bin", f"{URL}/kept/crane.bin", "--next", "-s", "-X", "DELETE", f"{URL}/kept/crane.bin")
    # From standard input nobody knows the length: curl sends chunks.
    run("curl", "-s", "-T", "-", f"{URL}/kept/chunks.bin", input=bytes_at_random(5_000))
    run("curl", "-s", "--data", "name=Kofi&late=yes", f"{URL}/ferries.json", f"{URL}/kept/")


with folder() as path:
    fill(path / "files")
    with serving(["nginx", "-p", path, "-e", path / "error.log", "-c", SCRIPTS / "nginx.conf"], 80):
        with Other("http", ports=[80], protocols=["http", "json", "data-text-lines"]):
            visit(path)
