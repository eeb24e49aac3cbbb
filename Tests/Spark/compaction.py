"""Checks that the files of several runs of the Spark job are put together while others read them."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from common import Truth, answers_in, expect, live_files, run, submit

# Which shards are put into which site, some of the samples each.
RUNS = ("ams1", "ams1", "fra1", "ams1")
# Those of which the site has several runs.
SHARED = "ams1"


def check_compaction(wstap: Path, samples: list[Path], folder: Path) -> None:
    output = folder / "runs"
    truths = []
    for number, site in enumerate(RUNS):
        captures = samples[number :: len(RUNS)]
        shards = folder / f"shards-of-run{number}"
        run(wstap, "shard", *captures, "--shards", "2", "-o", shards, "--label", f"site={site}")
        truths.append(Truth(wstap, captures, shards))
        run(*submit("local[1]", "--input", shards, "--output", output, "--wstap", wstap, "--records", "frames"))
    counts = sum((truth.counts for truth in truths), Counter())
    connections = {record["connection_id"] for truth in truths for record in truth.records if record["type"] == "connection"}
    reader = Reader(output, connections)
    check_files(output, counts, "before")
    check_broken_off(output, counts)
    done = subprocess.run(submit("local[1]", "--output", output, "--compact", "--answer"), capture_output=True, text=True)
    expect(done.returncode, 0, f"compaction: {done.stdout[-4000:]}")
    seen = reader.stop()
    check_files(output, counts, "after")
    for kind in counts:
        expect(sorted(str(path) for path in output.glob(f"{kind}/*/*/*.parquet")), sorted(live_files(output)[kind]), f"what is left of {kind}")
        folders = Counter(path.parent for path in output.glob(f"{kind}/*/site={SHARED}/*.parquet"))
        expect(set(folders.values()) <= {1}, True, f"files of a partition of {kind}")
    expect(os.listdir(output / "_attempts"), [], "attempts")
    expect(answers_in(done.stdout)["connections"], sum(truth.stats["summary"]["connections"] for truth in truths), "connections of all runs")
    again = subprocess.run(submit("local[1]", "--output", output, "--compact"), capture_output=True, text=True)
    # spark-submit puts all that the job says on standard output.
    expect((again.returncode, "nothing to compact" in again.stdout), (0, True), "compacted again")
    print(f"compaction: one file a partition; a reader beside it saw all rows once, {seen} times", flush=True)


def check_files(output: Path, counts: Counter, what: str) -> None:
    import duckdb

    for kind, files in live_files(output).items():
        expect(duckdb.execute("SELECT count(*) FROM read_parquet(?, union_by_name = true)", [files]).fetchall()[0][0], counts[kind], f"{what}: {kind}")


def check_broken_off(output: Path, counts: Counter) -> None:
    """One that is killed while it writes, and one that was about to say that its files count."""
    process = subprocess.Popen(submit("local[1]", "--output", output, "--compact"), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 600
    while not list((output / "_attempts").glob("compact-*/*/*/*/*.parquet")):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit("the compaction never began to write")
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    victim = Path(live_files(output)["connection"][0])
    (victim.parent / "compact-0123456789ab-00000.parquet").write_bytes(victim.read_bytes())
    check_files(output, counts, "broken off")


class Reader:
    """Reads connections by the latest snapshot, over and over."""

    def __init__(self, output: Path, expected: set[str]):
        self.output, self.expected = output, sorted(expected)
        self.fault: str | None = None
        self.count = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        import duckdb

        database = duckdb.connect()
        while not self.stopped.is_set() and not self.fault:
            files = live_files(self.output)["connection"]
            try:
                rows = database.execute("SELECT connection_id FROM read_parquet(?, union_by_name = true)", [files]).fetchall()
            except duckdb.IOException:
                # A file is gone: then a later snapshot is there.
                if live_files(self.output)["connection"] == files:
                    self.fault = "a file of the latest snapshot is missing"
                continue
            self.count += 1
            if sorted(row[0] for row in rows) != self.expected:
                self.fault = f"a reader saw {len(rows)} connections"
            time.sleep(0.01)

    def stop(self) -> int:
        self.stopped.set()
        self.thread.join()
        expect(self.fault, None, "a reader beside the compaction")
        return self.count
