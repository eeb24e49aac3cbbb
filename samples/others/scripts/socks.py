"""socks.pcap: curl through the SOCKS server of `ssh -D`, in versions 4, 4a and 5."""

import random
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from other import Other, folder, run, serving, sshd

PORT = 1080

with folder() as path, sshd() as options:
    (path / "crane.bin").write_bytes(random.Random(1080).randbytes(6_000))
    SimpleHTTPRequestHandler.log_message = lambda *words: None
    web = ThreadingHTTPServer(("127.0.0.1", 8000), lambda *request: SimpleHTTPRequestHandler(*request, directory=path))
    Thread(target=web.serve_forever, daemon=True).start()
    with serving(["ssh", "-N", "-D", PORT, *options, "root@127.0.0.1"], PORT):
        with Other("socks", ports=[PORT], protocols=["socks"]):
            for version in ("--socks4", "--socks4a", "--socks5", "--socks5-hostname"):
                run("curl", "-s", version, f"127.0.0.1:{PORT}", "http://127.0.0.1:8000/crane.bin", "http://127.0.0.1:8000/")
