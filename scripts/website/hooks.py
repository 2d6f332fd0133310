"""What MkDocs calls while it builds the website: pages made from the program, and examples shown side by side.

A rule's page is its docstring, the reference of the command line its help, the error index what `explain` knows: none
of them is written twice, and none is kept as a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import commands
import error_index
import rule_pages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

GENERATED: Mapping[str, Any] = {
    "assets/errors.json": error_index.data,
    "reference/command-line.md": commands.page,
    "rules/index.md": rule_pages.index,
}
_CODE = re.compile(r"<(pre|code|a|h1|script|svg|label)\b.*?</\1>|<[^>]*>|(?P<code>KU\d{3})\b", re.DOTALL)


def on_config(config: MkDocsConfig) -> None:
    """Puts the rules, by family, where the navigation says `rules/`."""
    nav: list[Any] = config.nav or []
    for item in nav:
        if isinstance(item, dict) and item.get("Rules") == "rules/":
            item["Rules"] = ["rules/index.md", *rule_pages.navigation()]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are made from the program."""
    for uri, make in GENERATED.items():
        files.append(File.generated(config, uri, content=make()))
    for uri, text in rule_pages.pages():
        files.append(File.generated(config, uri, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Shows the examples, and puts the list of errors into its page."""
    if page.file.src_uri == "errors.md":
        markdown = markdown.replace("<!-- errors -->", error_index.listing())
    return rule_pages.shown(markdown, side_by_side=page.meta.get("examples") == "side by side")


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Makes links of the codes of rules in the text."""
    codes = rule_pages.codes()

    def link(match: re.Match[str]) -> str:
        code = match["code"]
        if code is None or code not in codes or page.file.src_uri == rule_pages.uri(code):
            return match[0]
        address = get_relative_url(f"rules/{code.lower()}/", page.url)
        return f'<a href="{address}" title="{escape(rule_pages.title(code))}">{code}</a>'

    return _CODE.sub(link, html)
