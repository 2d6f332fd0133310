# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
import keras.backend as K
from keras.layers import Conv2D, Dense, Flatten, Input
from keras.models import Model


class SaliencyMask(object):
    def __init__(self, model, output_index=0):
        pass

    def get_mask(self, input_image):
        pass

    def get_smoothed_mask(self, input_image, stdev_spread=.2, nsamples=3):
        r = np.random.RandomState(0)
        stdev = stdev_spread * (np.max(input_image) - np.min(input_image))
        total_gradients = np.zeros_like(input_image)
        for i in range(nsamples):
            noise = r.normal(0, stdev, input_image.shape)
            total_gradients += self.get_mask(input_image + noise)
        return total_gradients / nsamples


class GradientSaliency(SaliencyMask):
    def __init__(self, model, output_index=0):
        # Define the function to compute the gradient
        input_tensors = [model.input]
        gradients = model.optimizer.get_gradients(model.output[0][output_index], model.input)
        self.compute_gradients = K.function(inputs=input_tensors, outputs=gradients)

    def get_mask(self, input_image):
        # Execute the function to compute the gradient
        x_value = np.expand_dims(input_image, axis=0)
        gradients = self.compute_gradients([x_value])[0][0]
        return gradients


inp = Input((6, 6, 1))
model = Model(inp, Dense(2, activation='softmax')(Flatten()(Conv2D(2, 3, activation='tanh')(inp))))
model.compile('sgd', 'categorical_crossentropy')
model.set_weights([np.linspace(-0.2, 0.3, w.size).reshape(w.shape) for w in model.get_weights()])
vanilla = GradientSaliency(model, 1)
image = np.random.RandomState(1).rand(6, 6, 1)
print(vanilla.get_mask(image).sum().round(5), vanilla.get_smoothed_mask(image).sum().round(5))
