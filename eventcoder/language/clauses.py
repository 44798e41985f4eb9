"""From a parse to clauses: the one place where grammar becomes roles.

Passive, control ("urged X to withdraw"), coordination, relative and participle clauses, infinitives
behind nouns ("plans to meet"), light verbs ("launched an attack on") and nouns that name acts
("the invasion of X by Y") all end as a :class:`~eventcoder.records.Clause` with the same roles.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from eventcoder.language.lexicon import (
    ALLEGE_NOUNS,
    DOCUMENTS,
    EMPTY_HEADS,
    LIGHT_VERBS,
    NEGATORS,
    OBJECT_CONTROL,
    OBJECT_PREPOSITIONS,
    PLAN_NOUNS,
    POSSIBLE_NOUNS,
    REFUSE_NOUNS,
    SAY_NOUNS,
    TIME_NOUNS,
    TRUE_CONDITIONS,
    VERB_OF_NOUN,
)
from eventcoder.records import Argument, Clause, Parse, Token

_CLASS_NOUNS = ALLEGE_NOUNS | PLAN_NOUNS | POSSIBLE_NOUNS | REFUSE_NOUNS | SAY_NOUNS
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_OBJECTS = ("dobj", "obj", "oprd")
_MODALS = frozenset("will would shall should can could may might must".split())
_SHORT_MODALS = {"'ll": "will", "'d": "would", "ca": "can", "wo": "will", "sha": "shall"}
# Verbs without an object: tagged as a participle at the root they are no headline's passive.
_INTRANSITIVE = frozenset("leave protest flee die fall rise agree respond react arrive march retaliate vanish".split())
_HAVE = frozenset({"have", "has", "had", "having", "'ve"})
_CONDITION_PHRASES = (
    "as long as",
    "so long as",
    "in case",
    "provided that",
    "on condition that",
    "in the event that",
    "assuming that",
)
_MEANS = frozenset("phone telephone video email e-mail letter satellite post voice videolink fax radio text".split())
_LIKE_PREPOSITIONS = frozenset(
    {"considering", "given", "regarding", "including", "following", "concerning", "according"}
)
# Acts that a main clause's subject takes part in when they stand in an adjunct: "said after talks with".
_SHARED_ACTS = frozenset(
    "meet talk visit call discuss consult confer negotiate travel speak dialogue chat phone".split()
)
_ADJUNCT_PREPOSITIONS = frozenset("after during in at following before amid over by with through for on".split())


def find_clauses(parse: Parse, extra_nouns: Collection[str] = (), open_quote: bool = False) -> tuple[Clause, ...]:
    """Return the clauses of a sentence, in the order of their predicates.

    Parameters
    ----------
    parse
        The parsed sentence.
    extra_nouns
        Lemmas of further nouns that a codebook uses as heads of noun patterns.
    open_quote
        Whether the sentence starts inside a quotation.
    """
    return _Grammar(parse, extra_nouns, open_quote).clauses()


class _Grammar:
    def __init__(self, parse: Parse, extra_nouns: Collection[str], open_quote: bool) -> None:
        self.parse = parse
        self.tokens = parse.tokens
        self.children = parse.children
        self.extra_nouns = extra_nouns
        self.quoted = self._quoted(open_quote)
        self.is_predicate = [self._predicate(token) for token in self.tokens]
        self.question = parse.text.rstrip(' "').endswith("?")

    # --- small readings ------------------------------------------------------------------------

    def below(self, i: int, *deps: str) -> list[int]:
        return [child for child in self.children[i] if self.tokens[child].dep in deps]

    def first(self, i: int, *deps: str) -> int:
        found = self.below(i, *deps)
        return found[0] if found else -1

    def lower(self, i: int) -> str:
        return self.tokens[i].text.lower()

    def _quoted(self, inside: bool) -> list[bool]:
        marks = []
        for token in self.tokens:
            if token.text in {'"', "``", "''"}:
                inside = not inside
            marks.append(inside)
        return marks

    def _predicate(self, token: Token) -> str:
        """Return the kind of predicate that a token is: ``verb``, ``adjective``, ``noun`` or empty."""
        if token.pos in {"VERB", "AUX"}:
            if token.dep in {"aux", "auxpass"}:
                return ""
            if token.dep in {"amod", "compound", "prep", "case", "cc", "quantmod", "nmod"}:
                return "verb" if self._hidden_gerund(token) else ""
            return "verb"
        if token.pos == "ADJ" and token.dep in {"acomp", "oprd", "ROOT", "conj", "attr", "ccomp"}:
            return "adjective"
        if token.pos in {"NOUN", "PROPN"} and token.dep not in {"compound", "poss", "npadvmod", "nmod"}:
            lemma = token.lemma.lower()
            if lemma in VERB_OF_NOUN or lemma in _CLASS_NOUNS or lemma in self.extra_nouns:
                return "noun"
        return ""

    def _hidden_gerund(self, token: Token) -> bool:
        """``suggested holding talks`` is often parsed as if the talks were holding."""
        if token.tag != "VBG" or token.dep != "amod":
            return False
        noun = self.tokens[token.head]
        if noun.dep not in _OBJECTS or noun.head >= token.i or self.below(noun.i, "det", "poss"):
            return False
        return self.tokens[noun.head].pos == "VERB" and noun.head == token.i - 1

    def passive(self, i: int) -> bool:
        token = self.tokens[i]
        if self.below(i, "auxpass", "nsubjpass"):
            return True
        if token.tag != "VBN" or any(self.lower(c) in _HAVE for c in self.below(i, "aux")):
            return False
        if self.below(i, "nsubj") and (
            self.below(i, "xcomp", "ccomp", "dobj") or any(self.below(c, "dobj") for c in self.below(i, "conj"))
        ):
            return False
        if token.dep in {"acl", "relcl", "advcl"}:
            return not self.below(i, *_SUBJECTS)
        if token.dep == "conj" and not self.below(i, "aux", *_SUBJECTS):
            return self.is_predicate[token.head] == "verb" and self.passive(token.head)
        if token.dep in {"ROOT", "ccomp"}:
            # Headlines: "Two soldiers killed in Mali", "Envoy expelled by Chad".
            complement = self.below(i, "agent", "acomp", "oprd")
            if token.lemma.lower() in _INTRANSITIVE and self.below(i, "nsubj") and not complement:
                return False
            return not self.below(i, "aux") and (bool(self.below(i, "agent")) or not self.below(i, *_OBJECTS))
        return False

    def antecedent(self, i: int) -> int:
        """The noun a relative pronoun stands for; the token itself if it is no such pronoun."""
        token = self.tokens[i]
        if token.tag not in {"WDT", "WP", "WP$"} and not (token.lemma == "that" and token.pos in {"PRON", "SCONJ"}):
            return i
        at = i
        for _ in range(6):
            head = self.tokens[at].head
            if head == at:
                break
            if self.tokens[at].dep == "relcl":
                return i if self._that_clause(at) else head
            if self._cleft(at):
                return self.first(head, "attr")
            at = head
        return i

    def _cleft(self, i: int) -> bool:
        """``it was Iran that attacked``: a relative clause which the parser took for a complement of ``be``."""
        head = self.tokens[i].head
        if self.tokens[i].dep != "ccomp" or self.tokens[head].lemma != "be":
            return False
        attribute = self.first(head, "attr")
        told = [c for c in self.below(i, "nsubj", "nsubjpass", "dobj") if self.lower(c) in {"that", "who", "which"}]
        dummy = any(self.lower(c) == "it" for c in self.below(head, "nsubj"))
        return dummy and bool(told) and head < attribute < told[0]

    # --- subjects --------------------------------------------------------------------------------

    def surface_subject(self, i: int, depth: int = 0) -> tuple[int, bool]:
        """Return the subject's head (-1 for none) and whether it was inherited."""
        token = self.tokens[i]
        if depth > 8 or self.below(i, "expl"):
            return -1, False
        own = [c for c in self.below(i, *_SUBJECTS) if self.tokens[c].dep.startswith("nsubj")]
        if own:
            resolved = self.antecedent(own[0])
            return resolved, resolved != own[0]
        clausal = [c for c in self.below(i, "csubj", "csubjpass") if self.lower(c) not in _LIKE_PREPOSITIONS]
        if clausal:
            return clausal[0], False
        if self.is_predicate[i] == "adjective":
            copula = token.head
            if token.dep in {"acomp", "oprd", "attr"} and copula != i:
                return self.surface_subject(copula, depth + 1)
        head = token.head
        if head == i:
            return -1, False
        governor = self.tokens[head]
        if token.dep == "conj":
            if self.is_predicate[head]:
                return self.surface_subject(head, depth + 1)[0], True
            return -1, False
        if token.dep in {"xcomp", "ccomp", "advcl", "dep", "oprd", "parataxis", "amod"}:
            if token.dep == "amod":
                head = governor.head
                governor = self.tokens[head]
            objects = self.below(head, *_OBJECTS, "dative")
            if token.dep in {"xcomp", "ccomp", "advcl"} and objects and governor.lemma in OBJECT_CONTROL:
                controller = objects[0]
                if self.tokens[controller].pos == "ADP":
                    controller = self.first(controller, "pobj")
                if controller >= 0 and token.dep != "advcl":
                    return controller, True
            if token.dep in {"xcomp", "advcl"} and governor.lemma in {"call", "appeal"}:
                for prep in self.below(head, "prep"):
                    if self.lower(prep) in {"on", "upon", "to"} and self.first(prep, "pobj") >= 0:
                        return self.first(prep, "pobj"), True
            if self.passive(head) or self.is_predicate[head] or governor.pos in {"VERB", "AUX", "ADJ"}:
                return self.surface_subject(head, depth + 1)[0], True
            return -1, False
        if token.dep == "pcomp":
            anchor = governor.head
            if self.is_predicate[anchor] == "verb":
                objects = self.below(anchor, *_OBJECTS)
                if (
                    objects
                    and self.tokens[anchor].lemma in OBJECT_CONTROL
                    and self.lower(head) in {"of", "for", "from", "into", "over"}
                ):
                    return objects[0], True
                return self.surface_subject(anchor, depth + 1)[0], True
            return self.owner(anchor), True
        if token.dep == "acl":
            if token.tag == "VBG" and governor.lemma.lower() in DOCUMENTS:
                # "issued a statement condemning ...": whoever issued it condemns.
                writer = self.owner(head)
                return (writer if writer >= 0 else head), True
            if token.tag in {"VBG", "VBN"}:
                return head, True
            return self.owner(head, infinitive=True), True
        if token.dep == "relcl":
            return (head, True) if not self.below(i, *_OBJECTS) or token.tag in {"VBG", "VBN"} else (-1, False)
        return -1, False

    def owner(self, noun: int, infinitive: bool = False) -> int:
        """Whose plan, invitation or attempt a noun names: possessor, addressee, or the verb's subject."""
        token = self.tokens[noun]
        possessor = self.first(noun, "poss")
        if token.lemma in {"invitation", "order", "call", "appeal", "demand", "request", "pressure", "ultimatum"}:
            for prep in self.below(noun, "prep", "dative"):
                if self.lower(prep) in {"to", "for", "on"} and self.first(prep, "pobj") >= 0:
                    return self.first(prep, "pobj")
            verb = token.head
            if self.is_predicate[verb] == "verb":
                for dative in self.below(verb, "dative"):
                    return self.first(dative, "pobj") if self.tokens[dative].pos == "ADP" else dative
                for prep in self.below(verb, "prep"):
                    if self.lower(prep) == "to" and self.first(prep, "pobj") >= 0:
                        return self.first(prep, "pobj")
        if possessor >= 0:
            return possessor
        for prep in self.below(noun, "prep"):
            if self.lower(prep) in {"by", "of"} and self.first(prep, "pobj") >= 0:
                return self.first(prep, "pobj")
        named = [c for c in self.below(noun, "amod", "compound", "nmod") if self.tokens[c].text[:1].isupper()]
        if named:
            return named[0]
        if token.dep in _OBJECTS or token.dep == "attr":
            return self.surface_subject(token.head)[0]
        if token.dep == "pobj" and self.is_predicate[self.tokens[token.head].head] == "verb":
            return self.surface_subject(self.tokens[token.head].head)[0]
        return -1

    # --- arguments -------------------------------------------------------------------------------

    def prepositional(self, i: int, via: int = -1, depth: int = 0) -> tuple[list[Argument], list[str]]:
        """Phrases behind prepositions that hang from `i`, and its particles."""
        found: list[Argument] = []
        particles: list[str] = []
        for child in self.children[i]:
            token = self.tokens[child]
            if token.dep == "prt" or (token.dep == "advmod" and token.pos in {"ADP"}):
                particles.append(token.text.lower())
            if token.dep == "advmod" and token.text.lower() in {
                "back",
                "away",
                "forward",
                "together",
                "apart",
                "aside",
            }:
                particles.append(token.text.lower())
            if token.dep not in {"prep", "agent", "dative", "prt", "advmod"} or token.pos not in {
                "ADP",
                "SCONJ",
                "ADV",
                "PART",
                "VERB",
            }:
                continue
            name = token.text.lower()
            if name == "according":
                continue
            inner = self.below(child, "prep")
            for pobj in self.below(child, "pobj"):
                if self.tokens[pobj].lemma.lower() in TIME_NOUNS and self.tokens[pobj].lemma.lower() != "may":
                    continue
                found.append(Argument("prep", self.antecedent(pobj), name, via))
                if depth < 2:
                    found += self.prepositional(pobj, pobj, depth + 1)[0]
            for deeper in inner:
                if token.pos == "ADP":
                    particles.append(name)
                for pobj in self.below(deeper, "pobj"):
                    found.append(Argument("prep", self.antecedent(pobj), self.lower(deeper), via))
            for conjunct in self.below(child, "conj"):
                for pobj in self.below(conjunct, "pobj"):
                    found.append(Argument("prep", pobj, self.lower(conjunct), via))
        return found, particles

    def verb(self, i: int) -> Clause:
        token = self.tokens[i]
        passive = self.passive(i)
        arguments: list[Argument] = []
        surface, shared = self.surface_subject(i)
        if passive and token.dep == "acl" and self.tokens[token.head].dep in _OBJECTS:
            # "has 70,000 troops stationed at the border": whoever has them stationed them.
            holder = self.tokens[token.head].head
            if self.tokens[holder].lemma in {"have", "get", "keep"} and self.surface_subject(holder)[0] >= 0:
                arguments.append(Argument("subject", self.surface_subject(holder)[0], shared=True))
        objects = self.below(i, *_OBJECTS)
        if token.dep == "amod":
            objects = [token.head]
        datives = [d for d in self.below(i, "dative") if self.tokens[d].pos != "ADP"]
        if surface >= 0:
            role = "subject" if not passive else ("second" if objects else "object")
            arguments.append(Argument(role, surface, shared=shared))
        if passive:
            for child in self.below(i, "agent", "prep"):
                if self.lower(child) == "by":
                    agents = self.below(child, "pobj")
                    # "by the African bloc ECOWAS": of two heads the name is the agent.
                    agents = [p for p in agents if self.tokens[p].pos == "PROPN"][-1:] or agents[:1]
                    for pobj in agents:
                        if self.tokens[pobj].lemma.lower() not in TIME_NOUNS | _MEANS:
                            arguments.append(Argument("subject", pobj))
        for position, each in enumerate(objects):
            resolved = self.antecedent(each)
            is_second = not datives and len(objects) == 2 and position == 0
            arguments.append(Argument("second" if is_second else "object", resolved, shared=resolved != each))
        for each in datives:
            arguments.append(Argument("second", each))
        for each in self.below(i, "attr"):
            arguments.append(Argument("object", each))
        if not objects and not passive:
            # A name right behind the verb that the parser takes for an adverbial of measure.
            arguments += [
                Argument("object", c)
                for c in self.below(i, "npadvmod")
                if self.tokens[c].pos == "PROPN"
                and c > i
                and self.tokens[c].lemma.lower() not in TIME_NOUNS
                and min(self.parse.subtree(c)) == i + 1
            ]
            # "convicted the bank to pay": the parser makes the object the subject of the infinitive.
            for inner in self.below(i, "ccomp"):
                if self._infinitive(inner) and not self.below(inner, "mark"):
                    arguments += [Argument("object", s) for s in self.below(inner, "nsubj") if s > i]
        own_subjects = self.below(i, *_SUBJECTS) if token.dep == "relcl" and not objects and not passive else []
        if own_subjects and all(self.antecedent(c) != token.head for c in own_subjects):
            # Reduced relatives: "the troops Russia deployed".
            stranded = [p for p in self.below(i, "prep") if not self.children[p]]
            if stranded:
                arguments.append(Argument("prep", token.head, self.lower(stranded[0]), shared=True))
            else:
                arguments.append(Argument("object", token.head, shared=True))
        preps, particles = self.prepositional(i)
        arguments += preps
        for argument in list(arguments):
            if argument.role in {"object", "second"} and not argument.shared:
                for each in conjuncts(self.parse, argument.head):
                    arguments += self.prepositional(each, each, 1)[0]
        if (not passive and token.tag == "VB") or (not objects and token.tag in {"VBD", "VBZ", "VBP", "VBN", "VBG"}):
            arguments += self._conjoined_object(i, arguments)
        tense, modal, perfect, progressive = self._tense(i)
        outer, link = self.governor(i)
        return Clause(
            head=i,
            lemma=token.lemma.lower(),
            kind="verb",
            arguments=tuple(dict.fromkeys(arguments)),
            particles=tuple(particles),
            outer=outer,
            link=link,
            negated=self._negated(i),
            modal=modal,
            tense=tense,
            perfect=perfect,
            progressive=progressive,
            passive=passive,
            question=self.question and link in {"", "and"},
            imperative=token.tag == "VB" and token.dep == "ROOT" and surface < 0 and not self.below(i, "aux"),
            quoted=self.quoted[i],
        )

    def _conjoined_object(self, i: int, arguments: list[Argument]) -> list[Argument]:
        """``condemned and later sanctioned Belarus``: the first verb borrows the second's object."""
        if any(argument.role == "object" for argument in arguments):
            return []
        for conjunct in self.below(i, "conj"):
            between = [t for t in self.tokens[i + 1 : conjunct] if t.pos not in {"CCONJ", "ADV", "PUNCT"}]
            if self.is_predicate[conjunct] == "verb" and not between:
                return [Argument("object", each, shared=True) for each in self.below(conjunct, *_OBJECTS)]
        return []

    def adjective(self, i: int) -> Clause:
        token = self.tokens[i]
        surface, shared = self.surface_subject(i)
        preps, particles = self.prepositional(i)
        copula = token.head if token.dep in {"acomp", "attr", "oprd"} else i
        tense, modal, perfect, _progressive = self._tense(copula)
        outer, link = self.governor(copula if self.is_predicate[copula] else i)
        if outer == i:
            outer, link = -1, ""
        return Clause(
            head=i,
            lemma=token.lemma.lower(),
            kind="adjective",
            arguments=tuple(([Argument("subject", surface, shared=shared)] if surface >= 0 else []) + preps),
            particles=tuple(particles),
            outer=outer,
            link=link,
            negated=self._negated(i) or (copula != i and self._negated(copula)),
            modal=modal,
            tense=tense,
            perfect=perfect,
            question=self.question,
            quoted=self.quoted[i],
        )

    def noun(self, i: int) -> Clause:
        token = self.tokens[i]
        lemma = token.lemma.lower()
        preps, _ = self.prepositional(i)
        owners = [
            c
            for c in self.children[i]
            if self.tokens[c].dep in {"poss", "amod", "compound", "nmod"}
            and (self.tokens[c].dep == "poss" or self.tokens[c].text[:1].isupper())
        ]
        owners.sort(key=lambda c: self.tokens[c].dep != "poss")
        arguments = [Argument("possessor", c) for c in owners]
        own = [argument for argument in preps if argument.via < 0]
        by = [a for a in own if a.prep == "by" and self.tokens[a.head].lemma.lower() not in TIME_NOUNS]
        light = self._light(i)
        outer, link = self.governor(i)
        subject = -1
        shared = False
        if by:
            subject = by[0].head
        elif light < 0 and owners:
            subject = owners[0]
        elif light >= 0:
            subject, shared = self.surface_subject(light)
            if self.passive(light):
                # "an attack was launched by Iran": the verb's agent does it.
                agents = [
                    p
                    for c in self.below(light, "agent", "prep")
                    if self.lower(c) == "by"
                    for p in self.below(c, "pobj")
                ]
                subject = next((p for p in agents if self.tokens[p].lemma.lower() not in TIME_NOUNS | _MEANS), -1)
            if subject < 0 and owners:
                subject = owners[0]
        if not by and light < 0 and token.dep in _OBJECTS and not self.passive(token.head):
            # "condemned the invasion of X by Y": the parser hangs "by Y" from the active verb.
            for child in self.below(token.head, "agent", "prep"):
                if self.lower(child) == "by" and child > i:
                    agents = [p for p in self.below(child, "pobj") if self.tokens[p].text[:1].isupper()]
                    if agents:
                        if subject >= 0:
                            arguments.append(Argument("object", subject))
                        subject = agents[0]
        if subject < 0:
            sources = [a for a in own if a.prep == "from"]
            if sources:
                subject = sources[0].head
        if subject < 0 and outer >= 0 and self.is_predicate[outer] == "verb" and link.startswith("prep:"):
            taking_part = link[5:] in _ADJUNCT_PREPOSITIONS and VERB_OF_NOUN.get(lemma, lemma) in _SHARED_ACTS
            subject, shared = (self.surface_subject(outer)[0], True) if taking_part else (subject, shared)
        if subject >= 0:
            arguments.append(Argument("subject", subject, shared=shared))
        if by and owners and not light >= 0:
            arguments.append(Argument("object", owners[0]))
        for name in OBJECT_PREPOSITIONS:
            for argument in own:
                if argument.prep == name and self.tokens[argument.head].lemma.lower() not in TIME_NOUNS:
                    arguments.append(Argument("object", argument.head))
        arguments += preps
        negated = any(self.lower(c) in {"no", "any"} and self.lower(c) == "no" for c in self.below(i, "det"))
        clause = Clause(
            head=i,
            lemma=VERB_OF_NOUN.get(lemma, lemma),
            kind="noun",
            noun=lemma,
            arguments=tuple(dict.fromkeys(arguments)),
            light=light,
            outer=outer,
            link=link,
            negated=negated,
            quoted=self.quoted[i],
        )
        if light >= 0:
            tense, modal, perfect, progressive = self._tense(light)
            light_outer, light_link = self.governor(light)
            more, particles = self.prepositional(light)
            extra = [a for a in more if a.via < 0 and a.head != i]
            seconds = [Argument("second", d) for d in self.below(light, "dative") if self.tokens[d].pos != "ADP"]
            objects = [
                Argument("object", a.head)
                for a in extra
                if a.prep in {"on", "against", "to", "at", "for"}
                and self.tokens[a.head].lemma.lower() not in TIME_NOUNS
            ]
            clause = replace(
                clause,
                arguments=tuple(dict.fromkeys([*clause.arguments, *seconds, *objects, *extra])),
                particles=tuple(particles),
                outer=light_outer,
                link=light_link,
                negated=negated or self._negated(light),
                modal=modal,
                tense=tense,
                perfect=perfect,
                progressive=progressive,
                passive=self.passive(light),
                question=self.question,
            )
        return clause

    def _light(self, i: int) -> int:
        """The verb that carries a noun's act (``launch an attack``), else -1."""
        token = self.tokens[i]
        head = token.head
        if token.dep == "conj" and self.tokens[head].dep in _OBJECTS:
            token, head = self.tokens[head], self.tokens[head].head
        if self.tokens[head].pos != "VERB" or self.tokens[head].lemma not in LIGHT_VERBS:
            # The gerund that the parser hangs from its own object.
            for child in self.below(i, "amod"):
                if self._hidden_gerund(self.tokens[child]) and self.tokens[child].lemma in LIGHT_VERBS:
                    return child
            return -1
        if token.dep in _OBJECTS:
            return head
        if token.dep == "nsubjpass":
            return head
        if token.dep in {"acl", "relcl"}:
            return -1
        return -1

    # --- government ------------------------------------------------------------------------------

    def governor(self, i: int) -> tuple[int, str]:
        """Return the governing predicate (-1 for none) and the link to it."""
        token = self.tokens[i]
        head = token.head
        if head == i:
            return -1, ""
        dep = token.dep
        if dep == "conj":
            outer, link = self.governor(head)
            if self.is_predicate[head] and self.is_predicate[i] != "noun":
                return outer, link or "and"
            return outer, link
        if self.is_predicate[i] == "noun" or self.tokens[i].pos in {"NOUN", "PROPN", "PRON"}:
            return self._noun_governor(i)
        if dep == "pcomp":
            beside = {self.lower(c) for c in self.below(head, "advmod")}
            name = "instead" if "instead" in beside else self.lower(head)
            anchor = self.tokens[head].head
            return self._nearest(anchor), f"prep:{name}"
        if dep == "amod":
            return self._nearest(self.tokens[head].head), "ing"
        if dep == "relcl" or (dep == "acl" and token.tag in {"VBG", "VBN"} and not self._marked(i, "that")):
            if dep == "relcl" and self._that_clause(i):
                return self._reporting_noun(head), "that"
            return self._nearest(head, skip_self=False) if self.is_predicate[head] else self._noun_governor(head)[
                0
            ], "relative"
        if dep == "acl":
            return self._nearest(head), "to" if self._infinitive(i) else "that"
        if dep == "xcomp":
            return self._nearest(head), "to" if self._infinitive(i) else "ing"
        if self._cleft(i):
            return self._nearest(head), "relative"
        if dep in {"ccomp", "parataxis", "dep"}:
            if self._conditional(i):
                return self._nearest(head), "if"
            governor = self._complement(self._nearest(head))
            return governor, "to" if self._infinitive(i) and not self.below(i, *_SUBJECTS) else "that"
        if dep == "advcl":
            if self._conditional(i):
                return self._nearest(head), "if"
            if self._infinitive(i):
                return self._nearest(head), "purpose"
            return self._nearest(head), "adverb"
        if dep in {"csubj", "csubjpass"}:
            # "Whether Iran attacked is unclear" leaves it open.
            return self._nearest(head), "if" if self._conditional(i) else "subject"
        if dep in {"acomp", "attr", "oprd"}:
            outer, link = self.governor(head)
            return outer, link
        return self._nearest(head), "adverb"

    def _that_clause(self, i: int) -> bool:
        """A ``that`` clause after a noun which the parser took for a relative clause."""
        own = self.below(i, *_SUBJECTS)
        marks = [
            c for c in self.children[i] if self.lower(c) == "that" and self.tokens[c].dep in {"mark", "dobj", "dep"}
        ]
        marks += [c for v in self.below(i, "xcomp") for c in self.children[v] if self.lower(c) == "that" and c < i]
        if not (own and marks and marks[0] < own[0]):
            return False
        # A relative "that" describes any noun; a clause is spelt out only by a noun of saying or thinking.
        at = self.tokens[i].head
        for _ in range(4):
            if self.tokens[at].lemma.lower() in _CLASS_NOUNS or self.tokens[at].lemma.lower() in VERB_OF_NOUN:
                return True
            if any(self.tokens[c].lemma.lower() in _CLASS_NOUNS for c in self.below(at, *_OBJECTS) if c < i):
                return True
            at = self.tokens[at].head
        return False

    def _marked(self, i: int, word: str) -> bool:
        return any(self.lower(c) == word for c in self.below(i, "mark"))

    def _complement(self, head: int) -> int:
        """``it is possible that``: the adjective behind ``be`` governs, not ``be``."""
        if head >= 0 and self.tokens[head].lemma == "be":
            for child in self.below(head, "acomp"):
                if self.is_predicate[child] == "adjective":
                    return child
        return head

    def _reporting_noun(self, i: int) -> int:
        """The noun that a ``that`` clause spells out: ``warnings from the West that ...``."""
        at = i
        for _ in range(4):
            if self.is_predicate[at] == "noun":
                return at
            for child in self.below(at, *_OBJECTS):
                if child < i and self.is_predicate[child] == "noun":
                    return child
            at = self.tokens[at].head
        return self._nearest(i)

    def _noun_governor(self, i: int) -> tuple[int, str]:
        at = i
        for _ in range(8):
            token = self.tokens[at]
            head = token.head
            if head == at:
                return -1, ""
            if token.dep in {*_OBJECTS, "attr", "dative"}:
                return (head, "object") if self.is_predicate[head] else (-1, "")
            if token.dep in {"nsubj", "nsubjpass"}:
                return (head, "subject") if self.is_predicate[head] else (-1, "")
            if token.dep == "pobj":
                prep, anchor = self.lower(head), self.tokens[head].head
                if self.tokens[head].dep == "prep" and self.tokens[anchor].pos == "ADP":
                    anchor = self.tokens[anchor].head
                if self.is_predicate[anchor]:
                    return anchor, f"prep:{prep}"
                at = anchor
                if self.tokens[at].pos in {"VERB", "AUX"}:
                    return at, f"prep:{prep}"
                continue
            if token.dep in {"conj", "appos", "compound", "poss", "nmod", "amod", "npadvmod", "nummod", "det"}:
                at = head
                continue
            return self._nearest(head), "adverb"
        return -1, ""

    def _nearest(self, i: int, skip_self: bool = False) -> int:
        """The nearest predicate at or above `i`."""
        at = i
        for _ in range(12):
            if self.is_predicate[at] and not skip_self:
                return at
            skip_self = False
            head = self.tokens[at].head
            if head == at:
                return at if self.is_predicate[at] else -1
            at = head
        return -1

    def _infinitive(self, i: int) -> bool:
        return any(self.lower(c) == "to" for c in self.below(i, "aux", "mark")) or (
            self.tokens[i].tag == "VB" and not self.below(i, "nsubj", "aux")
        )

    def _conditional(self, i: int) -> bool:
        for child in self.children[i]:
            token = self.tokens[child]
            if token.dep in {"mark", "advmod"} and token.text.lower() in TRUE_CONDITIONS:
                return True
        lowered = self.parse.text.lower()
        first = self.tokens[min(self.parse.subtree(i))]
        if lowered.startswith(_CONDITION_PHRASES, first.start):
            return True
        # The parser may leave all but the last word of the phrase outside the clause.
        if first.tag == "IN" and lowered[: first.end].endswith(_CONDITION_PHRASES):
            return True
        for child in self.children[i]:
            token = self.tokens[child]
            if token.dep == "aux" and token.text.lower() in {"should", "had", "were"} and token.text.lower() != "":
                subjects = list(self.below(i, "nsubj", "nsubjpass"))
                if (
                    subjects
                    and child < min(self.parse.subtree(subjects[0]))
                    and token.dep == "aux"
                    and not self.question
                ):
                    return True
        return False

    # --- tense and negation -------------------------------------------------------------------------

    def _tense(self, i: int) -> tuple[str, str, bool, bool]:
        token = self.tokens[i]
        tense = modal = ""
        perfect = progressive = False
        auxiliaries = self.below(i, "aux", "auxpass")
        if (
            not auxiliaries
            and token.dep == "conj"
            and token.tag in {"VB", "VBN", "VBG"}
            and self.is_predicate[token.head]
        ):
            return self._tense(token.head)
        for child in auxiliaries:
            word = self.lower(child)
            word = _SHORT_MODALS.get(word, word)
            lemma = self.tokens[child].lemma
            tag = self.tokens[child].tag
            if word in _MODALS:
                modal = word
            elif lemma == "have" or word in _HAVE:
                perfect = True
            elif lemma == "be" and token.tag == "VBG":
                progressive = True
            if tag in {"VBD"}:
                tense = tense or "past"
            elif tag in {"VBZ", "VBP"}:
                tense = tense or "present"
        if modal in {"will", "shall"}:
            tense = "future"
        elif not tense and not modal:
            tense = {"VBD": "past", "VBZ": "present", "VBP": "present"}.get(token.tag, "")
        if not tense and not modal and token.tag == "VBN" and token.dep in {"ROOT", "acl", "relcl", "advcl"}:
            tense = "past"
        return tense, modal, perfect, progressive

    def _negated(self, i: int, depth: int = 0) -> bool:
        token = self.tokens[i]
        for child in self.children[i]:
            word = self.lower(child)
            if word in NEGATORS and self.tokens[child].dep in {"neg", "advmod", "preconj", "dep"}:
                if child + 1 < len(self.tokens) and self.lower(child + 1) in {"only", "just", "least"}:
                    continue
                return True
            if self.tokens[child].dep in {*_SUBJECTS, *_OBJECTS} and word not in {"nothing"}:
                determiners = [self.lower(c) for c in self.below(child, "det", "neg")]
                if "no" in determiners or "neither" in determiners:
                    return True
            if self.tokens[child].dep in {*_SUBJECTS, *_OBJECTS} and word in {"nobody", "none", "nothing"}:
                return True
        if token.dep == "conj" and any(self.lower(c) == "than" for c in self.below(token.head, "cc") if c < i):
            return True
        if any(self.lower(c) == "than" and c and self.lower(c - 1) == "rather" for c in self.below(i, "mark")):
            return True
        if token.dep == "conj" and depth < 4 and token.tag in {"VB", "VBN"} and not self.below(i, "aux", "nsubj"):
            coordinator = [self.lower(c) for c in self.below(token.head, "cc")]
            if self.is_predicate[token.head] == "verb" and "but" not in coordinator:
                return self._negated(token.head, depth + 1)
        return False

    # --- all -------------------------------------------------------------------------------------

    def clauses(self) -> tuple[Clause, ...]:
        found: list[Clause] = []
        for token in self.tokens:
            kind = self.is_predicate[token.i]
            if kind == "verb":
                found.append(self.verb(token.i))
            elif kind == "adjective":
                found.append(self.adjective(token.i))
            elif kind == "noun":
                found.append(self.noun(token.i))
        return tuple(found)


