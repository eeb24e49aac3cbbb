"""h2c.pcap: nghttp, curl, nghttpd and nghttpx, HTTP/2 without TLS: from the first byte on, and after an upgrade from HTTP/1.1."""

import random

from other import Other, folder, run, serving

PORT = 8080
# nghttpd knows HTTP/2 alone: the upgrade is answered by nghttpx, a proxy in front of it.
PROXY = 8081
URL = f"http://127.0.0.1:{PORT}"

with folder() as path:
    (path / "crane.bin").write_bytes(random.Random(8080).randbytes(5_000))
    (path / "index.html").write_text("<!doctype html><title>Harbour</title>" + "<p>The ferry is late again.</p>\n" * 20)
    (path / "small.bin").write_bytes(b"\x81\x05Hello\x82\x00")
    pages = [f"{URL}/{name}" for name in ("index.html", "crane.bin", "small.bin", "nowhere")]
    with (serving(["nghttpd", "--no-tls", "-a", "127.0.0.1", "-d", path, "--echo-upload", PORT], PORT),
          Other("h2c", ports=[PORT, PROXY], protocols=["http2", "http"])):
        run("nghttp", "-n", *pages)
        run("nghttp", "-n", "-m", "3", "-w", "14", "-b", "3", *pages)
        run("nghttp", "-n", "-d", path / "crane.bin", f"{URL}/upload")
        for page in pages:
            run("curl", "-s", "--http2-prior-knowledge", page)
        # The proxy ends within the capture, for it holds on to its connection with the server.
        with serving(["nghttpx", "--conf=/dev/null", "--workers=1", f"--frontend=127.0.0.1,{PROXY};no-tls",
                      f"--backend=127.0.0.1,{PORT};;proto=h2"], PROXY):
            run("nghttp", "-n", "--upgrade", *(page.replace(f":{PORT}", f":{PROXY}") for page in pages))
