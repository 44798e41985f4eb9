"""From YAML files to a :class:`~eventcoder.codebook.model.Codebook`, strictly, all errors at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eventcoder.codebook.model import NOWHERE, Category, Codebook, Example, Expected, Pattern, Rewrite
from eventcoder.codebook.ontology import ontology
from eventcoder.codebook.pattern import PatternError, PatternForm, Phrase, Words, parse_pattern, spelled
from eventcoder.codebook.shipped import shipped_codebooks, shipped_folder
from eventcoder.codebook.yamlfile import Place, Value, YamlFile, nearest, read_text
from eventcoder.errors import CodebookError, Problem
from eventcoder.records import STATUSES

TOP_KEYS = "codebook label version view extends remove compounds words groups categories operators rewrites".split()
CATEGORY_KEYS = (
    "label definition cameo code plover mode context mirror mutual silent target_from patterns examples".split()
)
PATTERN_KEYS = (
    "pattern id cameo code mode context nothing source subject target mirror emit status priority not".split()
)
EXAMPLE_KEYS = "id text events date known_miss".split()
EVENT_KEYS = "category source target cameo status date".split()
REWRITE_KEYS = "category status speaker becomes cameo then".split()
OPERATOR_KEYS = "words event becomes cameo mode prepositions emit status id".split()
SPEAKERS = ("source", "narrator", "other")
TARGETS_FROM = ("addressee", "condition", "beside", "subject")
DEEPEST_EXTENDS = 8
DEEPEST_WORDS = 40


@dataclass(slots=True)
class _Draft:
    """A category under construction, across the files that add to it."""

    name: str
    place: Place
    fields: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    mutual: bool = False
    target_from: tuple[str, ...] = ()
    patterns: dict[str, Pattern] = field(default_factory=dict)
    examples: dict[str, Example] = field(default_factory=dict)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.words: dict[str, frozenset[Phrase]] = {}
        self.groups: dict[str, frozenset[str]] = {}
        self.compounds: set[Phrase] = set()
        self.drafts: dict[str, _Draft] = {}
        self.rewrites: list[Rewrite] = []
        self.files: list[str] = []
        self.stack: list[Path] = []
        self.read: set[Path] = set()
        self.nested: dict[str, set[str]] = {}

    # --- files -------------------------------------------------------------------------------

    def file(self, path: Path, shown: str) -> dict[str, str]:
        """Read one file (and first those that it extends); return its name, label and version."""
        text = read_text(path)
        self.files.append(shown)
        self.read.add(path.resolve())
        yaml_file = YamlFile(shown)
        root = yaml_file.root(text)
        head = {"codebook": path.stem, "label": "", "version": "", "view": ""}
        if root is not None:
            top = root.mapping("a codebook", TOP_KEYS)
            self.stack.append(path.resolve())
            if "extends" in top:
                self._extends(top["extends"], path)
            for key in head:
                if key in top:
                    head[key] = top[key].text(key)
            if "view" in top:
                top["view"].one_of("view", ("plover",))
            if "codebook" not in top and not yaml_file.problems:
                root.problem("the key `codebook` (a name) is missing; start the file with `codebook: mine`")
            for key, method in (
                ("remove", self._remove),
                ("compounds", self._compounds),
                ("words", self._words),
                ("groups", self._groups),
                ("categories", self._categories),
                ("operators", self._operators),
                ("rewrites", self._rewrites),
            ):
                if key in top:
                    method(top[key])
            self.stack.pop()
        self.problems += yaml_file.problems
        return head

    def _extends(self, value: Value, path: Path) -> None:
        for each in value.items("extends"):
            name = each.text("extends")
            if not name:
                continue
            target = _resolve(name, path.parent)
            if target is None:
                each.problem(f"no codebook {name!r}: neither shipped nor a file{nearest(name, shipped_codebooks())}")
            elif target.resolve() in self.stack:
                each.problem(f"{name!r} extends this file in turn; a codebook cannot extend itself")
            elif len(self.stack) > DEEPEST_EXTENDS:
                each.problem(f"codebooks extend each other more than {DEEPEST_EXTENDS} deep")
            elif target.resolve() not in self.read:
                # Two bases may share a third, which is read once.
                try:
                    self.file(target, _shown(target))
                except CodebookError as error:
                    self.problems += error.problems

    def _remove(self, value: Value) -> None:
        for each in value.items("remove"):
            name = each.text("remove")
            known: list[str] = list(self.drafts)
            if name in self.drafts:
                del self.drafts[name]
                continue
            for draft in self.drafts.values():
                known += draft.patterns
                if name in draft.patterns:
                    del draft.patterns[name]
                    break
            else:
                each.problem(f"nothing to remove: no category or pattern {name!r}{nearest(name, known)}")

    # --- words and groups ----------------------------------------------------------------------

    def _words(self, value: Value) -> None:
        raw: dict[str, tuple[Value, tuple[Value, ...]]] = {}
        for name, entry in value.mapping("words").items():
            raw[name] = (entry, tuple(entry.items(f"the word set {name!r}")))
        done: dict[str, frozenset[Phrase]] = {}

        def resolve(name: str, trail: tuple[str, ...]) -> frozenset[Phrase]:
            if name in done:
                return done[name]
            entry, members = raw[name]
            phrases: set[Phrase] = set()
            for member in members:
                text = member.text(f"an entry of the word set {name!r}")
                if text.startswith("{"):
                    member.problem(f"to nest a word set in another, write +{text.strip('{} ') or 'name'}")
                    continue
                if not text and member.is_text and not member.is_null:
                    member.problem(f"an entry of the word set {name!r} is empty")
                if text.startswith("+"):
                    inner = text[1:].strip()
                    if inner in trail or inner == name:
                        member.problem(f"word sets name each other in a circle: {' > '.join((*trail, name, inner))}")
                    elif len(trail) > DEEPEST_WORDS:
                        member.problem(f"word sets are nested more than {DEEPEST_WORDS} deep")
                    elif inner in raw:
                        phrases |= resolve(inner, (*trail, name))
                        self.nested.setdefault(name, set()).add(inner)
                    elif inner in self.words:
                        phrases |= self.words[inner]
                        self.nested.setdefault(name, set()).add(inner)
                    else:
                        member.problem(f"unknown word set +{inner}{nearest(inner, [*raw, *self.words])}")
                    continue
                if text:
                    phrases |= spelled(tuple(text.lower().split()))
            if not phrases and not members:
                entry.problem(f"the word set {name!r} is empty")
            # A codebook that extends another adds to its sets rather than replacing them.
            done[name] = frozenset(phrases) | self.words.get(name, frozenset())
            return done[name]

        for name in raw:
            resolve(name, ())
        before = dict(self.words)
        self.words.update(done)
        for name in self.nested:
            self._fill_nested(name)
        widened = {name for name, phrases in before.items() if self.words[name] != phrases}
        if widened:
            self._widen(widened)

    def _fill_nested(self, name: str) -> None:
        """Pass on to a set what the sets nested in it have gained."""
        seen, queue = {name}, [name]
        while queue:
            for inner in self.nested.get(queue.pop(), ()):
                if inner not in seen:
                    seen.add(inner)
                    queue.append(inner)
                    self.words[name] |= self.words[inner]

    def _widen(self, widened: set[str]) -> None:
        """Read patterns of the extended codebooks anew whose word sets this file adds to."""
        for draft in self.drafts.values():
            for identity, pattern in draft.patterns.items():
                form, subject = pattern.form, pattern.form.subject
                shown = subject.shown.split("|") if isinstance(subject, Words) else []
                if not any("{" + name + "}" in text for name in widened for text in (form.text, *shown)):
                    continue
                try:
                    again = parse_pattern(form.text, self.words)
                except PatternError as error:  # the set has grown too large for this pattern
                    place = pattern.place
                    self.problems.append(
                        Problem(f"pattern {form.text!r}: {error}", place.path, place.line, place.column)
                    )
                    continue
                if isinstance(subject, Words):
                    phrases: set[Phrase] = set()
                    for text in shown:
                        phrases |= self.words[text[1:-1]] if text.startswith("{") else {tuple(text.lower().split())}
                    again = replace(again, subject=replace(subject, phrases=frozenset(phrases)))
                again = replace(again, forbidden=again.forbidden | form.forbidden)
                draft.patterns[identity] = replace(pattern, form=again)

    def _compounds(self, value: Value) -> None:
        self.compounds |= {each for text in value.texts("compounds") for each in spelled(tuple(text.lower().split()))}

    def _groups(self, value: Value) -> None:
        for name, entry in value.mapping("groups").items():
            members = set(entry.texts(f"the group {name!r}"))
            for inner in list(members):
                if inner in self.groups:
                    members |= self.groups[inner]
            self.groups[name] = frozenset(members) | self.groups.get(name, frozenset())

    # --- categories ----------------------------------------------------------------------------

    def _categories(self, value: Value) -> None:
        for name, entry in value.mapping("categories").items():
            draft = self.drafts.setdefault(name, _Draft(name, entry.place))
            body = entry.mapping(f"the category {name!r}", CATEGORY_KEYS)
            for key in ("label", "definition", "cameo", "code", "plover", "mode", "context", "mirror"):
                if key in body:
                    draft.fields[key] = body[key].text(key)
            if "silent" in body:
                draft.silent = body["silent"].truth("silent")
            if "mutual" in body:
                draft.mutual = body["mutual"].truth("mutual")
            if "target_from" in body:
                draft.target_from = tuple(
                    each.one_of("target_from", TARGETS_FROM) for each in body["target_from"].items("target_from")
                )
            self._known_code(body.get("cameo"))
            self._known_code(body.get("mirror"), allow=("same", "none"))
            if "patterns" in body:
                for each in body["patterns"].items("patterns"):
                    self._pattern(each, draft)
            if "examples" in body:
                for number, each in enumerate(body["examples"].items("examples"), 1):
                    self._example(each, draft, number)

    @staticmethod
    def _known_code(value: Value | None, allow: tuple[str, ...] = ()) -> None:
        if value is None:
            return
        code = value.text("cameo")
        table = ontology()
        if code and code not in allow and code not in table:
            value.problem(f"unknown CAMEO code {code!r}{nearest(code, [each.code for each in table])}")

    def _form(self, value: Value, text: str) -> PatternForm | None:
        try:
            return parse_pattern(text, self.words)
        except PatternError as error:
            place = value.place
            # A quoted scalar starts one column later than its text.
            quoted = 1 if getattr(value.node, "style", None) in {'"', "'"} else 0
            value.file.problem(
                f"pattern {text!r}: {error}",
                Place(place.path, place.line, place.column + max(0, error.column) + quoted),
            )
            return None

    def _with_subject(self, form: PatternForm, value: Value) -> PatternForm:
        """``subject: [that, "{claims}"]`` asks for words in front of the verb."""
        phrases: set[Phrase] = set()
        shown = value.texts("subject")
        for text in shown:
            if text.startswith("{") and text.endswith("}"):
                if text[1:-1] in self.words:
                    phrases |= self.words[text[1:-1]]
                else:
                    value.problem(f"unknown word set {text}{nearest(text[1:-1], self.words)}")
            else:
                phrases.add(tuple(text.lower().split()))
        return replace(form, subject=Words(frozenset(phrases), None, "|".join(shown)))

    def _pattern(self, value: Value, draft: _Draft) -> None:
        body: dict[str, Value] = {}
        if value.is_mapping:
            body = value.mapping("a pattern", PATTERN_KEYS)
            if "pattern" not in body:
                value.problem(
                    "the long form of a pattern needs the key `pattern`; "
                    "a pattern that begins with '{' must stand in quotes"
                )
                return
            text_value = body["pattern"]
        elif value.is_sequence:
            value.problem("a pattern that begins with '[' must stand in quotes")
            return
        else:
            text_value = value
        text = text_value.text("a pattern")
        form = self._form(text_value, text) if text else None
        if form is None:
            return
        if "not" in body:
            more = frozenset(tuple(each.lower().split()) for each in body["not"].texts("not"))
            form = replace(form, forbidden=form.forbidden | more)
        if "subject" in body:
            form = self._with_subject(form, body["subject"])
        keys = ("id", "cameo", "code", "mode", "context", "target", "mirror")
        given: dict[str, Any] = {key: body[key].text(key) for key in keys if key in body}
        self._known_code(body.get("cameo"))
        self._known_code(body.get("mirror"), allow=("same", "none"))
        nothing = body["nothing"].truth("nothing") if "nothing" in body else False
        if "source" in body:
            given["source"] = body["source"].one_of("source", ("subject", "speaker", "none"))
        if form.result == "nothing":
            nothing = True
        elif form.result:
            given.setdefault("cameo", form.result)
            if form.result not in ontology():
                text_value.problem(
                    f"unknown CAMEO code {form.result!r} after '->'{nearest(form.result, [c.code for c in ontology()])}"
                )
        status = body["status"].one_of("status", STATUSES) if "status" in body else ""
        priority = body["priority"].whole("priority") if "priority" in body else 0
        emit = body["emit"].truth("emit") if "emit" in body else False
        identity = given.pop("id", "") or f"{draft.name}/{_slug(text)}"
        if identity in draft.patterns and draft.patterns[identity].place.path == value.place.path:
            value.problem(
                f"the pattern {text!r} stands twice; the first is in line {draft.patterns[identity].place.line}"
            )
            return
        draft.patterns[identity] = Pattern(
            id=identity,
            category=draft.name,
            form=form,
            nothing=nothing,
            status=status,
            priority=priority,
            emit=emit,
            place=value.place,
            **given,
        )

    def _example(self, value: Value, draft: _Draft, number: int) -> None:
        body = value.mapping("an example", EXAMPLE_KEYS)
        text = body["text"].text("text") if "text" in body else ""
        if not text:
            value.problem("an example needs the key `text`")
            return
        if "events" not in body:
            value.problem("an example needs the key `events` (an empty list [] for a sentence that must give none)")
            return
        events: list[Expected] = []
        for each in body["events"].items("events"):
            entry = each.mapping("an event of an example", EVENT_KEYS)
            fields = {key: entry[key].text(key) for key in EVENT_KEYS if key in entry and key != "status"}
            status = entry["status"].one_of("status", STATUSES) if "status" in entry else "actual"
            events.append(Expected(**{"category": draft.name, **fields, "status": status}))
        identity = body["id"].text("id") if "id" in body else f"{draft.name}.{number}@{value.place.line}"
        draft.examples[identity] = Example(
            identity,
            text,
            tuple(events),
            body["date"].text("date") if "date" in body else "",
            body["known_miss"].text("known_miss") if "known_miss" in body else "",
            value.place,
        )

    # --- operators and rewrites ------------------------------------------------------------------

    def _operators(self, value: Value) -> None:
        for each in value.items("operators"):
            body = each.mapping("an operator", OPERATOR_KEYS)
            missing = [key for key in ("words", "event", "becomes") if key not in body]
            if missing:
                each.problem(f"an operator needs the keys {', '.join(missing)}")
                continue
            becomes = body["becomes"].text("becomes")
            if becomes not in self.drafts:
                body["becomes"].problem(f"unknown category {becomes!r}{nearest(becomes, self.drafts)}")
                continue
            words = body["words"].text("words")
            limits = "|".join(body["event"].texts("event"))
            slot = "EVENT" if limits == "any" else f"EVENT:{limits}"
            if "prepositions" in body:
                slot = "|".join(body["prepositions"].texts("prepositions")) + " " + slot
            text = f"{words if words.startswith(('{', '(')) else '(' + words + ')'} {slot}"
            form = self._form(body["words"], text)
            if form is None:
                continue
            self._known_code(body.get("cameo"))
            given: dict[str, Any] = {key: body[key].text(key) for key in ("cameo", "mode") if key in body}
            identity = body["id"].text("id") if "id" in body else f"{becomes}/{_slug(text)}"
            self.drafts[becomes].patterns[identity] = Pattern(
                id=identity,
                category=becomes,
                form=form,
                emit=body["emit"].truth("emit") if "emit" in body else False,
                status=body["status"].one_of("status", STATUSES) if "status" in body else "",
                place=each.place,
                **given,
            )

    def _rewrites(self, value: Value) -> None:
        for each in value.items("rewrites"):
            body = each.mapping("a rewrite", REWRITE_KEYS)
            if "category" not in body or "status" not in body:
                each.problem("a rewrite needs the keys `category` and `status`")
                continue
            categories: set[str] = set()
            for name_value in body["category"].items("category"):
                name = name_value.text("category")
                if name in self.groups:
                    categories |= self.groups[name]
                elif name in self.drafts:
                    categories.add(name)
                else:
                    name_value.problem(
                        f"unknown category or group {name!r}{nearest(name, [*self.drafts, *self.groups])}"
                    )
            statuses = frozenset(entry.one_of("status", STATUSES) for entry in body["status"].items("status"))
            speakers = (
                frozenset(entry.one_of("speaker", SPEAKERS) for entry in body["speaker"].items("speaker"))
                if "speaker" in body
                else frozenset()
            )
            becomes = body["becomes"].text("becomes") if "becomes" in body else ""
            if becomes and becomes != "nothing" and becomes not in self.drafts:
                body["becomes"].problem(f"unknown category {becomes!r}{nearest(becomes, self.drafts)}")
            self._known_code(body.get("cameo"))
            self.rewrites.append(
                Rewrite(
                    frozenset(categories),
                    statuses,
                    becomes,
                    body["cameo"].text("cameo") if "cameo" in body else "",
                    speakers,
                    body["then"].one_of("status", STATUSES) if "then" in body else ("actual" if becomes else ""),
                    each.place,
                )
            )

    # --- the whole -------------------------------------------------------------------------------

    def check(self, shown: str) -> None:
        """Check what needs all files at once: names used across, slots' limits, duplicate ids."""
        if not self.drafts and not self.problems:
            self.problems.append(Problem("no categories; a codebook needs the key `categories`", shown))
        known = set(self.drafts) | set(self.groups) | {"any", "ahead", "must", "other"}
        plovers = {each.plover.lower() for each in ontology() if each.plover}
        for draft in self.drafts.values():
            for pattern in draft.patterns.values():
                for slot in pattern.form.slots:
                    if slot.name != "EVENT":
                        continue
                    for limit in sorted(slot.limits - known - plovers):
                        self.problems.append(
                            Problem(
                                f"unknown category or group {limit!r} in {slot}{nearest(limit, known)}",
                                pattern.place.path,
                                pattern.place.line,
                                pattern.place.column,
                            )
                        )
            for example in draft.examples.values():
                for event in example.events:
                    if event.category not in self.drafts:
                        self.problems.append(
                            Problem(
                                f"example expects unknown category {event.category!r}"
                                f"{nearest(event.category, self.drafts)}",
                                example.place.path,
                                example.place.line,
                                example.place.column,
                            )
                        )
        for name, members in self.groups.items():
            for member in sorted(members - set(self.drafts) - set(self.groups)):
                self.problems.append(
                    Problem(
                        f"the group {name!r} names an unknown category {member!r}{nearest(member, self.drafts)}", shown
                    )
                )


