"""What the scripts that compare wstap with other programs share: running commands in turns, and what each run cost."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

HERE = Path(__file__).resolve().parent
TOOLS = HERE / ".build" / "release"


class Failure(Exception):
    """Why there is no result, in words for the user."""


def add_binary(parser: argparse.ArgumentParser) -> None:
    """The option that says which wstap is measured."""
    parser.add_argument(
        "--wstap",
        type=lambda path: Path(path).resolve(),
        default=HERE.parent / ".build" / "release" / "wstap",
        help="the binary to measure (default: %(default)s)",
    )


def add_runs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=positive, default=5, help="runs of each command (default: %(default)s)")


def require(wstap: Path) -> None:
    if not wstap.is_file():
        raise Failure(f"no wstap at {wstap} (swift build -c release, or --wstap PATH)")


def exit_status(program: str, measure: Callable[[], list[str]]) -> int:
    """Builds the tools and measures; says what was wrong, or why there is no result."""

    def note(message: object) -> None:
        print(f"{program}: {message}", file=sys.stderr, flush=True)

    try:
        build_tools()
        wrong = measure()
    except subprocess.CalledProcessError as error:
        note(f"{' '.join(map(str, error.cmd))}: exit status {error.returncode}")
        return 1
    except (Failure, OSError) as error:
        note(error)
        return 1
    for what in wrong:
        note(f"MISMATCH {what}")
    return 1 if wrong else 0


@dataclass
class Cost:
    """What one run took: seconds, seconds and bytes."""

    wall: float
    cpu: float
    peak: int


@dataclass
class Contender:
    """A command that reads a capture, and what its runs have cost so far."""

    name: str
    command: list[str]
    runs: int
    keeps_output: bool = False
    costs: list[Cost] = field(default_factory=list)

    def median(self, measure: str) -> float:
        return statistics.median(getattr(cost, measure) for cost in self.costs)

    def run(self, scratch: Path) -> None:
        """Runs the command once. Its output stays in the scratch folder, unless there may be much of it."""
        report = scratch / "report"
        output_path = scratch / "output" if self.keeps_output else Path(os.devnull)
        with output_path.open("wb") as output, (scratch / "errors").open("wb") as errors:
            status = subprocess.run(
                [TOOLS / "measure", report, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            ).returncode
        if status != 0:
            said = (scratch / "errors").read_text(errors="replace").strip()
            raise Failure(f"{' '.join(self.command)}: exit status {status}\n{said}")
        wall, cpu, peak, _ = report.read_text().split()
        self.costs.append(Cost(float(wall), float(cpu), int(peak)))


def run_in_turns(contenders: list[Contender], scratch: Path, look: Callable[[Contender], None]) -> None:
    """Runs all in turns, so that a busy moment of the machine hits all of them; `look` sees each output that is kept."""
    for turn in range(max(contender.runs for contender in contenders)):
        for contender in contenders:
            if turn >= contender.runs:
                continue
            contender.run(scratch)
            if contender.keeps_output:
                look(contender)


def warm_up(scratch: Path, *captures: Path | str) -> None:
    """The first reading fills the file cache, so that no contender pays for it."""
    Contender("warm-up", ["cat", *map(str, captures)], runs=1).run(scratch)


def print_costs(contenders: list[Contender], width: int = 12) -> None:
    for contender in contenders:
        wall, cpu, peak = (contender.median(part) for part in ("wall", "cpu", "peak"))
        print(f"{contender.name:<{width}}{wall * 1e3:>8,.0f} ms{cpu * 1e3:>8,.0f} ms CPU{peak / 2**20:>8,.1f} MiB")


def build_tools() -> None:
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=sys.stderr)


def kept_capture(
    name: str, fresh: bool, make: Callable[[Path, Path], None], further: tuple[str, ...] = ()
) -> tuple[Path, dict[str, int]]:
    """A capture that is kept from one run to the next, and its truth; made only if it is not there yet.

    `make` writes both, the truth last: if that is there, the capture is whole. `further` are the endings of other files that it writes.
    """
    folder = Path(os.environ.get("TMPDIR") or "/tmp") / "wstap-bench"
    folder.mkdir(parents=True, exist_ok=True)
    capture = folder / name
    truth = folder / f"{name}.truth.json"
    if fresh or not all(path.is_file() for path in [capture, truth, *(Path(f"{capture}.{ending}") for ending in further)]):
        print(f"making {capture}", file=sys.stderr, flush=True)
        truth.unlink(missing_ok=True)
        make(capture, truth)
    return capture, json.loads(truth.read_text())


def made_capture(name: str, arguments: list[str], fresh: bool, beside: tuple[str, ...] = ()) -> tuple[Path, dict[str, int]]:
    """A capture that make-capture makes of these arguments, and its truth.

    `beside` are the options that name further files; the endings of these are the options' names.
    """
    endings = tuple(option.removeprefix("--") for option in beside)

    def make(capture: Path, _: Path) -> None:
        options = [text for option, ending in zip(beside, endings) for text in (option, f"{capture}.{ending}")]
        subprocess.run([TOOLS / "make-capture", *arguments[:2], capture, *arguments[2:], *options], check=True)

    return kept_capture(name, fresh, make, endings)


def summary_of(output: Path) -> dict:
    """The summary record that wstap printed."""
    summaries = []
    for line in output.read_text(errors="replace").splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            raise Failure(f"wstap printed a line that is no JSON: {line[:120]}") from None
        if isinstance(record, dict) and record.get("type") == "summary":
            summaries.append(record)
    if len(summaries) != 1:
        raise Failure(f"wstap printed {len(summaries)} summary records instead of one")
    return summaries[0]


def ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.3g}" if theirs > 0 else "–"


def natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def positive(text: str) -> int:
    number = natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def chosen_of(possible: tuple[str, ...]) -> Callable[[str], list[str]]:
    """Reads names with commas between them."""

    def names(text: str) -> list[str]:
        chosen = text.split(",")
        unknown = [name for name in chosen if name not in possible]
        if unknown:
            raise argparse.ArgumentTypeError(f"no such name: {', '.join(unknown)}")
        return chosen

    return names
