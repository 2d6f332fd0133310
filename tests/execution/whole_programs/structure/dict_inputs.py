import numpy as np
import tensorflow as tf

inputs = {
    'age': tf.keras.Input(shape=(1,), name='age', dtype=tf.float32),
    'income': tf.keras.Input(shape=(1,), name='income'),
    'city': tf.keras.Input(shape=(1,), name='city', dtype=tf.int64),
}
numeric = tf.keras.layers.Concatenate()([inputs['age'], inputs['income']])
city = tf.squeeze(tf.one_hot(inputs['city'], depth=4), axis=1)
x = tf.concat([numeric, city], axis=-1)
x = tf.keras.layers.Dense(8, activation=tf.nn.relu)(x)
outputs = {'buys': tf.keras.layers.Dense(1, activation='sigmoid', name='buys')(x),
           'spends': tf.keras.layers.Dense(1, name='spends')(x)}
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=0.01),
              loss={'buys': 'binary_crossentropy', 'spends': 'mse'},
              metrics={'buys': ['accuracy']})
rng = np.random.default_rng(0)
table = {'age': rng.normal(size=(12, 1)), 'income': rng.normal(size=(12, 1)), 'city': rng.integers(0, 4, size=(12, 1))}
targets = {'buys': rng.integers(0, 2, size=(12, 1)).astype('float32'), 'spends': rng.normal(size=(12, 1))}
dataset = tf.data.Dataset.from_tensor_slices((table, targets)).batch(4)
model.fit(dataset, epochs=1, verbose=0)
predicted = model.predict(table, verbose=0)
print(sorted(predicted), predicted['spends'].shape)
