"""The examples of every shipped codebook, each a test of its own, and how examples are compared."""

# ruff: noqa: E501 -- the codebook is written one example a line

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from eventcoder.codebook.lint import EVENT_MANNERS, own_files
from eventcoder.codebook.model import Codebook, Expected
from eventcoder.codebook.shipped import shipped_codebooks
from eventcoder.coding.coder import Coder
from eventcoder.coding.examples import ExampleReport, ExampleResult, check_examples, compare
from eventcoder.coding.match import KEYWORD_LIMITS
from eventcoder.records import EVENT_COLUMNS, Event

# --- shipped codebooks --------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def report_of(name: str) -> ExampleReport:
    return check_examples(name)


def own_examples() -> list[tuple[str, str]]:
    """Examples by the codebook whose file they stand in; those that extend it need not repeat them."""
    found = []
    for name in sorted(shipped_codebooks()):
        book = Codebook.read(name)
        found += [
            (name, example.id)
            for category in book.categories
            for example in category.examples
            if example.place.path in own_files(book)
        ]
    return found


@pytest.mark.parametrize(("name", "identity"), own_examples(), ids=[":".join(each) for each in own_examples()])
def test_example(name: str, identity: str) -> None:
    result = next(each for each in report_of(name).results if each.id == identity)
    assert result.outcome in {"passed", "known miss"}, result.render()


def test_a_view_leaves_the_examples_as_they_are() -> None:
    for name in shipped_codebooks():
        book = Codebook.read(name)
        if book.view:
            viewed, body = report_of(name), report_of(Path(book.files[1]).stem)
            outcomes = {result.id: result.outcome for result in viewed.results}
            assert outcomes == {result.id: result.outcome for result in body.results}


def test_lint_and_the_matcher_know_the_same_manners() -> None:
    assert EVENT_MANNERS == KEYWORD_LIMITS


# --- reports ----------------------------------------------------------------------------------------------

