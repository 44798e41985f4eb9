"""Reading: every format, and every kind of bad input with what is said about it."""

from __future__ import annotations

import datetime
import gzip
import io
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from eventcoder.corpus.formats import Remark, read_table
from eventcoder.corpus.readers import Read, parse_day, read_metadata, read_stories
from eventcoder.errors import InputError
from eventcoder.records import Fault, Story

DAY = datetime.date(2022, 1, 27)
TEXT = "Ministers met in Vienna."


def read(*args: object, **kwargs: object) -> list[Read | Fault | Remark]:
    return list(read_stories(*args, **kwargs))  # type: ignore[arg-type]


def stories(*args: object, **kwargs: object) -> list[Story]:
    return [each.story for each in read(*args, **kwargs) if isinstance(each, Read)]


def faults(*args: object, **kwargs: object) -> list[Fault]:
    return [each for each in read(*args, **kwargs) if isinstance(each, Fault)]


def remarks(*args: object, **kwargs: object) -> list[Remark]:
    return [each for each in read(*args, **kwargs) if isinstance(each, Remark)]


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- formats ----------------------------------------------------------------------------------


def test_text_file_is_one_story_named_like_the_file(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", f"Title\r\n\r\n{TEXT}\r\n")
    (story,) = stories([path])
    assert (story.id, story.place) == ("a.txt", str(path))
    assert story.text == f"Title\r\n\r\n{TEXT}\r\n", "offsets point into the text as it is in the file"
    assert (story.date, story.date_origin) == (None, "")


def test_folder_is_read_through_all_levels_in_sorted_order(tmp_path: Path) -> None:
    put(tmp_path / "b.txt", TEXT)
    put(tmp_path / "a" / "z.txt", TEXT)
    put(tmp_path / "c.csv", f"id,text\nc1,{TEXT}\n")
    put(tmp_path / ".hidden.txt", TEXT)
    put(tmp_path / ".git" / "x.txt", TEXT)
    put(tmp_path / "notes.pdf", "%PDF")
    assert [each.id for each in stories([tmp_path])] == ["z.txt", "b.txt", "c1"]
    (remark,) = remarks([tmp_path])
    assert remark.message == "left out, not being .txt, .csv, .jsonl, .parquet: 1 (.pdf)"


def test_csv_with_all_columns(tmp_path: Path) -> None:
    path = put(
        tmp_path / "s.csv",
        "\ufeffID,Text,date,title,publisher,url,region\n"
        f'7,"{TEXT}\nThey left.",20220127,Talks,Post,http://x.org/1,Europe\n8,Later.,2022-01-28T10:00:00Z,,,,\n',
    )
    first, second = stories([path])
    assert first == Story(
        id="7",
        text=f"{TEXT}\nThey left.",
        title="Talks",
        date=DAY,
        date_origin="column",
        publisher="Post",
        url="http://x.org/1",
        extra=(("region", "Europe"),),
        place=f"{path}:2",
    )
    assert second.date == datetime.date(2022, 1, 28)
    assert second.place == f"{path}:4", "the line where the record begins"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_csv_with_another_separator(tmp_path: Path, separator: str) -> None:
    path = put(tmp_path / "s.csv", f"id{separator}text\n1{separator}One, two\n")
    assert [(each.id, each.text) for each in stories([path])] == [("1", "One, two")]


def test_jsonl_keeps_other_keys_as_text(tmp_path: Path) -> None:
    record = {"id": 3, "text": TEXT, "date": 20220127, "tags": ["a", "ü"], "lead": True, "none": None}
    path = put(tmp_path / "s.jsonl", json.dumps(record) + "\n\n")
    (story,) = stories([path])
    assert (story.id, story.date) == ("3", DAY)
    assert story.extra == (("tags", '["a", "ü"]'), ("lead", "true"), ("none", ""))


def test_parquet(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "id": pyarrow.array([1.0, None]),
            "text": [TEXT, "More."],
            "date": pyarrow.array([DAY, None], pyarrow.date32()),
            "size": [5, None],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "s.parquet")
    first, second = stories([tmp_path / "s.parquet"])
    assert (first.id, first.date, first.extra) == ("1", DAY, (("size", "5"),))
    assert (second.id, second.date, second.extra) == ("s.parquet:2", None, (("size", ""),))


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl", "a.parquet"])
@pytest.mark.parametrize("packed", [".gz", ".zst"])
def test_packed_files(tmp_path: Path, name: str, packed: str) -> None:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a.txt"], "text": [TEXT]}), buffer)
    content = {
        "a.txt": TEXT.encode(),
        "a.csv": f"id,text\na.txt,{TEXT}\n".encode(),
        "a.jsonl": json.dumps({"id": "a.txt", "text": TEXT}).encode(),
        "a.parquet": buffer.getvalue(),
    }[name]
    path = tmp_path / (name + packed)
    if packed == ".gz":
        path.write_bytes(gzip.compress(content))
    else:
        # Two frames, as several tools write them.
        codec = pyarrow.Codec("zstd")
        half = len(content) // 2
        path.write_bytes(codec.compress(content[:half], asbytes=True) + codec.compress(content[half:], asbytes=True))
    (story,) = stories([path])
    assert (story.id, story.text) == ("a.txt", TEXT)


def test_standard_input_is_text_or_jsonl() -> None:
    (story,) = stories(["-"], stdin=io.BytesIO(f"{TEXT}\nThey left.\n".encode()))
    assert (story.id, story.text, story.place) == ("stdin", f"{TEXT}\nThey left.\n", "-")
    lines = b'{"id": "a", "text": "One."}\n{"text": "Two."}\n'
    assert [each.id for each in stories(["-"], stdin=io.BytesIO(lines))] == ["a", "stdin:2"]


def test_several_text_columns_are_joined(tmp_path: Path) -> None:
    path = put(tmp_path / "s.csv", "id,lead,body\n1,First.,Then.\n2,,Only.\n")
    assert [each.text for each in stories([path], text_columns=["lead", "body"])] == ["First.\n\nThen.", "Only."]


def test_a_title_alone_is_a_story(tmp_path: Path) -> None:
    path = put(tmp_path / "s.csv", "id,text,title\n1,,Ministers meet\n")
    (found,) = read([path])
    assert isinstance(found, Read)
    assert found.notes == ("no text: the title alone was coded",)


# --- dates and metadata -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2022-01-27", "20220127", " 2022-01-27 ", "2022-01-27T08:15:00Z", "20220127.0"])
def test_days(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2022-02-30", "does not exist in the calendar"),
        ("20221301", "does not exist in the calendar"),
        ("27/01/2022", "is not of the form 2022-01-27 or 20220127"),
        ("2022-1-7", "is not of the form 2022-01-27 or 20220127"),
        ("", "is not of the form 2022-01-27 or 20220127"),
    ],
)
def test_no_days(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_day(text)


def test_impossible_date_is_left_out_and_noted(tmp_path: Path) -> None:
    path = put(tmp_path / "s.csv", f"id,text,date\n1,{TEXT},2022-02-30\n")
    (found,) = read([path])
    assert isinstance(found, Read)
    assert (found.story.date, found.story.date_origin) == (None, "")
    assert found.notes == ("date '2022-02-30' does not exist in the calendar: left out",)


def test_metadata_gives_what_files_lack(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.txt", TEXT)
    put(tmp_path / "in" / "s.csv", f"id,text,date,publisher\nb,{TEXT},2022-01-01,Own\n")
    meta = put(
        tmp_path / "in" / "meta.csv",
        "id,date,publisher,title,url,region\na.txt,20220127,Post,T,u,North\nb,2022-01-27,Post,,,South\n",
    )
    a, b = stories([tmp_path / "in"], meta, datetime.date(2000, 1, 1))
    assert (a.date, a.date_origin, a.publisher, a.title, a.url, a.extra) == (
        DAY,
        "metadata",
        "Post",
        "T",
        "u",
        (("region", "North"),),
    )
    assert (b.date, b.date_origin, b.publisher) == (datetime.date(2022, 1, 1), "column", "Own")
    assert not remarks([tmp_path / "in"], meta), "the metadata file is no input, though it lies in the folder"


def test_option_date_is_the_weakest(tmp_path: Path) -> None:
    (story,) = stories([put(tmp_path / "a.txt", TEXT)], None, DAY)
    assert (story.date, story.date_origin) == (DAY, "option")


def test_metadata_ids_without_story_are_told(tmp_path: Path) -> None:
    path = put(tmp_path / "story1.txt", TEXT)
    meta = put(tmp_path / "m.csv", "id,date\nstory1,2022-01-27\nzzz,2022-01-27\n")
    (remark,) = remarks([path], meta)
    assert remark.place == str(meta)
    assert remark.message == "2 ids match no story, the first: 'story1' (did you mean 'story1.txt'?)"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("doc_id,date\na,2022-01-27\n", r"m.csv: no column 'id'.*; columns found: doc_id, date; name the column"),
        ("id\na\n", r"m.csv: no column beside 'id': add any of date, publisher, url, title"),
        ("id,date\na,2022-01-27\na,2022-01-28\n", r"m.csv:3: id 'a' stands in line 2 already"),
        ("id,date\na,b,c\n", r"m.csv:2: malformed CSV: 3 fields where the header has 2"),
        ("", r"m.csv: empty: the file has no header line"),
        ("PK\x03\x04", r"m.csv: binary file: this is a ZIP archive"),
    ],
)
def test_bad_metadata(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_metadata(put(tmp_path / "m.csv", content))


def test_missing_metadata(tmp_path: Path) -> None:
    put(tmp_path / "meta.csv", "id,date\n")
    with pytest.raises(InputError, match=r"metadata.csv: no such file or folder \(did you mean 'meta.csv'\?\)"):
        read_metadata(tmp_path / "metadata.csv")


# --- input that stops the command before it starts -------------------------------------------------


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    put(tmp_path / "stories.csv", "id,text\n")
    with pytest.raises(InputError, match=r"storeis.csv: no such file or folder \(did you mean 'stories.csv'\?\)"):
        read_stories([tmp_path / "storeis.csv"])
    with pytest.raises(InputError, match=r"the folder .*nowhere does not exist"):
        read_stories([tmp_path / "nowhere" / "x.csv"])


def test_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"files ending in '.docx' are not read as stories: give .txt, .csv"):
        read_stories([put(tmp_path / "a.docx", "PK")])


