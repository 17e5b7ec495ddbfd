"""What is typed has a limit, and costs time in proportion to its length."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.cli.registry import COMMANDS
from mlroles.cli.tools import call, tools
from mlroles.errors import MlrolesError
from tests.conftest import refused, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.cli.options import Option
    from mlroles.dataset.dataset import Dataset

# Files, lists and the names of tables and columns have no limit of their own.
UNLIMITED = {
    "constants", "data_file", "employment", "encoding", "fields", "file", "mapped",
    "output", "records", "table", "titles", "unmatched",
}  # fmt: skip
# What a command needs, besides what is tested.
NEEDED = {
    "offer": {"amount": ["1k"]},
    "relocate": {"amount": ["1k"], "from_place": ["--from", "texas"]},
}


def line(command: str, option: Option, typed: str) -> list[str]:
    """Return a command line with a value of an option, or an argument."""
    words = [command]
    if option.name == "role":
        # Arguments come in their order.
        words += NEEDED.get(command, {}).get("amount", [])
    flag = option.flags.split()[:1]
    words += [*flag, typed]
    for name, needed in NEEDED.get(command, {}).items():
        if name != option.name and (name, option.name) != ("amount", "role"):
            words += needed
    return words


OPTIONS = {
    f"{name} {option.flags.split()[0] if option.flags else option.name}": (name, option)
    for name, command in COMMANDS.items()
    for option in [*command.options, *command.output]
    if option.kind is not bool and option.name not in UNLIMITED
}


def takes_text(option: Option) -> bool:
    return "int" not in str(option.kind)


@pytest.mark.parametrize("name", OPTIONS)
def test_every_word_and_number_has_a_limit(name: str) -> None:
    command, option = OPTIONS[name]
    if command == "validate":
        pytest.skip("a file")
    for length in (201, 100_000):
        typed = "1" * length
        if takes_text(option):
            # A name of each kind of character that names are compared by.
            typed = ("1 a" * length)[:length]
        error = refused(*line(command, option, typed))
        # What is typed is not quoted in full.
        assert len(error) < 450
        if takes_text(option):
            assert f"has {length:,} characters, more than 200." in error
    if takes_text(option):
        assert "characters" not in run(*line(command, option, "x" * 200)).stderr


@pytest.mark.parametrize(
    "command", ["salary", "compare", "offer 1k vs", "relocate 1k to", "skills", "staff"]
)
def test_words_have_a_greatest_number(command: str) -> None:
    typed = [*command.split(), *["austin"] * 1_001]
    assert re.match(
        "error: (no such command|1,00[0-9] words were typed)", refused(*typed)
    )


@pytest.mark.parametrize(
    "line",
    [
        "salary {austin} foooo", "offer 100k {austin} sanfranc", "offer {100k}",
        "salary {mle} data scientistt", "compare {mle} {ds} fooo", "cities {austin}",
        "salary --city {austin}", "salary {mle} {ds}", "employers {xxxxxx}",
        "offer 100k vs {vs}", "salary {=}", "salary --fields {x,}", "help {x}",
    ],
)  # fmt: skip
def test_messages_quote_little_of_many_words(line: str) -> None:
    count = 33 if "xxxxxx" in line else 100
    typed = re.sub("{(.*?)}", lambda match: " ".join([match[1]] * count), line)
    assert len(refused(*typed.split())) < 450


@pytest.mark.parametrize("year", [10**15, -(10**400)])
def test_tools_of_agents_have_the_same_limits(year: int, bundled: Dataset) -> None:
    tool = next(each for each in tools() if each.question.name == "salary")
    too_long = ({"role": "a " * 101}, {"location": "x" * 201}, {"fields": ["x" * 201]})
    for arguments in ({"year": year}, {"x" * 5000: 1}, *too_long):
        with pytest.raises(MlrolesError) as caught:
            call(tool, bundled, arguments)
        assert len(str(caught.value)) < 450
    with pytest.raises(MlrolesError) as caught:
        call(tool, bundled, {"location": ["x"] * 5000, "year": "y" * 5000})
    assert len(str(caught.value)) < 450


@pytest.mark.parametrize(
    "amount", ["1" + ",000" * 30, "9" * 190, "1" + "_000" * 40 + "M", "1" + " " * 198]
)
def test_amounts_of_many_digits_are_no_error_of_python(amount: str) -> None:
    assert run("offer", amount).exit_code in {0, 2}


def each(flag: str, n: int) -> list[str]:
    """Return an option that is given many times, with other values."""
    return [word for number in range(n) for word in (flag, f"x{number}")]


RELOCATE = ["relocate", "1k", "--from", "texas"]
# Arguments that may be given many times, or words of which there may be many.
REPEATED: dict[str, Callable[[int], list[str]]] = {
    "words of a role": lambda n: ["salary", *["engineer"] * n],
    "words of several roles": lambda n: ["compare", *["x"] * n],
    "names of roles": lambda n: ["compare", *["mle", "data", "scientist"] * n],
    "one role": lambda n: ["salary", " ".join(["engineer"] * n)],
    "places": lambda n: [*RELOCATE, *["--to", "austin"] * n],
    "unknown places": lambda n: [*RELOCATE, *each("--to", n)],
    "texts": lambda n: ["employers", *each("--match", n)],
    "texts for places": lambda n: ["locations", *["--match", "tex"] * n],
    "fields": lambda n: ["faq", "--fields", ",".join(["question"] * n)],
    "spaces in an amount": lambda n: ["offer", f"1{' ' * n}k"],
    "ranges in an amount": lambda n: ["offer", f"1{'-' * n}x"],
    "letters of a place": lambda n: ["salary", "--location", "a" * n],
    "unknown option": lambda n: ["salary", f"--{'a' * n}"],
    "options": lambda n: ["salary", *["--json"] * n],
}


def work(arguments: list[str]) -> int:
    """Return how many calls a command line takes.

    That of a method of a text counts once more for each thousand characters.
    """
    count = 0

    def probe(_frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        if event in {"call", "c_call"}:
            count += 1
        if event == "c_call":
            owner = getattr(argument, "__self__", None)
            count += len(owner) // 1000 if isinstance(owner, str) else 0

    sys.setprofile(probe)
    try:
        run(*arguments)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", REPEATED)
def test_twice_the_input_takes_at_most_twice_the_work(name: str) -> None:
    # The first run imports modules and reads the data set.
    _, once, twice, four_times = (work(REPEATED[name](n)) for n in (1, 25, 50, 100))
    # What is added doubles, too; it would be four times as much in quadratic time.
    assert four_times - twice <= 2.5 * abs(twice - once) + 300
