"""KU910 session-run: `session.run` of what a Keras model computes

In the time of TensorFlow 1, programs built a graph around a Keras model, of placeholders, losses and an optimizer's
operation, and had a session compute parts of it: `session.run([step, loss], feed_dict={x: batch})`. Keras 3 computes at
once: what was a part of the graph is a function, and what was fed are its arguments.

**Since** TensorFlow 2.0.

**Error**

    RuntimeError: The Session graph is empty. Add operations to the graph before calling run().

**Fix.** The statements that lead to what is fetched are copied into a function on real tensors, as for `K.function`
(KU306, KU307), compiled if it is called in a loop; an optimizer's operation becomes a step with a `tf.GradientTape`. The session goes when no other run is
left (KU906). All runs of a module are rewritten, or none.

**Not fixed.** Tensors that are attributes of an object, layers that are made from a placeholder on the way, runs whose
feeds are not written out. Graphs in which there is nothing of Keras stay.

```python before
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

sess = tf.Session()
K.set_session(sess)

x = tf.placeholder(tf.float32, shape=(None, 2))
labels = tf.placeholder(tf.float32, shape=(None, 1))
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
output = model(x)
loss = tf.reduce_mean(tf.square(output - labels))
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=model.trainable_weights)

sess.run(tf.global_variables_initializer())
batch, target = np.ones((4, 2)), np.zeros((4, 1))
result = []
for epoch in range(3):
    _, value = sess.run([step, loss], feed_dict={x: batch, labels: target})
    result.append(value)
result.append(sess.run(output, feed_dict={x: batch}))
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])

batch, target = np.ones((4, 2)), np.zeros((4, 1))
result = []
optimizer = keras.optimizers.SGD(0.1)


@tf.function(reduce_retracing=True)
def compiled_train(x, labels):
    with tf.GradientTape() as tape:
        output = model(x)
        loss = tf.reduce_mean(tf.square(output - labels))
    gradients = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(gradients, model.trainable_weights))
    return loss


def train(x, labels):
    x = keras.ops.convert_to_tensor(x, dtype="float32")
    labels = keras.ops.convert_to_tensor(labels, dtype="float32")
    return compiled_train(x, labels).numpy()


for epoch in range(3):
    value = train(batch, target)
    result.append(value)


def compute_output(x):
    x = keras.ops.convert_to_tensor(x, dtype="float32")
    output = model(x)
    return output.numpy()


result.append(compute_output(batch))
```

```python unchanged
import numpy as np
import keras
import tensorflow as tf

graph = tf.Graph()
with graph.as_default():
    x = tf.compat.v1.placeholder(tf.float32)
    y = x * 2.0
with tf.compat.v1.Session(graph=graph) as session:
    result = float(session.run(y, feed_dict={x: 2.0}))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.gradients import Written
from keras_upgrade.rules.graphs.runs import Run, written_runs
from keras_upgrade.rules.ku306_backend_function_object import TRAINS
from keras_upgrade.rules.shared.tensorflow_code import uses_keras

CODE = "KU910"
PHASE = STRUCTURE
WORDS = {"eval", "run"}
ERRORS = (r"The Session graph is empty",)


def check(context: Context) -> Iterator[Finding]:
    """The runs in which something of Keras is computed: the first one, the others in the passes that follow."""
    if not uses_keras(context):
        return
    written, _ = written_runs(context)  # the reason why there is none is told by KU906
    for run, made in written[:1]:
        yield _finding(context, run, made)


def _finding(context: Context, run: Run, made: Written) -> Finding:
    text = context.source.segment(run.call.func)
    return Finding(
        CODE,
        context.span(run.call.func),
        "there is no session: what it computed is a function on real tensors",
        Fix(
            made.edits,
            f"`{text}` → `{made.name}(...)`",
            Safety.REVIEW if made.trains else Safety.SAFE,
            made.imports,
        ),
        subject=f"`{text}`",
        assumption=TRAINS if made.trains else "",
    )
