import keras
from keras import backend as K
from keras.layers import Layer, Input, Dense
from keras.models import Model
import numpy as np


class CenterLossLayer(Layer):

    def __init__(self, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.alpha = alpha

    def build(self, input_shape):
        self.centers = self.add_weight(name='centers',
                                       shape=(3, 2),
                                       initializer='uniform',
                                       trainable=False)
        # self.counter = self.add_weight(name='counter', shape=(1,), initializer='zeros', trainable=False)
        super().build(input_shape)

    def call(self, x, mask=None):
        # x[0] is Nx2, x[1] is Nx10 onehot, self.centers is 10x2
        delta_centers = K.dot(K.transpose(x[1]), (K.dot(x[1], self.centers) - x[0]))  # 10x2
        center_counts = K.sum(K.transpose(x[1]), axis=1, keepdims=True) + 1  # 10x1
        delta_centers /= center_counts
        new_centers = self.centers - self.alpha * delta_centers
        self.add_update((self.centers, new_centers), x)

        # self.add_update((self.counter, self.counter + 1), x)

        self.result = x[0] - K.dot(x[1], self.centers)
        self.result = K.sum(self.result ** 2, axis=1, keepdims=True)
        return self.result  # Nx1

    def compute_output_shape(self, input_shape):
        return K.int_shape(self.result)


def zero_loss(y_true, y_pred):
    return 0.5 * K.sum(y_pred, axis=0)


main_input = Input((6,))
aux_input = Input((3,))
x = Dense(2, name='features')(main_input)
main = Dense(3, activation='softmax', name='main_out')(x)
side = CenterLossLayer(alpha=0.5, name='centerlosslayer')([x, aux_input])

model = Model(inputs=[main_input, aux_input], outputs=[main, side])
optim = keras.optimizers.SGD(lr=1e-2, momentum=0.9)
model.compile(optimizer=optim,
              loss=['categorical_crossentropy', zero_loss],
              loss_weights=[1, 0.1])

rng = np.random.RandomState(0)
data = rng.rand(32, 6)
onehot = keras.utils.to_categorical(rng.randint(0, 3, 32), 3)
dummy = np.zeros((32, 1))
model.fit([data, onehot], [onehot, dummy], batch_size=8, epochs=2, verbose=0, shuffle=False)
print(model.predict([data, onehot], verbose=0)[1].shape)
