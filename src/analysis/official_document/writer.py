"""Filling the Word template: values stay text, and the same content gives the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from analysis.messages import AnalysisError

TEMPLATE = Path(__file__).parent / "template" / "brief.docx"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can hold."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


def fill(template: Path, content: Mapping[str, Any]) -> bytes:
    """The template with its places filled in; a value is never markup, whatever it holds.

    Args:
        template: A Word file with docxtpl's tags.
        content: Values by name; strings, and lists and mappings of them.

    Raises:
        AnalysisError: ``template_unreadable`` where the file is no Word document or its tags do not work.
    """
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(template)
        document.render(_plain(content), environment, autoescape=True)
        filled = BytesIO()
        _without_times(document)
        document.save(filled)
    except (TemplateError, SyntaxError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise AnalysisError("template_unreadable", file=template.name, detail=error) from None
    return with_fixed_times(filled.getvalue())


def with_fixed_times(office_file: bytes) -> bytes:
    """The same office file with its entries in a fixed order, at a fixed time."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(office_file)) as read, zipfile.ZipFile(result, "w") as written:
        for name in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, read.read(name))
    return result.getvalue()


def _without_times(document: DocxTemplate) -> None:
    """Who wrote the template, and when, says nothing of the document."""
    properties = document.docx.core_properties
    properties.created = properties.modified = datetime(*_EPOCH, tzinfo=UTC)
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.revision = 1


def _plain(value: Any) -> Any:
    """The content with its strings free of what XML cannot hold."""
    if isinstance(value, str):
        return _NO_XML.sub("", value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
