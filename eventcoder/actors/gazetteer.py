"""The dictionary of actors: countries, organisations, groups, bodies and dated leaders, by name.

All entries are facts in YAML files; the shipped ones lie in ``codebooks/actors`` and
``codebooks/roles.yaml``. A researcher's own files have the same form and win over the shipped ones.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from eventcoder.codebook.shipped import shipped_folder
from eventcoder.codebook.yamlfile import Value, YamlFile, read_text
from eventcoder.errors import CodebookError, Problem

LISTS = ("countries", "organisations", "groups", "bodies", "leaders", "roles", "weak", "never")
_COUNTRY_KEYS = "code name names nationality people capital seats places ambiguous from to source roles".split()
_ORGANISATION_KEYS = "code name names adjectives roles seats ambiguous contexts from to source periods country".split()
_GROUP_KEYS = "name names country code roles from to source periods ambiguous adjectives people seats contexts".split()
_LEADER_KEYS = "name names surname gender country organisation offices source roles ambiguous".split()
_OFFICE_KEYS = "title roles from to country organisation".split()
_ROLE_KEYS = "code name nouns modifiers source".split()
_PERIOD_KEYS = "roles from to code country".split()


@dataclass(frozen=True, slots=True)
class Office:
    """A period: its roles, title and (where it differs from the entry's) party."""

    roles: tuple[str, ...]
    title: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    country: str = ""
    code: str = ""

    def holds(self, day: datetime.date | None) -> bool:
        """Whether the period holds the day; an unknown day is held by periods without an end."""
        if day is None:
            return self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Entry:
    """One actor of the dictionary.

    ``kind`` is ``country``, ``organisation``, ``group``, ``body`` or ``person``; ``code`` is an
    organisation's own code, else empty (the code is then country and roles).
    """

    kind: str
    name: str
    country: str = ""
    code: str = ""
    roles: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    first: datetime.date | None = None
    last: datetime.date | None = None
    gender: str = ""
    surname: str = ""
    place: str = ""

    def on(self, day: datetime.date | None) -> tuple[str, str, tuple[str, ...], str]:
        """Return country, own code, roles and title that the entry has on a day.

        A person in no office on that day keeps the country and no role.
        """
        for office in self.offices:
            if office.holds(day):
                # Whoever heads an organisation speaks for it, not for the country of origin.
                country = office.country or ("" if office.code else self.country)
                return country, office.code or self.code, office.roles or self.roles, office.title
        if self.offices and self.kind == "person" and day is None:
            # Without a date the latest office is taken; a dated story never is.
            office = self.offices[-1]
            country = office.country or ("" if office.code else self.country)
            return country, office.code or self.code, office.roles or self.roles, office.title
        if self.offices and self.kind == "person":
            return self.country or next((o.country for o in self.offices if o.country), ""), "", (), ""
        return self.country, self.code, self.roles, ""

    def exists(self, day: datetime.date | None) -> bool:
        if day is None:
            return self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Reading:
    """A name's meaning: the entry, and how the name stands for it.

    ``how``: ``name``, ``nationality``, ``people``, ``capital``, ``seat``, ``place``, ``adjective``, or
    ``never`` for words that name no party though they hold a party's name.
    """

    entry: Entry
    how: str
    ambiguous: bool = False


@dataclass(slots=True)
class Gazetteer:
    """All names, role nouns and the surnames of leaders.

    Attributes
    ----------
    names
        Readings by the name as written (case matters).
    starts
        Longest name, in words, that starts with a given first word.
    role_nouns
        Role code by noun phrase (lower-case lemmas).
    weak
        Nouns such as ``official`` that take their modifier's role and party, with the default role.
    modifiers
        Role code by modifying word.
    """

    names: dict[str, list[Reading]] = field(default_factory=dict, repr=False)
    starts: dict[str, int] = field(default_factory=dict, repr=False)
    role_nouns: dict[tuple[str, ...], str] = field(default_factory=dict, repr=False)
    weak: dict[tuple[str, ...], str] = field(default_factory=dict)
    modifiers: dict[str, str] = field(default_factory=dict)
    surnames: dict[str, list[Entry]] = field(default_factory=dict, repr=False)
    by_code: dict[str, Entry] = field(default_factory=dict, repr=False)
    contexts: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    fingerprint: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, own: Iterable[str | Path] = ()) -> Gazetteer:
        """Read the shipped dictionaries and, after them, the researcher's own files.

        Raises
        ------
        CodebookError
            With every problem in the files.
        """
        return _read(tuple(str(path) for path in own))

    def add_name(self, name: str, reading: Reading, front: bool = False) -> None:
        known = self.names.setdefault(name, [])
        if front:
            known.insert(0, reading)
        else:
            known.append(reading)
        words = name.split()
        if words:
            first = _first_word(name)
            self.starts[first] = max(self.starts.get(first, 0), len(words))


