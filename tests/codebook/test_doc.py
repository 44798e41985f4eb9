"""The codebook as a page: complete, escaped, and one file."""

# ruff: noqa: E501 -- the codebook is written one entry a line

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from eventcoder.codebook.doc import document
from eventcoder.codebook.model import Codebook
from eventcoder.codebook.shipped import shipped_codebooks
from eventcoder.errors import CodebookError, InputError

BOOK = """\
codebook: small
label: A <b>small</b> & simple one
version: "1.2"
compounds: [air strike]
words:
  talks: [talk, "<meeting>"]
groups: {soft: [meet]}
categories:
  meet:
    label: Meet | talk
    definition: "They *meet*; see `x` <script>alert(1)</script>."
    cameo: "040"
    code: M1
    mirror: same
    patterns:
      - hold {talks} with TARGET
      - {pattern: visit TARGET, cameo: "042", status: planned, priority: 2, subject: [that], target: NATO, source: speaker}
      - {pattern: call on TARGET, nothing: true}
      - note EVENT:soft -> 041
    examples:
      - {text: "Kenya <i>met</i> Somalia.", events: [{source: KEN, target: SOM}, {source: KEN, cameo: "042", status: planned}], date: 2022-01-27}
      - {text: They met the demands., events: [], known_miss: hard}
  quiet:
    silent: true
    target_from: [addressee]
rewrites:
  - {category: meet, status: [planned], speaker: source, becomes: meet, cameo: "036"}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(BOOK)
    return path


class Checker(HTMLParser):
    """Collects tags, text and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.seen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data


def read(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    return checker


def test_markdown(book: Path) -> None:
    page = document(book)
    for line in (
        "# A \\<b\\>small\\</b\\> & simple one",
        "Codebook `small`, version 1.2: 1 categories, 4 patterns.",
        "| `meet` | Meet \\| talk | 040 | 4 | 2 |",
        "They \\*meet\\*; see 'x' \\<script\\>alert(1)\\</script\\>.",
        "- CAMEO: `040` (Consult)",
        "- Own code: `M1`",
        "- Mirrored: with the same code",
        "- `hold {talks} with TARGET`",
        "- `visit TARGET` (CAMEO 042; status planned; target NATO; source speaker; subject `that`; priority 2)",
        "- `call on TARGET` (codes nothing)",
        "- `note EVENT:soft -> 041`",
        "- Kenya \\<i\\>met\\</i\\> Somalia. → `KEN to SOM`; `KEN to any 042 planned` (story of 2022-01-27)",
        "- They met the demands. (not coded so yet: hard)",
        "- Makes no rows of its own; it serves other patterns and rewrites.",
        "- A target that is not named beside the act is looked for in: addressee",
        "`{talks}`: \\<meeting\\>, talk",
        "air strike",
        "- `soft`: meet",
        "- meet that is planned, said by the source: becomes `meet`, CAMEO `036`, actual",
    ):
        assert line in page.splitlines(), line


def test_html_is_escaped_and_whole(book: Path) -> None:
    page = document(book, "html")
    checker = read(page)
    assert not checker.tags & {"script", "b", "i", "meeting", "link", "img"}
    assert "<script>alert(1)</script>" in checker.seen
    assert "Kenya <i>met</i> Somalia." in checker.seen
    assert "A <b>small</b> & simple one" in checker.seen
    assert '<h2 id="meet">Meet | talk</h2>' in page
    assert "http" not in page


def test_names_cannot_break_out_of_attributes(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("codebook: x\ncategories:\n  '\"><script>': {label: a, cameo: '010'}\n")
    assert "script" not in read(document(path, "html")).tags


@pytest.mark.parametrize("name", sorted(shipped_codebooks()))
def test_shipped_codebooks_have_pages(name: str) -> None:
    book = Codebook.read(name)
    page, html = document(book), document(book, "html")
    seen = read(html).seen
    for category in book.categories:
        assert f"`{category.name}`" in page
        for example in category.examples:
            assert example.text.replace("`", "'") in seen
        for pattern in category.patterns:
            assert f"`{pattern.form.text}`" in page
            assert pattern.form.text in seen


def test_bad_use(book: Path) -> None:
    with pytest.raises(InputError, match="no format 'pdf'; there are markdown and html"):
        document(book, "pdf")
    with pytest.raises(CodebookError, match="no such codebook"):
        document("crisi")
