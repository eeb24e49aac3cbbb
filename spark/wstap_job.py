#!/usr/bin/env python3
"""Analyzes the shards of a capture with Apache Spark, and answers from Parquet what "wstap stats" answers.

    wstap shard ring_*.pcapng --shards 64 -o shards --label site=ams1
    spark-submit spark/wstap_job.py --input shards --output parquet --wstap .build/release/wstap

Input and output are folders on any file system that Spark knows. Each shard is given to the binary as a whole, on the machine of the executor that has
the task: keep shards below 256 MB. What is written has Parquet for each type of record, partitioned by day and site:

    OUTPUT/connection/day=2026-11-30/site=ams1/RUN-00000.parquet

RUN is the name that "wstap shard" gave the shards. A job writes under the name of its attempt, in OUTPUT/_attempts, and moves files to their places once all are complete;
then OUTPUT/_committed/RUN.json says so. Who runs a job again for the same shards changes nothing; where one broke off, the next begins anew and replaces
what it finds of the same run. So nothing is there twice.

Exit codes: 0 done, 2 some shards could not be read, or not to their ends (OUTPUT/problem has the reasons), 64 wrong usage.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
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
    parser.add_argument("--input", metavar="FOLDER", help="a folder that wstap shard made")
    parser.add_argument("--output", metavar="FOLDER", required=True, help="a folder for Parquet")
    parser.add_argument("--wstap", default="wstap", metavar="FILE", help="the binary, which goes to the executors (default: %(default)s)")
    parser.add_argument("--records", choices=("frames", "messages"), default="messages", help="which of both to keep (default: %(default)s)")
    parser.add_argument("--keylog", metavar="FILE", help="keys for TLS, which go to the executors")
    parser.add_argument("--payload", choices=("none", "preview", "full"), default="preview", help="how much of payloads (default: %(default)s)")
    parser.add_argument("--file-records", type=int, default=2_000_000, metavar="COUNT", help="records of one file of Parquet at most (default: %(default)s)")
    parser.add_argument("--answer", action="store_true", help="print what the Parquet says, as wstap stats --format json does")
    options = parser.parse_args()
    if not options.input and not options.answer:
        parser.error("nothing to do: --input, --answer, or both")
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
        """Names and sizes of what lies in a folder; nothing where there is none."""
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

    def write(self, path: str, text: str) -> None:
        """Writes a small file that is there as a whole or not at all."""
        hidden = self.path(f"{path}.{uuid.uuid4().hex}")
        stream = self.system.create(hidden, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()
        self.move(hidden.toString(), path)

    def move(self, source: str, target: str) -> None:
        self.system.mkdirs(self.path(target).getParent())
        self.system.delete(self.path(target), False)
        if not self.system.rename(self.path(source), self.path(target)):
            raise JobError(f"{target} cannot be written")

    def remove(self, path: str) -> None:
        self.system.delete(self.path(path), True)


class Job:
    """One analysis of the shards in a folder."""

    def __init__(self, spark: SparkSession, options: argparse.Namespace):
        self.spark = spark
        self.options = options
        self.input = Files(spark, options.input)
        self.output = Files(spark, options.output)
        self.manifest = self.read_manifest()
        self.run_name = self.manifest["run"]
        self.attempt = f"{self.output.root}/_attempts/{self.run_name}-{uuid.uuid4().hex}"
        self.done = spark.sparkContext.accumulator(0)
        self.records = spark.sparkContext.accumulator(0)

    def read_manifest(self) -> dict:
        path = f"{self.input.root}/manifest.json"
        if not self.input.exists(path):
            raise JobError(f"{path}: no such file: --input is a folder that wstap shard made")
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

    def run(self) -> int:
        mark = f"{self.output.root}/_committed/{self.run_name}.json"
        if self.output.exists(mark):
            known = json.loads(self.output.read(mark))
            print(f"wstap_job: these shards are in {self.output.root} already", file=sys.stderr)
            return 2 if known["problems"] else 0
        progress = Progress(self.done, self.records, len(self.manifest["shards"]))
        try:
            with progress:
                self.analyze()
                types = self.divide()
            problems = self.output_count(types)
            for kind in types:
                self.commit(kind)
            state = {"run": self.run_name, "labels": self.manifest.get("labels", {}), "packets": self.manifest["packets"],
                     "seconds": progress.seconds, "problems": problems, "records": self.records.value}
            self.output.write(mark, json.dumps(state))
        finally:
            self.output.remove(self.attempt)
        for problem in problems:
            print(f"wstap_job: {problem['file']}: {problem['reason']}", file=sys.stderr)
        return 2 if problems else 0

    def analyze(self) -> None:
        """Has the binary read each shard, and keeps its records as they are."""
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
        paths = [f"{self.input.root}/{shard['file']}" for shard in self.manifest["shards"]]
        site = self.manifest.get("labels", {}).get("site", UNKNOWN)
        shards = (
            self.spark.read.format("binaryFile").option("pathGlobFilter", "shard-*.pcapng").load(self.input.root)
            .select("path", "content").repartition(len(paths))
        )
        work = analysis(binary, keylog, arguments, site, self.done, self.records)
        schema = StructType([StructField("kind", StringType()), StructField("day", StringType()), StructField("site", StringType()),
                             StructField("shard", StringType()), StructField("line", StringType())])
        rows = self.spark.createDataFrame(shards.rdd.mapPartitions(work), schema)
        # Once for all types: to read shards again for each would take as long again.
        rows.write.partitionBy("kind").parquet(f"{self.attempt}/lines")

    def divide(self) -> list[str]:
        """Makes columns of the records, in files of a moderate number for each day and site."""
        names = [name.removeprefix("kind=") for name, _, is_folder in self.output.list(f"{self.attempt}/lines") if is_folder]
        kinds = [name for name in names if name in TIMES] + (["problem"] if "problem" in names else [])
        for kind in kinds:
            lines = self.spark.read.parquet(f"{self.attempt}/lines/kind={kind}")
            self.store(kind, columns(lines, kind))
            if kind in ("frame", "message"):
                items = application_items(columns(lines, kind))
                self.store("application", items)
        return kinds + (["application"] if {"frame", "message"} & set(kinds) else [])

    def store(self, kind: str, records: DataFrame) -> None:
        (records.repartition("day", "site").sortWithinPartitions("day", "site", "shard")
         .write.option("maxRecordsPerFile", self.options.file_records).partitionBy("day", "site").parquet(f"{self.attempt}/{kind}"))

    def output_count(self, types: list[str]) -> list[dict]:
        """What could not be read, in the order of the shards."""
        if "problem" not in types:
            return []
        rows = self.spark.read.parquet(f"{self.attempt}/problem").orderBy("file").collect()
        return [{"file": row.file, "reason": row.reason} for row in rows]

    def commit(self, kind: str) -> None:
        """Moves the files of a type to their places, under names that are the same for each attempt."""
        target = f"{self.output.root}/{kind}"
        stale = [path for path in self.output.walk(target) if path.rsplit("/", 1)[-1].startswith(self.run_name)]
        for path in stale:
            self.output.remove(f"{target}/{path}")
        files = sorted(path for path in self.output.walk(f"{self.attempt}/{kind}") if path.endswith(".parquet"))
        for number, path in enumerate(files):
            folder = path.rsplit("/", 1)[0]
            self.output.move(f"{self.attempt}/{kind}/{path}", f"{target}/{folder}/{self.run_name}-{number:05}.parquet")


def analysis(binary, keylog, arguments, site, done, records):
    """What an executor does with the shards of a partition."""

    def analyze(rows):
        found = SparkFiles.get(binary)
        program = found if os.path.exists(found) else binary
        if program == found:
            os.chmod(program, 0o755)
        keys = ["--keylog", SparkFiles.get(keylog)] if keylog else []
        for row in rows:
            name = os.path.basename(row.path)
            with tempfile.TemporaryDirectory(prefix="wstap-") as folder:
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(row.content)
                with open(os.path.join(folder, "errors"), "w+b") as errors:
                    process = subprocess.Popen([program, *arguments, *keys, path], stdout=subprocess.PIPE, stderr=errors)
                    count = 0
                    for line in process.stdout:
                        count += 1
                        record = json.loads(line)
                        moment = record.get(TIMES.get(record["type"], "time"))
                        yield Row(kind=record["type"], day=(moment or UNKNOWN)[:10], site=record.get("labels", {}).get("site", site),
                                  shard=name, line=line.decode())
                    status = process.wait()
                    errors.seek(0)
                    reason = errors.read().decode(errors="replace").replace(path, name).strip()
                if status != 0:
                    problem = json.dumps({"file": name, "status": status, "reason": reason or f"the program ended with {status}"})
                    yield Row(kind="problem", day=UNKNOWN, site=site, shard=name, line=problem)
            done.add(1)
            records.add(count)

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
    """What "wstap stats" says, from Parquet."""
    files = Files(spark, output)

    def table(kind: str) -> DataFrame | None:
        return spark.read.parquet(f"{files.root}/{kind}") if files.exists(f"{files.root}/{kind}") else None

    def count(records: DataFrame | None, *names: str) -> dict:
        if records is None:
            return {}
        rows = records.groupBy(*names).count().collect()
        return {" ".join("-" if value is None else str(value) for value in row[:-1]): row[-1] for row in rows}

    handshakes, connections, findings, summaries = (table(kind) for kind in ("handshake", "connection", "finding", "summary"))
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
    """Says every few seconds how far a job is."""

    def __init__(self, done, records, count: int):
        self.done, self.records, self.count = done, records, count
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.tell, daemon=True)
        self.seconds = 0.0

    def __enter__(self):
        self.start = time.monotonic()
        self.thread.start()

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        self.seconds = round(time.monotonic() - self.start, 3)

    def tell(self) -> None:
        while not self.stopped.wait(5):
            print(f"wstap_job: {self.done.value} of {self.count} shards, {self.records.value:,} records", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
