import numpy as np
from keras.layers import (Input, LSTM, Dense, Permute, RepeatVector, Lambda, Flatten, Activation,
                          Multiply, Bidirectional, Dot, Concatenate, Reshape, TimeDistributed)
from keras.models import Model
import keras.backend as K

STEPS, DIM = 5, 4
SINGLE = False

def attention_3d_block(inputs):
    input_dim = int(inputs.shape[2])
    a = Permute((2, 1))(inputs)
    a = Reshape((input_dim, STEPS))(a)
    a = Dense(STEPS, activation='softmax')(a)
    if SINGLE:
        a = Lambda(lambda x: K.mean(x, axis=1), name='dim_reduction')(a)
        a = RepeatVector(input_dim)(a)
    a_probs = Permute((2, 1), name='attention_vec')(a)
    return Multiply()([inputs, a_probs])

def weighted_sum(h):
    e = TimeDistributed(Dense(1, activation='tanh'))(h)
    e = Flatten()(e)
    e = Activation('softmax')(e)
    e = RepeatVector(int(K.int_shape(h)[-1]))(e)
    e = Permute([2, 1])(e)
    m = Multiply()([h, e])
    return Lambda(lambda xin: K.sum(xin, axis=-2), output_shape=(2 * DIM,))(m)

inp = Input(shape=(STEPS, DIM))
x = attention_3d_block(inp)
h = Bidirectional(LSTM(DIM, return_sequences=True))(x)
context = weighted_sum(h)
scores = Dot(axes=[2, 2])([h, h])
flat = Flatten()(scores)
out = Dense(1, activation='sigmoid')(Concatenate()([context, flat]))
model = Model(inputs=[inp], outputs=out)
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
np.random.seed(2)
x = np.random.rand(8, STEPS, DIM)
model.fit([x], np.arange(8) % 2, epochs=1, batch_size=4, verbose=0)
weights = Model(model.input, model.get_layer('attention_vec').output).predict(x, verbose=0)
print(weights.shape, np.allclose(weights.sum(axis=1), 1, atol=1e-4))
