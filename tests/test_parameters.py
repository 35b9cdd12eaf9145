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


@pytest.mark.parametrize("word", ["5; import os", "__import__('os')", "5+5", "0x5", "5.0", "", "9" * 5000])
def test_words_are_literals_and_never_code(word: str) -> None:
    with pytest.raises(UsageError):
        parameters.parse([("baseline_years", word)])


def test_words_become_typed_values() -> None:
    given = parameters.parse([("baseline_years", "3"), ("as_of", "2023-06-30")])
    assert given == {"baseline_years": 3, "as_of": "2023-06-30"}


def test_names_in_a_parameters_cell_are_found() -> None:
    assert parameters.assigned_names('# Parameters\nyear = 2023\nyaer = "x"\n') == ["year", "yaer"]
    assert parameters.assigned_names("year = ") == []


@pytest.mark.parametrize("name", parameters.BY_OPTION)
def test_what_the_command_line_says_in_its_own_way_is_not_said_twice(name: str) -> None:
    """`analysis run 2023 -p year 2020` must not run 2023 and keep silent about 2020."""
    with pytest.raises(UsageError) as refusal:
        parameters.parse([(name, "2020")])
    assert refusal.value.message.code == "parameter_by_option"
