"""Every command explains itself, with an example that works as it stands."""

import shlex
from typing import Any

import pytest
import typer.main
from command_line import Call

from pm_pipeline.cli import app

# typer carries a click of its own: its classes are not those of the package click
GROUP: Any = typer.main.get_command(app)
#: Every command by its words: `run`, `deliveries withdraw`.
COMMANDS: dict[str, Any] = {
    " ".join(words): command
    for name, one in GROUP.commands.items()
    for words, command in (
        [((name, inner), sub) for inner, sub in one.commands.items()]
        if hasattr(one, "commands") else [((name,), one)]
    )
}


def test_these_are_the_commands() -> None:
    assert sorted(COMMANDS) == [
        "compare", "deliver", "deliveries list", "deliveries report", "deliveries restore",
        "deliveries withdraw", "demo", "extract", "filters add", "filters list", "filters show",
        "law adopt", "law check", "law diff", "law dry-run", "law new", "quality",
        "rejects explain", "rejects list", "rejects replay", "run", "status", "ui", "validate",
        "verdicts add", "verdicts list",
        "what-if",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_shows_an_example_and_where_the_data_lies(name: str, call: Call) -> None:
    answer = call(*name.split(), "--help")
    assert answer.code == 0
    assert f"Example: pm-pipeline {name}" in answer.out
    assert "--data-dir" in answer.out and "PM_DATA_DIR" in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_is_a_call_the_command_takes(name: str) -> None:
    command = COMMANDS[name]
    example = (command.epilog or "").removeprefix("Example: ")
    program, *words = shlex.split(example)
    called, arguments = words[:len(name.split())], words[len(name.split()):]
    assert (program, called) == ("pm-pipeline", name.split())
    command.make_context(name, arguments)  # raises where an option or argument is wrong


def test_without_a_command_the_help_is_shown(call: Call) -> None:
    answer = call()
    assert answer.code == 2
    assert all(name.split()[0] in answer.said for name in COMMANDS)
