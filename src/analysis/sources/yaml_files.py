"""Reading YAML safely: no objects, no aliases, no depth or size that holds the parser up; keys checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import yaml

from analysis.messages import AnalysisError

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
_Loaded = TypeVar("_Loaded", dict[str, Any], list[Any])


@dataclass(frozen=True)
class Entry:
    """A mapping of a file, which knows its lines and what messages call it (``items.2``)."""

    given: dict[Any, Any]
    node: yaml.MappingNode
    file: str
    label: str = ""

    def refuse(self, code: str, key: str = "", **values: Any) -> NoReturn:
        """Refuse the file, naming the line and the key.

        Raises:
            AnalysisError: Always.
        """
        place = ".".join(part for part in (self.label, key.lstrip(".")) if part)
        raise AnalysisError(code, file=self.file, row=self._line(key), column=place or None, **values)

    def check_keys(self, allowed: tuple[str, ...]) -> None:
        """Refuse a key that is not known (``yaml_unknown_key``)."""
        for key in self.given:
            if key not in allowed:
                self.refuse("yaml_unknown_key", str(key), name=key, allowed="、".join(allowed))

    def children(self, key: str) -> Iterator[Entry]:
        """The mappings of the list below a key; none where the key is absent or empty."""
        found = self.given.get(key) or []
        if not isinstance(found, list):
            self.refuse("yaml_value", key, value=found, example=f"{key}: [{{…}}]")
        nodes = next((value for name, value in self.node.value if name.value == key), None)
        below = nodes.value if isinstance(nodes, yaml.SequenceNode) else ()
        label = ".".join(part for part in (self.label, key) if part)
        for number, (one, node) in enumerate(zip(found, below, strict=True), 1):
            if not isinstance(one, dict) or not isinstance(node, yaml.MappingNode):
                self.refuse("yaml_value", f"{key}.{number}", value=one, example="{…}")
            yield Entry(one, node, self.file, f"{label}.{number}".lstrip("."))

    def _line(self, key: str) -> int:
        named = (name for name, _ in self.node.value if name.value == key.partition(".")[0])
        node = next(named, self.node)
        return int(node.start_mark.line) + 1


def entries(path: Path, name: str) -> list[Entry]:
    """The mappings of a file that holds a list of them.

    Raises:
        AnalysisError: ``yaml_invalid`` or ``yaml_value``.
    """
    found = load(path, name, list)
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    if not found or node is None:
        return []
    whole = yaml.MappingNode("", [(yaml.ScalarNode("", "", node.start_mark), node)], node.start_mark)
    return list(Entry({"": found}, whole, name).children(""))


def load(path: Path, name: str, kind: type[_Loaded]) -> _Loaded:
    """What a file holds; an empty one holds an empty list or mapping.

    Raises:
        AnalysisError: ``yaml_invalid``: it cannot be read, or is of the other kind.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AnalysisError("yaml_invalid", file=name, detail=f"> {MAX_BYTES} bytes")
        text = path.read_text(encoding="utf-8-sig")
        _refuse_depth(text, name)
        _refuse_aliases(text, name)
        found = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise AnalysisError("yaml_invalid", file=name, detail=" ".join(str(error).split())) from error
    found = kind() if found is None else found
    if not isinstance(found, kind):
        raise AnalysisError("yaml_invalid", file=name, detail=f"{type(found).__name__} ≠ {kind.__name__}")
    return found


def _refuse_depth(text: str, name: str) -> None:
    """The parser's time grows with the square of the depth, and no file of ours is deep."""
    steps = (1 if bracket in "[{" else -1 for bracket in re.findall(r"[\[\]{}]", text))
    if max(accumulate(steps), default=0) > MAX_DEPTH or re.search(rf"(?:[-?]\s+){{{MAX_DEPTH}}}", text):
        raise AnalysisError("yaml_invalid", file=name, detail="[[[…")


def _refuse_aliases(text: str, name: str) -> None:
    """Anchors that refer to each other can unfold to gigabytes, and no file of ours needs one."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
        raise AnalysisError("yaml_invalid", file=name, detail="&/*")


def table_of(entry: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    """The mapping below a key, empty where the key is absent.

    Raises:
        AnalysisError: ``yaml_value``: it is no mapping.
    """
    found = entry.get(key) or {}
    if not isinstance(found, dict):
        raise AnalysisError("yaml_value", file=name, column=key, value=found, example=f"{key}: {{a: b}}")
    return cast(dict[str, Any], found)


def check_keys(entry: Mapping[Any, Any], allowed: tuple[str, ...], name: str) -> None:
    """Refuse a key that is not known.

    Raises:
        AnalysisError: ``yaml_unknown_key``.
    """
    for key in entry:
        if key not in allowed:
            raise AnalysisError("yaml_unknown_key", file=name, name=key, allowed="、".join(allowed))


def one_of(key: str, value: object, allowed: tuple[str, ...], name: str) -> None:
    """Refuse a value that is none of the allowed.

    Raises:
        AnalysisError: ``yaml_value``.
    """
    if value not in allowed:
        raise AnalysisError("yaml_value", file=name, column=key, value=value, example="、".join(allowed))
