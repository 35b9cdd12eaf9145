"""Masks: stable, one-way, with a key that stays with its owner."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.book import Book, County
from analysis.disclosure import masks
from analysis.disclosure.masks import Masks
from analysis.messages import AnalysisError
from tests.conftest import Put
from tests.disclosure import county

NAME = "宏达精密机械有限公司"


@pytest.fixture
def real(put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A book of a county that is no sample, in a project of its own."""
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))
    found = county.book(put("hazards", 2023, county.hazards(2023)[:3]))
    return replace(found, county=County("330000", "某县", sample=False))


def test_a_mask_is_the_keyed_hash_of_the_name() -> None:
    """HMAC as FIPS 198-1 defines it, written out: hash of outer pad and hash of inner pad and name."""
    key = (b"k" * 32).ljust(64, bytes(1))
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + f"enterprise:{NAME}".encode()).digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).hexdigest()
    assert Masks(b"k" * 32)(NAME) == f"企业-{outer[:12].upper()}"


def test_a_mask_tells_nothing_without_the_key() -> None:
    """Another key gives another mask, a plain hash of the name is not it, and no print shows the key."""
    own = Masks(b"k" * 32)
    assert own(NAME) != Masks(b"l" * 32)(NAME)
    assert hashlib.sha256(NAME.encode()).hexdigest()[:12].upper() not in own(NAME)
    assert "kkk" not in repr(own)


def test_a_thousand_enterprises_have_a_thousand_masks() -> None:
    own = Masks(b"k" * 32)
    assert len({own(f"第{number}厂") for number in range(1000)}) == 1000


def test_the_key_is_made_once_and_its_owner_alone_may_read_it(real: Book) -> None:
    """Asked for, it is not made; a second asker gets the first one's; mode 600."""
    assert masks.known(real) is None
    first = masks.made(real)
    file = masks.key_file(real)
    assert file.stat().st_mode & 0o777 == 0o600
    assert masks.made(real) == first == masks.known(real)


@pytest.mark.parametrize(("content", "mode", "code"), [("00", 0o600, "broken"), ("ab" * 32, 0o644, "open")])
def test_a_key_that_is_none_or_lies_open_is_refused(real: Book, content: str, mode: int, code: str) -> None:
    file = masks.key_file(real)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="ascii")
    file.chmod(mode)
    with pytest.raises(AnalysisError) as refused:
        masks.known(real)
    assert refused.value.message.code == f"mask_key_{code}"
