# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
from tensorflow.keras import backend as K
from tensorflow.keras import layers, models
import tensorflow as tf

tf.compat.v1.disable_eager_execution()

model = models.Sequential([
    layers.Conv2D(4, (3, 3), activation='relu', input_shape=(10, 10, 1), name='conv2d_a'),
    layers.MaxPooling2D((2, 2)),
    layers.Conv2D(6, (3, 3), name='conv2d_b'),
])
model.set_weights([np.linspace(-0.3, 0.5, w.size).reshape(w.shape) for w in model.get_weights()])


def deprocess_image(x):
    x -= x.mean()
    x /= (x.std() + 1e-5)
    x *= 0.1
    return np.clip(x + 0.5, 0, 1) * np.arange(x.size).reshape(x.shape)


def generate_pattern(layer_name, filter_index, size=10):
    # Build a loss function that maximizes the activation
    # of the nth filter of the layer considered.
    layer_output = model.get_layer(layer_name).output
    loss = K.mean(layer_output[:, :, :, filter_index])

    # Compute the gradient of the input picture wrt this loss
    grads = K.gradients(loss, model.input)[0]

    # Normalization trick: we normalize the gradient
    grads /= (K.sqrt(K.mean(K.square(grads))) + 1e-5)

    # This function returns the loss and grads given the input picture
    iterate = K.function([model.input], [loss, grads])

    # We start from a gray image with some noise
    input_img_data = np.random.RandomState(0).random_sample((1, size, size, 1)) * 20 + 128.

    # Run gradient ascent for 4 steps
    step = 1.
    for i in range(4):
        loss_value, grads_value = iterate([input_img_data])
        input_img_data += grads_value * step

    img = input_img_data[0]
    return deprocess_image(img)


for layer_name in ['conv2d_a', 'conv2d_b']:
    results = np.zeros((2 * 10, 2 * 10, 1))
    for i in range(2):
        for j in range(2):
            filter_img = generate_pattern(layer_name, i + (j * 2))
            results[i * 10:(i + 1) * 10, j * 10:(j + 1) * 10] = filter_img
    print(layer_name, results.mean().round(4), results.std().round(4))
