"""Checks that DuckDB, Polars, pandas and Spark open what there is of each type of record, and answer the questions of the cookbook alike."""

import glob
import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import duckdb
import numpy
import pandas
import polars
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from common import ROOT, SETTINGS, Truth, expect, live_files, run
from cookbook import for_spark, recipe

SCHEMAS = ROOT / "docs" / "schemas"
Rows = list[tuple]


def check_readers(wstap: Path, shards: Path, folder: Path, truth: Truth) -> None:
    page = recipe()
    expect(len(page.questions), 5, "questions of the cookbook")
    kinds = [kind for kind, count in truth.counts.items() if count]
    lines = records_by_kind(wstap, shards, folder / "ndjson", [kind for kind in kinds if kind != "application"])
    parquet = {kind: files for kind, files in live_files(folder / "local").items() if kind in kinds}
    spark = SparkSession.builder.master("local[1]").config(map=SETTINGS).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    check_all_open(spark, {"NDJSON": lines, "Parquet": parquet}, truth.counts)
    expected = check_cookbook(page, wstap, shards, folder, truth)
    for form, files in {"NDJSON": lines, "Parquet": parquet}.items():
        for reader, answers in (
            ("DuckDB", answers_of_duckdb(files, form, page.questions)),
            ("Spark", answers_of_spark(spark, files, form, page.questions)),
            ("Polars", answers_of_polars(files, form, page.questions)),
            ("pandas", answers_of_pandas(files, form, page.questions)),
        ):
            for question, rows in answers.items():
                expect(rows, expected[question], f"{reader}, {form}: {question}")
    spark.stop()
    print("DuckDB, Polars, pandas and Spark: every file opens, and five questions are answered alike", flush=True)


def records_by_kind(wstap: Path, shards: Path, folder: Path, kinds: list[str]) -> dict[str, list[str]]:
    """NDJSON of each type of record of each shard, where there is some."""
    folder.mkdir()
    for shard in sorted(shards.glob("shard-*.pcapng")):
        for kind in kinds:
            text = run(wstap, "read", "--format", "ndjson", "--payload", "preview", "--events", kind, shard)
            if text:
                (folder / f"{shard.stem}.{kind}.ndjson").write_text(text)
    return {kind: sorted(glob.glob(f"{folder}/*.{kind}.ndjson")) for kind in kinds}


def check_all_open(spark: SparkSession, forms: dict, counts: Counter) -> None:
    """Each reader opens each file, and finds as many records in all."""
    for form, files in forms.items():
        for kind, paths in files.items():
            if form == "NDJSON":
                schema = StructType.fromJson(json.loads((SCHEMAS / f"{kind}.spark.json").read_text()))
                found = {
                    "DuckDB": sum(duckdb.execute("SELECT count(*) FROM read_json(?)", [path]).fetchall()[0][0] for path in paths),
                    "Polars": sum(polars.read_ndjson(path, infer_schema_length=None).height for path in paths),
                    "pandas": sum(len(pandas.read_json(path, lines=True)) for path in paths),
                    "Spark": spark.read.json(paths).count(),
                    "Spark by its schema": len(spark.read.schema(schema).option("mode", "FAILFAST").json(paths).collect()),
                }
            else:
                found = {
                    "DuckDB": sum(duckdb.execute("SELECT count(*) FROM read_parquet(?)", [path]).fetchall()[0][0] for path in paths),
                    "Polars": sum(polars.read_parquet(path, hive_partitioning=False).height for path in paths),
                    "pandas": sum(len(pandas.read_parquet(path, partitioning=None)) for path in paths),
                    "Spark": len(spark.read.parquet(*paths).collect()),
                }
            for reader, count in found.items():
                expect(count, counts[kind], f"{reader}, {form}: records of {kind}")


def check_cookbook(page, wstap: Path, shards: Path, folder: Path, truth: Truth) -> dict[str, Rows]:
    """Runs the page as it stands; returns what it answers."""
    place = folder / "cookbook"
    place.mkdir()
    os.symlink(shards, place / "shards")
    os.symlink(folder / "local", place / "parquet")
    os.symlink(wstap, place / "wstap")
    environment = os.environ | {"PATH": f"{place}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-ec", page.export], check=True, cwd=place, env=environment)
    home = os.getcwd()
    os.chdir(place)
    try:
        database = duckdb.connect()
        database.execute(page.view)
        answers = {question: in_order(database.sql(query).fetchall()) for question, query in page.questions.items()}
        database.execute(page.copy)
        expect(duckdb.sql("SELECT count(*) FROM 'messages.parquet'").fetchall()[0][0], truth.counts["message"], "messages.parquet")
        for statement in page.parquet[:-1]:
            database.execute(statement)
        outcomes = Counter(dict(((site, outcome), count) for site, outcome, count in database.sql(page.parquet[-1]).fetchall()))
        expect(sum(outcomes.values()), truth.counts["connection"], "the Parquet of the job")
    finally:
        os.chdir(home)
    names = list(page.questions)
    records = {kind: [record for record in truth.records if record["type"] == kind] for kind in ("connection", "finding")}
    expect(answers[names[0]], in_order(Counter(record["close"].get("outcome") for record in records["connection"]).items()), names[0])
    expect(answers[names[4]], in_order((*key, count) for key, count in Counter((record["id"], record["severity"]) for record in records["finding"]).items()), names[4])
    return answers


