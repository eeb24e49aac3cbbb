"""What docs/cookbook.md says of DuckDB over the records of shards."""

import re
from dataclasses import dataclass

from common import ROOT

PAGE = ROOT / "docs" / "cookbook.md"
SECTION = "## DuckDB over the records of shards"


@dataclass
class Recipe:
    """The blocks of the section."""

    export: str
    """Makes the records of shards."""
    view: str
    """Makes them a view."""
    questions: dict[str, str]
    """Queries by the comments before them."""
    copy: str
    """Keeps some of them as Parquet."""
    parquet: list[str]
    """Asks the Parquet of the job."""


def recipe() -> Recipe:
    section = PAGE.read_text().split(f"\n{SECTION}\n")[1].split("\n## ")[0]
    lines = re.findall(r"(?:^    .*\n|^\n(?=    ))+", section, re.MULTILINE)
    blocks = ["\n".join(line[4:] for line in block.splitlines()).strip() for block in lines]
    shell, duckdb = re.split(r"^-- duckdb\n", blocks[0], maxsplit=1, flags=re.MULTILINE)
    statements = [text.strip() for text in duckdb.split(";") if text.strip()]
    questions = {}
    for statement in statements[1:]:
        title, query = statement.split("\n", 1)
        questions[title.removeprefix("-- ")] = query
    copy = questions.pop("The messages in far less room.")
    parquet = [text.strip() for text in blocks[1].removeprefix("-- duckdb").split(";") if text.strip()]
    return Recipe(shell.strip(), statements[0], questions, copy, parquet)


def for_spark(query: str) -> str:
    """A query as Spark writes it: quantiles have another name there."""
    return re.sub(r"quantile_disc\((\w+), ([\d.]+)\)", r"percentile_disc(\2) WITHIN GROUP (ORDER BY \1)", query)
