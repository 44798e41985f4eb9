"""Forms of English words, well enough for remarks about codebooks; what is coded rests on the parser's lemmas."""

from __future__ import annotations

from functools import lru_cache

# Base: past, participle. Pasts that are verbs of their own (found, lay, wound) are left out of `base_of`.
_IRREGULAR = """
arise arose arisen|be was been|bear bore borne|beat beat beaten|become became become|begin began begun
bend bent bent|bid bid bid|bind bound bound|bite bit bitten|blow blew blown|break broke broken|breed bred bred
bring brought brought|build built built|burn burnt burnt|buy bought bought|cast cast cast|catch caught caught
choose chose chosen|cling clung clung|come came come|cost cost cost|cut cut cut|deal dealt dealt|dig dug dug
do did done|draw drew drawn|dream dreamt dreamt|drink drank drunk|drive drove driven|eat ate eaten
fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found|flee fled fled
fling flung flung|fly flew flown|forbid forbade forbidden|forget forgot forgotten|forgive forgave forgiven
freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hang hung hung|have had had
hear heard heard|hide hid hidden|hit hit hit|hold held held|hurt hurt hurt|keep kept kept|know knew known
lay laid laid|lead led led|leave left left|lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost
make made made|mean meant meant|meet met met|mislead misled misled|overthrow overthrew overthrown|pay paid paid
put put put|quit quit quit|read read read|rebuild rebuilt rebuilt|ride rode ridden|ring rang rung
rise rose risen|run ran run|say said said|see saw seen|seek sought sought|sell sold sold|send sent sent
set set set|shake shook shaken|shed shed shed|shoot shot shot|show showed shown|shrink shrank shrunk
shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid|speak spoke spoken
spend spent spent|split split split|spread spread spread|stand stood stood|steal stole stolen|stick stuck stuck
sting stung stung|strike struck stricken|strive strove striven|swear swore sworn|sweep swept swept
swim swam swum|swing swung swung|take took taken|teach taught taught|tear tore torn|tell told told
think thought thought|throw threw thrown|undergo underwent undergone|undertake undertook undertaken
uphold upheld upheld|wear wore worn|weep wept wept|win won won|withdraw withdrew withdrawn
withhold withheld withheld|withstand withstood withstood|write wrote written
"""
_PASTS: dict[str, tuple[str, ...]] = {}
for _entry in _IRREGULAR.replace("\n", "|").split("|"):
    if _entry.strip():
        _base, *_forms = _entry.split()
        _PASTS[_base] = tuple(_forms)

# Past forms that are base forms too ("found a state", "wound", "fell a tree", "lay", "bound", "beat").
_ALSO_BASES = frozenset(
    {"found", "fell", "lay", "bound", "left", "saw", "felt", "rose", "stove", "wound", "bore", "bit"}
)
_BASE_OF_PAST = {
    form: base for base, forms in _PASTS.items() for form in forms if form not in _PASTS and form not in _ALSO_BASES
}
_IRREGULAR_PLURALS = {
    "man": "men",
    "woman": "women",
    "policeman": "policemen",
    "serviceman": "servicemen",
    "child": "children",
    "person": "people",
    "crisis": "crises",
    "analysis": "analyses",
    "criterion": "criteria",
    "wife": "wives",
    "life": "lives",
    "leaf": "leaves",
}
# Base forms and singulars that only look inflected.
_LOOKS = """
embed shred imbed overfeed outbid bed red sacred hundred naked wicked hatred moped
    bring ring sing wing king swing cling fling sting string spring sling wring ping
    evening morning ceiling sibling shilling
    news series species headquarters means politics economics gas bus lens chaos canvas atlas bias alias
    oversees always perhaps yes plus minus corps mathematics physics tennis customs
    barracks gallows crossroads hostilities arms armaments goods proceeds outskirts premises remains surroundings
    teargas biogas davos whereabouts congratulations condolences regards troubles genus campus summons mass pass press
"""
_NOT_INFLECTED = frozenset(_LOOKS.split())
_VOWELS = "aeiouy"


def _has_vowel(text: str) -> bool:
    return any(letter in _VOWELS for letter in text)


def _bases(stem: str) -> tuple[str, ...]:
    """The base forms that a stem without its ending may have, likeliest first."""
    if stem.endswith("i"):
        return (stem[:-1] + "y",)
    doubled = len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsfzaeiou"
    if doubled:
        return (stem[:-1],)
    soft = stem.endswith(("c", "v", "z", "u", "rg", "dg", "ng")) and not stem.endswith(("ing", "ong", "ang"))
    if soft:
        return (stem + "e", stem)
    short = len(stem) > 2 and stem[-1] not in _VOWELS + "wx" and stem[-2] in "aeiou" and stem[-3] not in "aeiou"
    if stem.endswith("s") and not stem.endswith("ss"):
        return (stem + "e", stem)
    if short and sum(letter in "aeiou" for letter in stem) == 1:
        return (stem + "e", stem)
    if stem.endswith(("at", "it", "ot", "ut")) and len(stem) > 4 and not stem.endswith(("it",)):
        return (stem + "e", stem)
    if stem.endswith(("os", "is", "us", "or", "ir", "id", "ag", "ib", "ob")) and len(stem) > 3:
        return (stem + "e", stem)
    return (stem, stem + "e")


def base_of(word: str) -> str:
    """Return the base form of an inflected verb, or an empty string for a word that is a base form already.

    A guess where spelling leaves it open (``imposing`` may come of ``impose`` or ``impos``).
    """
    if word in _BASE_OF_PAST:
        return _BASE_OF_PAST[word]
    if word in _NOT_INFLECTED or word in _PASTS or len(word) < 4 or not word.isalpha():
        return ""
    if word in {"agreed", "disagreed", "freed", "guaranteed", "decreed"}:
        return word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and not word.endswith("eed"):
            stem = word[: -len(ending)]
            return _bases(stem)[0] if len(stem) > 1 and _has_vowel(stem) else ""
    return plural_base(word)


def plural_base(word: str) -> str:
    """Return the singular of a plural (or the base of a verb in ``-s``), else an empty string."""
    for singular, plural in _IRREGULAR_PLURALS.items():
        if word == plural and word != "people":
            return singular
    if word in _NOT_INFLECTED or len(word) < 4 or not word.endswith("s") or not word.isalpha():
        return ""
    if word.endswith(("ss", "us", "is", "ous")):
        return ""
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=8192)
def forms_of(word: str) -> frozenset[str]:
    """Return the forms in which a base form may stand in a text, itself included."""
    forms = {word, word + "s", word + "es", word + "'s"}
    forms |= set(_PASTS.get(word, ()))
    if word in _IRREGULAR_PLURALS:
        forms.add(_IRREGULAR_PLURALS[word])
    stems = {word}
    if word.endswith("e"):
        stems.add(word[:-1])
    if word.endswith("y"):
        forms.add(word[:-1] + "ies")
        stems.add(word[:-1] + "i")
    if len(word) > 2 and word[-1] not in _VOWELS + "wx" and word[-2] in "aeiou":
        stems.add(word + word[-1])
    if word.endswith("ie"):
        forms.add(word[:-2] + "ying")
    for stem in stems:
        forms |= {stem + "ed", stem + "ing"}
    return frozenset(forms)
