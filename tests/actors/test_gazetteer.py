"""The dictionary of actors: what it takes, what it refuses, who wins, and periods."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from eventcoder.actors import gazetteer as module
from eventcoder.actors.gazetteer import Gazetteer, Office, Reading
from eventcoder.errors import CodebookError

COUNTRIES = """
countries:
  - {code: ARC, name: Arcadia, names: [Republic of Arcadia], nationality: [Arcadian], people: [Arcadian],
     capital: [Orlopolis], seats: [Rose Palace], places: [Lower Arcadia], ambiguous: [Orlopolis]}
  - {code: OLD, name: Oldland, to: 1999-12-31}
  - {code: NEW, name: Newland, from: 2000-01-01, names: [Oldland]}
"""
GROUPS = """
groups:
  - {name: Arcadian Front, names: [the Front], country: ARC, roles: [REB],
     periods: [{roles: [GOV], from: 2010-01-01, to: 2012-12-31}]}
organisations:
  - {code: LEA, name: League of Plains, names: [League], adjectives: [League], seats: [Plainsville], roles: [IGO]}
leaders:
  - {name: Ada Birch, gender: f, country: ARC, offices: [
      {title: president, roles: [GOV], from: 2001-05-01, to: 2005-05-01},
      {title: secretary-general, roles: [IGO], from: 2006-01-01, organisation: LEA}]}
bodies:
  - {name: Arcadian Guard, country: ARC, roles: [MIL]}
"""
ROLES = """
roles:
  - {code: MIL, nouns: [army, home guard], modifiers: [army]}
weak: {official: GOV}
never: [Arcadian Sea]
"""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small folder in the place of the shipped dictionaries."""
    folder = tmp_path / "shipped"
    (folder / "actors").mkdir(parents=True)
    (folder / "actors" / "countries.yaml").write_text(COUNTRIES)
    (folder / "actors" / "groups.yaml").write_text(GROUPS)
    (folder / "roles.yaml").write_text(ROLES)
    monkeypatch.setattr(module, "shipped_folder", lambda: folder)
    return folder


def read(*own: Path) -> Gazetteer:
    """Read without the cache, which knows nothing of the folder put in place."""
    return module._read.__wrapped__(tuple(str(path) for path in own))


def written(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def shown(readings: list[Reading]) -> list[tuple[str, str]]:
    return [(each.entry.name, each.how) for each in readings]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# --- what is read ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "code", "roles", "how"),
    [
        ("Arcadia", "country", "ARC", (), "name"),
        ("Republic of Arcadia", "country", "ARC", (), "name"),
        ("Orlopolis", "country", "ARC", (), "capital"),
        ("Rose Palace", "body", "ARC", ("GOV",), "seat"),
        ("Lower Arcadia", "country", "ARC", (), "place"),
        ("Arcadians", "country", "ARC", (), "people"),
        ("Arcadian Guard", "body", "ARC", ("MIL",), "name"),
        ("Ada Birch", "person", "ARC", (), "name"),
        ("Plainsville", "organisation", "", ("IGO",), "seat"),
    ],
)
def test_names(shipped: Path, name: str, kind: str, code: str, roles: tuple[str, ...], how: str) -> None:
    reading = read().names[name][0]
    assert (reading.entry.kind, reading.entry.country, reading.entry.roles, reading.how) == (kind, code, roles, how)


def test_nationality_and_people_are_readings_of_one_name(shipped: Path) -> None:
    assert shown(read().names["Arcadian"]) == [("Arcadia", "nationality"), ("Arcadia", "people")]


def test_ambiguous_names_are_marked_and_only_those(shipped: Path) -> None:
    names = read().names
    assert names["Orlopolis"][0].ambiguous
    assert not names["Arcadia"][0].ambiguous


def test_case_matters(shipped: Path) -> None:
    names = read().names
    assert "arcadia" not in names
    assert "ARCADIA" not in names


def test_roles_weak_nouns_and_modifiers(shipped: Path) -> None:
    found = read()
    assert found.role_nouns == {("army",): "MIL", ("home", "guard"): "MIL"}
    assert found.weak == {("official",): "GOV"}
    assert found.modifiers == {"army": "MIL"}


def test_starts_hold_the_longest_name(shipped: Path) -> None:
    assert read().starts["Republic"] == 3
    assert read().starts["Arcadia"] == 1


def test_never_names_nobody(shipped: Path) -> None:
    assert shown(read().names["Arcadian Sea"]) == [("nobody", "never")]


