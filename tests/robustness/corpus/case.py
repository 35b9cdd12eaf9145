"""What a bad file is, and what should become of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.workbook_files import LEDGER, ledger_row

Fate = Literal["loaded", "quarantined", "refused"]


@dataclass(frozen=True)
class Case:
    """A file, how it is made, and what must become of it.

    ``code`` is the message's or the quarantine reason; where a file is loaded, a note that must be told, or
    empty. ``heavy`` cases run in a process of their own, whose memory is measured.
    """

    name: str
    file: str
    make: Callable[[Path], object]
    fate: Fate
    code: str = ""
    heavy: bool = False


def written(content: bytes | str) -> Callable[[Path], object]:
    """A file of just these bytes."""
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def ledger_text(*rows: list[Any], header: tuple[str, ...] = LEDGER) -> str:
    """A ledger as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *rows])
    return buffer.getvalue()


def row(**changes: Any) -> list[Any]:
    """A ledger's row with other cells; the header of LEDGER names the columns."""
    return ledger_row(1, **changes)
