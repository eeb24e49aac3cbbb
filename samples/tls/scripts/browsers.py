"""Browsers that are given a page, which opens a WebSocket and reports what it said and heard."""

import subprocess
from pathlib import Path

from websockets.datastructures import Headers
from websockets.http11 import Response

SCRIPTS = Path(__file__).resolve().parent


def serve_page(connection, request):
    """Answers what is no upgrade: the page itself, and the icon that browsers ask for."""
    if "Upgrade" in request.headers:
        return None
    if request.path != "/":
        return connection.respond(404, "no such page\n")
    page = (SCRIPTS / "page.html").read_bytes()
    headers = Headers({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(page)), "Connection": "close"})
    return Response(200, "OK", headers, page)


def trust(database, root):
    """A database of NSS in which an authority is trusted."""
    Path(database).mkdir(parents=True, exist_ok=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{database}", "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", f"sql:{database}", "-n", "authority", "-t", "C,,", "-i", root], check=True)


def chromium(profile, *options):
    return ["env", f"HOME={profile}", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions",
            "--no-first-run", f"--user-data-dir={profile}", *options]


def firefox(profile, settings, url):
    lines = [f'user_pref("{name}", {value});\n' for name, value in {**FIREFOX, **settings}.items()]
    (Path(profile) / "user.js").write_text("".join(lines))
    return ["env", f"HOME={profile}", "firefox-esr", "--headless", "--no-remote", "--profile", profile, url]


FIREFOX = {
    "network.trr.mode": "5",
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "app.normandy.enabled": "false",
}