def test_places_name_file_and_line(shipped: Path) -> None:
    assert read().names["Arcadia"][0].entry.place == "actors/countries.yaml:3"


def test_counts(shipped: Path) -> None:
    assert read().counts == {"countries": 3, "groups": 1, "organisations": 1, "leaders": 1, "bodies": 1}


# --- periods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2000-01-01", ("ARC", "", (), "")),
        ("2001-04-30", ("ARC", "", (), "")),
        ("2001-05-01", ("ARC", "", ("GOV",), "president")),
        ("2005-05-01", ("ARC", "", ("GOV",), "president")),
        ("2005-05-02", ("ARC", "", (), "")),
        ("2020-01-01", ("", "LEA", ("IGO",), "secretary-general")),
    ],
)
def test_offices_hold_from_the_first_to_the_last_day(
    shipped: Path, on: str, expected: tuple[str, str, tuple[str, ...], str]
) -> None:
    assert read().names["Ada Birch"][0].entry.on(day(on)) == expected


def test_on_an_unknown_day_the_office_without_an_end_holds(shipped: Path) -> None:
    assert read().names["Ada Birch"][0].entry.on(None)[3] == "secretary-general"


def test_periods_of_a_group_change_its_roles(shipped: Path) -> None:
    front = read().names["Arcadian Front"][0].entry
    assert front.on(day("2009-12-31"))[2] == ("REB",)
    assert front.on(day("2011-06-01"))[2] == ("GOV",)
    assert front.on(day("2013-01-01"))[2] == ("REB",)
    assert front.on(None)[2] == ("REB",)


def test_entries_exist_within_their_days(shipped: Path) -> None:
    old, new = (each.entry for each in read().names["Oldland"])
    assert [old.exists(day("1999-12-31")), new.exists(day("1999-12-31"))] == [True, False]
    assert [old.exists(day("2000-01-01")), new.exists(day("2000-01-01"))] == [False, True]
    assert [old.exists(None), new.exists(None)] == [False, True]


def test_office_without_days_always_holds() -> None:
    assert Office(("GOV",)).holds(day("1950-01-01"))
    assert Office(("GOV",)).holds(None)
    assert not Office(("GOV",), last=day("2000-01-01")).holds(None)


# --- own files ---------------------------------------------------------------------------------------


def test_an_own_name_wins_over_a_shipped_one(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "bodies: [{name: Mine, names: [Arcadia], country: OLD, roles: [OPP]}]\n")
    assert shown(read(own).names["Arcadia"])[0] == ("Mine", "name")
    assert shown(read(own).names["Arcadia"])[1] == ("Arcadia", "name")


def test_an_own_name_wins_over_a_shipped_never(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "bodies: [{name: Arcadian Sea, country: ARC, roles: [BUS]}]\n")
    assert shown(read(own).names["Arcadian Sea"])[0] == ("Arcadian Sea", "name")


def test_an_own_never_wins_over_a_shipped_name(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "never: [Arcadia]\n")
    assert read(own).names["Arcadia"][0].how == "never"


def test_own_roles_win(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "roles: [{code: COP, nouns: [home guard]}]\n")
    assert read(own).role_nouns["home", "guard"] == "COP"


def test_of_two_own_files_the_later_wins(shipped: Path, tmp_path: Path) -> None:
    first = written(tmp_path, "bodies: [{name: One, names: [Thing], country: ARC}]\n", "1.yaml")
    second = written(tmp_path, "bodies: [{name: Two, names: [Thing], country: ARC}]\n", "2.yaml")
    assert [name for name, _ in shown(read(first, second).names["Thing"])] == ["Two", "One"]


def test_own_files_change_the_fingerprint(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "never: [Arcadia]\n")
    assert read().fingerprint == read().fingerprint
    assert read(own).fingerprint != read().fingerprint


