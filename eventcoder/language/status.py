"""In what sense an act is told: done, planned, possible, alleged, denied; and who says so.

Status is found by climbing from the act's clause through everything that governs it, so it follows
scope and not the mere presence of a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eventcoder.language.lexicon import (
    ALLEGE,
    ALLEGE_NOUNS,
    ALLEGED_ADJECTIVES,
    ALLEGED_ADVERBS,
    ASPECT,
    DENY,
    DOUBTFUL_ADJECTIVES,
    DOUBTFUL_ADVERBS,
    END,
    FALSE_ADJECTIVES,
    INTEND,
    INTEND_ADJECTIVES,
    LIGHT_PLANNED,
    PLAN_NOUNS,
    PLANNED_ADJECTIVES,
    POSSIBLE,
    POSSIBLE_ADJECTIVES,
    POSSIBLE_NOUNS,
    PREVENT,
    REFUSE,
    REFUSE_ADJECTIVES,
    REFUSE_NOUNS,
    SAY,
    SAY_NOUNS,
    SPEECH,
    TRUE_ADJECTIVES,
)
from eventcoder.records import Clause, Parse, Status


@dataclass(frozen=True, slots=True)
class Sense:
    """A status with its reason.

    Attributes
    ----------
    status
        The status of the act.
    reason
        One line: the words that decided.
    speaker
        Token position of whoever says it, -1 for the narrator.
    speech
        Token position of the predicate of saying, -1 for none.
    topic
        The act is only mentioned (``discussed sanctions``): nothing says it happened or will.
    """

    status: Status
    reason: str
    speaker: int = -1
    topic: bool = False
    speech: int = -1


_OCCURRENCE_PREPOSITIONS = frozenset("after during in at following amid since over by with through on despite".split())
# Verbs that, with ``for``, only wish for an act.
_CALLS = frozenset("call appeal push press ask hope wait plead lobby".split())
_AHEAD_PREPOSITIONS = frozenset("before for ahead pending to towards toward".split())


def sense_of(clause: Clause, by_head: Mapping[int, Clause], parse: Parse) -> Sense:
    """Return the sense of a clause's act.

    Parameters
    ----------
    clause
        The clause whose act is coded.
    by_head
        All clauses of the sentence by the position of their predicate.
    parse
        The sentence.
    """
    word = parse.tokens[clause.head].text
    status: Status = "actual"
    reason = f"asserted by {word!r}"
    speaker = speech = -1
    topic = False
    if clause.modal in {"could", "may", "might", "would", "should", "can", "must"}:
        status, reason = "hypothetical", f"modal {clause.modal!r} before {word!r}"
    elif clause.modal in {"will", "shall"}:
        status, reason = "planned", f"modal {clause.modal!r} before {word!r}"
    elif clause.progressive and clause.tense == "present" and clause.lemma == "go":
        status, reason = "planned", "'going to'"
    if clause.modal == "would" and _future_in_past(clause, by_head):
        status, reason = "planned", f"'would' before {word!r} tells the future of what was said"
    if status == "actual":
        status, reason = _adverbs(clause, parse, status, reason)
    if clause.negated:
        status, reason = "negated", f"{word!r} is negated"
    if clause.question and clause.link in {"", "and"}:
        status, reason = "hypothetical", "asked in a question"
    if clause.imperative:
        status, reason = "hypothetical", "an order or appeal"
    if clause.light >= 0 and parse.tokens[clause.light].lemma in LIGHT_PLANNED and status == "actual":
        status, reason = "planned", f"{parse.tokens[clause.light].text!r} plans it"
    if clause.kind == "noun" and clause.light < 0:
        status, reason, topic = _nominal(clause, by_head, parse, status, reason)
        if clause.link == "subject":
            # A noun phrase in subject position presupposes its act, whatever is said about it.
            return Sense(status, reason, -1, topic)
    at, seen = clause, {clause.head}
    fact = False
    while at.outer >= 0 and at.outer not in seen:
        link = at.link
        governor = by_head.get(at.outer)
        if governor is None:
            break
        seen.add(governor.head)
        noun_object = at.kind == "noun" and at.light < 0
        if not (noun_object and at is clause):
            words = {parse.tokens[c].text.lower() for c in parse.children[at.head]}
            if link == "that" and at.kind == "verb" and "why" in words:
                fact, reason = True, "'why' takes it as a fact"
            said = False
            if not fact:
                status, reason, said = _under(governor, link, status, reason, parse, at if at is not clause else None)
            if (
                governor.kind == "noun"
                and governor.noun in SAY_NOUNS
                and governor.light >= 0
                and link == "that"
                and speech < 0
            ):
                speaker, speech = _subject(governor), governor.light
            if (said or governor.lemma in SPEECH or governor.lemma in SAY) and link in _SAID_LINKS and speech < 0:
                speaker, speech = _subject(governor), governor.head
        elif governor.kind == "verb" and governor.lemma in SAY and speech < 0:
            speaker, speech = _subject(governor), governor.head
        if at.link in {"relative", "adverb", "if"} or at.link.startswith("prep:"):
            # What stands above an adjunct governs the main clause, not this act; only who says it carries on.
            while governor is not None and governor.outer >= 0 and speech < 0:
                above = by_head.get(governor.outer)
                if above is None or above.head in seen:
                    break
                seen.add(above.head)
                if (above.lemma in SAY or above.lemma in SPEECH) and governor.link in {"that", "and", ""}:
                    speaker, speech = _subject(above), above.head
                governor = above
            break
        at = governor
    return Sense(status, reason, speaker, topic, speech)


_SAID_LINKS = frozenset({"that", "to", "ing", "and", "", "prep:of", "prep:as"})


# Speakers whose word is hearsay.
_NOBODY_IN_PARTICULAR = frozenset(
    "they some many people critics others rumours rumors media observers sceptics skeptics one somebody someone".split()
)


def _adverbs(clause: Clause, parse: Parse, status: Status, reason: str) -> tuple[Status, str]:
    """Sentence adverbs (``allegedly``) and adjectives before act nouns (``a planned visit``)."""
    for child in parse.children[clause.head]:
        token = parse.tokens[child]
        word = token.text.lower()
        if clause.kind == "noun" and token.dep == "amod":
            if word in ALLEGED_ADJECTIVES:
                return "alleged", f"{word!r} before it"
            if word in DOUBTFUL_ADJECTIVES:
                return "hypothetical", f"{word!r} before it"
            if word in PLANNED_ADJECTIVES:
                return "planned", f"{word!r} before it"
        elif clause.kind == "verb" and token.dep in {"advmod", "neg"}:
            if word in ALLEGED_ADVERBS:
                return "alleged", f"{word!r} beside it"
            if word in DOUBTFUL_ADVERBS:
                return "hypothetical", f"{word!r} beside it"
            if word == "longer" and any(parse.tokens[c].text.lower() == "no" for c in parse.children[child]):
                return "negated", "'no longer'"
    return status, reason


def _future_in_past(clause: Clause, by_head: Mapping[int, Clause]) -> bool:
    """``said that he would meet``: reported future, unless a condition stands beside it."""
    governor = by_head.get(clause.outer)
    if governor is None or clause.link != "that" or governor.tense != "past" or governor.kind != "verb":
        return False
    if governor.lemma not in SAY and governor.lemma not in SPEECH:
        return False
    return not any(other.link == "if" and other.outer == clause.head for other in by_head.values())


def _subject(clause: Clause) -> int:
    """Who says it: the subject, or whoever "was quoted as saying" it."""
    wanted = (
        ("subject", "object")
        if clause.passive and clause.lemma in {"quote", "cite", "report", "hear"}
        else ("subject",)
    )
    return next((a.head for role in wanted for a in clause.arguments if a.role == role), -1)


def _nominal(
    clause: Clause, by_head: Mapping[int, Clause], parse: Parse, status: Status, reason: str
) -> tuple[Status, str, bool]:
    """The sense that a bare noun has from its place in the sentence."""
    word = parse.tokens[clause.head].text
    governor = by_head.get(clause.outer)
    if status == "negated":
        return status, reason, False
    if governor is None:
        return status, f"{word!r} stands by itself", False
    governing = parse.tokens[governor.head].text
    if clause.link == "subject":
        if governor.lemma in {"be", "remain", "seem"} and governor.kind == "verb":
            return status, reason, True
        if governor.negated and (
            governor.lemma in {"happen", "occur", "materialise", "materialize", "follow"} or governor.lemma == "take"
        ):
            return "negated", f"{governing!r} is negated", False
        if governor.passive and (governor.lemma in END or (governor.lemma == "call" and "off" in governor.particles)):
            return "negated", f"{governing!r}: it did not take place", False
        if governor.modal in {"will", "shall"} or governor.lemma in {"plan", "schedule", "expect"}:
            return "planned", f"{governing!r} lies ahead", False
        if governor.modal or governor.negated:
            return "hypothetical", f"{governing!r} does not say that it happened", False
        return status, f"{word!r} is told as a fact in front of {governing!r}", False
    if clause.link.startswith("prep:"):
        preposition = clause.link[5:]
        if governor.kind == "noun":
            if governor.noun in PLAN_NOUNS:
                return "planned", f"{governing!r} of it", False
            if governor.noun in POSSIBLE_NOUNS or governor.noun in ALLEGE_NOUNS:
                return "hypothetical", f"{governing!r} of it", False
            return status, reason, True
        if preposition == "for" and governor.lemma in _CALLS:
            return "hypothetical", f"{governing!r} {preposition} it", False
        if preposition in _AHEAD_PREPOSITIONS:
            return ("planned", f"{governing!r} {preposition} it", False)
        if preposition in _OCCURRENCE_PREPOSITIONS:
            if governor.modal or governor.link in {"to", "purpose"}:
                return "planned", f"{governing!r} lies ahead", False
            return status, f"{governing!r} {preposition} it", False
        if governor.lemma in {
            "warn",
            "threaten",
            "speak",
            "talk",
            "call",
            "appeal",
            "push",
            "press",
            "ask",
            "hope",
            "wait",
        }:
            return "hypothetical", f"{governing!r} {preposition} it", False
        return status, reason, True
    if clause.link == "object":
        if governor.lemma == "be" and any(parse.tokens[c].dep == "expl" for c in parse.children[governor.head]):
            if governor.modal in {"will", "shall"}:
                return "planned", "'there will be'", False
            return ("hypothetical" if governor.modal else status), "'there is'", False
        if "out" in governor.particles and governor.lemma == "rule":
            return ("hypothetical" if governor.negated else "negated"), f"{governing!r} out", False
        if governor.lemma in {"admit", "acknowledge", "concede"}:
            return status, f"{governing!r} admits it", False
        if governor.lemma in ASPECT:
            return status, f"{governing!r} treats it as a fact", False
        if (
            governor.lemma in END
            or governor.lemma in REFUSE
            or (governor.lemma == "call" and "off" in governor.particles)
        ):
            return "negated", f"{governing!r} ends or omits it", False
        if governor.lemma in INTEND:
            return "planned", f"{governing!r} intends it", False
        if governor.lemma in POSSIBLE:
            return "hypothetical", f"{governing!r} makes it a possibility", False
        if governor.lemma in DENY:
            return "negated", f"{governing!r} denies or rejects it", False
        return status, reason, True
    return status, reason, False


def _under(
    governor: Clause, link: str, status: Status, reason: str, parse: Parse, between: Clause | None
) -> tuple[Status, str, bool]:
    """Return the status under a governing predicate, the reason, and whether it is speech.

    `between` is the clause right under the governor where that is not the act's own.
    """
    word = parse.tokens[governor.head].text
    lemma = governor.lemma if not governor.noun else governor.noun
    if link == "if":
        return "hypothetical", "stands in a condition", False
    if link == "purpose":
        return ("planned" if status == "actual" else status), f"the purpose of {word!r}", False
    if link in {"relative", "adverb", "and", ""} or link.startswith("prep:"):
        if link.startswith("prep:"):
            return _behind_preposition(governor, link[5:], status, reason, word)
        return status, reason, False
    if link == "subject":
        return status, reason, False
    if governor.kind == "noun":
        if lemma in REFUSE_NOUNS:
            return "negated", f"{word!r} to do it", False
        if lemma in ALLEGE_NOUNS:
            return ("alleged" if status == "actual" else status), f"{word!r} puts it forward", False
        if lemma in PLAN_NOUNS:
            return _weaken(status, "planned", reason, f"{word!r} to do it", governor)
        if lemma in POSSIBLE_NOUNS:
            return _weaken(status, "hypothetical", reason, f"{word!r} makes it a possibility", governor)
        return status, reason, lemma in SAY_NOUNS
    if governor.kind == "adjective":
        if lemma in REFUSE_ADJECTIVES:
            return "negated", f"{word!r} to do it", False
        if lemma in FALSE_ADJECTIVES or (lemma in TRUE_ADJECTIVES and governor.negated):
            return "negated", f"{word!r}: it did not happen", False
        if lemma in TRUE_ADJECTIVES:
            return status, reason, False
        if lemma in POSSIBLE_ADJECTIVES or link == "that":
            return _weaken(status, "hypothetical", reason, f"{word!r} makes it a possibility", governor)
        if lemma in INTEND_ADJECTIVES:
            return _weaken(status, "planned", reason, f"{word!r} to do it", governor)
        return (
            _weaken(status, "hypothetical", reason, f"{word!r} judges it", governor)
            if link == "to"
            else (status, reason, False)
        )
    if "out" in governor.particles and lemma == "rule":
        if governor.negated or governor.modal:
            return "hypothetical", f"{word!r} out is negated: it stays possible", False
        return "negated", f"{word!r} out", False
    if lemma == "go" and link == "to" and governor.progressive:
        return _weaken(status, "planned", reason, "'going to' do it", governor)
    if (
        lemma == "have"
        and link == "to"
        and parse.tokens[governor.head + 1 : governor.head + 2]
        and parse.tokens[governor.head + 1].text.lower() == "yet"
    ):
        return "negated", "'yet to' do it", False
    if governor.passive and link == "to" and (lemma in SAY or lemma in ALLEGE):
        return ("alleged" if status == "actual" else status), f"is {word!r} to have done it", False
    if lemma in PREVENT and link == "ing" and lemma != "keep":
        return "negated", f"{word!r} it", False
    if lemma in {"allow", "permit", "let"} and governor.negated:
        return "negated", f"{word!r} is negated", False
    if lemma in DENY and governor.negated:
        return "hypothetical", f"{word!r} is negated: it stays possible", True
    if lemma == "be" and link == "to":
        return _weaken(status, "planned", reason, f"{word!r} to do it", governor)
    if lemma in REFUSE and link in {"to", "ing"}:
        if governor.negated:
            return status, f"{word!r} is negated: it was done", False
        if between is not None and link == "to" and between.lemma in {*SAY, "rule"}:
            # Whoever declines to confirm or to rule out an act leaves it open.
            return "hypothetical", f"{word!r} to say", False
        return "negated", f"{word!r} to do it", False
    if lemma in DENY and link == "object" and between is not None and between.noun in ALLEGE_NOUNS | SAY_NOUNS:
        return "negated", f"{word!r} what is put forward", True
    if lemma in DENY and link in {"that", "ing", "to"}:
        return "negated", f"{word!r} that it happened", True
    if lemma in END and link == "ing":
        return "negated", f"{word!r} doing it", False
    if link in {"to", "ing"} and lemma in INTEND:
        return _weaken(status, "planned", reason, f"{word!r} to do it", governor)
    if lemma in SAY:
        subject = _subject(governor)
        if subject >= 0 and parse.tokens[subject].text.lower() in _NOBODY_IN_PARTICULAR:
            return ("alleged" if status == "actual" else status), f"{parse.tokens[subject].text!r} say so", True
        if governor.question or governor.negated or (governor.modal in {"could", "may", "might"}):
            return _weaken(status, "hypothetical", reason, f"{word!r} does not assert it", governor)
        return status, reason, True
    if lemma in ALLEGE and link in {"that", "to"}:
        if governor.negated:
            return _weaken(status, "hypothetical", reason, f"{word!r} is negated", governor)
        return ("alleged" if status == "actual" else status), f"{word!r} puts it forward", True
    if lemma in ASPECT:
        return _carry(governor, status, reason, word)
    if lemma in POSSIBLE:
        return _weaken(status, "hypothetical", reason, f"{word!r} makes it a possibility", governor)
    if link in {"to", "ing"}:
        return _carry(governor, status, reason, word)
    return status, reason, False


def _behind_preposition(
    governor: Clause, preposition: str, status: Status, reason: str, word: str
) -> tuple[Status, str, bool]:
    if preposition in {"without", "instead", "than"}:
        return "negated", f"{preposition!r} it", False
    if governor.lemma in PREVENT and preposition == "from":
        return "negated", f"{word!r} it", False
    if (governor.lemma in ALLEGE or governor.lemma == "charge") and preposition in {"of", "for", "with"}:
        return ("alleged" if status == "actual" else status), f"{word!r} of it", True
    if governor.lemma in POSSIBLE or (governor.kind == "noun" and governor.noun in POSSIBLE_NOUNS):
        return _weaken(status, "hypothetical", reason, f"{word!r} {preposition} it", governor)
    if governor.kind == "noun" and governor.noun in PLAN_NOUNS:
        return _weaken(status, "planned", reason, f"{word!r} {preposition} it", governor)
    if governor.lemma in END or governor.lemma in REFUSE:
        return "negated", f"{word!r} {preposition} it", False
    return status, reason, False


def _carry(governor: Clause, status: Status, reason: str, word: str) -> tuple[Status, str, bool]:
    """A transparent governor hands its own modality and negation down."""
    if status != "actual":
        return status, reason, False
    if governor.negated:
        return "negated", f"{word!r} is negated", False
    if governor.modal in {"will", "shall"}:
        return "planned", f"modal {governor.modal!r} before {word!r}", False
    if governor.modal:
        return "hypothetical", f"modal {governor.modal!r} before {word!r}", False
    return status, reason, False


def _weaken(status: Status, to: Status, reason: str, why: str, governor: Clause) -> tuple[Status, str, bool]:
    """Under a weaker governor an act is at most that; what is already negated or weaker stays."""
    if governor.negated and to == "planned":
        return "negated", f"{why}, negated", False
    order: tuple[Status, ...] = ("actual", "planned", "alleged", "hypothetical")
    if status not in order:
        return status, reason, False
    if order.index(to) > order.index(status):
        return to, why, False
    return status, reason, False
