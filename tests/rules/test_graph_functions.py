"""`K.function` and `K.gradients`: how the function is called afterwards, and where only an advice is given."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

MODEL = """\
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model, Sequential

x = Input((3,))
hidden = Dense(4, activation='tanh')(x)
model = Model(x, Dense(2)(hidden))
data = np.ones((1, 3))
"""


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(MODEL + program)])[0]
    assert outcome.failures == []
    assert migrate([loads(outcome.document.source)])[0].document.source == outcome.document.source
    return outcome


CALLS = {
    "the only output": (
        "f = K.function([x], [hidden])\nresult = f([data])[0]\n",
        ["f = keras.Model(x, hidden)", "result = f.predict_on_batch(data)"],
    ),
    "the only output in its list": (
        "f = K.function([x], [hidden])\nresult = f([data])\n",
        ["f = keras.Model(x, hidden)", "result = [f.predict_on_batch(data)]"],
    ),
    "several outputs": (
        "f = K.function([x], [hidden, model.output])\na, b = f([data])\n",
        ["f = keras.Model(x, [hidden, model.output])", "a, b = f.predict_on_batch(data)"],
    ),
    "a list of arrays in place of a batch": (
        "f = K.function([x], [hidden])\nresult = f([[data[0], data[0]]])[0]\n",
        ["result = f.predict_on_batch(np.array([data[0], data[0]]))"],
    ),
    "training": (
        "f = K.function([x, K.learning_phase()], [hidden])\na = f([data, 1])[0]\nb = f([data, 0.])[0]\n",
        ["f = keras.Model(x, hidden)", "a = f(data, training=True).numpy()", "b = f.predict_on_batch(data)"],
    ),
    "a phase that is not known": (
        "def at(phase):\n    return f([data, phase])\n\nf = K.function([x, K.learning_phase()], [hidden, x])\n",
        ["return [y.numpy() for y in f(data, training=bool(phase))]"],
    ),
    "keywords": (
        "f = K.function(inputs=[model.layers[0].input], outputs=[hidden])\nresult = f([data])[0]\n",
        ["f = keras.Model(inputs=model.inputs[0], outputs=hidden)"],
    ),
    "several outputs, passed on": (
        "f = K.function([x], [hidden, model.output])\nprint(map(f, [[data]]))\n",
        ["f = keras.Model([x], [hidden, model.output]).predict_on_batch"],
    ),
    "one output, passed on": (
        "f = K.function([x], [hidden])\nprint(map(f, [[data]]))\n",
        ["def f(inputs):", "    return [hidden.numpy()]", "print(map(f, [[data]]))"],
    ),
    "an attribute that others may read": (
        "class A:\n    def __init__(self):\n        self.f = K.function([x], [hidden])\n\n\n"
        "def use(a):\n    return a.f([data])[0]\n",
        ["def f(inputs):", "self.f = f", "return a.f([data])[0]"],
    ),
    "gradients, unpacked": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x], [hidden, g])\na, b = f([data])\n",
        ["def f(x):", "    return hidden.numpy(), g.numpy()", "a, b = f(data)"],
    ),
    "gradients, in a list": (
        "g = K.gradients(model.output, x)\nf = K.function([x], g)\na = f([data])\n",
        [
            "g = tape.gradient(model_output, [x])",
            "    return [output.numpy() for output in g]",
            "a = f(data)",
        ],
    ),
    "gradients in training": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x, K.learning_phase()], [g])\na = f([data, 1])[0]\n",
        ["model_output = model(x, training=True)", "a = f(data)"],
    ),
    "gradients, in a loop": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x], [hidden, g])\nfor i in range(3):\n    a, b = f([data])\n",
        [
            "@tf.function(reduce_retracing=True)\ndef compiled_f(x):\n    with tf.GradientTape() as tape:\n",
            '    return hidden, g\n\n\ndef f(x):\n    x = keras.ops.convert_to_tensor(x, dtype="float32")\n'
            "    return [output.numpy() for output in compiled_f(x)]\n",
            "    a, b = f(data)",
        ],
    ),
    "one gradient, in a loop": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x], [g])\na = [f([data])[0] for i in range(3)]\n",
        ["    return g\n", "    return compiled_f(x).numpy()\n", "a = [f(data) for i in range(3)]"],
    ),
    "one gradient in its list, called by a function": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x], [g])\n\n\ndef slope(x):\n    return f([x])\n",
        ["    return g\n", "    return [compiled_f(x).numpy()]\n", "    return f(x)\n"],
    ),
    "a list of gradients, in a loop": (
        "g = K.gradients(model.output, x)\nf = K.function([x], g)\nwhile True:\n    a = f([data])\n",
        ["    return g\n", "    return [output.numpy() for output in compiled_f(x)]\n"],
    ),
    "gradients, passed on": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x], [g])\nprint(map(f, [[data]]))\n",
        ["def compiled_f(x):", "def f(inputs):", "    return [compiled_f(x).numpy()]\n"],
    ),
    "a phase that is not known, in a loop": (
        "g = K.gradients(model.output, x)[0]\nf = K.function([x, K.learning_phase()], [g])\n"
        "for phase in (0, 1):\n    a = f([data, phase])[0]\n",
        [
            "def compiled_f(x, training):",
            "    model_output = model(x, training=training)",
            "def f(x, training=False):",
            "    return compiled_f(x, training).numpy()\n",
            "    a = f(data, training=bool(phase))",
        ],
    ),
    "steps of an optimizer": (
        "from keras.optimizers import Adam\nopt = Adam()\nloss = K.mean(model.output)\n"
        "f = K.function([x], [], updates=opt.get_updates(loss, model.trainable_weights))\n"
        "for i in range(3):\n    f([data])\n",
        [
            "    opt.apply_gradients(zip(gradients, model.trainable_weights))\n\n\ndef f(x):",
            "\n    compiled_f(x)\n",
        ],
    ),
    "a gradient of a gradient": (
        "g = K.gradients(model.output, x)[0]\nh = K.gradients(K.sum(g), x)[0]\nf = K.function([x], [h])\n"
        "a = f([data])[0]\n",
        [
            "        with tf.GradientTape() as inner_tape:\n            inner_tape.watch(x)\n",
            "        g = inner_tape.gradient(model_output, x)\n        loss = keras.ops.sum(g)\n",
            "    h = tape.gradient(loss, x)\n",
        ],
    ),
    "an optimizer is made once": (
        "from keras.optimizers import Adam\nloss = K.mean(model.output)\nf = K.function([x], [loss], "
        "Adam().get_updates(loss, model.trainable_weights))\nf([data])\n",
        ["optimizer = Adam()\n", "    optimizer.apply_gradients(zip(gradients, model.trainable_weights))"],
    ),
    "a Sequential built layer by layer": (
        "net = Sequential()\nnet.add(Dense(4, input_shape=(3,)))\nnet.add(Dense(2))\nfirst = net.layers[0].output\n"
        "g = K.gradients(net.output, first)[0]\nf = K.function([net.input], [g])\na = f([data])[0]\n",
        ["for layer in net.layers:", "if layer is net.layers[0]:", "            first = "],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls(name: str) -> None:
    program, expected = CALLS[name]
    after = migrated(program).document.source
    assert "K." not in after
    for text in expected:
        assert text in after, after


ADVICE = {
    "a gradient of a gradient of a gradient": (
        "g = K.gradients(model.output, x)[0]\nh = K.gradients(K.sum(g), x)[0]\ni = K.gradients(K.sum(h), x)[0]\n"
        "f = K.function([x], [i])\nf([data])\n",
        "it takes the gradient of a gradient of a gradient",
    ),
    "functions that a loop keeps": (
        "fs = []\nfor i in range(4):\n    g = K.gradients(hidden[:, i], x)[0]\n    fs.append(K.function([x], [g]))\n",
        "the functions made in a loop are kept",
    ),
    "a name that changes": (
        "i = 1\ng = K.gradients(hidden[:, i], x)[0]\nf = K.function([x], [g])\nfor i in range(2):\n    f([data])\n",
        "`i`, which it reads, changes later",
    ),
    "a gradient that is used elsewhere": (
        "g = K.gradients(model.output, x)[0]\nprint(g)\nf = K.function([x], [g])\nf([data])\n",
        "`g` is used elsewhere",
    ),
    "a layer made on the way": (
        "g = K.gradients(Dense(1)(K.square(hidden)), x)[0]\nf = K.function([x], [g])\nf([data])\n",
        "a layer is made on the way",
    ),
    "a function that takes the gradient": (
        "def slope(y):\n    return K.gradients(y, x)[0]\n\ng = slope(hidden)\nf = K.function([x], [g])\nf([data])\n",
        "`slope` takes the gradient",
    ),
    "a learning phase for all": (
        "K.set_learning_phase(1)\nf = K.function([x], [hidden])\nf([data])\n",
        "the learning phase is set",
    ),
    "inputs from elsewhere": (
        "def make(inputs):\n    return K.function(inputs, [hidden])\n",
        "its inputs are not written as a list here",
    ),
    "what models had of their training": (
        "f = K.function([x, model.targets[0]], [hidden])\n",
        "`model.targets` is not there in Keras 3",
    ),
    "the inside of a model in the model": (
        "outer = Sequential([model, Dense(1)])\ninner = outer.layers[0].layers[1].output\n"
        "g = K.gradients(outer.output, inner)[0]\nf = K.function([outer.input], [g])\nf([data])\n",
        "belongs to a model inside of the model",
    ),
    "other updates": (
        "v = K.variable(0.)\nf = K.function([x], [hidden], updates=[(v, v + 1)])\nf([data])\n",
        "its updates are not only those of an optimizer",
    ),
}


def test_a_function_that_is_called_once_is_not_compiled() -> None:
    made = "    g = K.gradients(hidden[:, i], x)[0]\n    f = K.function([x], [g])\n    a = f([data])[0]\n"
    program = "for i in range(3):\n" + made
    after = migrated(program).document.source
    assert "GradientTape" in after
    assert "tf.function" not in after


@pytest.mark.parametrize("name", ADVICE)
def test_advice(name: str) -> None:
    program, reason = ADVICE[name]
    outcome = migrated(program)
    assert "GradientTape" not in outcome.document.source
    advices = [report.finding for report in outcome.left if report.finding.code in ("KU306", "KU307")]
    assert any(reason in finding.message for finding in advices), [a.message for a in advices]
    assert not any(
        "K.function" in report.finding.message and report.finding.code == "KU301" for report in outcome.left
    )


def test_a_gradient_in_a_loss_is_a_matter_of_the_training_step() -> None:
    program = (
        "from functools import partial\n\n\ndef penalty(y, p, samples):\n    g = K.gradients(p, samples)[0]\n"
        "    return K.mean(K.square(1 - K.sqrt(K.sum(K.square(g)))))\n\n\n"
        "model.compile('sgd', loss=partial(penalty, samples=x))\n"
    )
    advices = [r.finding.message for r in migrated(program).left if r.finding.code == "KU307"]
    assert len(advices) == 1
    assert "train_step" in advices[0]


def test_the_phase_among_the_inputs_gets_no_advice_of_its_own() -> None:
    program = "def make(inputs):\n    return K.function(inputs + [K.learning_phase()], [hidden])\n"
    codes = [report.finding.code for report in migrated(program).left]
    assert codes == ["KU306"]
