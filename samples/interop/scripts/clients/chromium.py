"""Chromium, headless: a page runs the conversation and hands back what it received.

The page itself comes from another port, which is not captured.
"""

import http.server
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import peer


class Pages(http.server.BaseHTTPRequestHandler):
    report = None
    told = threading.Event()

    def do_GET(self):
        page = Path(__file__).with_name("browser.html").read_text().replace("TALK", json.dumps([peer.url(), lines]))
        self.answer(page.encode())

    def do_POST(self):
        Pages.report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(b"")
        Pages.told.set()

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def browser(profile, page):
    if Path(__file__).stem == "firefox":
        return ["firefox-esr", "--headless", "--no-remote", "--profile", profile, page]
    return ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run",
            f"--user-data-dir={profile}", page]


lines = sys.stdin.read().splitlines()
pages = http.server.ThreadingHTTPServer((peer.HOST, 0), Pages)
threading.Thread(target=pages.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    command = browser(profile, f"http://{peer.HOST}:{pages.server_port}/")
    version = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout.split()
    peer.say("version", *[word for word in version if word != "Mozilla"][:2])
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    Pages.told.wait(25)
    process.terminate()
    process.wait(10)
for line in Pages.report or []:
    peer.say(line)
