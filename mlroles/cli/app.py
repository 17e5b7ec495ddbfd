"""The command line as a whole: its commands, its help and its error handling."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import mlroles
import mlroles.cli.commands  # registers the commands
from mlroles.cli.completion import described
from mlroles.cli.options import signature
from mlroles.cli.present import present
from mlroles.cli.registry import COMMANDS
from mlroles.errors import (
    InternalError,
    MlrolesError,
    UsageError,
    printable,
    quoted,
    reason,
    shortened,
    unexpected,
)
from mlroles.matching import check_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mlroles.cli.console import Console
    from mlroles.cli.registry import Command

_INTRODUCTION = """\
What machine learning roles do, what they pay, and how they compare.

  mlroles salary                      what machine learning engineers are offered
  mlroles compare --sort openings     the role compared with similar roles
  mlroles locations ds --match texas  where data scientists are paid more in Texas

Run 'mlroles --help' for all commands. Add --json to any of them for JSON.
"""
# Set if a shell asks for completions.
_COMPLETION = "_MLROLES_COMPLETE"
_SHELLS = {"bash", "zsh", "fish", "powershell", "pwsh"}
# The most characters of a message of Typer.
_MAX_MESSAGE = 300


def run(arguments: Sequence[str], console: Console) -> int:
    """Run a command line, without the name of the program; return its exit code.

    This is the only place where errors become messages and exit codes.
    """
    try:
        if _COMPLETION in os.environ:
            _check_completion(os.environ)
            # Typer wraps descriptions, which are shorter, to the width of the terminal.
            os.environ["COLUMNS"] = "80"
        code = build(_needed(arguments)).main(
            args=list(arguments),
            prog_name="mlroles",
            standalone_mode=False,
            obj=console,
        )
    except Exception as caught:  # noqa: BLE001 - never a traceback
        if isinstance(caught, OSError):
            console.drop_output()
        error, details = _as_ours(caught), ""
        if isinstance(error, InternalError) and os.environ.get("MLROLES_DEBUG"):
            import traceback

            details = traceback.format_exc()
        as_json = _is_json_wanted(arguments, os.environ)
        console.print_error(error, as_json=as_json, details=details)
        return error.exit_code
    return code if isinstance(code, int) else 0


def _check_completion(environ: Mapping[str, str]) -> None:
    """Check the variables with which a shell asks for completions.

    Raises:
        UsageError: Typer would not understand them.
    """
    instruction, _, shell = environ[_COMPLETION].partition("_")
    is_known = instruction in {"complete", "source"} and shell in _SHELLS
    if is_known and (instruction, shell) == ("complete", "bash"):
        position = environ.get("COMP_CWORD", "")
        is_known = "COMP_WORDS" in environ and position.isdecimal()
    if not is_known:
        value = quoted(environ[_COMPLETION])
        raise UsageError(f"{_COMPLETION}: {value} is not a request of a known shell.")


def _as_ours(error: Exception) -> MlrolesError:
    """Return any exception as an error to report."""
    match error:
        case MlrolesError():
            return error
        case typer.TyperException():
            # Only some of Typer's errors are about a parameter.
            parameter = getattr(error, "param", None)
            return UsageError(
                _usage_message(error),
                argument=_argument(parameter) if parameter else None,
                suggestions=getattr(error, "possibilities", None) or (),
            )
        case OSError():
            # From what Typer writes itself, such as completion scripts.
            return MlrolesError(f"cannot write the output: {reason(error)}")
        case _:
            return unexpected(error, "what it prints if MLROLES_DEBUG=1 is set")


def _argument(parameter: Any) -> str:
    """Return the name of one of Typer's parameters as an argument of a question."""
    name: str = max(parameter.opts, key=len)
    return name.lstrip("-").replace("-", "_")


