"""What the checks of the Spark job share: running commands, and what wstap itself says."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
JOB = ROOT / "spark" / "wstap_job.py"
SETTINGS = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "2"}


def run(*command, **options) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **options).stdout


def expect(found, expected, what: str) -> None:
    if found != expected:
        sys.exit(f"{what}: {found}, and not {expected}")


class Truth:
    """What wstap itself says of captures and of their shards."""

    def __init__(self, wstap: Path, captures: list[Path], shards: Path, *options: str):
        self.stats = json.loads(run(wstap, "stats", "--format", "json", *captures))
        lines = []
        for path in sorted(shards.glob("shard-*.pcapng")):
            lines += run(wstap, "read", "--format", "ndjson", "--payload", "preview", *options, path).splitlines()
        self.records = [json.loads(line) for line in lines]
        self.counts = Counter(record["type"] for record in self.records if record["type"] != "comment")
        self.counts["application"] = sum(len(record.get("application", [])) for record in self.records if record["type"] in ("message", "frame"))

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
        durations = self.stats.get("connection_seconds", {})
        for name in ("count", "median", "p95"):
            expect(answers.get("connection_seconds", {}).get(name), durations.get(name), f"{what}: {name} of durations")
        findings = Counter(record["id"] for record in self.records if record["type"] == "finding")
        expect(answers["finding_counts"], dict(findings), f"{what}: findings")


def submit(master: str, *arguments) -> list[str]:
    """The command that runs the job."""
    settings = [text for name, value in SETTINGS.items() for text in ("--conf", f"{name}={value}")]
    return [str(part) for part in ("spark-submit", "--master", master, *settings, JOB, *arguments)]


def answers_in(output: str) -> dict:
    """What --answer printed: spark-submit may say something before it."""
    return json.loads(output[output.index("{\n"):])


def live_files(output: Path) -> dict[str, list[str]]:
    """The files of the latest snapshot, by type of record."""
    snapshot = json.loads(max((output / "_snapshots").glob("*.json")).read_text())
    return {kind: [f"{output}/{path}" for path in files] for kind, files in snapshot["files"].items()}