def test_folder_with_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder holds no file that is read"):
        read_stories([tmp_path])


def test_no_input_and_double_standard_input() -> None:
    with pytest.raises(InputError, match="no input"):
        read_stories([])
    with pytest.raises(InputError, match="only once"):
        read_stories(["-", "-"])


@pytest.mark.parametrize("name", ["s.csv", "s.jsonl", "s.parquet"])
def test_table_without_text_column(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "s.csv":
        put(path, f"id,texts\n1,{TEXT}\n")
    elif name == "s.jsonl":
        put(path, json.dumps({"id": 1, "texts": TEXT}))
    else:
        pyarrow.parquet.write_table(pyarrow.table({"id": [1], "texts": [TEXT]}), path)
    with pytest.raises(InputError) as caught:
        read_stories([path])
    assert str(caught.value) == (
        f"{path}: no column 'text'; columns found: id, texts; "
        "name the column that holds the stories: --text-column texts"
    )
    with pytest.raises(InputError, match=r"no column 'txts' as --text-column asks \(did you mean 'texts'\?\)"):
        read_stories([path], text_columns=["txts"])


def test_damaged_only_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"s.parquet: not readable as Parquet"):
        read_stories([put(tmp_path / "s.parquet", "no parquet")])
    with pytest.raises(InputError, match=r"s.csv.gz: cannot be read"):
        read_stories([put(tmp_path / "s.csv.gz", "no gzip")])
    with pytest.raises(InputError, match=r"s.csv.zst: cannot be read"):
        read_stories([put(tmp_path / "s.csv.zst", "no zstd")])


