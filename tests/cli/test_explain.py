import re

import pytest

from keras_upgrade.explain import answer
from keras_upgrade.rules import all_rules

from .programs import Command

TENSORFLOW = """\
ValueError: A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a symbolic \
placeholder for a shape and dtype, used when constructing Keras Functional models or Keras Functions. You \
can only use it as input to a Keras layer or a Keras operation (from the namespaces `keras.layers` and \
`keras.ops`). You are likely doing something like:

```
x = Input(...)
...
tf_fn(x)  # Invalid.
```
"""
SCRIPT = """\
Traceback (most recent call last):
  File "/home/ann/vae.py", line 30, in <module>
    z = Lambda(sampling)([z_mean, z_log_var])
        ^^^^^^^^^^^^^^^^
  File "/venv/lib/python3.12/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
  File "/home/ann/vae.py", line 22, in sampling
    epsilon = K.random_normal(shape=(K.shape(z_mean)[0], latent_dim))
              ^^^^^^^^^^^^^^^
AttributeError: Exception encountered when calling Lambda.call().

\x1b[1mmodule 'keras.api.backend' has no attribute 'random_normal'\x1b[0m

Arguments received by Lambda.call():
  • inputs=['<KerasTensor shape=(None, 2)>']
  • mask=None
"""
NOTEBOOK = """\
---------------------------------------------------------------------------
\x1b[0;31mNotImplementedError\x1b[0m                       Traceback (most recent call last)
Cell \x1b[0;32mIn[7], line 5\x1b[0m
\x1b[1;32m      3\x1b[0m kl_loss = keras.ops.sum(kl_loss, axis=-1)
\x1b[1;32m      4\x1b[0m vae_loss = keras.ops.mean(xent + kl_loss)
\x1b[0;32m----> 5\x1b[0m vae.add_loss(vae_loss)

File \x1b[0;32m/site-packages/keras/src/models/functional.py:281\x1b[0m, in Functional.add_loss(self, loss)
\x1b[1;32m    279\x1b[0m def add_loss(self, loss):
\x1b[1;32m    280\x1b[0m     # Symbolic only. TODO
\x1b[0;32m--> 281\x1b[0m     raise NotImplementedError

\x1b[0;31mNotImplementedError\x1b[0m:\x20
"""
LOSS = f"""\
Traceback (most recent call last):
  File "/home/ann/vae.py", line 60, in <module>
    vae.fit(x_train, x_train)
  File "/venv/lib/python3.12/site-packages/keras/src/trainers/compile_utils.py", line 691, in __call__
    loss(y_t, y_p, sample_weight),
  File "/home/ann/vae.py", line 44, in vae_loss
    kl = 1 + z_log_var - tf.square(z_mean)
{TENSORFLOW}"""
CHAINED = """\
Traceback (most recent call last):
  File "train.py", line 9, in build
    return K.exp(x)
           ^^^^^
AttributeError: module 'keras.backend' has no attribute 'exp'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "train.py", line 12, in main
    raise RuntimeError("could not build the model") from error
RuntimeError: could not build the model
"""
OTHERS = """\
Traceback (most recent call last):
  File "base.py", line 3, in <module>
    Base().run()
  File "base.py", line 2, in run
    raise NotImplementedError
NotImplementedError
"""
GUIDE = [
    (
        "AttributeError: module 'keras.backend' has no attribute 'random_normal'",
        "KU301",
        "keras.random.normal",
    ),
    ("AttributeError: module 'keras.backend' has no attribute 'exp'", "KU301", "`K.exp` → `keras.ops.exp`"),
    ("AttributeError: module 'keras.backend' has no attribute 'sum'", "KU301", "`K.sum` → `keras.ops.sum`"),
    ("ValueError: A KerasTensor cannot be used as input to a TensorFlow function.", "KU303", "keras.ops"),
    (
        "ValueError: A KerasTensor cannot be used as input to a TensorFlow function.\n"
        "A KerasTensor is a symbolic placeholder...",
        "KU303",
        "keras.ops",
    ),
    ("NotImplementedError", "KU502", "self.add_loss"),
    ("NotImplementedError  (from Functional.add_loss)", "KU502", "self.add_loss"),
    (
        "NotImplementedError\n# from keras/src/models/functional.py — "
        'add_loss raises NotImplementedError with "# Symbolic only. TODO"',
        "KU502",
        "self.add_loss",
    ),
]


