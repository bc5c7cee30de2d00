"""Problems and errors as such."""

from __future__ import annotations

import pickle

import pytest

from rr_snippet import CustomerError, MissingDependencyError, PageError, Problem, RenderError, SnippetError
from rr_snippet.errors import OptionError, SourceError


def test_a_problem_is_told_in_two_languages() -> None:
    problem = Problem.of("stock_id.too_long", "defaultStockId", count=51, limit=50)
    assert problem == Problem(
        "stock_id.too_long", "defaultStockId", "51 characters; at most 50 allowed", (("count", 51), ("limit", 50))
    )
    assert str(problem) == "defaultStockId: 51 characters; at most 50 allowed [stock_id.too_long]"
    assert problem.message_in("ru") == "символов: 51; допускается не больше 50"
    assert problem.text_in("ru") == "defaultStockId: символов: 51; допускается не больше 50 [stock_id.too_long]"


def test_a_problem_made_by_hand_keeps_its_message() -> None:
    assert str(Problem("a.b", "c", "d")) == "c: d [a.b]"


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [("a", "b", "a.b"), ("a", "[0]", "a[0]"), ("a", "", "a"), ("", "b", "b")],
)
def test_a_problem_seen_from_one_level_up(prefix: str, path: str, expected: str) -> None:
    assert Problem.of("field.twice", path).at(prefix) == Problem.of("field.twice", expected)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (CustomerError, ValueError),
        (RenderError, ValueError),
        (PageError, ValueError),
        (OptionError, ValueError),
        (SourceError, ValueError),
        (MissingDependencyError, ImportError),
    ],
)
def test_errors_are_what_a_caller_would_guess_and_survive_pickling(
    error: type[SnippetError], builtin: type[Exception]
) -> None:
    problems = (
        Problem.of("dependency.missing", package="Flask", requirement="rr-snippet[flask]"),
        Problem.of("field.twice", "email"),
    )
    raised = error(*problems)
    assert isinstance(raised, builtin)
    assert str(raised) == (
        "Flask is needed: pip install 'rr-snippet[flask]' [dependency.missing]\n"
        "email: given twice; expected one value [field.twice]"
    )
    for copied in (pickle.loads(pickle.dumps(raised)), raised):
        assert (copied.problems, copied.code) == (problems, "dependency.missing")
        assert type(copied) is error
