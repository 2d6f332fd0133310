"""What a cell shows: what it prints, its last value, `display()`, figures. In the form that notebooks keep (nbformat 4)."""

from __future__ import annotations

import base64
import importlib
import io
import sys
from typing import Any, Dict

LONGEST_TEXT = 200_000
"""Characters of a cell's printed text that are kept."""

Output = Dict[str, Any]


class Outputs:
    """Collects the outputs of one cell after the other.

    Args:
        keep: whether they are wanted; if not, figures are only closed.
    """

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._items: list[Output] = []
        self._formatter: Any = None
        if keep:
            self._replace_streams()
        self._replace_display()
        self._replace_show()

    def take(self) -> list[Output]:
        """The outputs since the last call."""
        self.show_figures()
        items, self._items = self._items, []
        return items

    def show(self, value: Any, count: int | None = None) -> None:
        """Add a value: as the result of cell number `count`, or as displayed on the way."""
        if not self._keep or value is None:
            return
        data, metadata = self._format(value)
        item: Output = {"output_type": "display_data", "data": data, "metadata": metadata}
        if count is not None:
            item.update(output_type="execute_result", execution_count=count)
        self._items.append(item)

    def show_error(self, name: str, message: str, lines: list[str]) -> None:
        """Add an exception."""
        if self._keep:
            self._items.append({"output_type": "error", "ename": name, "evalue": message, "traceback": lines})

    def show_figures(self) -> None:
        """Add the open figures of Matplotlib, and close them, as notebooks do after each cell."""
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for number in pyplot.get_fignums() if self._keep else ():
            picture = io.BytesIO()
            try:
                pyplot.figure(number).savefig(picture, format="png", bbox_inches="tight", dpi=72)
            except (
                Exception
            ) as error:  # a figure that cannot be drawn is the program's own; it goes on elsewhere
                self.write("stderr", f"figure {number} could not be drawn: {error}\n")
                continue
            self._items.append(
                {
                    "output_type": "display_data",
                    "data": {
                        "image/png": base64.b64encode(picture.getvalue()).decode("ascii"),
                        "text/plain": repr(pyplot.figure(number)),
                    },
                    "metadata": {},
                }
            )
        pyplot.close("all")

    def write(self, stream: str, text: str) -> None:
        """Add printed text."""
        if not self._keep or not text:
            return
        last = self._items[-1] if self._items else {}
        if last.get("output_type") != "stream" or last.get("name") != stream:
            last = {"output_type": "stream", "name": stream, "text": ""}
            self._items.append(last)
        if len(last["text"]) < LONGEST_TEXT:
            last["text"] += text

    def _format(self, value: Any) -> Any:
        """The representations of a value, by type."""
        if self._formatter is None:
            try:
                self._formatter = importlib.import_module("IPython.core.formatters").DisplayFormatter().format
            except ImportError:
                self._formatter = lambda value: ({"text/plain": repr(value)}, {})
        try:
            data, metadata = self._formatter(value)
        except Exception as error:  # a `repr` of the program's that fails
            return {"text/plain": f"<{type(value).__name__}: {error}>"}, {}
        return {name: _as_text(part) for name, part in data.items()}, metadata

    def _replace_streams(self) -> None:
        sys.stdout = _Tee(sys.stdout, self, "stdout")
        sys.stderr = _Tee(sys.stderr, self, "stderr")

    def _replace_display(self) -> None:
        for path in ("IPython.display", "IPython.core.display", "IPython.core.display_functions"):
            module = sys.modules.get(path)
            if module is not None:
                vars(module)["display"] = self.display
                vars(module)["clear_output"] = _nothing

    def display(self, *values: Any, **_options: Any) -> None:
        """Stands in for IPython's `display`."""
        for value in values:
            self.show(value)

    def _replace_show(self) -> None:
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:

            def show(*_args: Any, **_options: Any) -> None:  # a function: pyplot gives it attributes
                self.show_figures()

            pyplot.show = show


def _nothing(*_args: Any, **_options: Any) -> None:
    """Stands in for `clear_output`."""


def _as_text(part: Any) -> Any:
    return base64.b64encode(part).decode("ascii") if isinstance(part, bytes) else part


class _Tee:
    """A stream that also lets the outputs have what is written."""

    def __init__(self, stream: Any, outputs: Outputs, name: str) -> None:
        self._stream, self._outputs, self._name = stream, outputs, name

    def write(self, text: str) -> int:
        self._outputs.write(self._name, text)
        self._stream.write(text)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