def _resolve(name: str, folder: Path) -> Path | None:
    shipped = shipped_codebooks()
    candidate = (folder / name).expanduser()
    for path in (candidate, candidate.with_name(candidate.name + ".yaml")):
        if path.is_file() and (path.suffix in {".yaml", ".yml"}):
            return path
    return shipped.get(name)


def _shown(path: Path) -> str:
    """The name that messages and rows give a file: shipped ones are the same on every machine."""
    whole, folder = path.resolve(), shipped_folder().resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else str(path)


def read_codebook(source: str | Path) -> Codebook:
    """Read a codebook by shipped name or path; see :meth:`Codebook.read`.

    Raises
    ------
    CodebookError
        With every problem found.
    """
    shipped = shipped_codebooks()
    name = str(source)
    path = shipped[name] if name in shipped and not Path(name).suffix else Path(name).expanduser()
    if not path.exists():
        raise CodebookError([Problem(f"no such codebook: neither a file nor shipped{nearest(name, shipped)}", name)])
    if path.is_dir():
        raise CodebookError([Problem("this is a folder; name one YAML file in it", name)])
    shown = _shown(path)
    reader = _Reader()
    head = reader.file(path, shown)
    reader.check(shown)
    if reader.problems:
        once = dict.fromkeys(reader.problems)
        raise CodebookError(sorted(once, key=lambda p: (p.path != shown, p.path, p.line, p.column)))
    categories = tuple(
        Category(
            name=draft.name,
            patterns=tuple(draft.patterns.values()),
            examples=tuple(draft.examples.values()),
            place=draft.place,
            silent=draft.silent,
            mutual=draft.mutual,
            target_from=draft.target_from,
            **draft.fields,
        )
        for draft in reader.drafts.values()
    )
    return Codebook(
        name=head["codebook"],
        label=head["label"],
        version=head["version"],
        view=head["view"],
        categories=categories,
        words=reader.words,
        groups=reader.groups,
        compounds=frozenset(reader.compounds),
        rewrites=tuple(reader.rewrites),
        path=shown,
        files=tuple(reader.files),
    )


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


__all__ = ["NOWHERE", "read_codebook"]
