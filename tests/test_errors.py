import pytest

from wordsight import errors


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.DataError, ValueError),
        (errors.ParameterError, ValueError),
        (errors.UnknownNameError, LookupError),
        (errors.MissingExtraError, ImportError),
        (errors.WriteError, OSError),
    ],
)
def test_errors_are_also_the_builtin_that_people_catch(error: type[Exception], builtin: type[Exception]) -> None:
    with pytest.raises(builtin, match=r"^one clear line$") as caught:
        raise error("one clear line")
    assert isinstance(caught.value, errors.WordsightError)
    assert str(caught.value) == "one clear line"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pixi", "unknown model 'pixi'; did you mean 'pixie'?"),
        ("imagevek", "unknown model 'imagevek'; did you mean 'imagevec' or 'imagevec2'?"),
        ("zzz", "unknown model 'zzz'; there are three"),
    ],
)
def test_unknown_names_come_with_near_ones_or_a_hint(name: str, message: str) -> None:
    error = errors.unknown_name("model", name, ["pixie", "imagevec", "imagevec2"], hint="there are three")
    assert isinstance(error, errors.UnknownNameError)
    assert str(error) == message


def test_without_near_names_and_hint() -> None:
    assert str(errors.unknown_name("word", "x", [])) == "unknown word 'x'"
