"""Whether the caps of pyproject.toml can go: the store's tests with each capped package at its newest.

Run by `make canary` in its own environment, after the tests of what is allowed have passed.
"""

from __future__ import annotations

import subprocess
import sys

CAPPED = ("duckdb", "sqlglot", "ibis-framework", "pyspark")
TESTS = [f"tests/test_{name}.py" for name in ("indicators", "prepare", "doctor")]


def main() -> None:
    """Tell for each capped package whether the tests of the store pass on its newest release."""
    for package in CAPPED:
        before = _installed(package)
        _install(package, "--upgrade")
        newest = _installed(package)
        if newest == before:
            print(f"{package} {before}: no newer release")
            continue
        tested = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", *TESTS], check=False)
        print(f"{package} {newest}: {'still fails, keep' if tested.returncode else 'works, lift'} its cap")
        _install(f"{package}=={before}")


def _install(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *words], check=True)


def _installed(package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return told.stdout.strip()


if __name__ == "__main__":
    main()
