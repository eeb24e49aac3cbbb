"""ftp.pcap: curl and vsftpd, in passive and in active mode, with the connections of the data."""

import os
import random

from other import Other, folder, run, serving

URL = "ftp://127.0.0.1"

with folder() as path:
    os.makedirs("/run/vsftpd/empty", exist_ok=True)
    # The user `ftp` reads here.
    path.chmod(0o755)
    files = path / "files"
    (files / "kept").mkdir(parents=True)
    (files / "kept").chmod(0o777)
    (files / "crane.bin").write_bytes(random.Random(21).randbytes(8_000))
    (files / "ferries.txt").write_text("The 14:20 ferry is late again.\n" * 60)
    (path / "configuration").write_text(
        f"listen=YES\nlisten_address=127.0.0.1\nbackground=NO\nanonymous_enable=YES\nno_anon_password=YES\nanon_root={files}\n"
        "write_enable=YES\nanon_upload_enable=YES\nconnect_from_port_20=YES\nsecure_chroot_dir=/run/vsftpd/empty\n")
    with serving(["/usr/sbin/vsftpd", path / "configuration"], 21):
        with Other("ftp", ports=[21], protocols=["ftp", "ftp-data"], filter="tcp"):
            run("curl", "-s", f"{URL}/", f"{URL}/crane.bin", f"{URL}/ferries.txt")
            run("curl", "-s", "-P", "127.0.0.1", f"{URL}/crane.bin")
            run("curl", "-s", "-T", "-", f"{URL}/kept/note.txt", input=b"\x81\x82" * 500)
