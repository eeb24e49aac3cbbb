#!/usr/bin/env python3
"""Checks spark/wstap_job.py with Spark itself: on a local cluster, and on a master with two workers of which one is killed in the middle; and that DuckDB,
Polars, pandas and Spark read what is written, and answer the same questions alike.

usage: check.py WSTAP FOLDER    (FOLDER is made anew; takes minutes)
"""

import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
JOB = ROOT / "spark" / "wstap_job.py"
SAMPLES = [ROOT / "samples" / name for name in (
    "chat.pcap", "deflate-chromium.pcap", "refused.pcap", "wrong-accept.pcap", "subprotocols/mqtt.pcap", "subprotocols/graphql.pcap",
    "subprotocols/jsonrpc.pcap", "faults/idle-timeout.pcap", "legs/nginx.pcap", "http2/h2c.pcap")]
SHARDS = 6
SETTINGS = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "2"}


def main() -> int:
    wstap, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    samples = [str(path) for path in SAMPLES if path.exists()]
    shards = folder / "shards"
    run(wstap, "shard", *samples, "--shards", str(SHARDS), "-o", shards, "--label", "site=ams1")
    truth = Truth(wstap, samples, shards)
    check_local_cluster(wstap, shards, folder / "local", truth)
    check_again(wstap, shards, folder / "local", truth)
    check_killed_worker(wstap, shards, folder, truth)
    check_bad_shards(wstap, shards, folder)
    check_readers(wstap, shards, folder, truth)
    print("all is well")
    return 0


def run(*command, **options) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **options).stdout


class Truth:
    """What wstap itself says of the whole."""

    def __init__(self, wstap, samples, shards):
        self.stats = json.loads(run(wstap, "stats", "--format", "json", *samples))
        lines = []
        for path in sorted(shards.glob("shard-*.pcapng")):
            lines += run(wstap, "read", "--format", "ndjson", "--messages", "--payload", "preview", path).splitlines()
        self.records = [json.loads(line) for line in lines]
        self.counts = Counter(record["type"] for record in self.records if record["type"] != "comment")
        self.counts["application"] = sum(len(record.get("application", [])) for record in self.records if record["type"] == "message")

    def check(self, answers: dict, what: str) -> None:
        summary = self.stats["summary"]
        for name in ("packets", "bytes", "connections", "frames", "messages"):
            expect(answers[name], summary[name], f"{what}: {name}")
        expect(answers["handshakes"], {name: count for name, count in summary["handshakes"].items() if count}, f"{what}: handshakes")
        outcomes = {name: count for name, count in self.stats["closes"]["outcomes"].items() if count}
        expect({name: count for name, count in answers["outcomes"].items() if name != "-"}, outcomes, f"{what}: outcomes")
        for side in ("client", "server"):
            sent = self.stats[f"from_{side}"]["sent"]
            for name in ("frames", "messages", "payload_bytes", "text", "binary", "ping", "pong", "close"):
                expect(answers["sent"][f"{side}_{name}"], sent[name], f"{what}: {side} {name}")
        findings = Counter(record["id"] for record in self.records if record["type"] == "finding")
        expect(answers["finding_counts"], dict(findings), f"{what}: findings")


def expect(found, expected, what: str) -> None:
    if found != expected:
        sys.exit(f"{what}: {found}, and not {expected}")


def job(wstap, shards, output, master: str, *options, check=True, started=None) -> dict | None:
    """Runs the job and returns its answers."""
    settings = [text for name, value in SETTINGS.items() for text in ("--conf", f"{name}={value}")]
    command = ["spark-submit", "--master", master, *settings, JOB, "--input", shards, "--output", output, "--wstap", wstap, "--answer", *options]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if started:
        started()
    out, errors = process.communicate(timeout=1_800)
    if check and process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {process.returncode}\n{errors[-4000:]}")
    if process.returncode != 0:
        return {"status": process.returncode, "errors": out + errors}
    # spark-submit puts what the job says on standard error before it.
    return json.loads(out[out.index("{\n"):])


def check_files(output: Path, truth: Truth, what: str) -> None:
    """Nothing is there twice, nothing is missing, and nothing unfinished is left."""
    import duckdb

    for kind, count in truth.counts.items():
        if count:
            expect(duckdb.sql(f"SELECT count(*) FROM '{output}/{kind}/*/*/*.parquet'").fetchall()[0][0], count, f"{what}: {kind}")
    identities = f"SELECT count(*), count(DISTINCT connection_id) FROM '{output}/connection/*/*/*.parquet'"
    expect(*duckdb.sql(identities).fetchall()[0], f"{what}: connections")
    expect(os.listdir(output / "_attempts") if (output / "_attempts").exists() else [], [], f"{what}: attempts")


def check_local_cluster(wstap, shards, output, truth) -> None:
    truth.check(job(wstap, shards, output, "local-cluster[2,1,1024]"), "local cluster")
    check_files(output, truth, "local cluster")
    print("local-cluster[2,1,1024]: the same")


def check_again(wstap, shards, output, truth) -> None:
    """A job that is run again changes nothing; one whose end was not noted replaces what is there."""
    truth.check(job(wstap, shards, output, "local[1]"), "again")
    check_files(output, truth, "again")
    shutil.rmtree(output / "_committed")
    truth.check(job(wstap, shards, output, "local[1]"), "after a break")
    check_files(output, truth, "after a break")
    print("run again: nothing twice")


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
    home = Path(subprocess.run([sys.executable, "-c", "import pyspark; print(pyspark.__path__[0])"], capture_output=True, text=True, check=True).stdout.strip())
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
    print("standalone, a worker killed: the same")


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
    import duckdb

    problems = duckdb.sql(f"SELECT file, reason FROM '{folder}/aside/problem/*/*/*.parquet'").fetchall()
    expect([name for name, _ in problems], [victim.name], "problems")
    print("bad shards: told, and set aside")


