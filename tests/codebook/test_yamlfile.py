"""YAML as a hostile format: what is refused, with which words, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eventcoder.codebook import yamlfile
from eventcoder.codebook.yamlfile import Place, Value, YamlFile, nearest, read_text
from eventcoder.errors import CodebookError


def root(text: str) -> tuple[Value, YamlFile]:
    file = YamlFile("x.yaml")
    value = file.root(text)
    assert value is not None
    return value, file


def refusal(text: str) -> tuple[str, int, int]:
    file = YamlFile("x.yaml")
    assert file.root(text) is None
    (problem,) = file.problems
    return problem.message, problem.line, problem.column


# --- files ---------------------------------------------------------------------------------------


def test_read_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffcodebook: é\n".encode())
    assert read_text(path) == "codebook: é\n"


@pytest.mark.parametrize(
    ("raw", "message"),
    [(b"codebook: \xff\xfe", "not UTF-8 text (byte 10)"), (b"PK\x00\x01", "a binary file, not a codebook")],
)
def test_binary_files_are_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    with pytest.raises(CodebookError, match=r"a\.yaml") as caught:
        read_text(path)
    assert message in str(caught.value)


def test_huge_and_missing_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("x" * 101)
    monkeypatch.setattr(yamlfile, "_LARGEST_FILE", 100)
    with pytest.raises(CodebookError, match="larger than"):
        read_text(path)
    with pytest.raises(CodebookError, match="No such file"):
        read_text(tmp_path / "none.yaml", "actor dictionary")


# --- documents --------------------------------------------------------------------------------------


def test_empty_file() -> None:
    assert "the file is empty" in refusal("# only a remark\n")[0]


def test_anchors_and_bombs() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    message, line, column = refusal(bomb)
    assert message.startswith("anchors and aliases")
    assert (line, column) == (1, 4)
    assert refusal("a: *b")[0].startswith("anchors and aliases")


DEEP = ["[" * 30 + "]" * 30, "[" * 100_000, "{a: " * 5_000, "-  " * 20_000, ("[ " * 300 + "\n") * 400, "? " * 20_000]


@pytest.mark.parametrize("text", DEEP)
def test_deep_nesting(text: str) -> None:
    assert "levels deep" in refusal(text)[0]


@pytest.mark.parametrize(
    ("text", "hint", "line"),
    [
        ("a:\n\tb: c\n", "indent with spaces, not tabs", 2),
        ("a: b: c\n", "must stand in quotes", 1),
        ("a:\n  - [with] TARGET\n", "must stand in quotes", 2),
        ("a: [x, meet {talks}]\n", "of its own must stand in quotes", 1),
        ("a: 'b\n", "not valid YAML", 2),
        ("a: b\n---\nc: d\n", "a second document begins", 2),
    ],
)
def test_broken_yaml_has_a_place_and_a_hint(text: str, hint: str, line: int) -> None:
    message, at, column = refusal(text)
    assert hint in message
    assert at == line
    assert column > 0


def test_control_characters() -> None:
    assert refusal("a: \x07")[0].startswith("not valid YAML")


def test_tags_construct_nothing() -> None:
    value, file = root("a: !!python/object/apply:os.system ['false']\nb: !!python/name:os.system x\n")
    body = value.mapping("it")
    assert body["a"].texts("a") == ("false",)
    assert body["b"].text("b") == "x"
    assert not file.problems


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    file = YamlFile("x.yaml")
    value = file.root(text)
    if value is None:
        assert file.problems
    else:
        value.mapping("it")
        value.items("it")


def test_nodes_are_those_of_the_yaml_library() -> None:
    text = "a: [x, 'y', \"z\", ~, null, ]\nb:\n  - {c: d, e: }\n  - |\n    f\n? g\n: ''\n'':\n"

    def plain(node: yaml.Node) -> object:
        if isinstance(node, yaml.MappingNode):
            value: object = [(plain(key), plain(each)) for key, each in node.value]
        else:
            value = [plain(each) for each in node.value] if isinstance(node, yaml.SequenceNode) else node.value
        marks = node.start_mark.line, node.start_mark.column, node.end_mark.line, node.end_mark.column
        return type(node), node.tag.endswith(":null"), getattr(node, "style", None), marks, value

    assert plain(root(text)[0].node) == plain(yaml.compose(text, Loader=yaml.CSafeLoader))


# --- values -------------------------------------------------------------------------------------------


def test_scalars_are_text_as_written() -> None:
    value, file = root("a: 010\nb: no\nc: 2022-01-27\nd: 1.50\ne: ' x '\n")
    assert [each.text("it") for each in value.mapping("it").values()] == ["010", "no", "2022-01-27", "1.50", "x"]
    assert not file.problems


def test_truth_number_choice() -> None:
    value, file = root("a: yes\nb: False\nc: maybe\nd: 1.5\ne: x\nf: sorce\ng: 7\nh: inf\ni: 1.5\n")
    body = value.mapping("it")
    assert (body["a"].truth("a"), body["b"].truth("b"), body["c"].truth("c")) == (True, False, False)
    assert (body["d"].number("d"), body["e"].number("e"), body["g"].whole("g")) == (1.5, 0.0, 7)
    assert body["f"].one_of("f", ["source", "target"]) == "sorce"
    assert (body["h"].whole("h"), body["i"].whole("i")) == (0, 0)
    assert [(p.line, p.message) for p in file.problems] == [
        (3, "c should be true or false, not 'maybe'"),
        (5, "e should be a number, not 'x'"),
        (6, "unknown f 'sorce'; did you mean 'source'?"),
        (8, "h should be a whole number, not 'inf'"),
        (9, "i should be a whole number, not '1.5'"),
    ]


def test_huge_whole_numbers_are_refused() -> None:
    value, file = root("a: " + "9" * 5000)
    assert value.mapping("it")["a"].whole("a") == 0
    assert len(file.problems) == 1


def test_lists() -> None:
    value, file = root("a: [x, y]\nb: x\nc:\nd: {x: y}\ne: [x, [y], ]\n")
    body = value.mapping("it")
    assert [body[key].texts(key) for key in "abcde"] == [("x", "y"), ("x",), (), (), ("x",)]
    assert [problem.message for problem in file.problems] == [
        "d should be a list, not keys with values",
        "an entry of e should be text, not a list",
    ]


def test_mappings() -> None:
    value, file = root("a: 1\nb: 2\na: 3\n? [x]\n: y\nlabl: z\n")
    body = value.mapping("it", ["a", "b", "label"])
    assert [body[key].text(key) for key in body] == ["1", "2"]
    assert [(p.line, p.message) for p in file.problems] == [
        (3, "key 'a' stands twice in it; the first is in line 1"),
        (4, "a key of it should be text, not a list"),
        (6, "unknown key 'labl' in it; did you mean 'label'?"),
    ]
    assert [key.text("a key") for key in root("x: 1\ny: 2")[0].keys()] == ["x", "y"]  # noqa: SIM118
    assert root("x")[0].mapping("it") == {}


def test_places_and_carets() -> None:
    value, file = root("a:\n  b: x\n")
    inner = value.mapping("it")["a"].mapping("a")["b"]
    assert inner.place == Place("x.yaml", 2, 6)
    assert str(inner.place) == "x.yaml:2"
    inner.problem("no good")
    assert file.problems[0].render() == "x.yaml:2:6: no good\n      b: x\n         ^"


def test_nearest() -> None:
    assert nearest("patern", ["pattern", "label"]) == "; did you mean 'pattern'?"
    assert nearest("zzz", ["b", "a"]) == "; known: a, b"
    assert nearest("zzz", [str(number) for number in range(100)]) == ""
    assert nearest("zzz", []) == ""
