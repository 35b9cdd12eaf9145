r"""Summary documents → text: .txt (UTF-8 or GB18030), .md, .docx and .pdf with their tables, .html.

A table becomes one line per row with " | " between its cells; a cell that spans several columns is repeated
in each. Line ends are ``\n`` throughout, and offsets of figures count in the text that comes out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from analysis.messages import AnalysisError
from analysis.sources.extents import MAX_FILE_BYTES, MAX_UNPACKED_BYTES

CELL_MARK = " | "
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{3,20})", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\xa0\u3000]+")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
        "title",
        "caption",
    ]
)
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "head"})
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Document:
    """A document's name and its text."""

    name: str
    text: str


def read_text(path: Path) -> Document:
    """The text of a summary.

    Raises:
        AnalysisError: ``document_missing``, ``document_kind``, ``document_too_large``, ``document_damaged``,
            ``document_encoding`` or ``document_without_text``.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise AnalysisError("document_kind", file=path.name, kinds="、".join(_READERS))
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise AnalysisError("document_too_large", file=path.name, limit=MAX_FILE_BYTES // 10**6)
        text = reader(path)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise AnalysisError("document_missing", file=path.name) from error
    if not text.strip():
        raise AnalysisError("document_without_text", file=path.name)
    return Document(path.name, text)


def _plain(path: Path) -> str:
    return _lines(_decode(path.read_bytes(), path.name))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content, encoding, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(content, "gb18030", name)


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise AnalysisError("document_encoding", file=name) from error


# -- Word


def _word(path: Path) -> str:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    _refuse_bomb(path)
    try:
        content = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise AnalysisError("document_damaged", file=path.name, detail=type(error).__name__) from error
    return "\n".join(line for block in content.iter_inner_content() for line in _word_block(block))


def _word_block(block: object) -> Iterator[str]:
    rows = getattr(block, "rows", None)
    if rows is None:
        yield from str(getattr(block, "text", "")).split("\n")
        return
    for row in rows:
        yield CELL_MARK.join(_BLANKS.sub(" ", cell.text.replace("\n", " ")).strip() for cell in row.cells)


def _refuse_bomb(path: Path) -> None:
    try:
        with ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except BadZipFile as error:
        raise AnalysisError("document_damaged", file=path.name, detail="ZIP") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise AnalysisError("document_too_large", file=path.name, limit=MAX_UNPACKED_BYTES // 10**6)


# -- PDF


def _pdf(path: Path) -> str:
    import pdfplumber
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path) as pages:
            return "\n".join(line for page in pages.pages for line in _page_lines(page))
    except (PdfminerException, PDFSyntaxError, ValueError, TypeError, KeyError) as error:
        raise AnalysisError("document_damaged", file=path.name, detail=type(error).__name__) from error


def _page_lines(page: object) -> Iterator[str]:
    """The page's paragraphs, their lines put together again, and the rows of its tables where they stand."""
    tables = page.find_tables()  # type: ignore[attr-defined]
    inside = [table.bbox for table in tables]
    lines = [line for line in page.extract_text_lines() if not _within(line, inside)]  # type: ignore[attr-defined]
    blocks = [(top, text) for top, text in _paragraphs(lines)]
    for table in tables:
        rows = (CELL_MARK.join((cell or "").replace("\n", "") for cell in row) for row in table.extract())
        blocks.append((float(table.bbox[1]), "\n".join(rows)))
    yield from (text for _, text in sorted(blocks))


def _within(line: dict[str, float], boxes: list[tuple[float, float, float, float]]) -> bool:
    middle = (line["top"] + line["bottom"]) / 2
    return any(box[1] <= middle <= box[3] and box[0] - 1 <= line["x0"] <= box[2] for box in boxes)


def _paragraphs(lines: list[dict[str, float]]) -> Iterator[tuple[float, str]]:
    """Lines that reach the right edge go on in the next one."""
    edge = max((line["x1"] for line in lines), default=0.0)
    held, top = "", 0.0
    for line in lines:
        top = top if held else line["top"]
        held += str(line["text"])
        size = line["bottom"] - line["top"]
        if line["x1"] < edge - 1.6 * size:
            yield top, held
            held = ""
    if held:
        yield top, held


# -- HTML


def _html(path: Path) -> str:
    content = path.read_bytes()
    declared = _META_CHARSET.search(content[:4096])
    charset = declared[1].decode("ascii").lower() if declared else ""
    text = _strict(content, "gb18030", path.name) if charset.startswith("gb") else _decode(content, path.name)
    parser = _Page()
    parser.feed(text)
    parser.close()
    return parser.text()


class _Page(HTMLParser):
    """Gathers the visible text of a page, a line per block and per table row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._cells: list[str] | None = None
        self._span = 1
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += tag != "head" or 0
        if tag in ("td", "th"):
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), _MOST_COLUMNS) if span.isascii() and span.isdigit() else 1
            self._cells = self._cells if self._cells is not None else []
        elif tag in _BLOCKS and (self._cells is None or tag in ("tr", "table")):
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and tag != "head":
            self._hidden = max(0, self._hidden - 1)
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in _BLOCKS and (self._cells is None or tag in ("tr", "table")):
            self._end_line()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._line.append(data)

    def _end_cell(self) -> None:
        if self._cells is not None and self._line:
            self._cells += [self._taken()] * self._span
        elif self._cells is None:
            self._end_line()

    def _end_line(self) -> None:
        if self._cells is not None:
            self._end_cell()
            self._lines.append(CELL_MARK.join(self._cells))
            self._cells = None
        elif text := self._taken():
            self._lines.append(text)

    def _taken(self) -> str:
        text = _BLANKS.sub(" ", "".join(self._line).replace("\n", " ").replace("\r", " ")).strip()
        self._line.clear()
        return text

    def text(self) -> str:
        """The page's lines."""
        self._end_line()
        return "\n".join(line for line in self._lines if line)


_READERS: dict[str, Callable[[Path], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".docx": _word,
    ".pdf": _pdf,
    ".html": _html,
    ".htm": _html,
}