# --- input of which the rest is coded ---------------------------------------------------------------


def test_unusable_files_in_a_folder_are_faults(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", TEXT)
    put(tmp_path / "b.csv", "when,where\n1,2\n")
    put(tmp_path / "c.parquet", "no parquet")
    put(tmp_path / "d.txt.gz", gzip.compress(TEXT.encode() * 99)[:-9])
    (tmp_path / "e.txt").symlink_to(tmp_path / "gone.txt")
    put(tmp_path / "f.csv", "")
    put(tmp_path / "z.txt", TEXT)
    found = read([tmp_path])
    assert [each.story.id for each in found if isinstance(each, Read)] == ["a.txt", "z.txt"]
    told = {each.story_id: each.message for each in found if isinstance(each, Fault)}
    assert list(told) == ["b.csv", "c.parquet", "d.txt", "e.txt", "f.csv"]
    assert "no column 'text'; columns found: when, where" in told["b.csv"]
    assert "not readable as Parquet" in told["c.parquet"]
    assert "cannot be read" in told["d.txt"]
    assert "No such file" in told["e.txt"]
    assert told["f.csv"] == "empty: the file has no header line"


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    path = put(tmp_path / "a.txt", content)
    assert faults([path]) == [Fault("a.txt", "read", "empty: the story has no text", str(path))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7 ...", "binary file: this is a PDF document, not plain text"),
        (b"PK\x03\x04rest", "binary file: this is a ZIP archive or an office document, not plain text"),
        (b"abc\x00def", "binary file: byte 0x00 at offset 3; convert it to plain text (UTF-8) first"),
        (b"\x01\x02\x03\x04\x05\x06ab", "binary file: 6 control bytes in the first 8; convert it to plain text first"),
    ],
)
def test_binary_file(tmp_path: Path, content: bytes, message: str) -> None:
    (fault,) = faults([put(tmp_path / "a.txt", content)])
    assert fault.message == message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_unicode_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    content = {
        "a.txt": "Zürich – Łódź",
        "a.csv": "id,text\r\n1,Zürich – Łódź\r\n",
        "a.jsonl": '{"text": "Zürich – Łódź"}\n',
    }
    (found,) = (each for each in read([put(tmp_path / name, content[name].encode(encoding))]) if isinstance(each, Read))
    assert found.story.text == "Zürich – Łódź"
    assert not found.notes


