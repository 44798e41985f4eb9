"""Who is meant: from a noun phrase to actors, with the story's date and what was said before."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from eventcoder.actors.gazetteer import Entry, Gazetteer, Reading
from eventcoder.language.clauses import conjuncts, content_head
from eventcoder.records import Parse, Party, Token

_TITLES = {
    ("prime", "minister"): ("prime minister",),
    ("premier",): ("prime minister",),
    ("president",): ("president",),
    ("foreign", "minister"): ("foreign minister",),
    ("foreign", "secretary"): ("foreign minister",),
    ("secretary", "of", "state"): ("foreign minister",),
    ("top", "diplomat"): ("foreign minister",),
    ("defence", "minister"): ("defence minister",),
    ("defense", "minister"): ("defence minister",),
    ("defence", "secretary"): ("defence minister",),
    ("defense", "secretary"): ("defence minister",),
    ("defence", "chief"): ("defence minister",),
    ("defense", "chief"): ("defence minister",),
    ("chancellor",): ("chancellor",),
    ("king",): ("king", "emir", "sultan"),
    ("queen",): ("queen",),
    ("secretary", "general"): ("secretary-general",),
    ("secretary-general",): ("secretary-general",),
    ("interior", "minister"): ("interior minister",),
    ("minister",): ("foreign minister", "defence minister", "interior minister", "finance minister", "prime minister"),
    ("spokesman",): ("spokesman",),
    ("spokesperson",): ("spokesman",),
    ("spokeswoman",): ("spokesman",),
    ("leader",): ("president", "prime minister", "supreme leader", "chancellor", "rebel leader", "opposition leader"),
    ("pope",): ("pope",),
}
_COUNTS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5}
_HEADS = frozenset({"president", "prime minister", "chancellor", "king", "queen", "supreme leader", "emir", "pope"})
_PAIRS = frozenset(
    {
        "country",
        "nation",
        "side",
        "leader",
        "minister",
        "man",
        "state",
        "government",
        "neighbour",
        "neighbor",
        "president",
        "pair",
        "duo",
        "power",
        "ally",
        "party",
        "counterpart",
        "capital",
    }
)
_FORMER = frozenset({"former", "ex", "ousted", "late", "then", "onetime", "deposed"})
# Common nouns that stand for an organisation named before, with its code where only one is so called.
_GENERIC = {
    "alliance": "NATO",
    "bloc": "",
    "organisation": "",
    "organization": "",
    "union": "",
    "body": "",
    "agency": "",
}
# Nouns for an armed group or party named before; without one they are nobody's in particular.
_GROUP_WORDS = frozenset("group movement militia faction organisation organization".split())
_RIVERS = frozenset({"River", "Rivers"})
_BACKED = frozenset(
    """backed occupied controlled speaking allied born made brokered sponsored supported funded held annexed aligned
    friendly""".split()
)
_GIVEN_PRONOUNS = frozenset("it he she they we i its his her their our him them himself itself".split())
_OWN_SIDE = frozenset(
    """country government nation administration office ministry side party army force troop state group organisation
    organization company""".split()
)
_PHRASE_HEADS = frozenset("nsubj nsubjpass dobj pobj poss attr dative appos ROOT npadvmod".split())
_PERSONS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
_FIRST = frozenset({"i", "we", "me", "us", "our", "my"})
_TITLE_WORDS = frozenset(
    {
        "Mr",
        "Mr.",
        "Mrs",
        "Mrs.",
        "Ms",
        "Ms.",
        "Dr",
        "Dr.",
        "Sir",
        "Lord",
        "Lady",
        "Madam",
        "Gen.",
        "General",
        "Col.",
        "Colonel",
        "Lt.",
        "Sheikh",
        "President",
        "Prime",
        "Minister",
        "Chancellor",
        "King",
        "Queen",
        "Prince",
        "Secretary",
        "Senator",
        "Sen.",
        "Rep.",
    }
)
# Roles that, without an owner, belong to the country a story is about.
_DOMESTIC = frozenset("GOV MIL COP JUD LEG OPP SPY REB".split())
_ACRONYM = re.compile(r"[A-Z][A-Z.&]{1,9}\Z")
_HUMAN = frozenset(
    """man woman people person resident civilian villager child citizen national family worker employee driver student
    passenger tourist victim youth teenager boy girl migrant refugee settler journalist reporter expert
    analyst""".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A dictionary name in a sentence: tokens ``first`` to ``last`` (inclusive) and its readings."""

    first: int
    last: int
    text: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose official or soldier a role noun names."""

    country: str
    code: str
    roles: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class _RoleNoun:
    """A role noun as it was read: its code, words, and the person's name before or behind it."""

    code: str
    words: tuple[str, ...]
    weak: bool
    former: bool
    title: str
    name: str
    person: bool
    span: tuple[int, int]


@dataclass(slots=True)
class StoryMemory:
    """What earlier sentences of a story said: people by surname, recent parties, the open speaker.

    ``together`` holds the parties that the last sentence coordinated as its subject.
    """

    people: dict[str, Party] = field(default_factory=dict)
    recent: list[Party] = field(default_factory=list)
    countries: list[Party] = field(default_factory=list)
    organisations: list[Party] = field(default_factory=list)
    speaker: Party | None = None
    weights: dict[str, int] = field(default_factory=dict)
    together: tuple[Party, ...] = ()

    def note(self, party: Party) -> None:
        """Remember a party that a sentence named, the most recent last."""
        if not party.code and not party.person:
            return
        if party.person and party.name:
            for key in {party.name.split()[-1], party.name}:
                self.people[key] = party
        kept = [each for each in self.recent if (each.code, each.name) != (party.code, party.name)]
        self.recent = [*kept, party][-40:]
        bucket = self.countries if party.country else self.organisations
        if party.kind in {"country", "organisation", "group", "body", "people", "person", "role"}:
            key = party.country or party.code
            bucket[:] = [each for each in bucket if (each.country or each.code) != key][-20:]
            bucket.append(party)


