"""The JSON Schema: what the loader reads validates, and what it refuses for its form does not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from eventcoder.codebook import load
from eventcoder.codebook.schema import DRAFT, schema, schema_text
from eventcoder.codebook.shipped import shipped_codebooks


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do, by the core schema: days are text and yes is no boolean."""


EditorLoader.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))

VALIDATOR = jsonschema.Draft202012Validator(schema())


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(yaml.load(text, Loader=EditorLoader))]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(schema_text()) == schema()
    assert schema()["$schema"] == DRAFT


def shipped_files() -> list[Path]:
    """The shipped codebooks and their parts."""
    whole = shipped_codebooks().values()
    return [*whole, *(part for path in whole for part in sorted(path.with_suffix("").glob("*.yaml")))]


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_shipped_codebooks_validate(path: Path) -> None:
    assert errors(path.read_text(encoding="utf-8")) == []


def test_the_keys_are_the_loaders() -> None:
    body = schema()
    parts: list[tuple[dict[str, Any], list[str]]] = [
        (body, load.TOP_KEYS),
        (body["$defs"]["category"], load.CATEGORY_KEYS),
        (body["$defs"]["pattern"]["anyOf"][1], load.PATTERN_KEYS),
        (body["$defs"]["example"], load.EXAMPLE_KEYS),
        (body["$defs"]["event"], load.EVENT_KEYS),
        (body["$defs"]["rewrite"], load.REWRITE_KEYS),
        (body["$defs"]["operator"], load.OPERATOR_KEYS),
    ]
    for part, keys in parts:
        assert list(part["properties"]) == list(keys)
        assert part["additionalProperties"] is False
        # A key that is new to the loader needs a line in the schema too.
        assert [key for key, value in part["properties"].items() if not value] == []


ALL = """\
codebook: x
version: 1.0
extends: crisis
words: {talks: [talk, no, 5], one: talk}
groups: {g: [a]}
categories:
  a:
    cameo: "010"
    mirror: same
    silent: yes
    target_from: addressee
    patterns:
      - meet TARGET
      - {pattern: see TARGET, priority: 1, nothing: true, source: none, subject: [that], not: x, status: planned}
    examples:
      - {text: A b., date: 2022-01-27, events: [{source: KEN, target: none, date: 2022-01-27/2022-01-28}]}
      - {text: A b c., events: [], known_miss: hard}
  b:
operators: [{words: refuse, event: any, becomes: a}]
rewrites: [{category: a, status: planned, speaker: source, becomes: a, then: actual, cameo: 120}]
"""


def test_every_construct_validates() -> None:
    assert errors(ALL) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("codebook: x\n", ""),
        ("version: 1.0", "verison: 1.0"),
        ("version: 1.0", "version: [1]"),
        ("words: {talks: [talk, no, 5], one: talk}", "words: [talk]"),
        ("[talk, no, 5]", "{a: b}"),
        ('"010"', '"999"'),
        ('"010"', "8"),
        ("mirror: same", "mirror: both"),
        ("silent: yes", "silent: perhaps"),
        ("target_from: addressee", "target_from: [sky]"),
        ("- meet TARGET", "- [with]"),
        ("- meet TARGET", "- {patern: meet TARGET}"),
        ("- meet TARGET", '- ""'),
        ("priority: 1", "priority: high"),
        ("source: none", "source: nobody"),
        ("status: planned, speaker", "status: plannd, speaker"),
        ("text: A b., ", ""),
        ("date: 2022-01-27,", "date: 27 January,"),
        ("source: KEN", "sorce: KEN"),
        ("becomes: a}]", "become: a}]"),
        ("status: planned, speaker: source", "speaker: source"),
        ("speaker: source", "speaker: me"),
    ],
)
def test_planted_mistakes_do_not_validate(old: str, new: str) -> None:
    assert ALL.count(old) == 1
    assert errors(ALL.replace(old, new))


@pytest.mark.parametrize("text", ["[]", "codebook: {}", "codebook: x\ncategories: []"])
def test_other_forms_do_not_validate(text: str) -> None:
    assert errors(text)
