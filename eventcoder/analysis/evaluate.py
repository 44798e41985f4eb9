"""Events against gold: recall, precision, status, date and role accuracy, and what differs."""

from __future__ import annotations

import csv
import datetime
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eventcoder.errors import InputError

GOLD_COLUMNS = ("doc_id", "sentence", "source", "target", "category")
EITHER_WAY = frozenset({"meet", "consult", "agree", "cooperate"})
NOT_SCORED = frozenset({"negated", "historical"})


@dataclass(frozen=True, slots=True)
class Score:
    """What comparing events with gold gave.

    Attributes
    ----------
    wanted, found
        Gold events that must be found, and those that were.
    predicted, right, repeats
        Events scored, those that agree with a gold row, those that repeat an earlier one.
    forbidden_hits
        Events in sentences that the gold lists as holding none.
    status, date, role
        Shares, over the gold events found, whose status, date and source role agree.
    missed, wrong
        Lines for a reader.
    by_category
        Found and wanted for each category.
    """

    wanted: int
    found: int
    predicted: int
    right: int
    repeats: int
    forbidden_hits: int
    status: float
    date: float
    role: float
    by_category: Mapping[str, tuple[int, int]]
    missed: tuple[str, ...] = field(repr=False, default=())
    wrong: tuple[str, ...] = field(repr=False, default=())

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 0.0

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def f1(self) -> float:
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0

    def report(self, show: bool = False) -> str:
        """Return the figures as text; with `show` also what was missed and what was wrong."""
        low, high = wilson(self.found, self.wanted)
        plow, phigh = wilson(self.right, self.predicted)
        counts = (
            f"gold events {self.wanted}, found {self.found}; events scored {self.predicted}, right {self.right}, "
            f"repeats {self.repeats}, in sentences that hold none {self.forbidden_hits}"
        )
        shares = (
            f"recall {self.recall:.3f} ({low:.2f}-{high:.2f})  "
            f"precision {self.precision:.3f} ({plow:.2f}-{phigh:.2f})  F1 {self.f1:.3f}"
        )
        senses = (
            f"of those found: status right {self.status:.3f}, date right {self.date:.3f}, "
            f"source role right {self.role:.3f}"
        )
        lines = [counts, shares, senses]
        lines += [f"  {name}: {found} of {wanted}" for name, (found, wanted) in sorted(self.by_category.items())]
        if show:
            lines += [f"MISSED {line}" for line in self.missed] + [f"WRONG  {line}" for line in self.wrong]
        return "\n".join(lines)


