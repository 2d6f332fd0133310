import numpy as np
from keras.layers import Input, Dense
from keras.layers.merge import _Merge, Add
from keras.models import Model


class RandomWeightedAverage(_Merge):
    """Provides a (random) weighted average between real and generated image samples"""

    def _merge_function(self, inputs):
        alpha = 0.25
        return (alpha * inputs[0]) + ((1 - alpha) * inputs[1])


class Difference(Add):
    def _merge_function(self, inputs):
        return inputs[0] - inputs[1]


a, b = Input((4,)), Input((4,))
avg = RandomWeightedAverage()([a, b])
diff = Difference()([a, b])
model = Model([a, b], [Dense(1)(avg), diff])
model.compile('sgd', ['mse', 'mae'])
r = np.random.RandomState(0)
model.fit([r.rand(8, 4), r.rand(8, 4)], [r.rand(8, 1), r.rand(8, 4)], verbose=0, shuffle=False)
print(model.predict([r.rand(2, 4), r.rand(2, 4)], verbose=0)[1].shape)
