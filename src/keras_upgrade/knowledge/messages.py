"""What is behind messages of Keras 3 for which no rule can look at the program: files, devices, data.

Texts of Keras 3.15 and TensorFlow 2.21; for each, words for the user.
"""

import re
from collections.abc import Sequence

from keras_upgrade.records import dataclass

_OLD_FILE = (
    "The file was written by another version of Keras. Whole models do not travel between versions; weights do: build the "
    "model in code, and call `model.load_weights('weights.h5')` with an `.h5` file of weights that Keras 2 has written "
    "(`model.save_weights('weights.h5')` there)."
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        example: how it is printed.
        pattern: what it looks like.
        words: what to do.
    """

    example: str
    pattern: re.Pattern[str]
    words: str


def _message(example: str, pattern: str, words: str) -> Message:
    return Message(example, re.compile(pattern, re.DOTALL), words)


MESSAGES: Sequence[Message] = (
    _message(
        "ValueError: Layer count mismatch when loading weights from file. Model expected 2 layers, found 0 saved layers.",
        r"Layer count mismatch when loading weights",
        "The file has the weights of another model, or of the same one in the other format: `.weights.h5` is what Keras 3 "
        "writes, `.h5` what Keras 2 wrote, and neither is read under the other's name. Do not rename such files.",
    ),
    _message(
        "ValueError: Kernel shape must have the same length as input, but received kernel of shape (3, 3, 1, 8)",
        r"Kernel shape must have the same length as input",
        _OLD_FILE,
    ),
    _message(
        "ValueError: Unknown layer: 'TFOpLambda'. Please ensure you are using a `keras.utils.custom_object_scope`",
        r"Unknown layer: '?(TFOpLambda|SlicingOpLambda|Functional)'?",
        _OLD_FILE,
    ),
    _message(
        "TypeError: Unrecognized keyword arguments: ['batch_shape']",
        r"Unrecognized keyword arguments: \['batch_shape'\]",
        _OLD_FILE,
    ),
    _message(
        "ValueError: Arguments `target` and `output` must have the same shape.",
        r"Arguments `?target`? and `?output`? must have the same shape",
        "The labels have to have the shape of the model's output: `(samples, 1)` for one unit, one column for each class "
        "with `binary_crossentropy` or `categorical_crossentropy` (`keras.utils.to_categorical`), numbers of classes with "
        "`sparse_categorical_crossentropy`. Keras 2 stretched them.",
    ),
    _message(
        "InvalidArgumentError: Detected unsupported operations when trying to compile graph one_step[] on XLA_GPU_JIT",
        r"Detected unsupported operations when trying to compile graph|XLA_GPU_JIT",
        "Keras 3 compiles models with XLA where it can, and one of the operations cannot: "
        "`model.compile(..., jit_compile=False)`.",
    ),
    _message(
        "UnimplementedError: The Conv2D op currently only supports NHWC tensor format on the CPU. The op was given NCHW",
        r"only supports NHWC tensor format|NCHW.*not supported|UnimplementedError.*(data_format|NCHW)",
        "On a CPU convolutions want the channels last: build the model with `data_format='channels_last'`, and transpose "
        "the images, `np.transpose(x, (0, 2, 3, 1))`.",
    ),
    _message(
        'ValueError: The name "d" is used 2 times in the model. All operation names should be unique.',
        r"The name \"?.+?\"? is used \d+ times in the model",
        "Each layer of a model needs a name of its own: change or leave out one of the `name=` arguments.",
    ),
    _message(
        "FileNotFoundError: [Errno 2] No such file or directory: 'out/m.keras'",
        r"No such file or directory.*\.(keras|h5)\b|Unable to synchronously create file",
        "Keras 3 makes no folder for a file that it writes: `os.makedirs(folder, exist_ok=True)` before.",
    ),
)


def words_for(text: str) -> str:
    """What to do about an error; empty if nothing here knows it."""
    return next((message.words for message in MESSAGES if message.pattern.search(text)), "")
