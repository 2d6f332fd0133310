"""A real kernel, spoken to as JupyterLab does."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

import keras_upgrade

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SECONDS = 120


@dataclass
class Answer:
    """What came back from running a cell.

    Attributes:
        status: `ok` or `error`.
        count: the number of the cell, as in `In [count]`.
        shown: displayed data, by MIME type.
        stream: what was printed.
        error: the traceback, without colours.
        next_input: code put into the cell in place of the old.
    """

    status: str
    count: int
    shown: list[dict[str, str]] = field(default_factory=list)
    stream: str = ""
    error: str = ""
    next_input: str | None = None

    @property
    def text(self) -> str:
        """The displayed text."""
        return "\n".join(data["text/plain"] for data in self.shown)


class Kernel:
    """A running kernel."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client

    def run(self, code: str, cell: str | None = None) -> Answer:
        """Runs the code of a cell, which has an id in JupyterLab, and none elsewhere."""
        client = self._client
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        message = client.session.msg("execute_request", content, metadata={"cellId": cell} if cell else {})
        client.shell_channel.send(message)
        reply = self._reply(message["header"]["msg_id"])["content"]
        answer = Answer(reply["status"], reply["execution_count"])
        for payload in reply.get("payload", ()):
            if payload["source"] == "set_next_input" and payload["replace"]:
                answer.next_input = payload["text"]
        self._collect(message["header"]["msg_id"], answer)
        return answer

    def _reply(self, request: str) -> dict[str, Any]:
        while True:
            try:
                reply: dict[str, Any] = self._client.get_shell_msg(timeout=_SECONDS)
            except Empty:
                raise AssertionError(f"the kernel did not answer within {_SECONDS} seconds") from None
            if reply["parent_header"].get("msg_id") == request:
                return reply

    def _collect(self, request: str, answer: Answer) -> None:
        while True:
            message = self._client.get_iopub_msg(timeout=_SECONDS)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    answer.stream += content["text"]
                case "display_data" | "execute_result":
                    answer.shown.append(content["data"])
                case "error":
                    answer.error = _COLOUR.sub("", "\n".join(content["traceback"]))
                case "status" if content["execution_state"] == "idle":
                    return


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """A kernel that works in a folder; ended at the end."""
    source = str(Path(keras_upgrade.__file__).parents[1])
    environment = {**os.environ, "IPYTHONDIR": str(folder / ".ipython"), "PYTHONPATH": source}
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=environment)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=_SECONDS)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