def test_windows_1252_is_read_and_noted(tmp_path: Path) -> None:
    (found,) = read([put(tmp_path / "a.txt", "The minister’s visit".encode("cp1252"))])
    assert isinstance(found, Read)
    assert found.story.text == "The minister’s visit"
    assert found.notes == ("not UTF-8 (byte 0x92 at offset 12): read as windows-1252",)


def test_one_line_in_another_encoding_costs_no_other(tmp_path: Path) -> None:
    content = "id,text\n1,Zürich\n".encode() + b"2,Z\xfcrich\n3,bad \x81\xff\n" + "4,Łódź\n".encode()
    found = read([put(tmp_path / "s.csv", content)])
    assert [each.story.text for each in found if isinstance(each, Read)] == ["Zürich", "Zürich", "Łódź"]
    (fault,) = (each for each in found if isinstance(each, Fault))
    assert fault.place.endswith("s.csv:4")
    assert "neither UTF-8 (byte 0x81 at offset 6) nor windows-1252 (byte 0x81 at offset 6)" in fault.message


def test_undecodable_text(tmp_path: Path) -> None:
    (fault,) = faults([put(tmp_path / "a.txt", b"caf\xe9 \x81")])
    assert fault.message.startswith("wrong encoding: neither UTF-8 (byte 0xe9 at offset 3) nor windows-1252")
    (fault,) = faults([put(tmp_path / "b.txt", b"\xff\xfea")])
    assert fault.message == "wrong encoding: not valid utf-16 from byte offset 2"