def _can_own(party: Party) -> bool:
    """Whether a party is known well enough for its officials and soldiers to be told by it."""
    return bool(party.country) or (bool(party.code) and party.code not in party.roles)


class Resolver:
    """Resolves the noun phrases of one sentence.

    Parameters
    ----------
    gazetteer
        The dictionary.
    parse
        The sentence.
    day
        The day on which offices are looked up; None for unknown.
    memory
        What earlier sentences said; it is read here and written by :meth:`remember`.
    given
        Parties that the caller names, by head token. Then they alone (and pronouns, which stand for
        the first of them) are parties; the dictionaries only add roles.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        parse: Parse,
        day: datetime.date | None,
        memory: StoryMemory | None = None,
        given: Mapping[int, Party] | None = None,
    ) -> None:
        self.given = given or {}
        self.gazetteer = gazetteer
        self.parse = parse
        self.tokens = parse.tokens
        self.day = day
        self.memory = memory or StoryMemory()
        self.mentions = self._mentions()
        self.at: dict[int, Mention] = {}
        for mention in self.mentions:
            for i in range(mention.first, mention.last + 1):
                self.at[i] = mention
        self._done: dict[int, tuple[Party, ...]] = {}
        self._busy: set[int] = set()

    # --- names -------------------------------------------------------------------------------------

    def _mentions(self) -> list[Mention]:
        names, starts = self.gazetteer.names, self.gazetteer.starts
        found: list[Mention] = []
        i, count = 0, len(self.tokens)
        while i < count:
            token = self.tokens[i]
            first = re.split(r"['\-]", token.text, maxsplit=1)[0]
            longest = starts.get(first, 0)
            hit = None
            if longest:
                limit = min(count, i + longest * 2 + 3)
                for j in range(limit - 1, i - 1, -1):
                    text = self.parse.text[token.start : self.tokens[j].end]
                    if text.count(" ") >= longest:
                        continue
                    readings = names.get(text)
                    if readings is None and "  " in text:
                        readings = names.get(" ".join(text.split()))
                    if readings:
                        hit = Mention(i, j, text, tuple(readings))
                        break
                if hit is None and "-" in token.text and token.text.split("-")[0] in names:
                    # "Russian-backed": the nationality is part of one token.
                    head, _, tail = token.text.partition("-")
                    if tail.lower() in {
                        "backed",
                        "led",
                        "based",
                        "born",
                        "made",
                        "controlled",
                        "occupied",
                        "dominated",
                        "allied",
                        "brokered",
                    }:
                        hit = None
                    else:
                        hit = Mention(i, i, head, tuple(names[head]))
            if hit and hit.readings[0].how == "never":
                i = hit.last + 1
            elif hit and self._is_name(hit):
                found.append(hit)
                i = hit.last + 1
            else:
                i += 1
        return found

    def _is_name(self, mention: Mention) -> bool:
        """Names that are ordinary words too count only where the tagger sees a name."""
        tokens = self.tokens[mention.first : mention.last + 1]
        if mention.text == "US" or mention.text == "U.S.":
            return tokens[0].pos != "PRON" or tokens[0].text.isupper()
        after = self.tokens[mention.last + 1] if mention.last + 1 < len(self.tokens) else None
        if after is not None and after.text in _RIVERS and after.pos == "PROPN" and tokens[-1].head == after.i:
            return False
        if any(reading.ambiguous for reading in mention.readings) and len(tokens) == 1:
            token = tokens[0]
            if token.pos not in {"PROPN", "ADJ", "NOUN"}:
                return False
            before = self.tokens[token.i - 1] if token.i else None
            after = self.tokens[token.i + 1] if token.i + 1 < len(self.tokens) else None
            # "Michael Jordan", "Jordan Peele": a part of somebody's name.
            if (
                before
                and before.pos == "PROPN"
                and before.text[:1].isupper()
                and before.i not in getattr(self, "at", {})
                and before.dep == "compound"
                and before.text not in {"Southern", "Northern", "Eastern", "Western"}
            ):
                return False
            if after and after.pos == "PROPN" and token.dep == "compound" and after.text[:1].isupper():
                return False
        if len(tokens) == 1 and mention.readings[0].how != "nationality":
            token = tokens[0]
            before = self.tokens[token.i - 1] if token.i else None
            if mention.readings[0].entry.kind == "person":
                return True
            # "Paris Hilton" is no capital.
            after = self.tokens[token.i + 1] if token.i + 1 < len(self.tokens) else None
            if (
                mention.readings[0].how in {"capital", "place"}
                and after
                and after.pos == "PROPN"
                and token.dep == "compound"
                and token.head == after.i
                and after.text[:1].isupper()
                and not self.gazetteer.role_nouns.get((after.text.lower(),))
            ):
                return False
            return token.pos not in {"VERB", "AUX", "ADV"} or (token.text[:1].isupper() and token.i > 0)
        return True

    def reading(self, mention: Mention) -> tuple[Reading, tuple[str, ...]]:
        """Choose among a name's readings: one that exists on the day, in dictionary order."""
        alive = [each for each in mention.readings if each.entry.exists(self.day)]
        pool = alive or list(mention.readings)
        in_office = [each for each in pool if each.entry.kind == "person" and each.entry.on(self.day)[3]]
        chosen = in_office[0] if in_office and pool[0].entry.kind == "person" else pool[0]
        others = tuple(
            f"{each.entry.country or each.entry.code}: {each.entry.name} ({each.how})"
            for each in mention.readings
            if each is not chosen
        )
        return chosen, others

    # --- phrases -----------------------------------------------------------------------------------

    def parties(self, head: int) -> tuple[Party, ...]:
        """Return the parties that a noun phrase names, one for each coordinated head.

        An empty tuple means that the phrase names no party.
        """
        if head in self._done:
            return self._done[head]
        if head in self._busy:
            return ()
        self._busy.add(head)
        found: list[Party] = []
        for each in conjuncts(self.parse, head):
            for party in self._one(each, shared_with=head):
                if all((party.code, party.name, party.text) != (p.code, p.name, p.text) for p in found):
                    found.append(party)
        self._busy.discard(head)
        self._done[head] = tuple(found)
        return self._done[head]

    def _one(self, head: int, shared_with: int) -> tuple[Party, ...]:
        if self.given:
            return self._given(head)
        head = content_head(self.parse, head)
        token = self.tokens[head]
        if token.pos == "PRON":
            return self._pronoun(token)
        pair = self._pair(token)
        if pair:
            return pair
        mention = self.at.get(head)
        if mention is not None and mention.last >= head:
            named = self._named(mention, head)
            if named:
                return named
        generic = self._generic(token)
        if generic:
            return generic
        titled = self._role_phrase(head, shared_with)
        if titled:
            return titled
        if token.pos == "PROPN" or (
            token.text[:1].isupper() and (token.text in self.gazetteer.surnames or token.text in self.memory.people)
        ):
            return self._unknown_name(head)
        return self._indirect(head)

    def _given(self, head: int) -> tuple[Party, ...]:
        """The caller's parties in a phrase: its head, its modifiers and appositives, or a pronoun for the first."""
        first = next(iter(self.given.values()))
        together = self._given_together(head)
        if len(together) > 1:
            return together
        queue, direct = [head], True
        while queue:
            at = queue.pop(0)
            if at in self.given:
                party = self.given[at]
                return (party if direct else replace(party, kind="indirect"),)
            token = self.tokens[at]
            if token.pos == "PRON" and token.text.lower() in _GIVEN_PRONOUNS and first.head < at:
                if at == head and token.dep in {"dobj", "pobj", "dative"} and len(self.given) > 1:
                    # An object pronoun means the other one: "called him to congratulate him".
                    last = list(self.given.values())[-1]
                    return (last,) if last.head < at else (first,)
                return (first,) if at == head or self.tokens[head].lemma.lower() in _OWN_SIDE else ()
            direct = False
            for child in self.parse.children[at]:
                dep = self.tokens[child].dep
                if dep in {"poss", "amod", "compound", "nmod", "appos", "nummod", "dep", "npadvmod"}:
                    queue.append(child)
                elif dep == "prep" and self.tokens[child].text.lower() in {"of", "in", "from", "at"}:
                    queue += [p for p in self.parse.children[child] if self.tokens[p].dep == "pobj"]
        return ()

    def _given_together(self, head: int) -> tuple[Party, ...]:
        """Both of the caller's parties, where a phrase coordinates them."""
        if not any(self.tokens[c].dep == "cc" for i in self.parse.subtree(head) for c in self.parse.children[i]):
            return ()
        found: dict[str, Party] = {}
        queue = [head]
        while queue:
            at = queue.pop(0)
            if at in self.given:
                found.setdefault(self.given[at].code, self.given[at])
            queue += [
                c
                for c in self.parse.children[at]
                if self.tokens[c].dep in {"conj", "nmod", "compound", "amod", "poss", "appos"}
            ]
        return tuple(found[code] for code in sorted(found))

    def _generic(self, token: Token) -> tuple[Party, ...]:
        """``the alliance``, ``the bloc``: the organisation that was named before."""
        lemma = token.lemma.lower()
        before = {self.tokens[c].text.lower() for c in self.parse.children[token.i] if c < token.i}
        if lemma in _GROUP_WORDS and before in ({"the"}, {"this"}):
            for party in self._before(token):
                if party.kind == "group":
                    return self._same(token, party, f"the {lemma}")
                if lemma.startswith("organi") and party.kind == "organisation":
                    break
        if lemma not in _GENERIC or not any(
            self.tokens[c].text.lower() in {"the", "this"} for c in self.parse.children[token.i]
        ):
            return ()
        if any(c in self.at for c in self.parse.children[token.i]):
            return ()
        for party in self._before(token):
            if (
                party.code
                and not party.country
                and party.code not in party.roles
                and (not _GENERIC[lemma] or party.code.startswith(_GENERIC[lemma]))
            ):
                return self._same(token, party, f"the {lemma}")
        return ()

    def _extent(self, head: int) -> tuple[int, int]:
        """First and last token of the phrase's core: its modifiers to the left, and the head."""
        first = head
        for child in self.parse.children[head]:
            if child < head and self.tokens[child].dep in {
                "det",
                "amod",
                "compound",
                "nmod",
                "nummod",
                "poss",
                "quantmod",
            }:
                first = min(first, min(self.parse.subtree(child)))
        return first, head

    def _text(self, first: int, last: int) -> tuple[str, int, int]:
        start, end = self.tokens[first].start, self.tokens[last].end
        return self.parse.text[start:end], start, end

    def _party(
        self,
        head: int,
        country: str,
        code: str,
        roles: tuple[str, ...],
        name: str,
        how: str,
        kind: str,
        *,
        span: tuple[int, int] | None = None,
        person: bool = False,
        gender: str = "",
        title: str = "",
        alternatives: tuple[str, ...] = (),
    ) -> Party:
        first, last = span or self._extent(head)
        text, start, end = self._text(first, max(last, head))
        if not code:
            code = country + "".join(roles)
        return Party(
            code=code,
            name=name or text,
            country=country,
            roles=roles,
            text=text,
            start=start,
            end=end,
            head=head,
            how=how,
            alternatives=alternatives,
            kind=kind,
            person=person,
            plural=self.tokens[head].tag in {"NNS", "NNPS"},
            gender=gender,
            title=title,
        )

    def _named(self, mention: Mention, head: int) -> tuple[Party, ...]:
        reading, others = self.reading(mention)
        entry = reading.entry
        country, code, roles, title = entry.on(self.day)
        first, last = self._extent(head)
        span = (min(first, mention.first), max(last, mention.last))
        how = f"{entry.place}: {mention.text!r} is {entry.name}"
        if reading.how in {"nationality", "adjective"} and head != mention.last:
            return ()
        if entry.kind == "person":
            modifiers = {self.tokens[i].text.lower().rstrip("-") for i in range(first, mention.first)}
            if first > 1 and self.tokens[first - 1].text == "-":
                # "Ex-president": the prefix is a token of its own.
                modifiers.add(self.tokens[first - 2].text.lower())
            if modifiers & _FORMER and not modifiers & {"then"}:
                roles, title = (), ""
                how += ", no longer in office here"
            elif not roles:
                inside = self._role_inside(first, mention.first - 1)
                if inside:
                    roles = (inside,)
            return (
                self._party(
                    head,
                    country,
                    code,
                    roles,
                    entry.name,
                    how,
                    "person",
                    span=span,
                    person=True,
                    gender=entry.gender,
                    title=title,
                    alternatives=others,
                ),
            )
        if reading.how == "place":
            return (
                self._party(
                    head,
                    country,
                    code,
                    (),
                    mention.text,
                    how + " (a place in it)",
                    "place",
                    span=span,
                    alternatives=others,
                ),
            )
        if reading.how in {"people", "nationality"}:
            return (
                self._party(
                    head,
                    country,
                    code,
                    roles,
                    entry.name,
                    how + " (its people)",
                    "people",
                    span=span,
                    alternatives=others,
                ),
            )
        if mention.last < head:
            return ()
        kind = entry.kind
        # "Wagner fighters", "NATO members" have their own head; here the name is the head.
        return (self._party(head, country, code, roles, entry.name, how, kind, span=span, alternatives=others),)

    # --- roles -------------------------------------------------------------------------------------

    def _lemmas(self, first: int, last: int) -> tuple[str, ...]:
        return tuple(
            self.tokens[i].lemma.lower() if self.tokens[i].pos != "PROPN" else self.tokens[i].text.lower()
            for i in range(first, last + 1)
        )

    def _role_at(self, head: int) -> tuple[str, int, bool] | None:
        """The role noun that ends at `head`: code, first token, whether weak; the longest wins."""
        for length in range(4, 0, -1):
            first = head - length + 1
            if first < 0:
                continue
            words = self._lemmas(first, head)
            plural = (*words[:-1], words[-1][:-1]) if words[-1].endswith("s") else words
            for each in (words, plural):
                if each in self.gazetteer.role_nouns and not (length == 1 and each in self.gazetteer.weak):
                    return self.gazetteer.role_nouns[each], first, False
                if each in self.gazetteer.weak:
                    return self.gazetteer.weak[each], first, True
        return None

    def _role_inside(self, first: int, last: int) -> str:
        for i in range(last, first - 1, -1):
            role = self._role_at(i)
            if role:
                return role[0]
        return ""

    def _role_phrase(self, head: int, shared_with: int) -> tuple[Party, ...]:
        """``British defence secretary``, ``the head of Russia's Security Council``, ``Kremlin spokesman X``."""
        role = self._role_at(head)
        name = ""
        name_first = head
        token = self.tokens[head]
        if role is None and token.pos == "PROPN":
            # A title or role in front of an unknown person's name.
            at = head
            while (
                at > 0
                and self.tokens[at - 1].pos == "PROPN"
                and self._role_at(at - 1) is None
                and at - 1 not in self.at
                and self.tokens[at - 1].text[:1].isupper()
            ):
                at -= 1
            if at > 0:
                role = self._role_at(at - 1)
                if role is not None:
                    name = self.parse.text[self.tokens[at].start : token.end]
                    name_first = at
        if role is None:
            return ()
        code, role_first, weak = role
        first, _ = self._extent(head)
        first = min(first, role_first)
        if name and token.dep == "appos" and token.head == name_first - 1:
            # "former French president X": the words before hang from the title.
            first = min(first, self._extent(token.head)[0])
        owners = self._owners(head, first, role_first)
        modifier = ""
        for i in range(first, role_first):
            word = self.tokens[i].text.lower()
            modifier = self.gazetteer.modifiers.get(
                word, self.gazetteer.modifiers.get(self.tokens[i].lemma.lower(), modifier)
            )
        if weak and modifier:
            code = modifier
        words = self._lemmas(role_first, name_first - 1 if name else head)
        former = any(self.tokens[i].text.lower().rstrip("-") in _FORMER for i in range(first, role_first))
        title = next((titles[0] for key, titles in _TITLES.items() if words[-len(key) :] == key), "")
        noun = _RoleNoun(
            code,
            words,
            weak,
            former,
            title,
            name,
            bool(name) or (token.tag in {"NN", "NNP"} and bool(title)),
            (first, head),
        )
        if owners:
            return tuple(self._owned(head, noun, owner) for owner in owners)
        appositive = self._appositive(head)
        if appositive:
            return (replace(appositive, head=head),)
        remembered = self._remembered(words, token) if not name and self._definite(head) else ()
        if remembered:
            return remembered
        known = self.memory.people.get(name.split()[-1]) if name else None
        if known is not None and known.code:
            party = self._party(
                head, known.country, "", known.roles, known.name, f"named before: {known.text!r}", "person", person=True
            )
            return (replace(party, code=known.code),)
        definite = bool(name) or any(
            self.tokens[c].text.lower() in {"the", "its", "his", "her", "their", "our"}
            for c in self.parse.children[head]
        )
        if name:
            leader = self._leader(head, token, title)
            if leader is not None:
                return (leader,)
        focus = (
            self._focus(alone=not definite)
            if code in _DOMESTIC and (definite or token.tag in {"NNS", "NNPS"})
            else None
        )
        if focus is not None:
            owner = _Owner(
                focus.country,
                "",
                (),
                f"{' '.join(words)!r} of {focus.country}, the country that the story is mostly about so far",
            )
            return (self._owned(head, noun, owner),)
        roles = () if former else (code,)
        how = f"role {' '.join(words)!r} ({code}), nobody's in particular"
        return (
            self._party(head, "", "", roles, name, how, "role", span=(first, head), person=noun.person, title=title),
        )

    def _owned(self, head: int, role: _RoleNoun, owner: _Owner) -> Party:
        """A role noun of a country, an organisation, a body or a group."""
        words = " ".join(role.words)
        if owner.code and not owner.country:
            roles = owner.roles if role.weak or role.code in {"GOV", "IGO"} else (*owner.roles, role.code)
            return self._party(
                head,
                "",
                owner.code,
                roles,
                role.name,
                f"{owner.how}; {words!r} speaks for it",
                "role",
                span=role.span,
                person=role.person,
                title=role.title,
            )
        if owner.roles and (role.weak or owner.roles[0] != role.code):
            # "Kremlin spokesman" is the Kremlin's voice; "rebel commander" a rebel.
            speaks = role.weak or owner.roles[0] in {"REB", "INS", "SEP", "OPP", "PTY", "LEG", "JUD", "GOV"}
            roles = owner.roles if speaks else (*owner.roles, role.code)
        else:
            roles = () if role.former else (role.code,)
        how = f"{owner.how}; role {words!r} ({role.code})"
        code = owner.code if owner.roles else ""
        return self._party(
            head,
            owner.country,
            code,
            roles,
            role.name,
            how,
            "role",
            span=role.span,
            person=role.person,
            title=role.title,
        )

    def _focus(self, alone: bool = False) -> Party | None:
        """The country that the story has named most often so far; this sentence counts too.

        With `alone` only a country that is the only one named so far will do.
        """
        counts = dict(self.memory.weights)
        for mention in self.mentions:
            country = self.reading(mention)[0].entry.country
            if country and not self._backing(mention):
                counts[country] = counts.get(country, 0) + 1
        if not counts or (alone and len(counts) > 1):
            return None
        best = max(counts, key=lambda each: counts[each])
        if sum(1 for each in counts.values() if each * 2 > counts[best]) > 1:
            return None
        return Party(best, best, best, (), "", 0, 0, -1)

    def _owners(self, head: int, first: int, role_first: int) -> list[_Owner]:
        """The countries, bodies or organisations that a role noun belongs to."""
        for child in self.parse.children[head]:
            if self.tokens[child].dep == "poss":
                at = self._relative_owner(child)
                # "his Russian counterpart": a nationality tells more than the pronoun.
                if self.tokens[at].pos == "PRON" and any(first <= m.first and m.last < head for m in self.mentions):
                    continue
                if self.tokens[at].pos == "PRON" and self.tokens[head].lemma.lower() in {
                    "counterpart",
                    "colleague",
                    "guest",
                    "host",
                    "rival",
                    "enemy",
                }:
                    continue
                owners = [self._owner_of(party) for party in self.parties(at) if _can_own(party)]
                if owners:
                    return owners
        inside: list[tuple[Mention, _Owner]] = []
        for mention in self.mentions:
            if first <= mention.first and mention.last < head:
                reading, _ = self.reading(mention)
                if reading.entry.kind != "person" and not self._backing(mention):
                    inside.append((mention, self._owner_read(mention, reading)))
        if inside:
            # "Indian and Japanese counterparts" are two; "US State Department official" is one.
            coordinated = [
                owner
                for mention, owner in inside
                if any(self.tokens[c].dep == "conj" for c in self.parse.children[mention.last])
                or self.tokens[mention.last].dep == "conj"
            ]
            return coordinated if len(coordinated) > 1 else [inside[-1][1]]
        for child in self.parse.children[head]:
            preposition = self.tokens[child].text.lower()
            inside_of = preposition == "in" and not self._elsewhere(head)
            if self.tokens[child].dep == "prep" and (preposition in {"of", "for", "from", "at"} or inside_of):
                for pobj in self.parse.children[child]:
                    if self.tokens[pobj].dep == "pobj":
                        owners = [self._owner_of(party) for party in self.parties(pobj) if _can_own(party)]
                        if owners:
                            return owners
        # Premodifiers the parser hung elsewhere: look at the word right before the phrase.
        if first > 0 and first - 1 in self.at:
            mention = self.at[first - 1]
            reading, _ = self.reading(mention)
            if reading.how in {"nationality", "adjective"} and first <= self.tokens[first - 1].head <= head:
                return [self._owner_read(mention, reading)]
        return []

    def _backing(self, mention: Mention) -> bool:
        """``US-backed rebels`` are not American: the name only modifies a participle."""
        after = self.tokens[mention.last + 1 : mention.last + 3]
        return len(after) == 2 and after[0].text == "-" and after[1].text.lower() in _BACKED

    def _relative_owner(self, i: int) -> int:
        """``Chad, whose president ...``: the noun that ``whose`` stands for."""
        if self.tokens[i].text.lower() != "whose":
            return i
        at = i
        for _ in range(6):
            if self.tokens[at].dep == "relcl":
                return self.tokens[at].head
            at = self.tokens[at].head
        return i

    def _elsewhere(self, head: int) -> bool:
        """Whether people of this kind are often in another country than their own: troops, diplomats."""
        token = self.tokens[head]
        if token.lemma.lower() in {
            "ambassador",
            "diplomat",
            "envoy",
            "embassy",
            "mission",
            "journalist",
            "refugee",
            "tourist",
            "worker",
            "leader",
            "minister",
            "president",
        }:
            return True
        role = self._role_at(head)
        return role is None or role[0] in {"MIL", "UAF", "IGO", "NGO", "REF"}

    def _owner_of(self, party: Party) -> _Owner:
        # "The head of the French army" is of the army; a minister's spokesman is the government's anyway.
        own = party.kind in {"body", "group"} or (party.kind == "role" and party.roles[:1] != ("GOV",))
        return _Owner(party.country, "" if party.country else party.code, party.roles if own else (), party.how)

    def _owner_read(self, mention: Mention, reading: Reading) -> _Owner:
        country, code, roles, _ = reading.entry.on(self.day)
        keep = roles if reading.entry.kind in {"body", "group"} else ()
        return _Owner(country, code, keep, f"{reading.entry.place}: {mention.text!r} is {reading.entry.name}")

    def _appositive(self, head: int) -> Party | None:
        for child in self.parse.children[head]:
            if self.tokens[child].dep == "appos":
                found = self.parties(child)
                if (
                    found
                    and found[0].code
                    and found[0].kind in {"person", "role", "organisation", "body", "group", "people"}
                ):
                    return found[0]
        token = self.tokens[head]
        if token.dep == "appos":
            mention = self.at.get(token.head)
            if mention:
                named = self._named(mention, token.head)
                if named and named[0].code and named[0].person:
                    return named[0]
        return None

    def _titled(self, token: Token) -> Party | None:
        """``A French minister, X, said``: the name in apposition has the party of its title."""
        if token.dep != "appos":
            return None
        found = self.parties(token.head)
        return found[0] if len(found) == 1 and found[0].kind == "role" and found[0].code and found[0].person else None

    def _definite(self, head: int) -> bool:
        return any(
            self.tokens[c].text.lower() in {"the", "this", "that"} for c in self.parse.children[head]
        ) or not any(self.tokens[c].dep in {"det", "nummod"} for c in self.parse.children[head])

    # --- what was said before ------------------------------------------------------------------------

    def _before(self, token: Token) -> Iterator[Party]:
        """Parties named before a token: in this sentence (subjects first, nearest first), then earlier."""
        here: list[tuple[bool, int, Party]] = []
        for other in self.tokens[: token.i]:
            if other.dep in _PHRASE_HEADS and other.pos != "PRON" and other.i not in self._busy:
                for party in self.parties(other.i):
                    if party.code and party.kind != "indirect":
                        here.append((other.dep in {"nsubj", "nsubjpass"}, other.i, party))
        here.sort(key=lambda each: (each[0], each[1]), reverse=True)
        for _, _, party in here:
            yield party
        yield from reversed(self.memory.recent)

    def _remembered(self, words: tuple[str, ...], token: Token) -> tuple[Party, ...]:
        """``the defence secretary`` and ``the alliance``: the last person of that title, the last of that kind."""
        titles: tuple[str, ...] = ()
        for key, values in _TITLES.items():
            if words[-len(key) :] == key and len(key) >= 1:
                titles = values
                break
        if not titles or token.tag == "NNS":
            return ()
        for party in self._before(token):
            if party.person and party.title in titles:
                again = self._party(
                    token.i,
                    party.country,
                    "",
                    party.roles,
                    party.name,
                    f"the {' '.join(words)} named before: {party.name}",
                    "person",
                    person=True,
                    gender=party.gender,
                    title=party.title,
                )
                return (replace(again, code=party.code),)
        return ()

    def _same(self, token: Token, party: Party, why: str) -> tuple[Party, ...]:
        text, start, end = (
            self._text(*self._extent(token.i)) if token.pos != "PRON" else (token.text, token.start, token.end)
        )
        return (replace(party, text=text, start=start, end=end, head=token.i, how=f"{why}: {party.name}"),)

    def _pronoun(self, token: Token) -> tuple[Party, ...]:
        word = token.text.lower()
        if word in _FIRST:
            if self.memory.speaker is not None:
                return self._same(token, self.memory.speaker, f"{word!r} in a quotation by")
            return ()
        beside = self._beside(token.i)
        if word in _PERSONS:
            above = self._above(token.i) | beside
            for party in self._before(token):
                if party.person and party.gender in {"", _PERSONS[word]} and party.name not in above:
                    return self._same(token, party, f"{word!r} refers to")
            return ()
        if word in {"you", "your"}:
            for party in self._addressee(token.i):
                return self._same(token, party, f"{word!r} is said to")
            return ()
        if word in {"they", "them", "their"}:
            together = self._compound_subject(token.i)
            if together:
                return tuple(self._same(token, party, f"{word!r} refers to")[0] for party in together)
            for party in self._before(token):
                if self.memory.together and party in self.memory.recent:
                    return tuple(self._same(token, each, f"{word!r} refers to")[0] for each in self.memory.together)
                if (party.kind in {"organisation", "group", "people"} or party.plural) and party.code:
                    return self._same(token, party, f"{word!r} refers to")
            return ()
        if word in {"it", "its"}:
            for party in self._before(token):
                if (
                    not party.person
                    and party.code
                    and party.kind in {"country", "organisation", "group", "body"}
                    and party.name not in beside
                ):
                    return self._same(token, party, f"{word!r} refers to")
        return ()

    def _addressee(self, i: int) -> Iterator[Party]:
        """Whom the speech that a token stands in is addressed to: the object of a verb above it."""
        at = i
        for _ in range(10):
            head = self.tokens[at].head
            if head == at:
                return
            at = head
            for child in self.parse.children[at]:
                if (
                    self.tokens[child].dep in {"dobj", "dative"}
                    and self.tokens[child].pos in {"PROPN", "NOUN"}
                    and not min(self.parse.subtree(child)) <= i <= max(self.parse.subtree(child))
                ):
                    yield from (party for party in self.parties(child) if party.code and "MED" not in party.roles)

    def _compound_subject(self, i: int) -> tuple[Party, ...]:
        """``Britain and France warned that they ...``: the coordinated subject of a clause above."""
        at = i
        for _ in range(8):
            head = self.tokens[at].head
            if head == at:
                return ()
            at = head
            for child in self.parse.children[at]:
                if child < i and self.tokens[child].dep in {"nsubj", "nsubjpass"} and child != i:
                    found = self.parties(child)
                    if len(found) > 1:
                        return found
        return ()

    def _beside(self, i: int) -> set[str]:
        """Names of the subject of a pronoun's own clause: an object pronoun means somebody else."""
        at = i
        for _ in range(8):
            if self.tokens[at].dep in {"nsubj", "nsubjpass", "poss"}:
                return set()
            at = self.tokens[at].head
            if self.tokens[at].pos in {"VERB", "AUX"}:
                break
        found: set[str] = set()
        for _ in range(3):
            subjects = [c for c in self.parse.children[at] if self.tokens[c].dep in {"nsubj", "nsubjpass"}]
            for child in subjects:
                found |= {party.name for party in self.parties(child)}
            if subjects or self.tokens[at].dep not in {"conj", "xcomp"}:
                break
            at = self.tokens[at].head
        return found

    def _above(self, i: int) -> set[str]:
        """Names that govern a token: a pronoun in a relative clause is not the noun which that describes."""
        found: set[str] = set()
        for _ in range(12):
            head = self.tokens[i].head
            if head == i:
                break
            i = head
            if i in self.at and self.tokens[i].pos == "PROPN":
                found.add(self.reading(self.at[i])[0].entry.name)
        return found

    def _pair(self, token: Token) -> tuple[Party, ...]:
        """``the two countries``, ``both sides``, ``the pair``: the last two parties named."""
        lemma = token.lemma.lower()
        if lemma not in _PAIRS:
            return ()
        left = {self.tokens[c].text.lower() for c in self.parse.children[token.i]}
        count = next((number for word, number in _COUNTS.items() if word in left), 2 if lemma in {"pair", "duo"} else 0)
        if not count:
            return ()
        if any(self.tokens[c].dep in {"amod", "poss"} and c in self.at for c in self.parse.children[token.i]):
            return ()
        pool: list[Party] = []
        people = lemma in {"leader", "man", "minister", "pair", "duo", "president"}
        for party in self._before(token):
            if people and not party.person:
                continue
            if not (party.country or party.code):
                continue
            if all(self._pair_key(party, people) != self._pair_key(each, people) for each in pool):
                pool.append(party)
            if len(pool) == 2 and count == 2:
                break
        if len(pool) < 2 and people:
            return ()
        if count > 2 and len(pool) != count:
            # Of more parties than are counted nobody knows which are meant, but for those just named together.
            pool = list(reversed(self.memory.together)) if len(self.memory.together) == count else []
        result: list[Party] = []
        for party in reversed(pool):
            if not people and party.country:
                entry = self.gazetteer.by_code.get(party.country)
                party = replace(
                    party,
                    code=party.country,
                    roles=(),
                    name=entry.name if entry else party.name,
                    person=False,
                    kind="country",
                )
            result += self._same(token, party, f"{token.text!r} refers to")
        return tuple(result) if len(result) == count else ()

    @staticmethod
    def _pair_key(party: Party, people: bool) -> str:
        return party.name if people else party.country or party.code

    def _unknown_name(self, head: int) -> tuple[Party, ...]:
        token = self.tokens[head]
        first = head
        while (
            first > 0
            and self.tokens[first - 1].pos == "PROPN"
            and self.tokens[first - 1].head == head
            and self.tokens[first - 1].dep in {"compound", "nmod"}
            and first - 1 not in self.at
        ):
            first -= 1
        while first < head and self.tokens[first].text in _TITLE_WORDS:
            first += 1
        name = self.parse.text[self.tokens[first].start : token.end]
        known = self.memory.people.get(name) or self.memory.people.get(token.text)
        if known is not None:
            return self._same(token, known, "named before")
        if first == head or any(
            entry.name.split()[0] == self.tokens[first].text for entry in self.gazetteer.surnames.get(token.text, [])
        ):
            leader = self._leader(first, token, "")
            if leader is not None:
                return (leader,)
        appositive = self._appositive(head) or self._titled(token)
        if appositive:
            return (replace(appositive, name=name, head=head),)
        mentions = [m for m in self.mentions if self._extent(head)[0] <= m.first and m.last < head]
        if mentions:
            reading, _ = self.reading(mentions[-1])
            country, code, _roles, _ = reading.entry.on(self.day)
            if reading.entry.kind != "person":
                # "Russian Gazprombank", "Pakistani Taliban": a name with a nationality.
                return (
                    self._party(
                        head,
                        country,
                        "" if country else code,
                        (),
                        name,
                        f"{reading.entry.place}: {mentions[-1].text!r} before a name that is in no dictionary",
                        "indirect",
                    ),
                )
        if token.text[:1].isupper() and (token.dep not in {"npadvmod"}):
            return (
                self._party(
                    head,
                    "",
                    "",
                    (),
                    name,
                    "a name that is in no dictionary",
                    "unknown",
                    person=not _ACRONYM.match(token.text),
                ),
            )
        return ()

    def _leader(self, first: int, token: Token, title: str) -> Party | None:
        """The leader in office whom a bare surname (with a title before it) means."""
        namesakes = self.gazetteer.surnames.get(token.text, [])
        serving = [entry for entry in namesakes if entry.on(self.day)[3]]
        if not serving and len(namesakes) == 1:
            # Out of office, but nobody else in the dictionary has the name.
            serving = namesakes if namesakes[0].on(self.day)[0] else []
        if not serving or (
            first < token.i
            and self.tokens[first].text not in _TITLE_WORDS
            and self._foreign_first_name(first, token.i, serving)
        ):
            return None
        if self.day is None and not title:
            # Without a date a bare surname could be anybody's who ever held an office; heads of state are known by it.
            serving = [entry for entry in serving if entry.on(None)[3] in _HEADS]
        if title:
            serving = [entry for entry in serving if entry.on(self.day)[3] == title] or serving
        if len(serving) > 1:
            near = {party.country for party in self.memory.recent if party.country}
            near |= {self.reading(m)[0].entry.country for m in self.mentions}
            serving = [entry for entry in serving if entry.country in near] or serving
        if len({entry.country or entry.code for entry in serving}) != 1:
            return None
        entry = serving[0]
        country, code, roles, office = entry.on(self.day)
        how = f"{entry.place}: surname {token.text!r} of {entry.name}, {office or 'in no office'} then"
        return self._party(
            token.i, country, code, roles, entry.name, how, "person", person=True, gender=entry.gender, title=office
        )

    def _foreign_first_name(self, first: int, head: int, serving: list[Entry]) -> bool:
        """``Annabelle Scholz`` is not the chancellor."""
        if first == head:
            return False
        given = self.tokens[first].text
        return not any(
            given == entry.name.split()[0] or (given[0] == entry.name[0] and given.endswith(".")) for entry in serving
        )

    def _indirect(self, head: int) -> tuple[Party, ...]:
        """``Russian demands``, ``Ukraine's border``: a party that is only named by a modifier."""
        token = self.tokens[head]
        for child in self.parse.children[head]:
            if self.tokens[child].dep == "poss":
                owners = self.parties(child)
                if owners:
                    return tuple(
                        replace(party, kind="indirect", head=head, how=f"{party.how}; by possession of {token.text!r}")
                        for party in owners
                    )
        first, _ = self._extent(head)
        found: list[Party] = []
        for mention in self.mentions:
            if not (first <= mention.first and mention.last < head):
                continue
            reading, others = self.reading(mention)
            country, code, roles, _ = reading.entry.on(self.day)
            if reading.entry.kind == "person" or self._backing(mention):
                continue
            own_roles = roles if reading.entry.kind in {"body", "group"} else ()
            human = token.lemma.lower() in _HUMAN
            found.append(
                self._party(
                    head,
                    country,
                    code,
                    own_roles,
                    reading.entry.name,
                    f"{reading.entry.place}: {mention.text!r} in front of {token.text!r}",
                    "people" if human else "indirect",
                    alternatives=others,
                )
            )
        if found:
            return tuple(found)
        # "Western countries" and the like are names; "allies of NATO" hang behind.
        for child in self.parse.children[head]:
            if (
                self.tokens[child].dep == "prep"
                and token.lemma.lower() in {"border", "frontier"}
                and self.tokens[child].text.lower() in {"with", "of", "to"}
            ) or (
                self.tokens[child].dep == "prep"
                and self.tokens[child].text.lower() == "of"
                and token.lemma.lower()
                in {
                    "ally",
                    "member",
                    "side",
                    "part",
                    "territory",
                    "city",
                    "town",
                    "coast",
                    "border",
                    "capital",
                    "government",
                    "people",
                    "region",
                    "area",
                    "village",
                }
            ):
                for pobj in self.parse.children[child]:
                    owners = self.parties(pobj)
                    if owners:
                        return tuple(replace(party, kind="indirect", head=head) for party in owners)
        lemma = token.lemma.lower()
        if lemma in {"country", "nation", "kingdom", "republic"} and any(
            self.tokens[c].text.lower() in {"the", "his", "her", "their", "its"} for c in self.parse.children[head]
        ):
            for party in self._before(token):
                if party.country:
                    entry = self.gazetteer.by_code.get(party.country)
                    if entry:
                        base = replace(
                            party,
                            code=party.country,
                            roles=(),
                            name=entry.name,
                            person=False,
                            kind="indirect",
                            gender="",
                            title="",
                        )
                        return self._same(token, base, f"the {lemma}")
        return ()

    # --- memory --------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Note this sentence's named parties in the story's memory, subjects last (most salient)."""
        named: list[tuple[bool, int, Party]] = []
        seen: set[int] = set()
        for token in self.tokens:
            if token.pos not in {"PROPN", "NOUN", "ADJ"} or token.dep in {"compound", "amod", "nmod"}:
                continue
            if token.i in self.at or token.pos == "PROPN" or self._role_at(token.i):
                mention = self.at.get(token.i)
                if mention and mention.first in seen:
                    continue
                if mention:
                    seen.add(mention.first)
                for party in self._one(token.i, token.i):
                    if party.kind in {
                        "person",
                        "role",
                        "country",
                        "organisation",
                        "group",
                        "body",
                        "people",
                        "unknown",
                    }:
                        named.append((token.dep in {"nsubj", "nsubjpass"}, token.i, party))
        named.sort(key=lambda each: (each[0], -each[1]))
        self.memory.together = ()
        for token in self.tokens:
            if token.dep in {"nsubj", "nsubjpass"} and token.pos in {"PROPN", "NOUN"}:
                found = tuple(party for party in self.parties(token.i) if party.code and party.kind != "indirect")
                if len(found) > 1:
                    self.memory.together = found
                    break
        for _, _, party in named:
            self.memory.note(party)
        for mention in self.mentions:
            country = self.reading(mention)[0].entry.country
            if country:
                self.memory.weights[country] = self.memory.weights.get(country, 0) + 1
