"""Preparing many county-years: several at a time, each in a process forked from the warm server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from analysis import prepare, raw
from analysis.messages import Message
from analysis.prepare import Failure, Outcome
from analysis.raw import CountyFolder
from analysis.run import server
from analysis.settings import Folders

MANY = 4
"""Fewer are done before the server has its imports done."""


def at_once(folders: Folders, sources: Sequence[CountyFolder]) -> Iterator[Outcome]:
    """Prepare county-years; those that stand already are only told. Each is told when it is done."""
    stale = [source for source in sources if not raw.is_current(folders, source)]
    if len(stale) < MANY or not server.CAN_FORK:
        yield from prepare.one_by_one(folders, sources)
        return
    yield from prepare.one_by_one(folders, [source for source in sources if source not in stale])
    yield from _forked(folders, stale)


def _forked(folders: Folders, sources: Sequence[CountyFolder]) -> Iterator[Outcome]:
    told: set[CountyFolder] = set()
    for (_, source), outcome in server.each(_serve, [(folders, one) for one in sources], os.cpu_count() or 1):
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is not None:
            told.add(source)
            yield outcome
        elif source not in told:
            crashed = Message("preparation_crashed", file=str(source.year))
            yield Failure(source.year, source.county.code, source.county.name, (crashed,))


def _serve(pipe: Any, wanted: tuple[Folders, CountyFolder]) -> None:
    try:
        pipe.send(prepare.outcome(*wanted))
    except Exception as fault:  # a full disk, or a fault of this package: it ends the command
        pipe.send(fault)
