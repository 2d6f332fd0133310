"""The reference of the command line, made from the texts that `--help` prints."""

from __future__ import annotations

import html
import re
from importlib import import_module

from keras_upgrade import cli

_OPTION = re.compile(r"^  (?P<name>-\S.*?)(?:  +(?P<words>\S.*))?$")
_INTRODUCTION = """\
---
title: Command line
description: Every command of keras-upgrade with its options.
---

# Command line

What `keras-upgrade COMMAND --help` says.
"""


def page() -> str:
    """The source of the page."""
    parts = [_INTRODUCTION]
    for name in cli.COMMANDS:
        text: str = import_module(f"keras_upgrade.cli.{name}").HELP
        parts.append(f"## {name} {{ #{name} }}\n\n{_shown(text)}")
    return "\n".join(parts)


def _shown(text: str) -> str:
    """One help text: how it is called, what it does, its options, its exit status."""
    parts = []
    for block in re.split(r"\n\n+", text.strip()):
        lines = block.split("\n")
        first = next((number for number, line in enumerate(lines) if _OPTION.match(line)), len(lines))
        if lines[0].startswith("usage:"):
            usage = "\n".join(line.removeprefix("usage:").strip() for line in lines)
            parts.append(f"```text\n{usage}\n```\n")
        else:
            parts += [f"{_escaped(' '.join(lines[:first]))}\n"] if first else []
            parts += [_options(lines[first:])] if lines[first:] else []
    return "\n".join(parts)


def _options(lines: list[str]) -> str:
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        match = _OPTION.match(line)
        if match is None:
            found[-1][1].append(line.strip())
        else:
            found.append((match["name"], [match["words"] or ""]))
    rows = "".join(
        f"<dt><code>{html.escape(name)}</code></dt><dd>{_coded(html.escape(' '.join(words).strip()))}</dd>"
        for name, words in found
    )
    return f'<dl class="options">{rows}</dl>\n'


def _escaped(text: str) -> str:
    """Text for Markdown: nothing in it is markup but code between backticks."""
    return "`".join(
        part if number % 2 else re.sub(r"([*_\[\]<>])", r"\\\1", part)
        for number, part in enumerate(text.split("`"))
    )


def _coded(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
