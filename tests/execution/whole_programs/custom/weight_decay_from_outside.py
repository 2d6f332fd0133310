import numpy as np
from keras import backend as K
from keras import regularizers
from keras.layers import Dense, Layer
from keras.models import Sequential


class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        self.add_loss(lambda: K.sum(self.scale))
        super(Scale, self).build(input_shape)

    def call(self, x):
        return x * self.scale


model = Sequential([Dense(4, input_shape=(3,), activation="relu"), Scale(), Dense(1)])
decay = 0.01
for layer in model.layers:
    if isinstance(layer, Dense):
        layer.add_loss(lambda layer=layer: regularizers.l2(decay)(layer.kernel))
        if layer.use_bias:
            layer.add_loss(lambda layer=layer: regularizers.l1(decay)(layer.bias))
model.compile(optimizer="sgd", loss="mse")
random = np.random.RandomState(0)
model.fit(random.rand(16, 3), random.rand(16, 1), epochs=1, verbose=0)
print(len(model.losses))