def in_order(rows) -> Rows:
    """Rows as they are the same for every reader."""
    return sorted((tuple(plain(value) for value in row) for row in rows), key=lambda row: [(value is not None, str(value)) for value in row])


def plain(value):
    if value is None or value != value:
        return None
    return value if isinstance(value, str) else int(value)


def answers_of_duckdb(files: dict, form: str, questions: dict) -> dict[str, Rows]:
    paths = [path for kind in files if kind != "application" for path in files[kind]]
    database = duckdb.connect()
    database.execute("SET VARIABLE files = ?", [paths])
    read = "read_json(getvariable('files'), union_by_name = true, sample_size = -1)" if form == "NDJSON" else "read_parquet(getvariable('files'), union_by_name = true)"
    database.execute(f"CREATE VIEW records AS SELECT * FROM {read}")
    return {question: in_order(database.sql(query).fetchall()) for question, query in questions.items()}


def answers_of_spark(spark: SparkSession, files: dict, form: str, questions: dict) -> dict[str, Rows]:
    paths = [path for kind in files if kind != "application" for path in files[kind]]
    records = spark.read.json(paths) if form == "NDJSON" else spark.read.option("mergeSchema", "true").parquet(*paths)
    records.createOrReplaceTempView("records")
    return {question: in_order(spark.sql(for_spark(query)).collect()) for question, query in questions.items()}


def answers_of_polars(files: dict, form: str, questions: dict) -> dict[str, Rows]:
    def table(kind: str) -> polars.DataFrame:
        if form == "NDJSON":
            return polars.concat([polars.read_ndjson(path, infer_schema_length=None) for path in files[kind]], how="diagonal_relaxed")
        return polars.read_parquet(files[kind], hive_partitioning=False)

    def member(column: str, name: str) -> polars.Expr:
        return polars.col(column).struct.field(name)

    connections, handshakes, messages, findings = (table(kind) for kind in ("connection", "handshake", "message", "finding"))
    hosts = handshakes.select("connection_id", member("request", "host").alias("host"))
    payload = connections.select("connection_id", (member("from_client", "payload_bytes") + member("from_server", "payload_bytes")).alias("bytes"))
    lengths = [polars.col("length").quantile(share, "equiprobable").alias(str(share)) for share in (0.5, 0.95)]
    tables = [
        connections.select(member("close", "outcome")).group_by("outcome").len(),
        handshakes.select(member("request", "host"), "verdict").group_by("host", "verdict").len(),
        payload.join(hosts, on="connection_id").group_by("host").agg(polars.col("bytes").sum()),
        messages.group_by("sender", "kind").agg(polars.len(), *lengths),
        findings.group_by("id", "severity").len(),
    ]
    return {question: in_order(table.rows()) for question, table in zip(questions, tables)}


def answers_of_pandas(files: dict, form: str, questions: dict) -> dict[str, Rows]:
    def table(kind: str) -> pandas.DataFrame:
        if form == "NDJSON":
            return pandas.concat([pandas.read_json(path, lines=True) for path in files[kind]])
        return pandas.concat([pandas.read_parquet(path, partitioning=None) for path in files[kind]])

    def member(column: pandas.Series, name: str) -> pandas.Series:
        return column.map(lambda value: value.get(name) if isinstance(value, dict) else None)

    def share(value: float):
        return lambda lengths: numpy.quantile(lengths, value, method="inverted_cdf")

    connections, handshakes, messages, findings = (table(kind) for kind in ("connection", "handshake", "message", "finding"))
    connections["outcome"] = member(connections["close"], "outcome")
    connections["bytes"] = member(connections["from_client"], "payload_bytes") + member(connections["from_server"], "payload_bytes")
    handshakes["host"] = member(handshakes["request"], "host")
    joined = connections[["connection_id", "bytes"]].merge(handshakes[["connection_id", "host"]], on="connection_id")
    tables = [
        connections.groupby("outcome", dropna=False).size().reset_index(),
        handshakes.groupby(["host", "verdict"], dropna=False).size().reset_index(),
        joined.groupby("host", dropna=False)["bytes"].sum().reset_index(),
        messages.groupby(["sender", "kind"])["length"].agg(["size", share(0.5), share(0.95)]).reset_index(),
        findings.groupby(["id", "severity"]).size().reset_index(),
    ]
    return {question: in_order(table.itertuples(index=False)) for question, table in zip(questions, tables)}
