'''Attention of the transformer, in the style of Keras 2.1.'''
import numpy as np
from keras.layers import *
from keras.models import *
import keras.backend as K
import tensorflow as tf


class ScaledDotProductAttention():
    def __init__(self, d_model, attn_dropout=0.0):
        self.temper = np.sqrt(d_model)
        self.dropout = Dropout(attn_dropout)

    def __call__(self, q, k, v, mask):
        attn = Lambda(lambda x: K.batch_dot(x[0], x[1], axes=[2, 2]) / self.temper)([q, k])
        if mask is not None:
            mmask = Lambda(lambda x: (-1e+10) * (1 - K.cast(x, 'float32')))(mask)
            attn = Add()([attn, mmask])
        attn = Activation('softmax')(attn)
        attn = self.dropout(attn)
        output = Lambda(lambda x: K.batch_dot(x[0], x[1]))([attn, v])
        return output, attn


class MultiHeadAttention():
    def __init__(self, n_head, d_model, d_k):
        self.n_head, self.d_k = n_head, d_k
        self.qs_layer = Dense(n_head * d_k, use_bias=False)
        self.ks_layer = Dense(n_head * d_k, use_bias=False)
        self.vs_layer = Dense(n_head * d_k, use_bias=False)
        self.attention = ScaledDotProductAttention(d_model)
        self.w_o = TimeDistributed(Dense(d_model))

    def __call__(self, q, k, v, mask=None):
        d_k = self.d_k
        n_head = self.n_head
        qs, ks, vs = self.qs_layer(q), self.ks_layer(k), self.vs_layer(v)

        def reshape1(x):
            s = tf.shape(x)
            x = tf.reshape(x, [s[0], s[1], n_head, d_k])
            x = tf.transpose(x, [2, 0, 1, 3])
            x = tf.reshape(x, [-1, s[1], d_k])
            return x
        qs = Lambda(reshape1)(qs)
        ks = Lambda(reshape1)(ks)
        vs = Lambda(reshape1)(vs)
        if mask is not None:
            mask = Lambda(lambda x: K.repeat_elements(x, n_head, 0))(mask)
        head, attn = self.attention(qs, ks, vs, mask=mask)

        def reshape2(x):
            s = tf.shape(x)
            x = tf.reshape(x, [n_head, -1, s[1], s[2]])
            x = tf.transpose(x, [1, 2, 0, 3])
            x = tf.reshape(x, [-1, s[1], n_head * d_k])
            return x
        head = Lambda(reshape2)(head)
        return self.w_o(head), attn


class LayerNormalization(Layer):
    def __init__(self, eps=1e-6, **kwargs):
        self.eps = eps
        super(LayerNormalization, self).__init__(**kwargs)

    def build(self, input_shape):
        self.gamma = self.add_weight(name='gamma', shape=input_shape[-1:], initializer='ones', trainable=True)
        self.beta = self.add_weight(name='beta', shape=input_shape[-1:], initializer='zeros', trainable=True)
        super(LayerNormalization, self).build(input_shape)

    def call(self, x):
        mean = K.mean(x, axis=-1, keepdims=True)
        std = K.std(x, axis=-1, keepdims=True)
        return self.gamma * (x - mean) / (std + self.eps) + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape


def get_pad_mask(q, k):
    ones = K.expand_dims(K.ones_like(q, 'float32'), -1)
    mask = K.cast(K.expand_dims(K.not_equal(k, 0), 1), 'float32')
    return K.batch_dot(ones, mask, axes=[2, 1])


src = Input(shape=(5,), dtype='int32')
emb = Embedding(9, 8)(src)
mask = Lambda(lambda x: get_pad_mask(x, x))(src)
out, attention = MultiHeadAttention(2, 8, 4)(emb, emb, emb, mask)
out = LayerNormalization()(Add()([out, emb]))
out = Lambda(lambda x: K.mean(x, axis=1))(out)
model = Model(src, Dense(1)(out))
model.compile('sgd', 'mse')
ids = np.random.RandomState(0).randint(0, 9, size=(4, 5))
model.fit(ids, np.ones((4, 1)), verbose=0)
print(model.predict(ids, verbose=0).shape)
