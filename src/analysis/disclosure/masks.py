"""Keyed masks (带密钥的企业代号): what a release record holds in place of an enterprise's name.

A mask is an HMAC-SHA-256 (FIPS 198-1) of the name, cut to 48 bits: the same enterprise has the same mask in
every record of an office, and whoever lacks the office's key can neither read a name out of it nor try names
against it. No page of any edition shows one: a code that is the same in two editions would join them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from analysis.book import Book
from analysis.messages import AnalysisError
from analysis.publish import publish
from analysis.settings import Folders

PREFIX = "企业-"
_KEY_BYTES = 32
_DIGITS = 12
_OTHERS = 0o077
"""The rights of anybody but the owner."""


@dataclass(frozen=True)
class Masks:
    """The masks that one key makes."""

    key: bytes = field(repr=False)

    def __call__(self, name: str) -> str:
        """An enterprise's mask."""
        return PREFIX + self._digest(f"enterprise:{name}")

    @property
    def mark(self) -> str:
        """Tells whether two records were made with the same key."""
        return self._digest("mark:")

    def _digest(self, words: str) -> str:
        return hmac.new(self.key, words.encode(), hashlib.sha256).hexdigest()[:_DIGITS].upper()


def known(book: Book) -> Masks | None:
    """The masks of a book's office; none where its key was never made, or is gone.

    Raises:
        AnalysisError: ``mask_key_open`` where others may read the key, ``mask_key_broken`` where it is none.
    """
    if book.county.sample:
        return Masks(bytes.fromhex(files(__package__).joinpath("sample.key").read_text("ascii")))
    file = key_file(book)
    return _read(file) if file.exists() else None


def made(book: Book) -> Masks:
    """The masks of a book's office; makes the key where there is none.

    Raises:
        AnalysisError: ``mask_key_open`` or ``mask_key_broken``.
    """
    if (masks := known(book)) is not None:
        return masks
    publish(key_file(book), secrets.token_hex(_KEY_BYTES) + "\n", private=True)
    return _read(key_file(book))


def key_file(book: Book) -> Path:
    """Where the office's key lies: below data, in no report and in no repository."""
    return Folders.find(processed=book.store.processed).mask_key


def _read(file: Path) -> Masks:
    if os.name != "nt" and file.stat().st_mode & _OTHERS:
        raise AnalysisError("mask_key_open", file=file.name)
    try:
        key = bytes.fromhex(file.read_text("ascii"))
    except ValueError as error:
        raise AnalysisError("mask_key_broken", file=file.name) from error
    if len(key) != _KEY_BYTES:
        raise AnalysisError("mask_key_broken", file=file.name)
    return Masks(key)
