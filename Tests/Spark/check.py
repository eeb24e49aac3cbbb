#!/usr/bin/env python3
"""Checks spark/wstap_job.py with Spark itself: on a local cluster, on a master with two workers of which one is killed in the middle, with shards that are damaged, and
while the files of several runs are put together; and that DuckDB, Polars, pandas and Spark read what is written, and answer the questions of the cookbook alike.

usage: check.py WSTAP FOLDER    (FOLDER is made anew; takes minutes)
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from common import ROOT, Truth, answers_in, expect, live_files, run, submit
from compaction import check_compaction
from readers import check_readers

SAMPLES = [ROOT / "samples" / name for name in (
    "chat.pcap", "deflate-chromium.pcap", "refused.pcap", "wrong-accept.pcap", "subprotocols/mqtt.pcap", "subprotocols/graphql.pcap",
    "subprotocols/jsonrpc.pcap", "faults/idle-timeout.pcap", "legs/nginx.pcap", "http2/hypercorn.pcap", "http3/hypercorn.pcapng", "tls/chromium-no-key.pcapng")]
SHARDS = 6


def main() -> int:
    wstap, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shards = folder / "shards"
    run(wstap, "shard", *SAMPLES, "--shards", str(SHARDS), "-o", shards, "--label", "site=ams1")
    truth = Truth(wstap, SAMPLES, shards, "--messages")
    check_local_cluster(wstap, shards, folder / "local", truth)
    check_again(wstap, shards, folder / "local", truth)
    check_killed_worker(wstap, shards, folder, truth)
    check_bad_shards(wstap, shards, folder)
    check_records(wstap, shards, folder, truth)
    check_compaction(wstap, SAMPLES, folder)
    check_readers(wstap, shards, folder, truth)
    print("all is well")
    return 0


def job(wstap, shards, output, master: str, *options, check=True, started=None) -> dict | None:
    """Runs the job and returns its answers."""
    command = submit(master, "--input", shards, "--output", output, "--wstap", wstap, "--answer", *options)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if started:
        started()
    out, errors = process.communicate(timeout=1_800)
    if check and process.returncode != 0:
        sys.exit(f"{' '.join(command)}: {process.returncode}\n{errors[-4000:]}")
    if process.returncode != 0:
        return {"status": process.returncode, "errors": out + errors}
    return answers_in(out)


def check_files(output: Path, truth: Truth, what: str) -> None:
    """Nothing is there twice, nothing is missing, and nothing unfinished is left: by the latest snapshot and by the folders alike."""
    import duckdb

    live = live_files(output)
    for kind, count in truth.counts.items():
        if count:
            expect(sorted(live[kind]), sorted(str(path) for path in output.glob(f"{kind}/*/*/*.parquet")), f"{what}: files of {kind}")
            expect(duckdb.sql(f"SELECT count(*) FROM '{output}/{kind}/*/*/*.parquet'").fetchall()[0][0], count, f"{what}: {kind}")
    identities = f"SELECT count(*), count(DISTINCT connection_id) FROM '{output}/connection/*/*/*.parquet'"
    expect(*duckdb.sql(identities).fetchall()[0], f"{what}: connections")
    expect(os.listdir(output / "_attempts"), [], f"{what}: attempts")


def check_local_cluster(wstap, shards, output, truth) -> None:
    truth.check(job(wstap, shards, output, "local-cluster[2,1,1024]"), "local cluster")
    check_files(output, truth, "local cluster")
    print("local-cluster[2,1,1024]: the same", flush=True)


def check_again(wstap, shards, output, truth) -> None:
    """A job that is run again changes nothing; one that broke off before its snapshot is replaced, and its files are removed."""
    truth.check(job(wstap, shards, output, "local[1]"), "again")
    check_files(output, truth, "again")
    before = live_files(output)
    shutil.rmtree(output / "_snapshots")
    truth.check(job(wstap, shards, output, "local[1]"), "after a break")
    check_files(output, truth, "after a break")
    expect(set(before["connection"]) & set(live_files(output)["connection"]), set(), "after a break: files of the attempt that broke off")
    print("run again: nothing twice", flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_killed_worker(wstap, shards, folder, truth) -> None:
    """The second of two workers dies with its executor while it analyzes."""
    marks = folder / "marks"
    marks.mkdir()
    slow = folder / "slow-wstap"
    slow.write_text(f"#!/bin/sh\ntouch {marks}/$PPID-$$\nsleep 5\nexec {wstap} \"$@\"\n")
    slow.chmod(0o755)
    home = Path(run(sys.executable, "-c", "import pyspark; print(pyspark.__path__[0])").strip())
    port = free_port()
    master = start(home, "master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", free_port())
    workers = []
    try:
        await_port(port)
        for number in range(2):
            workers.append(start(home, "worker.Worker", "--host", "127.0.0.1", "--cores", 1, "--memory", "1g", "--webui-port", free_port(),
                                 "-d", folder / f"worker{number}", f"spark://127.0.0.1:{port}"))

        def kill() -> None:
            deadline = time.monotonic() + 900
            while len(list(marks.iterdir())) < 2:
                if time.monotonic() > deadline:
                    sys.exit("the workers never began")
                time.sleep(0.2)
            os.killpg(workers[1].pid, signal.SIGKILL)

        answers = job(slow, shards, folder / "killed", f"spark://127.0.0.1:{port}", started=kill)
    finally:
        for process in [master, *workers]:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    truth.check(answers, "a worker killed")
    check_files(folder / "killed", truth, "a worker killed")
    print("standalone, a worker killed: the same", flush=True)


def start(home: Path, name: str, *arguments) -> subprocess.Popen:
    """A process with all that it starts in a group of its own."""
    environment = os.environ | {"SPARK_HOME": str(home)}
    command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *arguments]
    return subprocess.Popen([str(part) for part in command], env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def await_port(port: int) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    sys.exit("the master did not start")


def check_bad_shards(wstap, shards, folder) -> None:
    """A shard that does not match its manifest stops the job; one that is damaged is set aside with the reason."""
    import duckdb

    bad = folder / "bad"
    shutil.copytree(shards, bad)
    victim = max(bad.glob("shard-*.pcapng"), key=lambda path: path.stat().st_size)
    content = victim.read_bytes()
    victim.write_bytes(content[:-9])
    refused = job(wstap, bad, folder / "refused", "local[1]", check=False)
    expect(refused["status"], 2, "a shard of another size")
    expect(victim.name in refused["errors"] and "by the manifest" in refused["errors"], True, "its reason")
    expect((folder / "refused" / "connection").exists(), False, "what was written of it")
    victim.write_bytes(content[:200] + bytes(200) + content[400:])
    set_aside = job(wstap, bad, folder / "aside", "local[1]", check=False)
    expect(set_aside["status"], 2, "a damaged shard")
    expect(victim.name in set_aside["errors"], True, "its reason")
    problems = duckdb.sql(f"SELECT file, reason FROM '{folder}/aside/problem/*/*/*.parquet'").fetchall()
    expect([name for name, _ in problems], [victim.name], "problems")
    print("bad shards: told, and set aside", flush=True)


def check_records(wstap, shards, folder, truth) -> None:
    """Records that are there already become the same; a line that is none is told."""
    records = folder / "records"
    records.mkdir()
    for shard in sorted(shards.glob("shard-*.pcapng")):
        text = run(wstap, "read", "--format", "ndjson", "--messages", "--payload", "preview", shard)
        (records / f"{shard.stem}.ndjson").write_text(text)
    truth.check(job(wstap, records, folder / "from-records", "local[1]"), "records")
    check_files(folder / "from-records", truth, "records")
    (records / "shard-000.ndjson").write_text("no record\n")
    told = job(wstap, records, folder / "from-records", "local[1]", check=False)
    expect((told["status"], "shard-000.ndjson: a line is no record: no record" in told["errors"]), (2, True), "a line that is no record")
    print("records: the same", flush=True)


if __name__ == "__main__":
    sys.exit(main())
