"""What the package needs of a machine: Python, packages, font, kernel, engine, folders, notebooks, data.

Each check says what it found, or fails with a message that tells how to mend it.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from packaging.requirements import Requirement

from analysis import raw, vocabulary
from analysis.messages import AnalysisError, Message, word
from analysis.publish import publish, withdraw
from analysis.report import fonts
from analysis.run.executor import KERNEL
from analysis.settings import Folders, settings
from analysis.store import Store

DISTRIBUTION = "work-safety-analysis"
OLDEST_PYTHON = (3, 11)
_PROBE = "doctor-probe.txt"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what to say of it."""

    well: bool
    message: Message


def examine(folders: Folders) -> list[Finding]:
    """Everything that is looked at, in the order in which one mends it."""
    checks: dict[str, Callable[[Folders], str]] = {
        "python": _python,
        "packages": _packages,
        "output": _output,
        "font": _font,
        "kernel": _kernel,
        "store": _store,
        "settings": _settings,
        "notebooks": _notebooks,
        "processed": lambda folders: _writable(folders.processed),
        "reports": lambda folders: _writable(folders.reports),
        "raw": _raw,
    }
    return [_look(name, check, folders) for name, check in checks.items()]


def _look(name: str, check: Callable[[Folders], str], folders: Folders) -> Finding:
    try:
        detail = check(folders)
    except AnalysisError as error:
        return Finding(False, error.message)
    except OSError as error:
        return Finding(False, Message("disk_failed", values={"detail": str(error)}))
    return Finding(True, Message("doctor_well", values={"what": word(f"doctor_{name}"), "detail": detail}))


def _python(_: Folders) -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise AnalysisError("doctor_python", version=platform.python_version())
    return f"{platform.python_version()} {platform.system()}"


def _packages(_: Folders) -> str:
    """Every package that this one asks for is there, in a version that it allows."""
    needed = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [str(one) for one in needed if not _fits(one)]
    if wrong:
        raise AnalysisError("doctor_packages", packages="、".join(wrong))
    return str(len(needed))


def _fits(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False


def _output(_: Folders) -> str:
    """Messages are Chinese: an old Windows console in another code page cannot show them."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        "安全".encode(encoding)
    except UnicodeEncodeError as error:
        raise AnalysisError("doctor_output", encoding=encoding) from error
    return encoding


def _font(_: Folders) -> str:
    fonts.font_file()
    return fonts.FAMILY


def _kernel(_: Folders) -> str:
    try:
        return str(KernelSpecManager().get_kernel_spec(KERNEL).display_name)
    except NoSuchKernel as error:
        raise AnalysisError("doctor_kernel", name=KERNEL) from error


def _store(folders: Folders) -> str:
    """The engine starts and answers a question about the hazards that are there."""
    store = Store(folders.processed)
    try:
        return f"{sum(store.sizes('hazards').values()):,}"
    except AnalysisError:
        raise
    except Exception as error:  # each engine has errors of its own
        raise AnalysisError("doctor_store", detail=str(error).partition("\n")[0]) from error


def _settings(_: Folders) -> str:
    return str(settings().confidence_level)


def _notebooks(folders: Folders) -> str:
    names = vocabulary.notebooks()
    for name in names:
        if not (folders.notebooks / f"{name}.ipynb").is_file():
            raise AnalysisError("notebook_missing", file=f"{name}.ipynb")
    return str(len(names))


def _writable(folder: Path) -> str:
    try:
        withdraw(publish(folder / _PROBE, ""))
    except OSError as error:
        raise AnalysisError("doctor_folder", file=folder.name, detail=error.strerror) from error
    return folder.name


def _raw(folders: Folders) -> str:
    counties, years = raw.counties(folders), raw.years(folders)
    if not years:
        raise AnalysisError("doctor_raw")
    names = "、".join(county.name for county in counties.values())
    return f"{names} {years[0]}–{years[-1]}"
