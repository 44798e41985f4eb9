"""Measurements on benchmarks that are not part of the project: ``make bench`` prints the figures.

The benchmarks and their scorers lie in a folder ``shared`` beside the project. Nothing of them is kept
here but the table of figures in README.md of this folder.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the benchmarks lie in a folder `shared` beside the project"),
]


def eventcoder(*arguments: object) -> None:
    command = [sys.executable, "-m", "eventcoder.cli", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode in {0, 1}, done.stderr


def scored(script: str, *arguments: object) -> str:
    """Run one of the scorers and return its last line, which holds the figures."""
    command = [sys.executable, str(SHARED / "score" / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"\n{script} {' '.join(Path(str(a)).name for a in arguments)}\n{done.stdout}")
    return done.stdout.strip().splitlines()[-1]


def figure(line: str, name: str) -> float:
    words: Sequence[str] = line.split()
    return float(words[words.index(name) + 1])


def test_real_articles(tmp_path: Path) -> None:
    """The crisis codebook on five scraped articles, two of which have gold."""
    events = tmp_path / "real.csv"
    corpora = SHARED / "corpora"
    eventcoder("code", corpora / "seeds", "--metadata", corpora / "seeds_metadata.csv", "-o", events)
    gold, traps = corpora / "gold" / "seeds_dev.csv", corpora / "gold" / "seeds_dev_traps.csv"
    line = scored(
        "score_events.py", events, gold, "--traps", traps, "--categories", "threaten,sanction,meet,deny,deploy"
    )
    assert figure(line, "recall") >= 0.66
    assert figure(line, "precision") >= 0.75
    assert ",sanction," not in "\n".join(row for row in events.read_text().splitlines() if ",actual," in row)


def test_relations(tmp_path: Path) -> None:
    """The PLOVER codebook on marked sentences."""
    benchmark, answers = SHARED / "benchmarks" / "plv_dev.csv", tmp_path / "plv.csv"
    eventcoder("relate", benchmark, "--codebook", "plover", "-o", answers)
    command = [sys.executable, str(SHARED / "score" / "score_relations.py"), str(answers), str(benchmark)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print("\n" + output)
    line = next(each for each in output.splitlines() if each.startswith("category_f1"))
    assert figure(line, "category_f1") >= 0.75
