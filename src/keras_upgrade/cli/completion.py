"""`keras-upgrade completion`: what makes a shell complete the words of the command.

The scripts are made from the options that the commands have, and from their help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from keras_upgrade import cli
from keras_upgrade.cli.command import NOTHING, Job, UsageError, suggestion
from keras_upgrade.cli.parser import Parser
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


HELP = """\
usage: keras-upgrade completion bash|zsh|fish

Prints what makes the shell complete commands, options, formats and rules:

  bash   echo 'eval "$(keras-upgrade completion bash)"' >> ~/.bashrc
  zsh    keras-upgrade completion zsh > "${fpath[1]}/_keras-upgrade"
  fish   keras-upgrade completion fish > ~/.config/fish/completions/keras-upgrade.fish

  -h, --help        show this help"""

SHELLS = ("bash", "zsh", "fish")
_PROGRAM = "keras-upgrade"
_HELP_LINE = re.compile(r"  (?P<names>-\S+(?: -\S+)*(?: [A-Z3][\w.=\[\]]*)?)(?: +(?P<text>[^-\s].*))?$")
_COMMAND_LINE = re.compile(r"  (?P<name>[a-z]+)(?: [A-Z][\w.]*)* +(?P<text>.*[a-z].*)")

type Kind = Literal["flag", "files", "folders", "words", "other"]


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Attributes:
        names: how it is written: `-o`, `--output`.
        text: what it does, in short.
        kind: what its value is; a `flag` has none.
        words: the values that there are, where `kind` is `words`.
    """

    names: Sequence[str]
    text: str
    kind: Kind
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Command:
    """A command, with what it takes besides options: some `words`, or else files."""

    name: str
    text: str
    options: Sequence[Option]
    words: Sequence[str] | None


def add_options(_: Parser) -> None:
    """It has none of its own."""


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    if len(job.rest) != 1:
        raise UsageError(f"completion for which shell? Say one of {', '.join(SHELLS)}")
    (shell,) = job.rest
    if shell not in SHELLS:
        raise UsageError(
            f"there is no completion for `{shell}`; {suggestion(shell, SHELLS) or 'there are ' + ', '.join(SHELLS)}"
        )
    writers = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    job.console.say("\n".join(writers[shell](list(commands()))))
    return NOTHING


def commands() -> Iterator[Command]:
    """The commands, with their options and the words that they take."""
    from keras_upgrade.rules import all_rules  # noqa: PLC0415

    codes = [rule.code for rule in all_rules()]
    texts = {
        match["name"]: match["text"] for match in map(_COMMAND_LINE.match, cli.HELP.split("\n")) if match
    }
    takes: dict[str, Sequence[str]] = {"rule": codes, "explain": codes, "rules": (), "completion": SHELLS}
    for name in cli.COMMANDS:
        yield Command(name, texts[name], list(_options(name, codes)), takes.get(name))


def _options(name: str, codes: Sequence[str]) -> Iterator[Option]:
    from keras_upgrade.cli.output import names_of_formats  # noqa: PLC0415

    command, parser = cli.module_of(name), Parser()
    command.add_options(parser)
    texts = _texts(command.HELP)
    for action in parser._actions:
        names = action.option_strings
        text = next((texts[one] for one in names if one in texts), "")
        value = str(action.metavar or "") if action.nargs != 0 else None
        if value is None or names == ["--summary"]:  # the value of --summary stands behind a `=`
            yield Option(names, text, "flag")
        elif value.startswith("FORMAT"):
            yield Option(names, text, "words", names_of_formats())
        elif value == "CODES":
            yield Option(names, text, "words", codes)
        elif value == "NAME":
            yield Option(names, text, "words", ("keras2", "keras2.15", "keras2.3", "none"))
        else:
            kinds: dict[str, Kind] = {"FILE": "files", "PATH": "files", "DIR": "folders"}
            yield Option(names, text, kinds.get(value, "other"))


def _texts(text: str) -> dict[str, str]:
    """The short description of each option in a help text."""
    result: dict[str, str] = {}
    lines = text.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        match = _HELP_LINE.match(line)
        if match:
            words = re.split(r"[;:]| \(|\.(?:\s|$)", match["text"] or below.strip())[0].strip()
            result |= dict.fromkeys(re.findall(r"--?[a-z][\w-]*", match["names"]), words)
    return result


