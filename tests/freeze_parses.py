"""Freeze the parses that the tests of grammar and parties use, so that they need no model.

Run after adding a sentence to a table of ``test_clauses.py``, ``test_status.py`` or
``test_resolve.py``::

    python tests/freeze_parses.py          # parses new sentences only, drops unused ones
    python tests/freeze_parses.py --all    # parses every sentence again (after a change of model)

``tests/language/parses.json`` holds one sentence a line; a token is
``text|lemma|pos|tag|dep|head``, and tokens are parted by spaces.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORE = HERE / "language" / "parses.json"
TABLES = ("language/test_clauses.py", "language/test_status.py", "actors/test_resolve.py")


def sentences() -> list[str]:
    """Return the sentences of every table, in order, each once."""
    found: dict[str, None] = {}
    for name in TABLES:
        path = HERE / name
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None or not path.exists():
            continue
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found.update(dict.fromkeys(module.SENTENCES))
    return list(found)


def main() -> None:
    """Write the store."""
    from eventcoder.language.parser import Parser

    known = json.loads(STORE.read_text()) if STORE.exists() and "--all" not in sys.argv else {}
    wanted = sentences()
    new = [text for text in wanted if text not in known]
    for text, parse in zip(new, Parser().parse_many(new), strict=True):
        known[text] = " ".join(f"{t.text}|{t.lemma}|{t.pos}|{t.tag}|{t.dep}|{t.head}" for t in parse.tokens)
    kept = {text: known[text] for text in wanted}
    STORE.write_text(json.dumps(kept, indent=0, ensure_ascii=False) + "\n")
    print(f"{len(kept)} parses, {len(new)} of them new")


if __name__ == "__main__":
    main()