def conjuncts(parse: Parse, head: int) -> tuple[int, ...]:
    """Return a noun phrase's head and the heads coordinated with it, in order."""
    found, queue = [head], [head]
    while queue:
        at = queue.pop(0)
        for child in parse.children[at]:
            if parse.tokens[child].dep == "conj" and parse.tokens[child].pos in {"NOUN", "PROPN", "PRON", "NUM", "ADJ"}:
                found.append(child)
                queue.append(child)
            elif parse.tokens[child].text.lower() in {"along", "together"} and parse.tokens[child].dep in {
                "prep",
                "advmod",
            }:
                # "France, along with Germany": the phrase behind joins in.
                for with_ in parse.children[child]:
                    if parse.tokens[with_].text.lower() == "with":
                        found += [p for p in parse.children[with_] if parse.tokens[p].dep == "pobj"]
    found += _joined(parse, head)
    return tuple(sorted(found))


def _joined(parse: Parse, head: int) -> list[int]:
    """Subjects that ``as well as`` and ``along with`` join to a subject, which the parser hangs from the verb."""
    token = parse.tokens[head]
    if token.dep not in {"nsubj", "nsubjpass"}:
        return []
    behind = [t.text.lower() for t in parse.tokens[head + 1 : head + 5]]
    start = head + 1 + (behind[:1] == [","])
    words = [t.text.lower() for t in parse.tokens[start : start + 3]]
    siblings = parse.children[token.head]
    if words == ["as", "well", "as"]:
        rest = [c for c in siblings if c > start and parse.tokens[c].dep == token.dep]
        return [c for c in rest if min(parse.subtree(c)) == start + 3]
    if words[:2] in (["along", "with"], ["together", "with"]) and start in siblings:
        return [p for with_ in parse.children[start] for p in parse.children[with_] if parse.tokens[p].dep == "pobj"]
    return []


def content_head(parse: Parse, head: int) -> int:
    """Look through heads that say nothing (``a number of soldiers`` -> ``soldiers``)."""
    for _ in range(3):
        token = parse.tokens[head]
        if token.lemma.lower() not in EMPTY_HEADS:
            return head
        inner = [
            pobj
            for prep in parse.children[head]
            if parse.tokens[prep].dep == "prep" and parse.tokens[prep].text.lower() == "of"
            for pobj in parse.children[prep]
            if parse.tokens[pobj].dep == "pobj"
        ]
        if not inner:
            return head
        head = inner[0]
    return head