def _bash(all_commands: Sequence[Command]) -> Iterator[str]:
    names = " ".join(command.name for command in all_commands)
    yield "_keras_upgrade() {"
    yield '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" options="" words=""'
    yield "    COMPREPLY=()"
    yield "    if [[ $COMP_CWORD -eq 1 ]]; then"
    yield f'        COMPREPLY=($(compgen -W "{names} --help --version" -- "$cur"))'
    yield "        return"
    yield "    fi"
    yield '    case "${COMP_WORDS[1]}" in'
    for command in all_commands:
        options = " ".join(name for option in command.options for name in option.names)
        words = "" if command.words is None else " ".join(command.words)
        yield f'        {command.name}) options="{options}"; words="{words or ("" if command.words is None else "-")}" ;;'
    yield "    esac"
    yield '    case "$prev" in'
    known: dict[str, Option] = {}
    for option in (option for command in all_commands for option in command.options if option.kind != "flag"):
        known.setdefault("|".join(option.names), option)
    replies = {"files": '-f -- "$cur"', "folders": '-d -- "$cur"', "other": None}
    for pattern, option in known.items():
        reply = f'-W "{" ".join(option.words)}" -- "$cur"' if option.kind == "words" else replies[option.kind]
        yield f"        {pattern}) {f'COMPREPLY=($(compgen {reply})); ' if reply else ''}return ;;"
    yield "    esac"
    yield '    if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))'
    yield '    elif [[ -n $words ]]; then COMPREPLY=($(compgen -W "${words#-}" -- "$cur"))'
    yield '    else COMPREPLY=($(compgen -f -- "$cur")); fi'
    yield "}"
    yield f"complete -o filenames -F _keras_upgrade {_PROGRAM}"


def _zsh(all_commands: Sequence[Command]) -> Iterator[str]:
    yield f"#compdef {_PROGRAM}"
    yield "_keras_upgrade() {"
    yield "    local -a commands=("
    yield from (f"        {_quoted(f'{one.name}:{one.text}')}" for one in all_commands)
    yield "    )"
    yield "    if (( CURRENT == 2 )); then"
    yield "        _describe command commands"
    yield "        return"
    yield "    fi"
    yield "    local command=$words[2]"
    yield "    shift words; (( CURRENT-- ))"
    yield "    case $command in"
    for command in all_commands:
        specs = [_quoted(spec) for option in command.options for spec in _zsh_option(option)]
        if command.words is None:
            specs.append("'*:file:_files'")
        elif command.words:
            specs.append(_quoted(f"1:what:({' '.join(command.words)})"))
        yield f"        {command.name}) _arguments {' '.join(specs)} ;;"
    yield "    esac"
    yield "}"
    yield 'if [[ $funcstack[1] == _keras-upgrade ]]; then _keras_upgrade "$@"; else compdef _keras_upgrade keras-upgrade; fi'


def _zsh_option(option: Option) -> Iterator[str]:
    text = re.sub(r"([\[\]:])", r"\\\1", option.text)
    values = {
        "files": ":file:_files",
        "folders": ":folder:_files -/",
        "words": f":value:({' '.join(option.words)})",
        "other": ":value: ",
    }
    for name in option.names:
        yield f"*{name}[{text}]{values.get(option.kind, '')}"


def _fish(all_commands: Sequence[Command]) -> Iterator[str]:
    start = f"complete -c {_PROGRAM}"
    for command in all_commands:
        yield f"{start} -n __fish_use_subcommand -f -a {command.name} -d {_quoted(command.text)}"
        here = f"{start} -n '__fish_seen_subcommand_from {command.name}'"
        if command.words is not None:
            yield f"{here} -f" + (f" -a '{' '.join(command.words)}'" if command.words else "")
        for option in command.options:
            names = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
            values = {
                "files": " -r -F",
                "folders": " -x -a '(__fish_complete_directories)'",
                "words": f" -x -a '{' '.join(option.words)}'",
                "other": " -x",
            }
            yield f"{here} {names}{values.get(option.kind, '')} -d {_quoted(option.text)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
