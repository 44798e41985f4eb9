"""The JSON Schema of codebooks, from the loader's own lists of keys, for editors to complete and check by.

A schema cannot say everything (whether a word set exists, whether a pattern can be read): ``codebook lint`` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from eventcoder.codebook.load import (
    CATEGORY_KEYS,
    EVENT_KEYS,
    EXAMPLE_KEYS,
    OPERATOR_KEYS,
    PATTERN_KEYS,
    REWRITE_KEYS,
    SPEAKERS,
    TARGETS_FROM,
    TOP_KEYS,
)
from eventcoder.codebook.ontology import ontology
from eventcoder.records import STATUSES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_TEXT: Schema = {"$ref": "#/$defs/text"}
_CODE: Schema = {"$ref": "#/$defs/cameo"}
_MIRROR: Schema = {"anyOf": [{"enum": ["same", "none"]}, _CODE]}
_TRUTH: Schema = {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false", "yes", "no"]}]}
_STATUS: Schema = {"enum": list(STATUSES)}
_PARTY: Schema = {"type": "string", "description": "An actor's code (GBR, GBRGOV, NATO); none for an empty side."}
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?$"}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _several(schema: Schema, description: str = "") -> Schema:
    """One value, or a list of them, as the loader takes both."""
    both: Schema = {"anyOf": [schema, {"type": "array", "items": schema}]}
    return _described(both, description) if description else both


def _map_of(schema: Schema, description: str) -> Schema:
    return {"type": ["object", "null"], "additionalProperties": schema, "description": description}


def _list_of(name: str, description: str) -> Schema:
    return {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _object(keys: Iterable[str], known: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """An object with exactly the loader's keys; a key without a description here takes any value."""
    body: Schema = {
        "type": "object",
        "properties": {key: known.get(key, {}) for key in keys},
        "additionalProperties": False,
        **more,
    }
    if required:
        body["required"] = list(required)
    return body


_FIELDS: dict[str, Schema] = {
    "label": _described(_TEXT, "The name that readers see."),
    "definition": _described(_TEXT, "What counts, and what does not, in a sentence or two."),
    "cameo": _CODE,
    "code": _described(_TEXT, "The code in this codebook's own scheme; the CAMEO code unless given."),
    "plover": _described(_TEXT, "The PLOVER type, where it is not the crosswalk's."),
    "mode": _described(_TEXT, "The PLOVER mode, where it is not the crosswalk's."),
    "context": _described(_TEXT, "The PLOVER context, where it is not the crosswalk's."),
    "mirror": _described(_MIRROR, "The reverse pair gets a row too: the same code, a code of its own, or none."),
    "status": _described(_STATUS, "Overrides the status that grammar gives."),
    "emit": _described(_TRUTH, "The act inside an EVENT slot is a row of its own too."),
}


