"""CAMEO's codes with names, PLOVER crosswalk, quad classes and Goldstein values.

Sources: CAMEO codebook 1.1b3 (Schrodt 2012); PLOVER manual, draft 2.0, and its CAMEO crosswalk of
17 September 2021; GDELT's published Goldstein table; the ICEWS and Phoenix variants.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("cameo_codes.csv")
QUAD_VARIANTS = ("default", "gdelt", "phoenix", "text2cameo", "penta")
GOLDSTEIN_VARIANTS = ("default", "icews", "phoenix")


@dataclass(frozen=True, slots=True)
class Code:
    """One CAMEO code; ``goldstein`` is None where no published table has a value."""

    code: str
    name: str
    plover: str
    mode: str
    context: str
    quad: str
    goldstein: float | None


class Ontology:
    """The code table under one choice of published variants.

    Parameters
    ----------
    quad, goldstein
        Names of the variants (:data:`QUAD_VARIANTS`, :data:`GOLDSTEIN_VARIANTS`).
    """

    def __init__(self, quad: str = "default", goldstein: str = "default") -> None:
        self.quad, self.goldstein = quad, goldstein
        quad_column = "quad" if quad == "default" else ("penta" if quad == "penta" else f"quad_{quad}")
        goldstein_column = "goldstein" if goldstein == "default" else f"goldstein_{goldstein}"
        self._codes: dict[str, Code] = {}
        with _TABLE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                value = row[goldstein_column]
                self._codes[row["code"]] = Code(
                    row["code"],
                    row["name"],
                    row["plover"],
                    row["mode"],
                    row["context"],
                    row[quad_column],
                    float(value) if value else None,
                )

    def get(self, code: str) -> Code | None:
        """Return the entry of a CAMEO code, or None."""
        return self._codes.get(code)

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())


@lru_cache(maxsize=8)
def ontology(quad: str = "default", goldstein: str = "default") -> Ontology:
    """Return the (shared, read-only) table under the named variants."""
    return Ontology(quad, goldstein)


def cameo_root(code: str) -> str:
    """Return the two-digit root of a CAMEO code (``1312`` -> ``13``)."""
    return code[:2]
