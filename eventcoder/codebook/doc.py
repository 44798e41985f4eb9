"""A codebook as a page to read, print or append to a paper: definitions, codes, patterns, examples, word sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from eventcoder.codebook.load import read_codebook
from eventcoder.codebook.model import Category, Codebook, Example, Expected, Pattern, Rewrite
from eventcoder.codebook.ontology import ontology
from eventcoder.errors import InputError

FORMATS = ("markdown", "html")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #bbb; }
table { border-collapse: collapse; } th, td { border: 1px solid #bbb; padding: .2rem .5rem; text-align: left;
  vertical-align: top; }
code { background: #f2f2f2; padding: 0 .2rem; overflow-wrap: anywhere; }
""".strip()


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of the page: ``heading`` (with its level), ``text``, ``list`` or ``table`` (first row: headings).

    Texts are plain; what stands between back-ticks is shown as code.
    """

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 0
    anchor: str = ""


def document(source: str | Path | Codebook, format: str = "markdown") -> str:  # noqa: A002 -- as on the command line
    """Return a codebook as a page.

    Parameters
    ----------
    source
        Name of a shipped codebook, path to a YAML file, or a :class:`Codebook`.
    format
        ``markdown`` or ``html`` (one file that needs nothing else).

    Raises
    ------
    CodebookError
        If the codebook is wrong.
    InputError
        If there is no such format.
    """
    if format not in FORMATS:
        raise InputError(f"no format {format!r}; there are {' and '.join(FORMATS)}")
    codebook = source if isinstance(source, Codebook) else read_codebook(source)
    blocks = list(_page(codebook))
    if format == "html":
        return _html(codebook.label or codebook.name, blocks)
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


# --- what stands on the page -------------------------------------------------------------------------------


def _code(text: str) -> str:
    """Text to be shown as code; a back-tick of its own would end it."""
    return "`" + text.replace("`", "'") + "`" if text else ""


def _heading(text: str, level: int, anchor: str = "") -> _Block:
    return _Block("heading", (text,), level=level, anchor=anchor)


def _page(codebook: Codebook) -> Iterator[_Block]:
    yield _heading(codebook.label or codebook.name, 1)
    head = f"Codebook {_code(codebook.name)}"
    if codebook.version:
        head += f", version {codebook.version}"
    shown = [category for category in codebook.categories if not category.silent]
    yield _Block("text", (f"{head}: {len(shown)} categories, {len(codebook.patterns)} patterns.",))
    if len(codebook.files) > 1:
        yield _Block("text", (f"Read from {', '.join(_code(name) for name in codebook.files)}.",))
    yield _heading("Categories", 2)
    rows = [("Category", "Label", "CAMEO", "Patterns", "Examples")]
    for category in codebook.categories:
        rows.append(
            (
                _code(category.name),
                _plain(category.label),
                category.cameo or category.code,
                str(len(category.patterns)),
                str(len(category.examples)),
            )
        )
    yield _Block("table", rows=tuple(rows))
    for category in codebook.categories:
        yield from _category(category)
    if codebook.words:
        yield _heading("Word sets", 2)
        for name in sorted(codebook.words):
            words = sorted(" ".join(phrase) for phrase in codebook.words[name])
            yield _Block("text", (f"{_code('{' + name + '}')}: {_plain(', '.join(words))}",))
    if codebook.compounds:
        yield _heading("Compound nouns", 2)
        yield _Block("text", ("They override their head, so that patterns for the head do not see them.",))
        yield _Block("text", (_plain(", ".join(sorted(" ".join(each) for each in codebook.compounds))),))
    if codebook.groups:
        yield _heading("Groups of categories", 2)
        yield _Block(
            "list",
            tuple(
                f"{_code(name)}: {_plain(', '.join(sorted(codebook.groups[name])))}" for name in sorted(codebook.groups)
            ),
        )
    if codebook.rewrites:
        yield _heading("Rewrites", 2)
        yield _Block("text", ("The first that fits is applied.",))
        yield _Block("list", tuple(_rewrite(rewrite) for rewrite in codebook.rewrites))


def _plain(text: str) -> str:
    return text.replace("`", "'")


def _category(category: Category) -> Iterator[_Block]:
    yield _heading(_plain(category.label or category.name), 2, category.name)
    if category.definition:
        yield _Block("text", (_plain(category.definition),))
    yield _Block("list", tuple(_facts(category)))
    if category.patterns:
        yield _heading("Patterns", 3)
        yield _Block("list", tuple(_pattern(pattern) for pattern in category.patterns))
    for heading, examples in (
        ("Coded", [each for each in category.examples if each.events]),
        ("Not coded", [each for each in category.examples if not each.events]),
    ):
        if examples:
            yield _heading(heading, 3)
            yield _Block("list", tuple(_example(example, category.name) for example in examples))


def _facts(category: Category) -> Iterator[str]:
    yield f"Name: {_code(category.name)}"
    entry = ontology().get(category.cameo)
    if category.cameo:
        yield f"CAMEO: {_code(category.cameo)}" + (f" ({_plain(entry.name)})" if entry else "")
    if category.code:
        yield f"Own code: {_code(category.code)}"
    plover = category.plover or (entry.plover if entry else "")
    mode = category.mode or (entry.mode if entry else "")
    if plover:
        yield f"PLOVER: {plover}" + (f", mode {mode}" if mode else "")
    if entry and entry.quad:
        goldstein = "" if entry.goldstein is None else f"; Goldstein {entry.goldstein:g}"
        yield f"Quad class: {entry.quad}{goldstein}"
    if category.mirror and category.mirror != "none":
        yield "Mirrored: " + ("with the same code" if category.mirror == "same" else f"as {_code(category.mirror)}")
    if category.mutual:
        yield "Parties that act together without a target act on each other."
    if category.target_from:
        yield f"A target that is not named beside the act is looked for in: {', '.join(category.target_from)}"
    if category.silent:
        yield "Makes no rows of its own; it serves other patterns and rewrites."


def _pattern(pattern: Pattern) -> str:
    notes = []
    for label, value in (
        ("CAMEO", pattern.cameo if f"-> {pattern.cameo}" not in pattern.form.text else ""),
        ("code", pattern.code),
        ("mode", pattern.mode),
        ("context", pattern.context),
        ("status", pattern.status),
        ("target", pattern.target),
        ("mirror", pattern.mirror),
        ("source", pattern.source),
    ):
        if value:
            notes.append(f"{label} {value}")
    subject = getattr(pattern.form.subject, "shown", "")
    if subject:
        notes.append(f"subject {_code(subject)}")
    if pattern.nothing and "->" not in pattern.form.text:
        notes.append("codes nothing")
    if pattern.emit:
        notes.append("the act inside is coded too")
    if pattern.priority:
        notes.append(f"priority {pattern.priority}")
    return _code(pattern.form.text) + (f" ({'; '.join(notes)})" if notes else "")


def _example(example: Example, category: str) -> str:
    text = _plain(example.text)
    if example.events:
        text += " → " + "; ".join(_expected(event, category) for event in example.events)
    if example.date:
        text += f" (story of {_plain(example.date)})"
    if example.known_miss:
        text += f" (not coded so yet: {_plain(example.known_miss)})"
    return text


def _expected(event: Expected, category: str) -> str:
    parts = [f"{event.source or 'any'} to {event.target or 'any'}"]
    if event.category != category:
        parts.insert(0, event.category)
    parts += [each for each in (event.cameo, event.date) if each]
    if event.status != "actual":
        parts.append(event.status)
    return _code(" ".join(parts))


def _rewrite(rewrite: Rewrite) -> str:
    text = f"{_listed(rewrite.categories)} that is {_listed(rewrite.statuses)}"
    if rewrite.speaker:
        text += f", said by the {_listed(rewrite.speaker)}"
    results = [_code(rewrite.becomes)] if rewrite.becomes else []
    if rewrite.cameo:
        results.append(f"CAMEO {_code(rewrite.cameo)}")
    if rewrite.status:
        results.append(rewrite.status)
    return f"{text}: becomes {', '.join(results) or 'itself'}"


def _listed(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


# --- forms ------------------------------------------------------------------------------------------------------


def _split_code(text: str) -> list[tuple[bool, str]]:
    """Parts of a text, with whether they are code."""
    return [(number % 2 == 1, part) for number, part in enumerate(text.split("`")) if part]


def _markdown_text(text: str, in_table: bool = False) -> str:
    parts = []
    for is_code, part in _split_code(text):
        if is_code:
            parts.append("`" + (part.replace("|", "\\|") if in_table else part) + "`")
        else:
            # HTML is allowed in Markdown, so the signs that begin it are escaped as well.
            parts.append(
                re.sub(r"([\\*_\[\]<>|#])", r"\\\1", part) if in_table else re.sub(r"([\\*_\[\]<>])", r"\\\1", part)
            )
    return "".join(parts)


def _markdown(block: _Block) -> str:
    if block.kind == "heading":
        return "#" * block.level + " " + _markdown_text(block.lines[0])
    if block.kind == "list":
        return "\n".join("- " + _markdown_text(line) for line in block.lines)
    if block.kind == "table":
        lines = ["| " + " | ".join(_markdown_text(cell, True) for cell in row) + " |" for row in block.rows]
        lines.insert(1, "|" + " --- |" * len(block.rows[0]))
        return "\n".join(lines)
    return "\n\n".join(_markdown_text(line) for line in block.lines)


def _html_text(text: str) -> str:
    return "".join(f"<code>{escape(part)}</code>" if is_code else escape(part) for is_code, part in _split_code(text))


def _html_block(block: _Block) -> str:
    if block.kind == "heading":
        anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
        return f"<h{block.level}{anchor}>{_html_text(block.lines[0])}</h{block.level}>"
    if block.kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{_html_text(line)}</li>" for line in block.lines) + "\n</ul>"
    if block.kind == "table":
        head, *rows = block.rows
        lines = ["<tr>" + "".join(f'<th scope="col">{_html_text(cell)}</th>' for cell in head) + "</tr>"]
        lines += ["<tr>" + "".join(f"<td>{_html_text(cell)}</td>" for cell in row) + "</tr>" for row in rows]
        return "<table>\n" + "\n".join(lines) + "\n</table>"
    return "\n".join(f"<p>{_html_text(line)}</p>" for line in block.lines)


def _html(title: str, blocks: Iterable[_Block]) -> str:
    body = "\n".join(_html_block(block) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