@pytest.mark.parametrize(("text", "code", "words"), GUIDE)
def test_the_errors_of_the_guide(run: Command, text: str, code: str, words: str) -> None:
    result = run("explain", text)
    assert result.status == 0
    assert answer(text).codes[0] == code
    assert f"\n{code} " in result.out
    assert words in result.out


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (SCRIPT, "KU301", "/home/ann/vae.py, line 22: epsilon = K.random_normal("),
        (SCRIPT, "KU301", "`K.random_normal` → `keras.random.normal`"),
        (NOTEBOOK, "KU502", "In[7], line 5: vae.add_loss(vae_loss)"),
        (LOSS, "KU501", "/home/ann/vae.py, line 44: kl = 1 + z_log_var"),
        (LOSS, "KU501", "Less likely:\n  KU303"),
        (TENSORFLOW, "KU303", "Less likely:\n  KU501"),
        (CHAINED, "KU301", "train.py, line 9: return K.exp(x)"),
    ],
)
def test_whole_tracebacks(text: str, code: str, words: str) -> None:
    found = answer(text)
    assert found.codes[0] == code
    assert words in found.text


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "module 'keras._tf_keras.keras.backend' has no attribute 'flatten'",
            "KU301",
            "`K.flatten(x)` → `keras.ops.re",
        ),
        ("module 'keras.api._v2.keras.backend' has no attribute 'exp'", "KU301", "`K.exp` → `keras.ops.exp`"),
        ("AttributeError: module 'keras.backend' has no attribute 'gradients'", "KU301", "GradientTape"),
        ("No module named 'keras.layers.advanced_activations'", "KU101", "`keras.layers`"),
        ("ImportError: cannot import name 'np_utils' from 'keras.utils' (/x.py)", "KU101", "`keras.utils`"),
        ("ValueError: Argument(s) not recognized: {'lr': 0.001}", "KU201", "`lr=` → `learning_rate=`"),
        ("KeyError: 'acc'", "KU204", "key"),
        ("AttributeError: 'Sequential' object has no attribute 'fit_generator'", "KU202", "`fit`"),
    ],
)
def test_names_that_the_tables_know(text: str, code: str, words: str) -> None:
    found = answer(text)
    assert found.codes[0] == code
    assert words in found.text


def test_a_name_that_no_table_knows_is_not_passed_off_as_known() -> None:
    found = answer("AttributeError: module 'keras.backend' has no attribute 'frobnicate'")
    assert found.codes[0] == "KU301"
    assert "not in the tables" in found.text


@pytest.mark.parametrize(
    "text", ["ZeroDivisionError: division by zero", "hello", "KU999", OTHERS, "Makefile:3: error"]
)
def test_what_is_not_known_is_said_plainly(run: Command, text: str) -> None:
    result = run("explain", text)
    assert result.status == 1
    assert "No rule knows this error" in result.out or "There is no rule KU999" in result.out


def test_pages_are_found_by_code_and_name(run: Command) -> None:
    for rule in all_rules():
        for words in (rule.code, rule.code.lower(), rule.name, rule.name.upper()):
            result = run("explain", words)
            assert (result.status, result.out) == (0, f"{rule.page}\n")
    assert run("explain", "KU100").out.startswith("KU100 ")


def test_every_error_that_a_page_shows_leads_to_its_rule() -> None:
    for rule in all_rules():
        section = re.search(r"\*\*Error\*\*\n\n((?:    .*\n)+)", f"{rule.page}\n")
        for line in section[1].splitlines() if section else ():
            assert rule.code in answer(line.strip()).codes, (rule.code, line)
