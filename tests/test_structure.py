"""The house: arrows point down, notebooks hold no logic, two package lists agree, only one room writes."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from analysis import vocabulary

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "analysis"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

FLOORS = [
    {"publish", "package", "messages", "vocabulary", "stats"},
    {
        "settings",
        "period",
        "parameters",
        "schema",
        "scope",
        "standards",
        "assessment",
        "incidents",
        "duties",
        "fulfilment",
        "counted",
        "lock",
    },
    {"sources", "raw", "store"},
    {"batch", "indicators", "seen", "sums"},
    {"account", "conservation", "corrections", "derived", "duplicates", "planned", "quarantine", "stated"},
    {"prepare", "reconcile", "book", "region", "disclosure", "printed"},
    {"report"},
    {"chapters"},
    {"run", "template"},
    {"doctor"},
    {"official_document"},
    {"live", "progress"},
    {"cli"},
    {"__main__"},
]
"""Rooms from the ground up; a room may use its own floor and those below."""


def rooms() -> dict[str, int]:
    return {room: level for level, floor in enumerate(FLOORS) for room in floor}


def imported_rooms(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "analysis":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
            found.add(str(node.module).split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("analysis.")}
    return found


def source_files() -> list[Path]:
    return [file for file in sorted(SOURCE.rglob("*.py")) if file.parent != SOURCE or file.stem != "__init__"]


@pytest.mark.parametrize("file", source_files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_each_floor_uses_only_floors_below(file: Path) -> None:
    own = rooms()[file.relative_to(SOURCE).parts[0].removesuffix(".py")]
    above = {room for room in imported_rooms(file) if rooms()[room] > own}
    assert not above


def test_statistics_know_nothing_of_the_project() -> None:
    for file in (SOURCE / "stats").glob("*.py"):
        assert imported_rooms(file) <= {"stats"}, file.name


def test_only_one_room_writes_files() -> None:
    writing = re.compile(
        r"\.write_(text|bytes)\(|open\([^)]*[\"'][wax]b?[\"']|\.to_(csv|parquet|excel|html)\([^)]*path"
    )
    for file in SOURCE.rglob("*.py"):
        if file.name != "publish.py":
            assert not writing.search(file.read_text(encoding="utf-8")), file.name


def test_every_registered_notebook_is_there_and_no_other() -> None:
    assert {file.stem for file in NOTEBOOKS} == set(vocabulary.notebooks())


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_tell_the_story_and_hold_no_logic(file: Path) -> None:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code), "committed with outputs"
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for cell in code:
        tree = ast.parse("".join(cell["source"]))
        banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If)
        assert not any(isinstance(node, banned) for node in ast.walk(tree))
        assert imported_modules(tree) <= {"analysis", "matplotlib", "seaborn"}


def imported_modules(tree: ast.AST) -> set[str]:
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {module.split(".")[0] for module in modules}


def test_conda_users_get_the_same_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = [entry for entry in environment if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in environment if isinstance(entry, dict))
    listed = {entry for entry in [*conda, *pip] if not entry.startswith(("--", "pip"))}
    assert listed == {f"python{project['requires-python']}", *project["dependencies"]}


@pytest.mark.parametrize(
    ("file", "extras"),
    [("requirements.lock", ("dev",)), ("requirements-province.lock", ("dev", "spark", "cluster"))],
)
def test_a_lock_pins_every_dependency_with_hashes_and_no_address(file: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / file).read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==", lock, flags=re.M))
    more = [name for extra in extras for name in project["optional-dependencies"][extra]]
    wanted = [*project["dependencies"], *more]
    names = {re.split(r"[\[<>=~! ]", name)[0].lower() for name in wanted}
    assert names <= pinned
    assert "://" not in lock
    assert all("--hash=" in block for block in re.split(r"\n(?=\S)", lock) if "==" in block)


def test_results_are_not_kept_in_the_repository() -> None:
    for folder in ("data/processed", "reports"):
        assert f"{folder}/*" in (ROOT / ".gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_file_and_a_function_can_be_taken_in_at_a_reading(file: Path) -> None:
    """At most 400 lines a file, and 40 a function beside its docstring."""
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert {node.name for node in functions if lines(node) > 40} == set()


def lines(function: ast.FunctionDef) -> int:
    """The lines of a function without its docstring."""
    first = function.body[0]
    docstring = ast.get_docstring(function) is not None
    told = (first.end_lineno or 0) - first.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told