def schema() -> Schema:
    """Return the schema as plain data."""
    codes = sorted(each.code for each in ontology())
    top: dict[str, Schema] = {
        "codebook": _described(_TEXT, "The codebook's name."),
        "label": _described(_TEXT, "The codebook's title."),
        "version": _described(_TEXT, "The version that methods sections quote."),
        "view": {"enum": ["plover"], "description": "Rows are named by their PLOVER type."},
        "compounds": _several(_TEXT, "Nouns that override their head: an air strike is no strike."),
        "extends": _several(_TEXT, "Codebooks, shipped or files, that this one adds to."),
        "remove": _several(_TEXT, "Categories and patterns, by name or id, that are not taken over."),
        "words": _map_of(_several(_TEXT), "Word sets; +name nests another set."),
        "groups": _map_of(_several(_TEXT), "Named groups of categories, for EVENT slots, operators and rewrites."),
        "categories": _map_of({"$ref": "#/$defs/category"}, "The event types."),
        "operators": _list_of("operator", "Outer verbs that make another category of the act under them."),
        "rewrites": _list_of("rewrite", "Status and speaker that change the category; the first that fits is taken."),
    }
    category: dict[str, Schema] = {
        **_FIELDS,
        "mutual": _described(_TRUTH, "Parties that act together without a target act on each other."),
        "silent": _described(_TRUTH, "Makes no rows; serves EVENT slots, operators and rewrites only."),
        "target_from": _several({"enum": list(TARGETS_FROM)}, "Where a target is looked for that no slot bound."),
        "patterns": _list_of("pattern", "What the category is recognised by."),
        "examples": _list_of("example", "Sentences with the complete list of their events."),
    }
    long_form: dict[str, Schema] = {
        **_FIELDS,
        "pattern": {"type": "string", "minLength": 1, "description": "The pattern, as in the short form."},
        "id": _described(_TEXT, "A name of its own, by which other codebooks replace or remove it."),
        "nothing": _described(_TRUTH, "Recognises words that are no event."),
        "source": {"enum": ["subject", "speaker", "none"], "description": "Where the source is found."},
        "subject": _several(_TEXT, "Words or {sets} of which one must be the subject."),
        "target": _described(_PARTY, "The code of a fixed target."),
        "priority": {"type": "integer", "description": "Compared before specificity; 0 unless given."},
        "not": _several(_TEXT, "Words that must not occur."),
    }
    example: dict[str, Schema] = {
        "id": _described(_TEXT, "The test's name."),
        "text": {"type": "string", "minLength": 1, "description": "A sentence of your own."},
        "events": {
            "type": ["array", "null"],
            "items": {"$ref": "#/$defs/event"},
            "description": "All events of this codebook in the text; [] for none.",
        },
        "date": _described(_DAY, "The day of the story."),
        "known_miss": _described(_TEXT, "Why the example, though right, is not coded so yet."),
    }
    event: dict[str, Schema] = {
        "category": _described(_TEXT, "The category, where it is not the one the example stands in."),
        "source": _PARTY,
        "target": _PARTY,
        "cameo": _CODE,
        "status": _described(_STATUS, "actual unless given."),
        "date": _DAY,
    }
    rewrite: dict[str, Schema] = {
        "category": _several(_TEXT, "Categories or groups that it is for."),
        "status": _several(_STATUS, "Statuses that it is for."),
        "speaker": _several({"enum": list(SPEAKERS)}, "Who says it, seen from the event's source."),
        "becomes": _described(_TEXT, "The category afterwards; nothing where no row is made."),
        "cameo": _CODE,
        "then": _described(_STATUS, "The status afterwards; actual where the category changes."),
    }
    operator: dict[str, Schema] = {
        **_FIELDS,
        "words": _described(_TEXT, "The outer verbs: a {set} or alternatives."),
        "event": _several(_TEXT, "Categories or groups of the act under them; any for all."),
        "becomes": _described(_TEXT, "The category that comes of it."),
        "prepositions": _several(_TEXT, "Prepositions that lead to the act."),
        "id": _described(_TEXT, "A name of its own."),
    }
    long_pattern = _object(PATTERN_KEYS, long_form, ["pattern"], description="The long form.")
    return {
        "$schema": DRAFT,
        "title": "eventcoder codebook",
        "description": "Event categories with their patterns, word sets and examples.",
        **_object(TOP_KEYS, top, ["codebook"]),
        "$defs": {
            "text": {"type": ["string", "number", "boolean"]},
            "cameo": {
                "anyOf": [{"enum": codes}, {"enum": [int(code) for code in codes if not code.startswith("0")]}],
                "description": "A CAMEO code; in quotation marks, so that 010 stays 010.",
            },
            "category": {**_object(CATEGORY_KEYS, category), "type": ["object", "null"]},
            "pattern": {"anyOf": [{"type": "string", "minLength": 1}, long_pattern]},
            "example": _object(EXAMPLE_KEYS, example, ["text", "events"]),
            "event": _object(EVENT_KEYS, event),
            "rewrite": _object(REWRITE_KEYS, rewrite, ["category", "status"]),
            "operator": _object(OPERATOR_KEYS, operator, ["words", "event", "becomes"]),
        },
    }


def schema_text() -> str:
    """Return the schema as JSON (draft 2020-12)."""
    return json.dumps(schema(), indent=2, ensure_ascii=False)