def _first_word(name: str) -> str:
    return re.split(r"[\s'\-]", name, maxsplit=1)[0]


@lru_cache(maxsize=8)
def _read(own: tuple[str, ...]) -> Gazetteer:
    shipped = shipped_folder()
    files = [(path, False) for path in [*sorted((shipped / "actors").glob("*.yaml")), shipped / "roles.yaml"]]
    files += [(Path(path), True) for path in own]
    gazetteer = Gazetteer()
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for path, is_own in files:
        text = read_text(path, "actor dictionary")
        digest.update(text.encode())
        shown = str(path) if is_own else (f"actors/{path.name}" if path.parent.name == "actors" else path.name)
        file = YamlFile(shown)
        root = file.root(text)
        if root is not None:
            for key, value in root.mapping("an actor dictionary", LISTS).items():
                _LOADERS[key](gazetteer, value, is_own)
        problems += file.problems
    if problems:
        raise CodebookError(problems)
    gazetteer.fingerprint = digest.hexdigest()
    return gazetteer


def _day(body: dict[str, Value], key: str) -> datetime.date | None:
    if key not in body or body[key].is_null:
        return None
    text = body[key].text(key)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        body[key].problem(f"{key} should be a day such as 2022-01-27, not {text!r}")
        return None


def _period_checked(value: Value, first: datetime.date | None, last: datetime.date | None) -> None:
    if first and last and last < first:
        value.problem(f"the period ends ({last}) before it begins ({first})")


def _texts(body: dict[str, Value], key: str) -> tuple[str, ...]:
    return body[key].texts(key) if key in body else ()


def _countries(gazetteer: Gazetteer, value: Value, own: bool) -> None:
    for each in value.items("countries"):
        body = each.mapping("a country", _COUNTRY_KEYS)
        code, name = (body[key].text(key) if key in body else "" for key in ("code", "name"))
        if not code or not name:
            each.problem("a country needs the keys `code` and `name`")
            continue
        if not re.fullmatch(r"[A-Z]{3}", code):
            body["code"].problem(f"a country's code is three capitals, not {code!r}")
        first, last = _day(body, "from"), _day(body, "to")
        _period_checked(each, first, last)
        entry = Entry("country", name, country=code, first=first, last=last, place=str(each.place))
        gazetteer.by_code[code] = entry
        gazetteer.counts["countries"] = gazetteer.counts.get("countries", 0) + 1
        seat = Entry(
            "body", f"government of {name}", country=code, roles=("GOV",), first=first, last=last, place=str(each.place)
        )
        doubtful = set(_texts(body, "ambiguous"))
        for how, names in (
            ("name", (name, *_texts(body, "names"))),
            ("nationality", _texts(body, "nationality")),
            ("people", _texts(body, "people")),
            ("capital", _texts(body, "capital")),
            ("seat", _texts(body, "seats")),
            ("place", _texts(body, "places")),
        ):
            for text in names:
                reading = Reading(seat if how == "seat" else entry, how, text in doubtful)
                gazetteer.add_name(text, reading, own)
                if how == "people" and not text.endswith(("s", "men", "women")):
                    gazetteer.add_name(text + "s", reading, own)
                if how == "nationality" and text.endswith("an"):
                    gazetteer.add_name(text + "s", Reading(entry, "people", text in doubtful), own)