QUESTIONS = {
    "outcomes": "SELECT close.outcome AS name, count(*) AS number FROM connection GROUP BY 1",
    "verdicts": "SELECT verdict AS name, count(*) AS number FROM handshake GROUP BY 1",
    "hosts": "SELECT h.request.host AS name, sum(c.from_client.payload_bytes + c.from_server.payload_bytes) AS number FROM connection c JOIN handshake h ON c.connection_id = h.connection_id GROUP BY 1",
    "kinds": "SELECT concat(sender, ' ', kind) AS name, count(*) AS number FROM message GROUP BY 1",
    "findings": "SELECT id AS name, count(*) AS number FROM finding GROUP BY 1",
}
KINDS = ("connection", "handshake", "message", "finding")


def pairs(rows) -> dict:
    return {str(name): int(number) for name, number in rows if name is not None}


def check_readers(wstap, shards, folder, truth) -> None:
    """Each reader answers each question of each form as the records themselves do."""
    import duckdb
    import pandas
    import polars
    from pyspark.sql import SparkSession

    lines = folder / "ndjson"
    lines.mkdir()
    for shard in sorted(shards.glob("shard-*.pcapng")):
        for kind in KINDS:
            text = run(wstap, "read", "--format", "ndjson", "--payload", "preview", "--events", kind, shard)
            if text:
                (lines / f"{shard.stem}.{kind}.ndjson").write_text(text)
    everything = lines / "all.ndjson"
    everything.write_text("".join(json.dumps(record) + "\n" for record in truth.records))
    expected = truth_of_questions(truth)
    places = {
        "Parquet": ({kind: f"{folder}/local/{kind}/*/*/*.parquet" for kind in KINDS}, "parquet"),
        "NDJSON": ({kind: f"{lines}/*.{kind}.ndjson" for kind in KINDS}, "json"),
    }
    spark = SparkSession.builder.master("local[1]").config(map=SETTINGS).getOrCreate()
    schemas = ROOT / "docs" / "schemas"
    for form, (paths, kind_of_file) in places.items():
        database = duckdb.connect()
        for kind, path in paths.items():
            database.execute(f"CREATE VIEW {kind} AS SELECT * FROM read_{kind_of_file}('{path}', union_by_name = true)")
        for question, query in QUESTIONS.items():
            expect(pairs(database.sql(query).fetchall()), expected[question], f"DuckDB, {form}: {question}")
        for kind, path in paths.items():
            if kind_of_file == "parquet":
                frame = spark.read.parquet(f"{folder}/local/{kind}")
            else:
                frame = spark.read.schema(spark_schema(schemas, kind)).option("mode", "FAILFAST").json(glob.glob(path))
            frame.createOrReplaceTempView(kind)
        for question, query in QUESTIONS.items():
            expect(pairs(spark.sql(query).collect()), expected[question], f"Spark, {form}: {question}")
        polar, panda = {}, {}
        for kind, path in paths.items():
            if kind_of_file == "parquet":
                polar[kind] = polars.read_parquet(path, hive_partitioning=False).to_dicts()
                panda[kind] = pandas.concat([pandas.read_parquet(name, partitioning=None) for name in glob.glob(path)]).to_dict("records")
            else:
                polar[kind] = polars.concat([polars.read_ndjson(name, infer_schema_length=None) for name in glob.glob(path)], how="diagonal_relaxed").to_dicts()
                panda[kind] = pandas.concat([pandas.read_json(name, lines=True) for name in glob.glob(path)]).to_dict("records")
        for reader, tables in (("Polars", polar), ("pandas", panda)):
            for question, answer in answers_of(tables).items():
                expect(answer, expected[question], f"{reader}, {form}: {question}")
    mixed = duckdb.sql(f"SELECT type, count(*) FROM read_json('{everything}', sample_size = -1) GROUP BY 1").fetchall()
    expect({kind: number for kind, number in mixed if kind != "comment"}, {kind: number for kind, number in truth.counts.items() if kind != "application" and number}, "DuckDB, all records")
    spark.stop()
    print("DuckDB, Polars, pandas and Spark: alike")


def spark_schema(schemas: Path, kind: str):
    from pyspark.sql.types import StructType

    return StructType.fromJson(json.loads((schemas / f"{kind}.spark.json").read_text()))


def answers_of(tables: dict) -> dict:
    """The questions of rows that are dictionaries, as any reader gives them."""
    hosts = {row["connection_id"]: (row["request"] or {}).get("host") if isinstance(row["request"], dict) else None for row in tables["handshake"]}
    bytes_of = Counter()
    for row in tables["connection"]:
        if hosts.get(row["connection_id"]):
            bytes_of[hosts[row["connection_id"]]] += row["from_client"]["payload_bytes"] + row["from_server"]["payload_bytes"]
    return {
        "outcomes": pairs(Counter(row["close"].get("outcome") for row in tables["connection"]).items()),
        "verdicts": pairs(Counter(row["verdict"] for row in tables["handshake"]).items()),
        "hosts": pairs(bytes_of.items()),
        "kinds": pairs(Counter(f"{row['sender']} {row['kind']}" for row in tables["message"]).items()),
        "findings": pairs(Counter(row["id"] for row in tables["finding"]).items()),
    }


def truth_of_questions(truth: Truth) -> dict:
    tables = {kind: [{"request": None} | record for record in truth.records if record["type"] == kind] for kind in KINDS}
    return answers_of(tables)


if __name__ == "__main__":
    sys.exit(main())
