"""run.json: what a run did, in a versioned form that the index and the next run read.

Standard library only, so that a run with nothing to do stays quick.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from analysis import package
from analysis.publish import publish_json

SCHEMA = 1
NAME = "run.json"
Status = Literal["done", "failed"]


@dataclass(frozen=True)
class NotebookRecord:
    """How one notebook of a run ended; ``failed_cell`` is the number that the notebook shows.

    ``before`` are the headlines of the last completed run before this one; ``sectors`` says where the report
    treats which sector.
    """

    name: str
    title: str
    status: Status
    report: str | None
    fingerprint: str
    seconds: float
    failed_cell: int | None = None
    error: str | None = None
    headlines: list[dict[str, Any]] = field(default_factory=list)
    before: list[dict[str, Any]] | None = None
    sectors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RunRecord:
    """One county's period in one edition: its notebooks, its inputs, its parameters and versions."""

    period: str
    county: dict[str, Any]
    edition: str
    as_of: str
    parameters: dict[str, Any]
    inputs: list[dict[str, Any]]
    versions: dict[str, str]
    started: str
    seconds: float
    notebooks: list[NotebookRecord]
    schema: int = SCHEMA

    def notebook(self, name: str) -> NotebookRecord | None:
        """The record of one notebook."""
        return next((record for record in self.notebooks if record.name == name), None)


def settled(notebook: NotebookRecord) -> NotebookRecord:
    """The record of a notebook that a run leaves as it is: a finished one has changed nothing since."""
    return replace(notebook, before=notebook.headlines) if notebook.status == "done" else notebook


def write(folder: Path, record: RunRecord) -> None:
    """Publish a run's record in its report folder, with what its edition may say."""
    publish_json(folder / NAME, asdict(_without_secrets(record)))


def _without_secrets(record: RunRecord) -> RunRecord:
    """Outside the internal edition no files, and of an error only its kind: it may name an enterprise."""
    if record.edition == "internal":
        return record
    silent = [replace(one, error=one.error and one.error.split(":")[0]) for one in record.notebooks]
    return replace(record, inputs=[], notebooks=silent)


def read(folder: Path) -> RunRecord | None:
    """The record of the last run in a report folder; none where there is none to read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        notebooks = [NotebookRecord(**notebook) for notebook in content.pop("notebooks")]
        record = RunRecord(**content, notebooks=notebooks)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return record if record.schema == SCHEMA else None


def files(reports: Path) -> list[Path]:
    """Every run.json of an edition's folder: in a period's folder, or a county's below that."""
    return sorted([*reports.glob(f"[12]*/{NAME}"), *reports.glob(f"[12]*/*/{NAME}")])


def fingerprint(parts: Mapping[str, object], files: Iterable[Path]) -> str:
    """One hash of everything a report depends on: named values and the content of files."""
    contents = [[file.name, _content(file)] for file in files]
    return hashlib.sha256(json.dumps([parts, contents], sort_keys=True, default=str).encode()).hexdigest()


def _content(file: Path) -> str:
    """The hash of a file; empty where there is none."""
    try:
        state = file.stat()
    except FileNotFoundError:
        return ""
    return _hash_in_state(file, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=10_000)
def _hash_in_state(file: Path, size: int, changed: int) -> str:
    """A file is read once in a run: the reports of a county share the manifests of its years."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def package_fingerprint(root: Path) -> str:
    """A hash of the package with its vocabulary and template, and of the locked environment."""
    return fingerprint(package.hashes(), [root / "requirements.lock", root / "analysis.toml"])
