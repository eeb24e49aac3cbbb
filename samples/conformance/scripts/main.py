"""Makes the captures that are named, or all, and describes them in `expected.json`."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packets import Recorder, write
from remarks import tshark_says
from stage import Stage, captures

# Each adds its captures to the list.
import request  # noqa: F401
import answer  # noqa: F401
import handshake  # noqa: F401
import frames  # noqa: F401
import stream  # noqa: F401
import messages  # noqa: F401
import pings  # noqa: F401
import closing  # noqa: F401
import damaged  # noqa: F401
import stalls  # noqa: F401
import applications  # noqa: F401
import http2  # noqa: F401

FOLDER = Path(__file__).resolve().parent.parent
EXPECTED = FOLDER / "expected.json"


def make(capture, number):
    path = FOLDER / f"{capture.name}.pcap"
    stage = Stage(number)
    with Recorder() as recorder:
        capture.play(stage)
        packets = recorder.take(stage.connections)
    stage.listener.close()
    if capture.alter:
        packets = capture.alter(packets)
    write(path, packets, capture.snapshot_length)
    facts = {"what": capture.what}
    if capture.options:
        facts["command-options"] = capture.options
    facts["findings"] = list(capture.findings)
    facts["frames"] = stage.frames() if capture.frames is None else capture.frames
    return path.name, facts


def main(names):
    known = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    made = {}
    for number, capture in enumerate(captures):
        if not names or any(capture.name.startswith(name) for name in names):
            try:
                file, made_facts = make(capture, number)
            except BaseException:
                print(f"in {capture.name}:", file=sys.stderr)
                raise
            made[file] = made_facts
    if not made:
        raise SystemExit("there is no such capture")
    with ThreadPoolExecutor(2) as pool:
        for file, said in zip(made, pool.map(lambda file: tshark_says(FOLDER / file), made)):
            made[file]["tshark"] = said
    for old in FOLDER.glob("*.pcap"):
        if old.stem not in {capture.name for capture in captures}:
            old.unlink()
    files = [f"{capture.name}.pcap" for capture in captures]
    # Those of HTTP/3 are made by samples/http3.
    files += [file for file in known if file.endswith(".pcapng")]
    everything = {file: made.get(file) or known.get(file) for file in sorted(files)}
    everything = {file: facts for file, facts in everything.items() if facts}
    EXPECTED.write_text(json.dumps(everything, ensure_ascii=False, indent=2) + "\n")
    size = sum((FOLDER / file).stat().st_size for file in everything)
    print(f"{len(made)} captures made; {len(everything)} in all, {size} bytes")


main(sys.argv[1:])
