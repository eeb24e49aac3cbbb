#!/usr/bin/env python3
"""Analyzes the shards of a capture with Apache Spark, and answers from Parquet the main figures of "wstap stats".

    wstap shard ring_*.pcapng --shards 64 -o shards --label site=ams1
    spark-submit spark/wstap_job.py --input shards --output parquet --wstap .build/release/wstap
    spark-submit spark/wstap_job.py --output parquet --compact --answer

Input and output are folders on any file system that Spark knows. In place of shards the input may have records, *.ndjson, as "wstap export" writes them. Each shard is read as a whole by the executor that analyzes it: keep shards below
256 MB. What is written has Parquet for each type of record, partitioned by day and site:

    OUTPUT/connection/day=2026-11-30/site=ams1/RUN-ATTEMPT-00000.parquet

RUN is the name that "wstap shard" gave the shards; of records it stands for the folder, the files' names and their sizes. Which files count is in the snapshot with the highest number, OUTPUT/_snapshots/000000000012.json: "files" has them
by type of record, "runs" what was analyzed, with the name of the attempt, of which OUTPUT/_runs has more. A job first puts its files into their places, and then writes the next snapshot, which names all of them. So who reads
the files of a snapshot never has a part of a job. Who runs a job again for the same shards changes nothing; where one broke off, the next removes what that
left behind.

--compact makes one file of the small ones that a partition has of many runs. The snapshot after it names the new file in place of those, which are then removed: who
still reads them by an older snapshot misses a file, and takes the latest.

Exit codes: 0 done; 2 wrong usage, nothing could be done, or some shards could not be read to their ends (OUTPUT/problem has the reasons).
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from pyspark import SparkFiles
from pyspark.sql import DataFrame, Row, SparkSession, functions
from pyspark.sql.types import LongType, StringType, StructField, StructType

SCHEMAS = Path(__file__).resolve().parent.parent / "docs" / "schemas"
# What is kept of shards for each type: where a record has its time.
TIMES = {
    "handshake": "time",
    "connection": "opened",
    "frame": "time",
    "message": "time",
    "finding": "time",
    "tls": "time",
    "summary": "first_time",
}
UNKNOWN = "unknown"
# Files of Parquet below this size are put together, in bytes.
SMALL = 128 << 20


def main() -> int:
    options = parse_arguments()
    spark = (
        SparkSession.builder.appName("wstap")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    try:
        status = 0
        if options.input:
            status = Job(spark, options).run()
        if options.compact:
            Compaction(spark, options).run()
        if options.answer:
            print(json.dumps(answers(spark, options.output), indent=1, sort_keys=True))
        return status
    except JobError as error:
        print(f"wstap_job: {error}", file=sys.stderr)
        return 2
    finally:
        spark.stop()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wstap_job", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--input", metavar="FOLDER", help="a folder that wstap shard made, or one with records, *.ndjson")
    parser.add_argument("--output", metavar="FOLDER", required=True, help="a folder for Parquet")
    parser.add_argument("--wstap", default="wstap", metavar="FILE", help="the binary, which goes to the executors (default: %(default)s)")
    parser.add_argument("--records", choices=("frames", "messages"), default="messages", help="which of both to keep (default: %(default)s)")
    parser.add_argument("--site", default=UNKNOWN, metavar="NAME", help="the site of records that have no such label (default: %(default)s)")
    parser.add_argument("--keylog", metavar="FILE", help="keys for TLS, which go to the executors")
    parser.add_argument("--payload", choices=("none", "preview", "full"), default="preview", help="how much of payloads (default: %(default)s)")
    parser.add_argument("--file-records", type=int, default=2_000_000, metavar="COUNT", help="records of one file of Parquet at most (default: %(default)s)")
    parser.add_argument("--compact", action="store_true", help="make one file of the small ones of each partition")
    parser.add_argument("--answer", action="store_true",
                        help="print totals, verdicts, ends, what each side sent, durations and the largest paths, all of which wstap stats has")
    options = parser.parse_args()
    if not options.input and not options.compact and not options.answer:
        parser.error("nothing to do: --input, --compact or --answer")
    return options


class JobError(Exception):
    """Why nothing was done, in one line."""


class Files:
    """The file system of a folder, by Hadoop's names for it."""

    def __init__(self, spark: SparkSession, folder: str):
        self.jvm = spark._jvm
        self.configuration = spark._jsc.hadoopConfiguration()
        self.system = self.path(folder).getFileSystem(self.configuration)
        self.root = folder.rstrip("/")

    def path(self, text: str):
        return self.jvm.org.apache.hadoop.fs.Path(text)

    def list(self, folder: str):
        """Names and sizes of what is in a folder; empty if the folder is absent."""
        path = self.path(folder)
        if not self.system.exists(path):
            return []
        return [(status.getPath().getName(), status.getLen(), status.isDirectory()) for status in self.system.listStatus(path)]

    def walk(self, folder: str):
        """The files in a folder and below, by their paths from there."""
        for name, _, is_folder in self.list(folder):
            if not is_folder:
                yield name
                continue
            for inner in self.walk(f"{folder}/{name}"):
                yield f"{name}/{inner}"

    def exists(self, path: str) -> bool:
        return self.system.exists(self.path(path))

    def read(self, path: str) -> str:
        stream = self.system.open(self.path(path))
        try:
            return self.jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()

    def create(self, path: str, text: str) -> bool:
        """Writes a small file that is there as a whole or not at all; false where another one has its name."""
        folder, name = path.rsplit("/", 1)
        hidden = f"{folder}/.{name}.{uuid.uuid4().hex}"
        stream = self.system.create(self.path(hidden), True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()
        if not self.exists(path) and self.system.rename(self.path(hidden), self.path(path)):
            return True
        self.remove(hidden)
        return False

    def move(self, source: str, target: str) -> None:
        self.system.mkdirs(self.path(target).getParent())
        if not self.system.rename(self.path(source), self.path(target)):
            raise JobError(f"{target} cannot be written")

    def remove(self, path: str) -> None:
        self.system.delete(self.path(path), True)


class Snapshot:
    """Which files of an output count, by type of record, and of which runs they are."""

    FOLDER = "_snapshots"
    # How many older ones stay for who is reading.
    KEPT = 16

    def __init__(self, number: int, runs: dict, files: dict):
        self.number, self.runs, self.files = number, runs, files

    @classmethod
    def latest(cls, output: Files) -> "Snapshot":
        names = cls.names(output)
        if not names:
            return cls(0, {}, {})
        content = json.loads(output.read(f"{output.root}/{cls.FOLDER}/{names[-1]}"))
        return cls(content["number"], content["runs"], content["files"])

    @classmethod
    def names(cls, output: Files) -> list[str]:
        return sorted(name for name, _, _ in output.list(f"{output.root}/{cls.FOLDER}") if name[:1].isdigit())

    @classmethod
    def commit(cls, output: Files, change: Callable[["Snapshot"], bool]) -> "Snapshot | None":
        """Changes the latest snapshot into the next and returns it; where another job was faster, that is changed. None where there is nothing to change."""
        while True:
            snapshot = cls.latest(output)
            if not change(snapshot):
                return None
            snapshot.number += 1
            content = {"number": snapshot.number, "runs": snapshot.runs, "files": snapshot.files}
            if output.create(f"{output.root}/{cls.FOLDER}/{snapshot.number:012}.json", json.dumps(content)):
                break
        for name in cls.names(output)[: -cls.KEPT]:
            output.remove(f"{output.root}/{cls.FOLDER}/{name}")
        return snapshot

    def table(self, spark: SparkSession, output: Files, kind: str) -> DataFrame | None:
        """The records of a type; nothing where there are none."""
        return records_of(spark, output, kind, self.files[kind]) if self.files.get(kind) else None


def records_of(spark: SparkSession, output: Files, kind: str, files: list[str]) -> DataFrame:
    paths = [f"{output.root}/{path}" for path in files]
    return spark.read.option("basePath", f"{output.root}/{kind}").option("mergeSchema", "true").parquet(*paths)


class Attempt:
    """What one try of a job writes: in a folder of its own, until it is all there."""

    def __init__(self, output: Files, name: str):
        self.output = output
        self.name = f"{name}-{uuid.uuid4().hex[:12]}"
        self.folder = f"{output.root}/_attempts/{self.name}"

    def store(self, kind: str, records: DataFrame, limit: int, *order: str) -> None:
        """Writes the records of a type, in files of a moderate number for each day and site."""
        (records.repartition("day", "site").sortWithinPartitions("day", "site", *order)
         .write.option("maxRecordsPerFile", limit).partitionBy("day", "site").parquet(f"{self.folder}/{kind}"))

    def place(self, kinds: list[str]) -> dict[str, list[str]]:
        """Moves the files to their places; returns them by type."""
        placed = {}
        for kind in kinds:
            files = sorted(path for path in self.output.walk(f"{self.folder}/{kind}") if path.endswith(".parquet"))
            placed[kind] = []
            for number, path in enumerate(files):
                target = f"{kind}/{path.rsplit('/', 1)[0]}/{self.name}-{number:05}.parquet"
                self.output.move(f"{self.folder}/{kind}/{path}", f"{self.output.root}/{target}")
                placed[kind].append(target)
        return placed

    def discard(self, placed: dict[str, list[str]]) -> None:
        for path in (path for files in placed.values() for path in files):
            self.output.remove(f"{self.output.root}/{path}")

    def sweep(self, placed: dict[str, list[str]], snapshot: "Snapshot") -> None:
        """Removes what other attempts at the same have left beside these files: none of them can be the first any more."""
        counting = {path for files in snapshot.files.values() for path in files}
        prefix = self.name.rsplit("-", 1)[0] + "-"
        for folder in sorted({path.rsplit("/", 1)[0] for files in placed.values() for path in files}):
            for name, _, _ in self.output.list(f"{self.output.root}/{folder}"):
                if name.startswith(prefix) and f"{folder}/{name}" not in counting:
                    self.output.remove(f"{self.output.root}/{folder}/{name}")
        for name, _, _ in self.output.list(self.folder.rsplit("/", 1)[0]):
            if name.startswith(prefix):
                self.output.remove(f"{self.folder.rsplit('/', 1)[0]}/{name}")

    def end(self) -> None:
        self.output.remove(self.folder)


class Job:
    """One analysis of the shards in a folder."""

    def __init__(self, spark: SparkSession, options: argparse.Namespace):
        self.spark = spark
        self.options = options
        self.input = Files(spark, options.input)
        self.output = Files(spark, options.output)
        self.manifest = self.read_manifest()
        self.run_name = self.manifest["run"]
        self.attempt = Attempt(self.output, self.run_name)
        self.work = Work(spark)

    def read_manifest(self) -> dict:
        path = f"{self.input.root}/manifest.json"
        if not self.input.exists(path):
            return self.manifest_of_records()
        try:
            manifest = json.loads(self.input.read(path))
            if manifest["type"] != "manifest":
                raise ValueError
        except (ValueError, KeyError):
            raise JobError(f"{path}: no manifest of wstap shard, or damaged") from None
        present = {name: size for name, size, _ in self.input.list(self.input.root)}
        for shard in manifest["shards"]:
            size = present.get(shard["file"])
            if size is None:
                raise JobError(f"{self.input.root}/{shard['file']}: missing; the manifest names it")
            if size != shard["size"]:
                raise JobError(f"{self.input.root}/{shard['file']}: has {size} bytes, and {shard['size']} by the manifest")
        return manifest

    def manifest_of_records(self) -> dict:
        files = sorted((name, size) for name, size, _ in self.input.list(self.input.root) if name.endswith(".ndjson"))
        if not files:
            raise JobError(f"{self.input.root}: neither a folder that wstap shard made, nor one with records, *.ndjson")
        name = hashlib.sha256(json.dumps([self.input.root, files]).encode()).hexdigest()[:16]
        return {"type": "records", "run": name, "shards": [{"file": name, "size": size} for name, size in files]}

    def run(self) -> int:
        known = Snapshot.latest(self.output).runs.get(self.run_name)
        if known:
            print(f"wstap_job: these shards are in {self.output.root} already", file=sys.stderr)
            return 2 if json.loads(self.output.read(f"{self.output.root}/_runs/{known}.json"))["problems"] else 0
        try:
            with Progress(self.work, len(self.manifest["shards"])) as progress:
                self.analyze()
                progress.note("analysis")
                kinds = self.divide()
                progress.note("parquet")
            problems = self.problems(kinds)
            state = {"run": self.run_name, "labels": self.manifest.get("labels", {}), "problems": problems, "seconds": progress.seconds, "task_seconds": self.work.seconds}
            self.output.create(f"{self.output.root}/_runs/{self.attempt.name}.json", json.dumps(state))
            self.commit(self.attempt.place(kinds))
        finally:
            self.attempt.end()
        for problem in problems:
            print(f"wstap_job: {problem['file']}: {problem['reason']}", file=sys.stderr)
        return 2 if problems else 0

    def analyze(self) -> None:
        """Keeps the records of all types as they are."""
        schema = StructType([StructField("kind", StringType()), StructField("day", StringType()), StructField("site", StringType()),
                             StructField("shard", StringType()), StructField("line", StringType())])
        rows = self.spark.createDataFrame(self.records() if self.manifest["type"] == "records" else self.analyzed(), schema)
        # Once for all types: to read shards again for each would take as long again.
        rows.write.partitionBy("kind").parquet(f"{self.attempt.folder}/lines")

    def records(self):
        """Those that are there already."""
        files = self.spark.read.format("text").option("pathGlobFilter", "*.ndjson").load(self.input.root)
        return files.select("value", functions.input_file_name().alias("path")).rdd.mapPartitions(reading(self.options.site, self.work.records))

    def analyzed(self):
        """Has the binary read each shard."""
        context = self.spark.sparkContext
        binary = self.options.wstap
        if os.path.exists(binary):
            context.addFile(binary)
            binary = os.path.basename(binary)
        keylog = None
        if self.options.keylog:
            context.addFile(self.options.keylog)
            keylog = os.path.basename(self.options.keylog)
        arguments = ["read", "--format", "ndjson", "--threads", "1", "--payload", self.options.payload]
        if self.options.records == "messages":
            arguments.append("--messages")
        site = self.manifest.get("labels", {}).get("site", self.options.site)
        return self.shards().mapPartitions(analysis(binary, keylog, arguments, site, self.work))

    def shards(self):
        """The shards, each in a partition of its own, which is read where its task runs."""
        setting = "spark.sql.files.maxPartitionBytes"
        usual = self.spark.conf.get(setting)
        self.spark.conf.set(setting, "1")
        try:
            files = self.spark.read.format("binaryFile").option("pathGlobFilter", "shard-*.pcapng").load(self.input.root)
            rows = files.select("path", "content").rdd
            rows.getNumPartitions()
            return rows
        finally:
            self.spark.conf.set(setting, usual)

    def divide(self) -> list[str]:
        """Makes columns of the records; returns of which types there are some."""
        lines = f"{self.attempt.folder}/lines"
        names = [name.removeprefix("kind=") for name, _, is_folder in self.output.list(lines) if is_folder]
        kinds = [name for name in names if name in TIMES or name == "problem"]
        limit = self.options.file_records
        for kind in kinds:
            records = columns(self.spark.read.parquet(f"{lines}/kind={kind}"), kind)
            self.attempt.store(kind, records, limit, "shard")
            if kind in ("frame", "message"):
                self.attempt.store("application", application_items(records), limit, "shard")
        return kinds + (["application"] if {"frame", "message"} & set(kinds) else [])

    def problems(self, kinds: list[str]) -> list[dict]:
        """What could not be read, in the order of the shards."""
        if "problem" not in kinds:
            return []
        rows = self.spark.read.parquet(f"{self.attempt.folder}/problem").orderBy("file").collect()
        return [{"file": row.file, "reason": row.reason} for row in rows]

    def commit(self, placed: dict[str, list[str]]) -> None:
        """Has the files count, unless another attempt was faster; removes those of attempts that broke off."""

        def change(snapshot: Snapshot) -> bool:
            if self.run_name in snapshot.runs:
                return False
            snapshot.runs[self.run_name] = self.attempt.name
            for kind, paths in placed.items():
                snapshot.files[kind] = snapshot.files.get(kind, []) + paths
            return True

        snapshot = Snapshot.commit(self.output, change)
        if not snapshot:
            return self.attempt.discard(placed)
        self.attempt.sweep(placed, snapshot)


class Compaction:
    """Makes one file of the small ones that a partition has of many runs."""

    def __init__(self, spark: SparkSession, options: argparse.Namespace):
        self.spark = spark
        self.options = options
        self.output = Files(spark, options.output)
        self.attempt = Attempt(self.output, "compact")

    def run(self) -> None:
        snapshot = Snapshot.latest(self.output)
        old = {kind: small for kind, files in snapshot.files.items() if (small := self.small(files))}
        if not old:
            return print("wstap_job: nothing to compact", file=sys.stderr)
        try:
            for kind, files in old.items():
                records = records_of(self.spark, self.output, kind, files)
                self.attempt.store(kind, records, self.options.file_records, "at" if "at" in records.columns else "shard")
            new = self.attempt.place(list(old))
        finally:
            self.attempt.end()

        def change(snapshot: Snapshot) -> bool:
            if any(not set(files) <= set(snapshot.files.get(kind, [])) for kind, files in old.items()):
                return False
            for kind, files in old.items():
                snapshot.files[kind] = [path for path in snapshot.files[kind] if path not in set(files)] + new[kind]
            return True

        committed = Snapshot.commit(self.output, change)
        if not committed:
            self.attempt.discard(new)
            raise JobError(f"{self.output.root}: is being compacted by another job")
        self.attempt.discard(old)
        self.attempt.sweep(new, committed)
        counts = [sum(map(len, files.values())) for files in (old, new)]
        print(f"wstap_job: {counts[1]} files in place of {counts[0]}", file=sys.stderr)

    def small(self, files: list[str]) -> list[str]:
        """The small files of partitions that have some of several attempts: those of one are as few as may be."""
        by_folder = defaultdict(list)
        for path in files:
            by_folder[path.rsplit("/", 1)[0]].append(path)
        found = []
        for folder, paths in by_folder.items():
            if len(paths) > 1:
                sizes = {f"{folder}/{name}": size for name, size, _ in self.output.list(f"{self.output.root}/{folder}")}
                some = [path for path in paths if sizes.get(path, SMALL) < SMALL]
                found += some if len({path.rsplit("-", 1)[0] for path in some}) > 1 else []
        return found


class Work:
    """What executors have done so far. Tasks that Spark repeats count again."""

    def __init__(self, spark: SparkSession):
        context = spark.sparkContext
        self.shards, self.records = context.accumulator(0), context.accumulator(0)
        # Seconds: until the bytes of a shard were there, of processors in the program, and of all that tasks did.
        self.reading, self.program, self.all = (context.accumulator(0.0) for _ in range(3))

    @property
    def seconds(self) -> dict[str, float]:
        return {name: round(getattr(self, name).value, 3) for name in ("reading", "program", "all")}


def row_of(line: str, shard: str, site: str) -> Row:
    """A record with what it is found by."""
    record = json.loads(line)
    moment = record.get(TIMES.get(record["type"], "time"))
    return Row(kind=record["type"], day=(moment or UNKNOWN)[:10], site=record.get("labels", {}).get("site", site), shard=shard, line=line)


def problem(shard: str, status: int, reason: str, site: str) -> Row:
    line = json.dumps({"file": shard, "status": status, "reason": reason})
    return Row(kind="problem", day=UNKNOWN, site=site, shard=shard, line=line)


def reading(site, count):
    """What an executor does with records."""

    def read(rows):
        broken = set()
        for row in rows:
            name = os.path.basename(row.path)
            try:
                found = row_of(row.value, name, site)
            except (ValueError, KeyError, TypeError, AttributeError):
                if name not in broken:
                    broken.add(name)
                    yield problem(name, 0, f"a line is no record: {row.value[:80]}", site)
                continue
            count.add(1)
            yield found

    return read


def analysis(binary, keylog, arguments, site, work: Work):
    """What an executor does with the shards of a partition."""
    shards, records, reading, program_time, everything = work.shards, work.records, work.reading, work.program, work.all

    def analyze(rows):
        found = SparkFiles.get(binary)
        program = found if os.path.exists(found) else binary
        if program == found:
            os.chmod(program, 0o755)
        keys = ["--keylog", SparkFiles.get(keylog)] if keylog else []
        start = time.monotonic()
        for row in rows:
            name = os.path.basename(row.path)
            with tempfile.TemporaryDirectory(prefix="wstap-") as folder:
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(row.content)
                reading.add(time.monotonic() - start)
                with open(os.path.join(folder, "errors"), "w+b") as errors:
                    process = subprocess.Popen([program, *arguments, *keys, path], stdout=subprocess.PIPE, stderr=errors)
                    count = 0
                    for line in process.stdout:
                        count += 1
                        yield row_of(line.decode(), name, site)
                    status, usage = os.wait4(process.pid, 0)[1:]
                    process.returncode = os.waitstatus_to_exitcode(status)
                    errors.seek(0)
                    reason = errors.read().decode(errors="replace").replace(path, name).strip()
                if process.returncode != 0:
                    yield problem(name, process.returncode, reason or f"the program ended with {process.returncode}", site)
            shards.add(1)
            records.add(count)
            program_time.add(usage.ru_utime + usage.ru_stime)
            everything.add(time.monotonic() - start)
            start = time.monotonic()

    return analyze


def columns(lines: DataFrame, kind: str) -> DataFrame:
    """The records of a type with a column for each member, and the time as Spark has it."""
    kept = ["day", "site", "shard"]
    if kind == "problem":
        schema = StructType([StructField("file", StringType()), StructField("status", LongType()), StructField("reason", StringType())])
    else:
        schema = StructType.fromJson(json.loads((SCHEMAS / f"{kind}.spark.json").read_text()))
    parsed = lines.select(*kept, functions.from_json("line", schema, {"mode": "FAILFAST"}).alias("record"))
    records = parsed.select(*kept, "record.*")
    if kind in TIMES:
        records = records.withColumn("at", functions.to_timestamp(TIMES[kind]))
    return records


def application_items(records: DataFrame) -> DataFrame:
    """A row for each thing that a message says."""
    return records.where("application IS NOT NULL").select(
        "day", "site", "shard", "connection_id", "number", "sender", "time", "at", functions.posexplode("application").alias("unit", "item")
    ).select("day", "site", "shard", "connection_id", "number", "sender", "time", "at", "unit", "item.*")


def answers(spark: SparkSession, output: str) -> dict:
    """The main figures of "wstap stats", from Parquet."""
    files = Files(spark, output)
    snapshot = Snapshot.latest(files)
    if not snapshot.number:
        raise JobError(f"{output}: no Parquet of this job")

    def count(records: DataFrame | None, *names: str) -> dict:
        if records is None:
            return {}
        rows = records.groupBy(*names).count().collect()
        return {" ".join("-" if value is None else str(value) for value in row[:-1]): row[-1] for row in rows}

    handshakes, connections, findings, summaries = (snapshot.table(spark, files, kind) for kind in ("handshake", "connection", "finding", "summary"))
    result = {"handshakes": count(handshakes, "verdict"), "finding_counts": count(findings, "id")}
    if summaries is not None:
        totals = summaries.agg(*[functions.sum(name).alias(name) for name in ("packets", "bytes", "connections", "frames", "messages")]).first()
        result |= {name: totals[name] for name in ("packets", "bytes", "connections", "frames", "messages")}
    if connections is not None:
        result["outcomes"] = count(connections, "close.outcome")
        sums = [functions.sum(f"from_{side}.{name}").alias(f"{side}_{name}") for side in ("client", "server") for name in
                ("frames", "messages", "payload_bytes", "text", "binary", "ping", "pong", "close")]
        result["sent"] = connections.agg(*sums).first().asDict()
        # Those of the nearest rank, as wstap has them.
        ranks = [functions.expr(f"percentile_disc({share}) WITHIN GROUP (ORDER BY duration_seconds)").alias(name) for name, share in (("median", 0.5), ("p95", 0.95))]
        durations = connections.where("duration_seconds IS NOT NULL").agg(functions.count("*").alias("count"), *ranks).first()
        if durations["count"]:
            result["connection_seconds"] = durations.asDict()
    if handshakes is not None and connections is not None:
        path = functions.split(functions.concat("request.host", "request.target"), r"\?")[0]
        named = handshakes.select("connection_id", path.alias("name"), functions.col("verdict"))
        bytes_of = connections.select("connection_id", (functions.col("from_client.payload_bytes") + functions.col("from_server.payload_bytes")).alias("bytes"))
        rows = (named.join(bytes_of, "connection_id", "left").groupBy("name").agg(functions.count("*").alias("handshakes"), functions.sum("bytes").alias("bytes"))
                .orderBy(functions.desc("bytes"), functions.desc("handshakes"), "name").limit(100).collect())
        result["resources"] = [row.asDict() for row in rows]
    return result


class Progress:
    """Says every few seconds how far a job is, and how long its steps took."""

    def __init__(self, work: Work, count: int):
        self.work, self.count = work, count
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.tell, daemon=True)
        self.seconds: dict[str, float] = {}

    def __enter__(self) -> "Progress":
        self.latest = time.monotonic()
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stopped.set()
        self.thread.join()

    def note(self, step: str) -> None:
        now = time.monotonic()
        self.seconds[step] = round(now - self.latest, 3)
        self.latest = now

    def tell(self) -> None:
        while not self.stopped.wait(5):
            shards = min(self.work.shards.value, self.count)
            print(f"wstap_job: {shards} of {self.count} shards, {self.work.records.value:,} records", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