def _is_json_wanted(arguments: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Return whether the answer would have been JSON or JSON Lines.

    The arguments may be invalid, so they are read without Typer.
    """
    import re
    from itertools import pairwise

    words = list(arguments)
    words = words[: words.index("--")] if "--" in words else words
    if "--json" in words:
        return True
    style = environ.get("MLROLES_FORMAT", "")
    for word, after in pairwise([*words, ""]):
        # Short options may be written as one word: -rfjson.
        if found := re.fullmatch("(?:--format(?:=|$)|-r*f)(.*)", word, re.DOTALL):
            style = found[1] or after
    return style.casefold() in {"json", "jsonl"}


def _needed(arguments: Sequence[str]) -> Iterable[str]:
    """Return the command that is run or completed; all of them for help and errors."""
    words = list(arguments)
    if _COMPLETION in os.environ:
        words = os.environ.get("COMP_WORDS", "").split()[1:]
    return set(words[:1]) & (COMMANDS.keys() - {"help"}) or COMMANDS


def build(names: Iterable[str] = COMMANDS) -> Any:
    """Build the command line with some of its commands."""
    app = typer.Typer(
        cls=_Group,
        invoke_without_command=True,
        epilog="More: mlroles help words, mlroles help data, mlroles help json.",
        context_settings={"help_option_names": ["-h", "--help"]},
        # Plain help and errors start fast, suit every terminal and work in pipes.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_main)
    for name in names:
        command = COMMANDS[name]
        lines = "\n".join(f"  mlroles {example}" for example in command.examples)
        app.command(
            name,
            cls=_Command,
            help=command.function.__doc__,
            epilog=f"\b\nExamples:\n{lines}",
            rich_help_panel=command.heading,
        )(_callback(command))
    return get_command(app)


def _callback(command: Command) -> Callable[..., int]:
    """Return what Typer calls with the values of the options of a command.

    It returns the exit code.
    """

    def call(context: typer.Context, **values: Any) -> int:
        check_numbers(values)
        if command.is_question:
            return present(command.function, context, values)
        command.function(context, **values)
        return 0

    options = [*command.options, *command.output]
    completes = _COMPLETION in os.environ
    vars(call)["__signature__"] = signature(options, completes=completes)
    return call


def _version(context: typer.Context, value: bool) -> None:  # noqa: FBT001 - Typer's call
    if value:
        context.obj.write(f"mlroles {mlroles.__version__}\n")
        raise typer.Exit


def _main(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - the callback handles it
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Look up what machine learning roles do, what they pay, and how they compare."""
    if context.invoked_subcommand is None:
        context.obj.write(_INTRODUCTION)


# Typer passes objects whose classes have no public names; hence Any.
class _ConsoleHelp:
    """Writes the help of a command to the console; a mixin of Typer's commands."""

    def get_help_option(self, ctx: Any) -> Any:
        def show_help(_context: Any, _option: Any, value: bool) -> None:  # noqa: FBT001 - Typer's call
            if value and not ctx.resilient_parsing:
                ctx.obj.write(ctx.get_help() + "\n")
                ctx.exit()

        option: Any = super().get_help_option(ctx)  # type: ignore[misc]
        option.callback = show_help
        return option

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the commands and options, described as a shell may read them."""
        found: list[Any] = super().shell_complete(ctx, incomplete)  # type: ignore[misc]
        for each in found:
            each.help = described(each.help or "", ctx.find_root().obj.encoding)
        return found


class _Command(_ConsoleHelp, TyperCommand):
    """A command that refuses repeated options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, unless an option is given more than once."""
        if not ctx.resilient_parsing:
            options = {name for each in self.get_params(ctx) for name in each.opts}
            typed = {arg.partition("=")[0] for arg in args if arg.startswith("--")}
            if typed - options - {"--"}:
                from mlroles.cli.suggest import check_options

                check_options(str(ctx.info_name), args, options)
            # The options in the order in which they were given.
            _, _, given = self.make_parser(ctx).parse_args(list(args))
            _refuse_repeated(given)
        rest: list[str] = super().parse_args(ctx, args)
        return rest


def _refuse_repeated(given: list[Any]) -> None:
    """Refuse an option with a value that was given more than once.

    Typer would use the last value and drop the others silently.
    """
    for parameter in {each for each in given if given.count(each) > 1}:
        if not (parameter.multiple or getattr(parameter, "is_flag", True)):
            name = max(parameter.opts, key=len)
            text = f"{name} was given more than once."
            raise UsageError(text, argument=_argument(parameter))


class _Group(_ConsoleHelp, TyperGroup):
    """The group of all commands, listed under headings."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments before the command, which are few."""
        options = {name for each in self.get_params(ctx) for name in each.opts}
        if args and args[0].startswith("-") and args[0] not in options:
            from mlroles.cli.suggest import check_order

            check_order(args, self.commands)
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command to run; an error names the one that was meant."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            from mlroles.cli.suggest import check_command

            check_command(args)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands under their headings, with aligned summaries."""
        sections: dict[str, list[tuple[str, str]]] = {}
        width = max(map(len, self.commands), default=0)
        for name, command in self.commands.items():
            heading = getattr(command, "rich_help_panel", None) or "Commands"
            summary = command.get_short_help_str(limit=formatter.width)
            sections.setdefault(heading, []).append((name.ljust(width), summary))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


def _usage_message(error: typer.TyperException) -> str:
    """Return Typer's message as ours: one line that names the help."""
    # Typer quotes words in full, and all that it did not expect.
    words = " ".join(map(shortened, error.format_message().split()))
    text = printable(shortened(words, _MAX_MESSAGE)).rstrip(".")
    text = text[:1].lower() + text[1:]
    stop = "" if text.endswith("?") else "."
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "mlroles"
    return f"{text}{stop} Run '{command} --help' for usage."