def party(code: str) -> str:
    """Return the country or organisation of an actor code (``GBRGOV`` -> ``GBR``)."""
    code = code.strip().upper()
    for organisation in ("NATO", "ECOWAS", "UNO", "EUR", "WST"):
        if code.startswith(organisation):
            return organisation
    return code[:3]


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a proportion."""
    if not total:
        return 0.0, 0.0
    share, denominator = hits / total, 1 + z * z / total
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / denominator
    middle = (share + z * z / (2 * total)) / denominator
    return middle - half, middle + half


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _same_sentence(said: str, gold: str) -> bool:
    one, other = _bare(said), _bare(gold)
    return bool(one) and bool(other) and (one in other or (other in one and len(one) <= 1.5 * len(other) + 40))


def _parties_fit(event: Mapping[str, str], gold: Mapping[str, str]) -> bool:
    sources = {party(each) for each in gold["source"].split("|")}
    targets = {party(each) for each in gold["target"].split("|")}
    source, target = party(event["source"]), party(event["target"])

    def fit(first: str, second: str) -> bool:
        return (first in sources or "" in sources) and (second in targets or "" in targets)

    return fit(source, target) or (gold["category"] in EITHER_WAY and fit(target, source))


def _date_fits(said: str, gold: str, tolerance: int) -> bool:
    wanted = [each for each in gold.split("|") if each]
    if not wanted or said in wanted:
        return True
    try:
        day = datetime.date.fromisoformat(said)
        return any(abs((day - datetime.date.fromisoformat(each)).days) <= tolerance for each in wanted)
    except ValueError:
        return False


def _agreement(event: Mapping[str, str], gold: Mapping[str, str]) -> tuple[bool, bool, bool]:
    status = not gold.get("status") or event.get("status", "") in gold["status"].split("|")
    date = _date_fits(event.get("date", ""), gold.get("date", ""), int(gold.get("date_tolerance_days") or 0))
    said = event["source"].upper()
    role = any(
        said == each.upper() or (each and said.startswith(each.upper()[:6])) for each in gold["source"].split("|")
    )
    return status, date, role


def evaluate(events: Sequence[Mapping[str, str]], gold: Sequence[Mapping[str, str]]) -> Score:
    """Score events against gold rows.

    Parameters
    ----------
    events
        Rows of the event table. Rows with status ``negated`` or ``historical`` are scored only
        where the gold asks for them; rows of the title (``sentence_id`` 0) are left out.
    gold
        Rows with ``doc_id``, ``sentence``, ``source``, ``target``, ``category`` and optionally
        ``status``, ``date``, ``date_tolerance_days``, ``note``. Alternatives are joined by ``|``; an
        empty one takes anything. Category ``none`` lists sentences that must give nothing; a note
        that begins with ``optional`` makes a row right to find and free to miss.

    Returns
    -------
    Score
    """
    wanted = [g for g in gold if g["category"] != "none"]
    required = [i for i, g in enumerate(wanted) if not (g.get("note") or "").startswith("optional")]
    none_rows = [g for g in gold if g["category"] == "none"]
    documents = {g["doc_id"] for g in gold}
    scored = [e for e in events if e["doc_id"] in documents and str(e.get("sentence_id", "1")) != "0"]
    found: dict[int, Mapping[str, str]] = {}
    right, repeats, forbidden = 0, 0, 0
    counted = 0
    wrong: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for event in scored:
        here = [
            i
            for i, g in enumerate(wanted)
            if g["doc_id"] == event["doc_id"] and _same_sentence(event["sentence"], g["sentence"])
        ]
        hits = [i for i in here if wanted[i]["category"] == event["category"] and _parties_fit(event, wanted[i])]
        if event.get("status") in NOT_SCORED and not any(event["status"] in wanted[i].get("status", "") for i in hits):
            continue
        counted += 1
        key = (event["doc_id"], _bare(event["sentence"]), event["category"], event["source"], event["target"])
        parties = f"{event['category']} {event['source']} -> {event['target']} [{event.get('status', '')}]"
        line = f"{event['doc_id']} {parties} {event['action']!r} | {event['sentence'][:170]}"
        if key in seen:
            repeats += 1
            wrong.append("(repeat) " + line)
        elif hits:
            right += 1
            for i in hits:
                if i not in found or sum(_agreement(event, wanted[i])) > sum(_agreement(found[i], wanted[i])):
                    found[i] = event
        else:
            in_none = any(
                g["doc_id"] == event["doc_id"] and _same_sentence(event["sentence"], g["sentence"]) for g in none_rows
            )
            forbidden += in_none and not here
            wrong.append(("(none) " if in_none else "") + line)
        seen.add(key)
    hit = [i for i in required if i in found]
    agreements = [_agreement(found[i], wanted[i]) for i in hit]
    shares = [sum(each[k] for each in agreements) / len(agreements) if agreements else 0.0 for k in range(3)]
    totals = Counter(wanted[i]["category"] for i in required)
    hits_by = Counter(wanted[i]["category"] for i in hit)
    missed = tuple(
        f"{g['doc_id']} {g['category']} {g['source']} -> {g['target']} [{g.get('status', '')}] | {g['sentence'][:200]}"
        for i in required
        if i not in found
        for g in [wanted[i]]
    )
    for i in hit:
        status, date, _ = _agreement(found[i], wanted[i])
        if not status or not date:
            said = found[i]
            wrong.append(
                f"(sense) {said['doc_id']} {said['category']} "
                f"status {said.get('status')} for {wanted[i].get('status')}, "
                f"date {said.get('date')} for {wanted[i].get('date')} | {said['sentence'][:140]}"
            )
    return Score(
        len(required),
        len(hit),
        counted,
        right,
        repeats,
        forbidden,
        shares[0],
        shares[1],
        shares[2],
        {name: (hits_by[name], totals[name]) for name in totals},
        missed,
        tuple(wrong),
    )


def read_gold(path: str | Path) -> list[dict[str, str]]:
    """Read a gold CSV.

    Raises
    ------
    InputError
        If the file is missing or lacks a column.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames or []
            missing = [name for name in GOLD_COLUMNS if name not in columns]
            if missing:
                raise InputError(
                    f"{path}: the gold table lacks the columns {', '.join(missing)}; "
                    f"it has {', '.join(columns)}"
                )
            return [{key: value or "" for key, value in row.items() if key} for row in reader]
    except OSError as error:
        raise InputError(
            f"{path}: cannot read the gold table ({error.strerror}); "
            f"name a CSV file with columns {', '.join(GOLD_COLUMNS)}"
        ) from None


def evaluate_files(events: str | Path, gold: str | Path, show: bool = False) -> str:
    """Compare an event table with a gold table and return a report; see :func:`evaluate`."""
    from eventcoder.corpus.writers import read_events

    rows: Iterable[Mapping[str, str]] = read_events(Path(events))
    return evaluate(list(rows), read_gold(gold)).report(show)