def test_own_entries_are_placed_in_their_file(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "\nbodies:\n  - {name: Mine, country: ARC}\n")
    assert read(own).names["Mine"][0].entry.place == f"{own}:3"


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("countrys: []\n", "countrys"),
        ("countries: [{code: ARC, name: A, nationalities: [B]}]\n", "nationalities"),
        ("countries: [{code: ARC}]\n", "`code` and `name`"),
        ("countries: [{name: Arcadia}]\n", "`code` and `name`"),
        ("countries: [{code: Arc, name: Arcadia}]\n", "three capitals"),
        ("countries: [{code: ARCA, name: Arcadia}]\n", "three capitals"),
        ("countries: [{code: ARC, name: A, from: 2000-13-01}]\n", "should be a day"),
        ("countries: [{code: ARC, name: A, from: 2000}]\n", "should be a day"),
        ("countries: [{code: ARC, name: A, from: 2001-01-01, to: 2000-01-01}]\n", "ends (2000-01-01) before"),
        ("countries: [Arcadia]\n", "keys with values"),
        ("countries: {code: ARC}\n", "list"),
        ("groups: [{name: Front}]\n", "`code` or `country`"),
        ("groups: [{country: ARC}]\n", "`name`"),
        ("bodies: [{name: Guard, country: Arcadia}]\n", "three capitals"),
        ("bodies: [{name: Guard, country: ARC, periods: [{roles: [GOV], until: 2000-01-01}]}]\n", "until"),
        ("leaders: [{name: Ada Birch}]\n", "`country` or `organisation`"),
        ("leaders: [{name: A, country: ARC, offices: [{titel: king}]}]\n", "titel"),
        ("leaders: [{name: A, country: ARC, offices: [{title: king, from: 2001-01-01, to: 2000-01-01}]}]\n", "before"),
        ("roles: [{nouns: [army]}]\n", "`code`"),
        ("weak: [official]\n", "keys with values"),
        ("never: {a: b}\n", "list"),
        ("- a\n- b\n", "keys with values"),
        ("countries: [\n", "own.yaml"),
        ("countries: []\ncountries: []\n", "twice"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(shipped: Path, tmp_path: Path, text: str, message: str) -> None:
    own = written(tmp_path, text)
    with pytest.raises(CodebookError) as caught:
        read(own)
    assert message in str(caught.value)
    assert str(own) in str(caught.value)


def test_a_misspelt_key_is_answered_with_the_nearest(shipped: Path, tmp_path: Path) -> None:
    own = written(tmp_path, "countries: [{code: ARC, name: A, capitol: [B]}]\n")
    with pytest.raises(CodebookError, match="capital"):
        read(own)


def test_all_problems_of_all_files_come_together(shipped: Path, tmp_path: Path) -> None:
    first = written(tmp_path, "countries: [{code: a, name: A}, {code: b, name: B}]\n", "1.yaml")
    second = written(tmp_path, "groups: [{name: C}]\n", "2.yaml")
    with pytest.raises(CodebookError) as caught:
        read(first, second)
    assert len(caught.value.problems) == 3


def test_a_missing_file_is_a_problem_with_its_name(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"none\.yaml"):
        read(tmp_path / "none.yaml")


def test_an_empty_own_file_adds_nothing(shipped: Path, tmp_path: Path) -> None:
    assert read(written(tmp_path, "countries: []\n")).counts == read().counts


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "bodies: [{name: Guard, country: ARC, periods: [{code: LEA, from: 2000-01-01}]}]\n",
            id="a period's code",
        ),
    ],
)
def test_a_period_may_change_the_code(shipped: Path, tmp_path: Path, text: str) -> None:
    entry = read(written(tmp_path, text)).names["Guard"][0].entry
    assert entry.on(day("2001-01-01"))[1] == "LEA"


@pytest.mark.parametrize(
    "text",
    [
        "leaders: [{name: A, country: Arcadia}]\n",
        "leaders: [{name: A, country: ARC, gender: x}]\n",
        "leaders: [{name: A, country: ARC, offices: [{title: king, country: Arcadia}]}]\n",
    ],
)
@pytest.mark.xfail(strict=True, reason="codes and gender of leaders are not checked")
def test_codes_of_leaders_are_checked(shipped: Path, tmp_path: Path, text: str) -> None:
    with pytest.raises(CodebookError):
        read(written(tmp_path, text))


# --- the shipped dictionaries ----------------------------------------------------------------------------


def test_the_shipped_dictionaries_are_read_once_and_whole() -> None:
    found = Gazetteer.read()
    assert found is Gazetteer.read()
    assert found.counts["countries"] >= 190
    assert {"countries", "organisations", "groups", "bodies", "leaders"} <= set(found.counts)
    for name in ("France", "French", "Paris", "United Nations", "NATO", "Angela Merkel", "White House"):
        assert name in found.names


def test_every_shipped_country_code_used_is_a_country_of_the_dictionary() -> None:
    found = Gazetteer.read()
    known = {code for code, entry in found.by_code.items() if entry.kind == "country"}
    used = {
        country: reading.entry.name
        for readings in found.names.values()
        for reading in readings
        for country in (reading.entry.country, *(office.country for office in reading.entry.offices))
        if country
    }
    assert {country: name for country, name in used.items() if country not in known} == {}