BOOK = """\
codebook: small
categories:
  meet:
    cameo: "040"
    mirror: same
    patterns:
      - meet [with] TARGET
      - {pattern: greet TARGET, id: greeting}
      - {pattern: bow to TARGET, id: bow}
    examples:
      - {text: France met Germany on Monday., events: [{source: FRA, target: DEU, date: 2022-01-24}], date: 2022-01-27, id: good}
      - {text: France greeted Germany., events: [], id: surplus}
      - {text: France sat with Germany., events: [{source: FRA, target: DEU}], id: missing}
      - {text: France bowed Germany out., events: [{source: FRA, target: DEU}], id: near}
      - {text: France welcomed Germany., events: [{source: FRA, target: DEU}], id: miss, known_miss: no such verb yet}
      - {text: Spain met Portugal., events: [{source: ESP, target: PRT}], id: news, known_miss: was not coded}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ExampleReport:
    path = tmp_path_factory.mktemp("books") / "small.yaml"
    path.write_text(BOOK)
    return check_examples(path)


def by_id(report: ExampleReport) -> dict[str, ExampleResult]:
    return {result.id: result for result in report.results}


def test_outcomes(report: ExampleReport) -> None:
    assert {result.id: result.outcome for result in report.results} == {
        "good": "passed",
        "surplus": "failed",
        "missing": "failed",
        "near": "failed",
        "miss": "known miss",
        "news": "news",
    }
    assert not report.ok
    assert [result.id for result in report.failed] == ["surplus", "missing", "near"]


def test_failures_tell_what_was_coded_and_what_came_near(report: ExampleReport) -> None:
    results = by_id(report)
    surplus = results["surplus"].render()
    assert "small.yaml:12: failed: surplus" in surplus
    assert "coded, not expected: meet FRA -> DEU 040 actual (France / greeted / Germany; rule" in surplus
    assert "greeting" in surplus
    assert "parse: " in surplus
    missing = results["missing"].render()
    assert "expected, not coded: meet FRA -> DEU actual" in missing
    assert "nearest pattern: none of meet has its head word in this text" in missing
    near = results["near"].render()
    assert "nearest pattern: 'bowed': bow (" in near
    assert "is asked for" in near


def test_the_text_of_a_report(report: ExampleReport) -> None:
    text = report.text()
    assert "passes now; remove `known_miss: was not coded`" in text
    assert "known miss: miss" not in text
    counts = "2 passed, 3 failed, 1 known misses, 1 known misses that pass now, 1 patterns that no example is coded by"
    assert text.splitlines()[-1] == f"small: 6 examples: {counts}"
    verbose = report.text(verbose=True)
    assert "known miss: miss" in verbose
    assert "no example is coded by the pattern bow" in verbose


def test_a_given_coder_is_used_and_left_alone(report: ExampleReport) -> None:
    coder = Coder("crisis", classifier=False)
    parser = coder.parser
    again = check_examples("crisis", coder)
    assert coder.parser is parser
    assert [result.id for result in again.results] == [result.id for result in report_of("crisis").results]


# --- comparing ------------------------------------------------------------------------------------------------

COUNTRIES = frozenset({"KEN", "SOM", "GBR", "EUR"})


def event(source: str = "KENGOV", target: str = "SOM", **given: Any) -> Event:
    values: dict[str, Any] = {
        **dict.fromkeys(EVENT_COLUMNS, ""),
        "source": source,
        "source_text": source.lower(),
        "source_country": source[:3] if source[:3] in {"KEN", "SOM", "GBR"} else "",
        "target": target,
        "target_text": target.lower(),
        "target_country": target[:3] if target[:3] in {"KEN", "SOM", "GBR"} else "",
        "category": "meet",
        "cameo": "040",
        "status": "actual",
        "date": "2022-01-27",
        "date_end": "2022-01-27",
        "mirrored": False,
        "match_id": "m",
    }
    return Event(**{**values, **given})


@pytest.mark.parametrize(
    ("expected", "fits"),
    [
        (Expected("meet"), True),
        (Expected("threaten"), False),
        (Expected("meet", "KEN", "SOM"), True),
        (Expected("meet", "KENGOV", "SOM"), True),
        (Expected("meet", "KENMIL"), False),
        (Expected("meet", "KE"), False),
        (Expected("meet", "SOM", "KEN"), False),
        (Expected("meet", "KEN", "none"), False),
        (Expected("meet", cameo="040"), True),
        (Expected("meet", cameo="04"), False),
        (Expected("meet", status="planned"), False),
        (Expected("meet", date="2022-01-27"), True),
        (Expected("meet", date="2022-01-28"), False),
    ],
)
def test_what_fits(expected: Expected, fits: bool) -> None:
    missing, surplus = compare([expected], [event()], COUNTRIES)
    assert (not missing and not surplus) == fits


def test_a_code_that_says_more_than_was_coded_does_not_fit() -> None:
    assert compare([Expected("meet", "KENGOV")], [event(source="KEN")], COUNTRIES)[0]


def test_organisations_are_compared_exactly() -> None:
    assert compare([Expected("meet", "EUR")], [event(source="EURPAR")], COUNTRIES)[0]
    assert not compare([Expected("meet", "EUR")], [event(source="EUR")], COUNTRIES)[0]


def test_an_empty_side_and_an_interval() -> None:
    alone = event(target="", target_text="", date="2022-01-24", date_end="2022-01-30")
    assert compare([Expected("meet", "KEN", "none", date="2022-01-24/2022-01-30")], [alone], COUNTRIES) == ((), ())


def test_each_event_answers_once() -> None:
    both = [Expected("meet", "KEN", "SOM"), Expected("meet", "KEN", "SOM")]
    assert compare(both, [event()], COUNTRIES)[0] == (both[1],)
    assert compare(both, [event(), event()], COUNTRIES) == ((), ())


def test_the_wider_expectation_leaves_the_narrower_one_its_event() -> None:
    wide, narrow = Expected("meet", "KEN"), Expected("meet", "KEN", "GBR")
    events = [event(target="GBR", match_id="a"), event(target="SOM", match_id="b")]
    assert compare([wide, narrow], events, COUNTRIES) == ((), ())
    assert compare([narrow, wide], events[::-1], COUNTRIES) == ((), ())


def test_mirrors_may_be_left_out_but_nothing_else() -> None:
    there = event()
    back = replace(event("SOM", "KENGOV"), mirrored=True)
    assert compare([Expected("meet", "KEN", "SOM")], [there, back], COUNTRIES) == ((), ())
    assert compare([Expected("meet", "SOM", "KEN")], [there, back], COUNTRIES) == ((), ())
    assert compare([Expected("meet", "KEN", "SOM"), Expected("meet", "SOM", "KEN")], [there, back], COUNTRIES) == ((), ())
    assert compare([], [there, back], COUNTRIES)[1] == (there, back)
    other = replace(back, match_id="n")
    assert compare([Expected("meet", "KEN", "SOM")], [there, other], COUNTRIES)[1] == (other,)
