import numpy as np
import tensorflow as tf
from tensorflow import keras

ids = keras.Input((5,), dtype='int32')
x = keras.Input((5, 6))
one_hot = tf.one_hot(ids, 7)
parts = tf.split(x, 3, axis=-1)
rows = tf.unstack(x, axis=1)
stacked = tf.stack(rows[:2], axis=1)
tiled = tf.tile(tf.expand_dims(rows[2], 1), [1, 2, 1])
chosen = tf.where(x > 0., x, tf.zeros_like(x))
norms = tf.norm(x, axis=-1)
einsum = tf.einsum('bij,bkj->bik', x, x)
gathered = tf.gather(x, [0, 2, 4], axis=1)
lengths = tf.math.reduce_sum(tf.cast(tf.not_equal(ids, 0), tf.float32), axis=1, keepdims=True)
normed = tf.math.l2_normalize(x, axis=-1)
soft = tf.nn.softmax(einsum, axis=-1)
attended = tf.matmul(soft, normed)
clipped = tf.clip_by_value(parts[0], -1., 1.)
logged = tf.math.log1p(tf.abs(parts[1]))
flat = tf.reshape(attended, (-1, 30))
big = tf.concat([flat,
                 tf.reshape(one_hot, [tf.shape(ids)[0], 35]),
                 tf.reduce_sum(stacked, 1), tf.reduce_sum(tiled, axis=1),
                 tf.reduce_logsumexp(chosen, axis=1), norms, lengths,
                 tf.reduce_prod(gathered, axis=1),
                 tf.reduce_sum(clipped, axis=-1), tf.reduce_max(logged, axis=-1)], axis=1)
out = keras.layers.Dense(3, activation=tf.nn.softmax)(big)
model = keras.Model(inputs=[ids, x], outputs=out)
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
rng = np.random.RandomState(1)
data = [rng.randint(0, 7, size=(16, 5)), rng.normal(size=(16, 5, 6))]
model.fit(data, rng.randint(0, 3, size=(16,)), batch_size=8, epochs=1, verbose=0)
print(model.predict(data, verbose=0).shape)
