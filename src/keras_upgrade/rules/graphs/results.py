"""What a function gives that was a function object: arrays, as before."""

from __future__ import annotations

from enum import Enum, auto

from keras_upgrade.records import dataclass


class Form(Enum):
    """How the arrays are given."""

    ONE = auto()
    LIST = auto()
    TUPLE = auto()
    EACH = auto()
    """A list of what an expression with several tensors has."""
    EMPTY = auto()
    NOTHING = auto()


@dataclass(frozen=True)
class Results:
    """The results of a function.

    Attributes:
        form: how they are given.
        tensors: the expressions of the tensors.
        arrays: the same as arrays.
        item: a free name for one of them.
    """

    form: Form
    tensors: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    item: str = "output"

    def lines(self) -> list[str]:
        """The end of a function that computes the tensors itself."""
        texts = ", ".join(self.arrays)
        return {
            Form.ONE: [f"return {texts}"],
            Form.LIST: [f"return [{texts}]"],
            Form.TUPLE: [f"return {texts}"],
            Form.EACH: [f"return {self._each(''.join(self.tensors))}"],
            Form.EMPTY: ["return []"],
            Form.NOTHING: [],
        }[self.form]

    def compiled_lines(self) -> list[str]:
        """The end of a compiled function, which gives tensors."""
        return [f"return {', '.join(self.tensors)}"] if self.tensors else []

    def calling_lines(self, call: str) -> list[str]:
        """The end of the function that calls the compiled one."""
        if self.form is Form.NOTHING:
            return [call]
        if self.form is Form.EMPTY:
            return [call, "return []"]
        if self.form is Form.ONE:
            return [f"return {call}.numpy()"]
        if self.form is Form.LIST and len(self.tensors) == 1:
            return [f"return [{call}.numpy()]"]
        return [f"return {self._each(call)}"]

    def _each(self, text: str) -> str:
        return f"[{self.item}.numpy() for {self.item} in {text}]"
