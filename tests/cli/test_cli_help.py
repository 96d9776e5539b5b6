"""Every command explains itself, with an example that works as it stands."""

import shlex
from typing import Any

import pytest
import typer.main
from command_line import Call

from pm_pipeline.cli import app

# typer carries a click of its own: its classes are not those of the package click
GROUP: Any = typer.main.get_command(app)
COMMANDS: list[str] = sorted(GROUP.commands)


def test_these_are_the_commands() -> None:
    assert COMMANDS == ["deliver", "demo", "run", "status", "ui", "validate"]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_shows_an_example_and_where_the_data_lies(name: str, call: Call) -> None:
    answer = call(name, "--help")
    assert answer.code == 0
    assert f"Example: pm-pipeline {name}" in answer.out
    assert "--data-dir" in answer.out and "PM_DATA_DIR" in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_is_a_call_the_command_takes(name: str) -> None:
    command = GROUP.commands[name]
    example = (command.epilog or "").removeprefix("Example: ")
    program, called, *arguments = shlex.split(example)
    assert (program, called) == ("pm-pipeline", name)
    command.make_context(name, arguments)  # raises where an option or argument is wrong


def test_without_a_command_the_help_is_shown(call: Call) -> None:
    answer = call()
    assert answer.code == 2
    assert all(name in answer.said for name in COMMANDS)
