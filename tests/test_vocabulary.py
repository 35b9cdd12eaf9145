"""The vocabulary: complete, unambiguous, and the only place where Chinese names stand."""

import csv
import importlib
import pkgutil
from pathlib import Path

import pytest

from analysis import chapters, vocabulary
from analysis.schema import TABLES
from analysis.sources import lexicon
from analysis.sums import ACTIVITY_INDICATORS, INCIDENT_INDICATORS, LEDGER_INDICATORS, RETURN_INDICATORS

KINDS = ["sector", "campaign", *sorted(vocabulary.value_lists())]


@pytest.mark.parametrize("kind", KINDS)
def test_no_written_form_leads_to_two_codes(kind: str) -> None:
    assert vocabulary.lookup(kind)


def test_every_sector_has_words_in_summaries() -> None:
    """Without a line in lexicon.csv a sector's figures would be read as the county's."""
    with_words = {word.sector for word in lexicon.words().values()}
    known = vocabulary.sectors().values()
    assert {sector.code for sector in known if sector.kind != "total"} - with_words == {"cross_sector"}


NAMED = {
    "campaigns": ("sector", vocabulary.sectors),
    "bodies": ("sector", vocabulary.sectors),
    "lexicon": ("sector", vocabulary.sectors),
    "standards": ("sectors", vocabulary.sectors),
    "readings": ("indicator", vocabulary.indicators),
    "plan_indicators": ("indicator", vocabulary.indicators),
    "examples": ("column", lambda: {column.column for column in vocabulary.columns()}),
}
"""By file, the column that names codes of another list, and that list."""


@pytest.mark.parametrize("file", NAMED)
def test_codes_that_one_list_names_stand_in_the_other(file: str) -> None:
    column, known = NAMED[file]
    named = {code for row in lexicon.rows(file) for code in row[column].split(";") if code}
    assert named
    assert named <= set(known())


def test_what_the_hub_counts_is_in_the_vocabulary() -> None:
    """Each code that the hub counts has its line, with its unit; each kind of activity has a name."""
    counted = {*LEDGER_INDICATORS, *RETURN_INDICATORS, *INCIDENT_INDICATORS, *ACTIVITY_INDICATORS}
    assert counted <= vocabulary.indicators().keys()
    kinds = {kind for kinds in ACTIVITY_INDICATORS.values() for kind in kinds}
    assert kinds <= vocabulary.values("activity_kind").keys()


def test_every_indicator_that_a_report_defines_has_a_definition() -> None:
    """An empty definition would be printed as a name with nothing after it."""
    defined = {
        code
        for module in pkgutil.iter_modules(chapters.__path__)
        for code in getattr(importlib.import_module(f"analysis.chapters.{module.name}"), "DEFINED", ())
    }
    assert defined
    assert [code for code in sorted(defined) if not vocabulary.indicators()[code].definition] == []


def test_every_table_of_the_template_has_columns_with_a_header_and_a_type() -> None:
    for table in TABLES:
        read = [column for column in vocabulary.columns(table) if column.origin == "file"]
        assert all(column.header and column.type for column in read), table


def test_shared_codes_are_all_known(shared: Path) -> None:
    """Labels of real documents use these codes; a missing one would make a figure `other` in silence."""
    for name, known in (("indicators", vocabulary.indicators()), ("sectors", vocabulary.sectors())):
        with (shared / "vocabulary" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            codes = {next(iter(row.values())) for row in csv.DictReader(file, delimiter="\t")}
        assert codes <= set(known)


def test_columns_have_known_types() -> None:
    plain = {
        "text",
        "date",
        "moment",
        "month",
        "deadline",
        "integer",
        "decimal",
        "money",
        "county",
        "credit_code",
    }
    known = plain | {"sector", "sectors", "campaign", "indicator"} | vocabulary.value_lists()
    assert {column.type for column in vocabulary.columns()} <= known


def test_headers_of_a_table_are_unambiguous() -> None:
    """A header that names two columns of one table would be guessed, not matched."""
    for table in {column.table for column in vocabulary.columns()}:
        seen: dict[str, str] = {}
        for column in vocabulary.columns(table):
            for header in filter(None, (column.header, *column.aliases)):
                form = vocabulary.normalise(header)
                assert seen.setdefault(form, column.column) == column.column, f"{table}: {header}"


def test_every_indicator_has_a_known_unit() -> None:
    compound = {"条/次"}
    assert {indicator.unit for indicator in vocabulary.indicators().values()} <= set(
        vocabulary.units()
    ) | compound


def test_local_mechanisms_are_not_explained() -> None:
    """A county's catchwords are named as they are; an invented explanation would be a false statement."""
    mechanisms = [c for c in vocabulary.campaigns().values() if c.kind == "mechanism"]
    assert mechanisms
    assert not any(mechanism.definition for mechanism in mechanisms)


def test_names_are_compared_without_width_case_or_spaces() -> None:
    assert vocabulary.normalise("罚款 金额（万元）\u200b") == vocabulary.normalise("罚款金额(万元)")


def test_code_spells_no_sector_name() -> None:
    """Sector names are data: a new sector is a line of a CSV file, not a change of code."""
    source = Path(vocabulary.__file__).parents[1]
    names = {sector.name_zh for sector in vocabulary.sectors().values() if len(sector.name_zh) > 2}
    for file in source.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not [name for name in names if name in text], file.name
