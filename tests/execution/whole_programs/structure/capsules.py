"""Capsules on tf.keras: matmul with broadcasting."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras import layers, initializers, Model


def squash(vectors, axis=-1):
    s_squared_norm = tf.reduce_sum(tf.square(vectors), axis, keepdims=True)
    scale = s_squared_norm / (1 + s_squared_norm) / tf.sqrt(s_squared_norm + K.epsilon())
    return scale * vectors


class CapsuleLayer(layers.Layer):
    def __init__(self, num_capsule, dim_capsule, routings=2, **kwargs):
        super(CapsuleLayer, self).__init__(**kwargs)
        self.num_capsule = num_capsule
        self.dim_capsule = dim_capsule
        self.routings = routings

    def build(self, input_shape):
        self.input_num_capsule = input_shape[1]
        self.W = self.add_weight(shape=[self.num_capsule, self.input_num_capsule, self.dim_capsule, input_shape[2]],
                                 initializer='glorot_uniform', name='W')
        self.built = True

    def call(self, inputs, training=None):
        inputs_expand = tf.expand_dims(inputs, 1)
        inputs_tiled = tf.tile(inputs_expand, [1, self.num_capsule, 1, 1])
        inputs_tiled = tf.expand_dims(inputs_tiled, 4)
        inputs_hat = tf.squeeze(tf.map_fn(lambda x: tf.matmul(self.W, x), elems=inputs_tiled))
        inputs_hat = tf.reshape(inputs_hat, [-1, self.num_capsule, self.input_num_capsule, self.dim_capsule])
        b = tf.zeros(shape=[tf.shape(inputs_hat)[0], self.num_capsule, 1, self.input_num_capsule])
        for i in range(self.routings):
            c = tf.nn.softmax(b, axis=1)
            outputs = squash(tf.matmul(c, inputs_hat))
            if i < self.routings - 1:
                b += tf.matmul(outputs, inputs_hat, transpose_b=True)
        return tf.squeeze(outputs, 2)

    def compute_output_shape(self, input_shape):
        return tuple([None, self.num_capsule, self.dim_capsule])


class Mask(layers.Layer):
    def call(self, inputs, **kwargs):
        if type(inputs) is list:
            inputs, mask = inputs
        else:
            x = K.sqrt(K.sum(K.square(inputs), -1))
            mask = K.one_hot(indices=K.argmax(x, 1), num_classes=x.get_shape().as_list()[1])
        return K.batch_flatten(inputs * K.expand_dims(mask, -1))


x = layers.Input((8, 4))
caps = CapsuleLayer(3, 5, name='digits')(layers.Lambda(squash)(x))
y = layers.Input((3,))
masked_by_y = Mask()([caps, y])
masked = Mask()(caps)
lengths = layers.Lambda(lambda z: K.sqrt(K.sum(K.square(z), -1)), name='capsnet')(caps)
decoder = tf.keras.Sequential([layers.Dense(6, activation='relu', input_dim=15), layers.Dense(32)])
train_model = Model([x, y], [lengths, decoder(masked_by_y)])
eval_model = Model(x, [lengths, decoder(masked)])
train_model.compile('sgd', loss=['mse', 'mse'], loss_weights=[1., 0.392])
rng = np.random.RandomState(0)
data, labels = rng.normal(size=(6, 8, 4)).astype('float32'), np.eye(3, dtype='float32')[[0, 1, 2, 0, 1, 2]]
train_model.fit([data, labels], [labels, data.reshape(6, 32)], batch_size=3, verbose=0)
first, second = eval_model.predict(data, verbose=0)
print(first.shape, second.shape)
