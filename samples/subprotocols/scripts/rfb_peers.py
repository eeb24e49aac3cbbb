"""rfb.pcap: tigervnc behind websockify, and noVNC in Chromium: a wrong password, then a session with updates, a key and a
clipboard; what noVNC sends and reads."""

import functools
import http.server
import json
import subprocess
import tempfile
import threading
from pathlib import Path

from recording import Recording
from sample import running, wait_until_open

PORT = 8765
PAGE, SCREEN = 8766, 5901


class Pages(http.server.SimpleHTTPRequestHandler):
    """Gives noVNC and its page, and takes what it tells."""

    said = []
    done = threading.Event()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == "/end":
            self.done.set()
        else:
            self.said.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PAGE), functools.partial(Pages, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()


quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    secret = Path(folder) / "secret"
    secret.write_bytes(subprocess.run(["tigervncpasswd", "-f"], input=b"low tide\n", capture_output=True, check=True).stdout)
    site = Path(folder) / "site"
    site.mkdir()
    for name in ("core", "vendor"):
        (site / name).symlink_to(f"/usr/share/novnc/{name}")
    (site / "index.html").symlink_to(Path(__file__).resolve().parent / "javascript/vnc.html")
    serve(site)
    screen = ["Xtigervnc", ":77", "-geometry", "300x200", "-depth", "24", "-localhost", "-rfbport", str(SCREEN),
              "-PasswordFile", secret, "-SecurityTypes", "VncAuth", "-desktop", "pier"]
    proxy = ["websockify", f"127.0.0.1:{PORT}", f"127.0.0.1:{SCREEN}"]
    browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=9222",
               f"--user-data-dir={folder}/profile", f"http://127.0.0.1:{PAGE}/"]
    with running(screen, **quiet), running(proxy, **quiet):
        wait_until_open(SCREEN)
        wait_until_open(PORT)
        with Recording(
                "rfb", [PORT], "tigervnc 1.12, websockify 0.10, noVNC 1.3, Chromium", "rfb",
                ["application-error"]) as recording:
            with running(browser, **quiet):
                if not Pages.done.wait(60):
                    raise SystemExit(f"noVNC did not end: {Pages.said}")
            for item in Pages.said:
                while item["connection"] >= len(recording.connections):
                    recording.connection()
                recording.connections[item.pop("connection")].log(**item)