def test_huge_field(tmp_path: Path) -> None:
    text = "word " * 60_000
    (story,) = stories([put(tmp_path / "s.csv", f'id,text\n1,"{text}"\n')])
    assert story.text == text


def test_malformed_csv_rows(tmp_path: Path) -> None:
    path = put(tmp_path / "s.csv", 'id,text\n1,One, two\n2,Good.\n3\n4,"never closed\n5,Five.\n')
    found = read([path])
    told = [(each.place, each.message) for each in found if isinstance(each, Fault)]
    assert [place for place, _ in told] == [f"{path}:2", f"{path}:4", f"{path}:5"]
    assert "3 fields where the header has 2" in told[0][1]
    assert "no column 'text'" in told[1][1]
    assert "never closed" in told[2][1]
    assert [each.story.id for each in found if isinstance(each, Read)] == ["2"]


def test_old_macintosh_line_ends(tmp_path: Path) -> None:
    assert [each.text for each in stories([put(tmp_path / "s.csv", "id,text\r1,One\r2,Two\r")])] == ["One", "Two"]


def test_malformed_jsonl_lines(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "text": "One."}',
        "{broken",
        '["x"]',
        "[" * 100_000,
        '{"id": "b"}',
        '{"id": "c", "text": "Two."}',
    ]
    path = put(tmp_path / "s.jsonl", "\n".join(lines))
    found = read([path])
    assert [each.story.id for each in found if isinstance(each, Read)] == ["a", "c"]
    told = {each.place.rpartition(":")[2]: each.message for each in found if isinstance(each, Fault)}
    assert told["2"].startswith("malformed JSON: Expecting property name")
    assert told["3"] == "malformed JSONL: the line is not a JSON object, { ... }"
    assert told["4"].startswith("malformed JSON")
    assert "no column 'text'" in told["5"]


def test_half_a_surrogate_pair(tmp_path: Path) -> None:
    (found,) = read([put(tmp_path / "s.jsonl", '{"id": "a", "text": "x\\ud83d y"}')])
    assert isinstance(found, Read)
    assert found.story.text == "x\ufffd y"
    assert found.notes == ("text: half a surrogate pair was replaced by U+FFFD",)


def test_missing_ids_are_file_and_line(tmp_path: Path) -> None:
    path = put(tmp_path / "s.csv", "text\nOne.\nTwo.\n")
    assert [each.id for each in stories([path])] == ["s.csv:2", "s.csv:3"]
    (remark,) = remarks([path])
    assert remark.message == "no column 'id': ids are file and line, as s.csv:2; columns: text"


def test_duplicate_ids_are_kept_apart(tmp_path: Path) -> None:
    path = put(tmp_path / "s.csv", "id,text\na,One.\na,Two.\na#2,Three.\na,Four.\n")
    found = [each for each in read([path]) if isinstance(each, Read)]
    assert [each.story.id for each in found] == ["a", "a#2", "a#2#2", "a#3"]
    assert found[1].notes == (f"id 'a' stands at {path}:2 already: renamed 'a#2'",)


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", TEXT)
    assert len(stories([path, tmp_path])) == 1
    assert remarks([path, tmp_path])[0].message == "named more than once; read once"


def test_reading_is_a_stream(tmp_path: Path) -> None:
    path = put(tmp_path / "s.jsonl", '{"id": 1, "text": "x"}\n' * 10_000)
    stream = read_stories([path])
    assert isinstance(next(stream), Read)


def test_read_table_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"t.csv:3: malformed CSV"):
        read_table(put(tmp_path / "t.csv", "a,b\n1,2\n1,2,3\n"))
    with pytest.raises(InputError, match=r"t.txt: not a table"):
        read_table(put(tmp_path / "t.txt", "a,b\n"))
