"""`K.batch_dot`: which of its meanings a call has, by the number of axes."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

CAPSULE = """
from keras import backend as K
from keras.layers import Layer


def softmax(x, axis=-1):
    ex = K.exp(x - K.max(x, axis=axis, keepdims=True))
    return ex / K.sum(ex, axis=axis, keepdims=True)


class Capsule(Layer):
    def call(self, inputs):
        shape = K.shape(inputs)
        hat = K.permute_dimensions(K.reshape(inputs, (shape[0], shape[1], 3, 4)), (0, 2, 1, 3))
        b = K.zeros_like(hat[:, :, :, 0])
        for i in range(3):
            o = K.tanh(K.batch_dot(softmax(b, 1), hat, [2, 2]))
            b = K.batch_dot(o, hat, [2, 3])
        return o
"""


def fixed(program: str) -> str:
    return migrate([loads(program)])[0].document.source


def test_the_axes_of_a_routing_loop_are_known() -> None:
    after = fixed(CAPSULE)
    assert 'keras.ops.einsum("bni,bnij->bnj", softmax(b, 1), hat)' in after
    assert 'keras.ops.einsum("bni,bnji->bnj", o, hat)' in after


@pytest.mark.parametrize(
    ("shapes", "axes", "written"),
    [
        ("(4, 3, 2, 5), (4, 3, 6, 5)", "[3, 3]", "keras.ops.matmul(x, keras.ops.swapaxes(y, -1, -2))"),
        ("(4, 3, 2, 5), (4, 3, 5, 6)", "[3, 2]", "keras.ops.matmul(x, y)"),
        ("(4, 2, 5), (4, 5, 6)", "[2, 1]", "keras.layers.Dot(axes=[2, 1])([x, y])"),
        ("(4, 5), (4, 5, 6)", "[1, 1]", "keras.layers.Dot(axes=[1, 1])([x, y])"),
    ],
)
def test_what_is_written(shapes: str, axes: str, written: str) -> None:
    program = "from keras import backend as K\n"
    left, right = shapes.split("), ")
    program += f"x, y = K.ones({left})), K.ones({right})\nz = K.batch_dot(x, y, {axes})\n"
    assert written in fixed(program)


@pytest.mark.parametrize(
    ("axes", "written"),
    [
        ("[3, 3]", "keras.ops.matmul(q, keras.ops.swapaxes(k, -1, -2))"),
        ("[2, 2]", "keras.layers.Dot(axes=[2, 2])([q, k])"),
        ("axes", "keras.layers.Dot(axes=axes)([q, k])"),
    ],
)
def test_unknown_tensors_are_known_by_the_axes_only(axes: str, written: str) -> None:
    assert written in fixed(
        f"from keras import backend as K\ndef f(q, k, axes): return K.batch_dot(q, k, {axes})\n"
    )


def test_a_program_of_tf_keras_means_the_later_meaning() -> None:
    program = "from tensorflow.keras import backend as K\ndef f(q, k): return K.batch_dot(q, k, [3, 3])\n"
    assert "keras.layers.Dot(axes=[3, 3])([q, k])" in fixed(program)