def _actors(kind: str, keys: Sequence[str]) -> Callable[[Gazetteer, Value, bool], None]:
    def load(gazetteer: Gazetteer, value: Value, own: bool) -> None:
        for each in value.items(kind):
            body = each.mapping(f"an entry of {kind}", keys)
            name = body["name"].text("name") if "name" in body else ""
            code = body["code"].text("code") if "code" in body else ""
            country = body["country"].text("country") if "country" in body else ""
            if not name or not (code or country):
                each.problem(f"an entry of {kind} needs the key `name`, and `code` or `country`")
                continue
            if country and not re.fullmatch(r"[A-Z]{3}", country):
                body["country"].problem(f"a country's code is three capitals, not {country!r}")
            first, last = _day(body, "from"), _day(body, "to")
            _period_checked(each, first, last)
            offices = []
            for period in body["periods"].items("periods") if "periods" in body else []:
                inner = period.mapping("a period", _PERIOD_KEYS)
                begin, end = _day(inner, "from"), _day(inner, "to")
                _period_checked(period, begin, end)
                offices.append(
                    Office(
                        _texts(inner, "roles"),
                        "",
                        begin,
                        end,
                        inner["country"].text("country") if "country" in inner else "",
                        inner["code"].text("code") if "code" in inner else "",
                    )
                )
            one = {"organisations": "organisation", "groups": "group", "bodies": "body"}[kind]
            entry = Entry(
                one, name, country, code, _texts(body, "roles"), tuple(offices), first, last, place=str(each.place)
            )
            gazetteer.counts[kind] = gazetteer.counts.get(kind, 0) + 1
            if code and (own or code not in gazetteer.by_code):
                gazetteer.by_code[code] = entry
            doubtful = set(_texts(body, "ambiguous"))
            if "contexts" in body:
                for key, context in body["contexts"].mapping("contexts").items():
                    gazetteer.contexts[f"{code}:{key}"] = context.texts("contexts")
            for how, names in (
                ("name", (name, *_texts(body, "names"))),
                ("adjective", _texts(body, "adjectives")),
                ("people", _texts(body, "people")),
                ("seat", _texts(body, "seats")),
            ):
                for text in names:
                    gazetteer.add_name(text, Reading(entry, how, text in doubtful), own)

    return load


def _leaders(gazetteer: Gazetteer, value: Value, own: bool) -> None:
    for each in value.items("leaders"):
        body = each.mapping("a leader", _LEADER_KEYS)
        name = body["name"].text("name") if "name" in body else ""
        country = body["country"].text("country") if "country" in body else ""
        organisation = body["organisation"].text("organisation") if "organisation" in body else ""
        if not name or not (country or organisation):
            each.problem("a leader needs the key `name`, and `country` or `organisation`")
            continue
        offices = []
        for office in body["offices"].items("offices") if "offices" in body else []:
            inner = office.mapping("an office", _OFFICE_KEYS)
            first, last = _day(inner, "from"), _day(inner, "to")
            _period_checked(office, first, last)
            offices.append(
                Office(
                    _texts(inner, "roles"),
                    inner["title"].text("title") if "title" in inner else "",
                    first,
                    last,
                    inner["country"].text("country") if "country" in inner else "",
                    inner["organisation"].text("organisation") if "organisation" in inner else "",
                )
            )
        surname = body["surname"].text("surname") if "surname" in body else name.split()[-1]
        entry = Entry(
            "person",
            name,
            country,
            organisation,
            _texts(body, "roles"),
            tuple(offices),
            gender=body["gender"].text("gender") if "gender" in body else "",
            surname=surname,
            place=str(each.place),
        )
        gazetteer.counts["leaders"] = gazetteer.counts.get("leaders", 0) + 1
        for text in dict.fromkeys((name, *_texts(body, "names"))):
            gazetteer.add_name(text, Reading(entry, "name"), own)
            own_word = surname if text == name or "surname" in body else text.split()[-1]
            if entry not in gazetteer.surnames.setdefault(own_word, []):
                gazetteer.surnames[own_word].append(entry)


def _roles(gazetteer: Gazetteer, value: Value, own: bool) -> None:
    for each in value.items("roles"):
        body = each.mapping("a role", _ROLE_KEYS)
        code = body["code"].text("code") if "code" in body else ""
        if not code:
            each.problem("a role needs the key `code`")
            continue
        for noun in _texts(body, "nouns"):
            gazetteer.role_nouns[tuple(noun.lower().split())] = code
        for word in _texts(body, "modifiers"):
            gazetteer.modifiers[word.lower()] = code


def _weak(gazetteer: Gazetteer, value: Value, own: bool) -> None:
    for noun, code in value.mapping("weak").items():
        gazetteer.weak[tuple(noun.lower().split())] = code.text("a weak noun's role")


_NOBODY = Entry("nobody", "nobody")


def _never(gazetteer: Gazetteer, value: Value, own: bool) -> None:
    """Names that hold a party's name but mean no party: seas, continents, diseases."""
    for text in value.texts("never"):
        gazetteer.add_name(text, Reading(_NOBODY, "never"), True)


_LOADERS = {
    "countries": _countries,
    "organisations": _actors("organisations", _ORGANISATION_KEYS),
    "groups": _actors("groups", _GROUP_KEYS),
    "bodies": _actors("bodies", _GROUP_KEYS),
    "leaders": _leaders,
    "roles": _roles,
    "weak": _weak,
    "never": _never,
}
