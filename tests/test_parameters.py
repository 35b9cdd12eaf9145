"""Parameters: only known names, right types and allowed values reach a notebook; nothing is evaluated."""

import pytest

from analysis import parameters
from analysis.messages import UsageError


def test_usual_parameters_pass_with_their_defaults() -> None:
    given = parameters.check({"year": 2023})
    assert (given.period, given.county, given.baseline_years, given.edition) == ("", "", 5, "internal")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"yaer": 2023}, "parameter_unknown"),
        ({"year": "2023"}, "parameter_type"),
        ({"year": True}, "parameter_type"),
        ({"year": 2023, "period": "Q5"}, "parameter_value"),
        ({"year": 2023, "county": "../../etc"}, "parameter_value"),
        ({"year": 2023, "county": "九九零一零一"}, "parameter_value"),
        ({"year": 2023, "as_of": "2023-02-30"}, "parameter_value"),
        ({"year": 2023, "baseline_years": -1}, "parameter_value"),
        ({"year": 2023, "edition": "secret"}, "parameter_value"),
        ({}, "parameter_missing"),
    ],
)
def test_wrong_names_types_and_values_are_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parameters.check(given)
    assert refusal.value.message.code == code


def test_a_refused_name_is_answered_with_the_allowed_ones() -> None:
    with pytest.raises(UsageError) as refusal:
        parameters.parse([("baseline", "5")])
    assert all(name in str(refusal.value) for name in parameters.names())


@pytest.mark.parametrize("word", ["5; import os", "__import__('os')", "5+5", "0x5", "5.0", ""])
def test_words_are_literals_and_never_code(word: str) -> None:
    with pytest.raises(UsageError):
        parameters.parse([("baseline_years", word)])


def test_words_become_typed_values() -> None:
    assert parameters.parse([("baseline_years", "3"), ("period", "06")]) == {
        "baseline_years": 3,
        "period": "06",
    }


def test_names_in_a_parameters_cell_are_found() -> None:
    assert parameters.assigned_names('# Parameters\nyear = 2023\nyaer = "x"\n') == ["year", "yaer"]
    assert parameters.assigned_names("year = ") == []
