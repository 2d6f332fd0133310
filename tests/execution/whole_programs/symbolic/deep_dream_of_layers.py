# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input, MaxPooling2D
from keras.models import Model

K.set_learning_phase(0)


def build_network():
    img = Input(shape=(None, None, 3))
    x = Conv2D(4, (3, 3), activation="relu", name="mixed2")(img)
    x = MaxPooling2D((2, 2))(x)
    x = Conv2D(5, (3, 3), activation="relu", name="mixed3")(x)
    x = Conv2D(6, (1, 1), activation="relu", name="mixed4")(x)
    return Model(img, x)


model = build_network()
model.set_weights([np.linspace(-0.4, 0.6, w.size).reshape(w.shape) for w in model.get_weights()])

# How much each layer contributes to the loss that is maximized
layer_contributions = {
    "mixed2": 0.2,
    "mixed3": 3.0,
    "mixed4": 2.0,
}

# Get the symbolic outputs of each "key" layer.
layer_dict = dict([(layer.name, layer) for layer in model.layers])

# Define the loss.
loss = K.variable(0.0)
for layer_name in layer_contributions:
    coeff = layer_contributions[layer_name]
    activation = layer_dict[layer_name].output

    # We avoid border artifacts by only involving non-border pixels in the loss.
    scaling = K.prod(K.cast(K.shape(activation), "float32"))
    loss += coeff * K.sum(K.square(activation[:, 2:-2, 2:-2, :])) / scaling

# This holds our generated image
dream = model.input

# Compute the gradients of the dream with regard to the loss
grads = K.gradients(loss, dream)[0]

# Normalize gradients.
grads /= K.maximum(K.mean(K.abs(grads)), 1e-7)

# Set up function to retrieve the value of the loss and gradients given an input image.
outputs = [loss, grads]
fetch_loss_and_grads = K.function([dream], outputs)


def eval_loss_and_grads(x):
    outs = fetch_loss_and_grads([x])
    loss_value = outs[0]
    grad_values = outs[1]
    return loss_value, grad_values


def gradient_ascent(x, iterations, step, max_loss=None):
    for i in range(iterations):
        loss_value, grad_values = eval_loss_and_grads(x)
        if max_loss is not None and loss_value > max_loss:
            break
        print("..Loss value at", i, ":", loss_value)
        x += step * grad_values
    return x


img = np.linspace(0.0, 1.0, 24 * 24 * 3).reshape((1, 24, 24, 3))
for scale in (16, 24):
    shrunk = img[:, :scale, :scale].copy()
    dreamed = gradient_ascent(shrunk, iterations=3, step=0.01, max_loss=1000.0)
    print("Mean of the dream: %.4f" % dreamed.mean())
