"""Approving a public edition: the release record that every later decision has to reckon with."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from analysis.disclosure import earlier, masks
from analysis.disclosure.earlier import Earlier
from analysis.run.plan import Edition
from analysis.settings import Folders


def approve(edition: Edition, folders: Folders, approved_by: str) -> Path:
    """Write down what a public edition published and hid, and who approved it.

    Returns:
        The record, below reports/releases: it says why cells are hidden, so it stays in the office.
    """
    from analysis import book
    from analysis.disclosure import decision

    found = book.of(edition.parameters)
    decided, key = decision.made(found), masks.made(found)
    released = Earlier(
        decided.cutoffs,
        decided.published,
        decided.hidden,
        earlier.masked(found, decided.published, key),
        key.mark,
    )
    return earlier.write(
        folders.releases(edition.county.code) / f"{edition.period}_{found.scope.as_of}.json",
        released,
        approved_by=approved_by,
        approved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        period=str(edition.period),
        reports={file.name: _hash(file) for file in sorted(edition.folder.glob("*.html"))},
    )


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
