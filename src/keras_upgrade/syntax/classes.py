"""Source text of generated classes."""

from collections.abc import Sequence

from keras_upgrade.records import dataclass, field
from keras_upgrade.syntax.edits import indent


@dataclass
class LayerClass:
    """A layer or model class that keeps its constructor arguments in its config.

    Attributes:
        name: of the class.
        base: the base class as written (`keras.layers.Layer`).
        decorator: without the `@`; none if empty.
        attributes: constructor arguments, each kept as an attribute of that name.
        methods: source texts, from `def` on, with a body indented by four.
        objects: those of `attributes` that are Keras objects: the config holds them serialized.
        serialization: how `keras.saving` is written.
        setup: further statements of the constructor.
    """

    name: str
    base: str
    decorator: str
    attributes: Sequence[str]
    methods: Sequence[str]
    objects: Sequence[str] = field(default_factory=tuple)
    serialization: str = "keras.saving"
    setup: Sequence[str] = field(default_factory=tuple)

    def render(self) -> str:
        """The text of the class, without a newline at its end."""
        parts = [self._constructor(), *self.methods, self._get_config(), self._from_config()]
        body = "\n\n".join(indent(part, "    ") for part in parts if part)
        decorator = f"@{self.decorator}\n" if self.decorator else ""
        return f"{decorator}class {self.name}({self.base}):\n{body}"

    def _constructor(self) -> str:
        if not self.attributes and not self.setup:
            return ""
        header = f"def __init__({', '.join(['self', *self.attributes, '**kwargs'])}):\n"
        assignments = [f"self.{name} = {name}" for name in self.attributes]
        lines = ["super().__init__(**kwargs)", *assignments, *self.setup]
        return header + "\n".join(f"    {line}" for line in lines)

    def _get_config(self) -> str:
        if not self.attributes:
            return ""
        items = [f'"{name}": {self._in_config(name)}' for name in self.attributes]
        inline = "    config.update({" + ", ".join(items) + "})"
        if len(inline) > 90:
            inline = "    config.update({\n" + "".join(f"        {item},\n" for item in items) + "    })"
        return f"def get_config(self):\n    config = super().get_config()\n{inline}\n    return config"

    def _in_config(self, name: str) -> str:
        if name in self.objects:
            return f"{self.serialization}.serialize_keras_object(self.{name})"
        return f"self.{name}"

    def _from_config(self) -> str:
        if not self.objects:
            return ""
        lines = ["@classmethod", "def from_config(cls, config):"]
        for name in self.objects:
            lines.append(
                f'    config["{name}"] = {self.serialization}.deserialize_keras_object(config["{name}"])'
            )
        return "\n".join([*lines, "    return cls(**config)"])
