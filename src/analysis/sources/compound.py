"""Old workbooks lie in a compound file, a small file system: its chains of sectors must end.

A damaged file may have a chain that leads back to itself, and the reader follows it until the memory of the
machine is full; so every chain is followed here first. Source: [MS-CFB], Compound File Binary File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from analysis.messages import AnalysisError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""Sector numbers above are marks: free, end of chain, and the like."""
_MINI_CUTOFF = 4096
"""Streams below this size lie in the mini stream and have chains of their own table."""
_ROOT = 5


class _Broken(Exception):  # noqa: N818
    """A chain that does not end within the file, or leaves it."""


def require_ending_chains(content: bytes, name: str) -> None:
    """Refuse a compound file with a chain of sectors that does not end; what is none is left to the reader.

    Raises:
        AnalysisError: ``workbook_damaged``.
    """
    if not content.startswith(MAGIC):
        return
    try:
        _follow_all(content)
    except (_Broken, struct.error) as error:
        raise AnalysisError("workbook_damaged", file=name, detail="compound file") from error


def _follow_all(content: bytes) -> None:
    size = 1 << _shift(content)
    directory, mini_table, more_tables = (
        struct.unpack_from("<I", content, offset)[0] for offset in (48, 60, 68)
    )
    table = _numbers(content, size, _table_sectors(content, size, more_tables))
    minis = _numbers(content, size, _chain(table, mini_table))
    entries = b"".join(_sector(content, size, sector) for sector in _chain(table, directory))
    for kind, start, length in _streams(entries):
        in_mini = length < _MINI_CUTOFF and kind != _ROOT
        _chain(minis if in_mini else table, start)


def _shift(content: bytes) -> int:
    shift = int(struct.unpack_from("<H", content, 30)[0])
    if shift not in (9, 12):
        raise _Broken
    return shift


def _table_sectors(content: bytes, size: int, more: int) -> list[int]:
    """The sectors of the allocation table: 109 in the header, the others in a chain of lists."""
    found = list(struct.unpack_from("<109I", content, 76))
    for _ in range(len(content) // size + 1):
        if more >= _LAST:
            return [sector for sector in found if sector < _LAST]
        numbers = _numbers(content, size, [more])
        found += numbers[:-1]
        more = numbers[-1] if numbers else _LAST
    raise _Broken


def _numbers(content: bytes, size: int, sectors: Sequence[int]) -> list[int]:
    """What sectors hold, read as numbers of sectors."""
    joined = b"".join(_sector(content, size, sector) for sector in sectors)
    return [number for (number,) in struct.iter_unpack("<I", joined[: len(joined) // 4 * 4])]


def _sector(content: bytes, size: int, number: int) -> bytes:
    return content[size * (number + 1) : size * (number + 2)]


def _chain(table: Sequence[int], start: int) -> list[int]:
    """The sectors of a chain; one that is longer than its table comes back to itself."""
    found: list[int] = []
    while start < _LAST:
        if start >= len(table) or len(found) > len(table):
            raise _Broken
        found.append(start)
        start = table[start]
    return found


def _streams(entries: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, first sector and length of each entry of the directory that has content."""
    for offset in range(0, len(entries) - 127, 128):
        kind = entries[offset + 66]
        start, length = struct.unpack_from("<II", entries, offset + 116)
        if kind and length:
            yield kind, start, length
