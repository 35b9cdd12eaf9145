"""Messages: every code has words in both languages, and a place is never lost on the way to the user."""

import pickle
import re
import string
from pathlib import Path

import pytest

from analysis import messages
from analysis.messages import AnalysisError, Message

SOURCE = Path(messages.__file__).parent
CODES_IN_CODE = re.compile(r"""(?:AnalysisError|UsageError|Message|refuse)\(\s*["']([a-z_]+)["']""")


def test_every_code_used_has_words_and_an_action_in_both_languages() -> None:
    used = {
        code
        for file in SOURCE.rglob("*.py")
        for code in CODES_IN_CODE.findall(file.read_text(encoding="utf-8"))
    }
    assert used, "the pattern finds no code at all"
    missing = {code for code in used if code not in messages.catalogue()}
    assert not missing
    assert all(messages.catalogue()[code].zh and messages.catalogue()[code].en for code in used)


def test_both_languages_name_the_same_values() -> None:
    def names(text: str) -> set[str]:
        return {
            name for _, name, braced, _ in string.Template.pattern.findall(text) for name in (name or braced,)
        }

    for code, wording in messages.catalogue().items():
        zh, en = names(f"{wording.zh} {wording.action_zh}"), names(f"{wording.en} {wording.action_en}")
        assert zh == en, code


def test_place_and_action_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    message = Message(
        "parameter_missing", file="台账.xlsx", sheet="工贸", row=7, column="期限", values={"name": "year"}
    )
    assert all(word in message.text("zh") for word in ("台账.xlsx", "工贸", "第7行", "期限", "year"))
    assert all(word in message.text("en") for word in ("台账.xlsx", "工贸", "row 7", "期限", "year"))


def test_values_cannot_write_to_the_terminal() -> None:
    """Cells are hostile: an escape sequence or a line break in a value is shown, not obeyed."""
    text = Message("parameter_unknown", values={"name": "\x1b[2J\nx", "allowed": "y"}).text("en")
    assert "\x1b" not in text
    assert "\n" not in text


def test_errors_come_back_from_worker_processes_whole() -> None:
    error = AnalysisError("parameter_missing", file="a.csv", row=3, name="year")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (again.message, str(again), type(again)) == (error.message, str(error), type(error))
