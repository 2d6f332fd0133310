# no calls: the function of the backend is all that computes; the numbers are printed

from __future__ import print_function

import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input
from keras.models import Model

img_width = 12
img_height = 12
layer_name = 'block_conv2'

inp = Input(shape=(img_height, img_width, 3))
x = Conv2D(4, 3, activation='relu', name='block_conv1')(inp)
x = Conv2D(4, 3, name='block_conv2')(x)
model = Model(inp, x)
model.set_weights([np.linspace(-0.3, 0.5, w.size).reshape(w.shape) for w in model.get_weights()])


def normalize(x):
    # utility function to normalize a tensor by its L2 norm
    return x / (K.sqrt(K.mean(K.square(x))) + K.epsilon())


# this is the placeholder for the input images
input_img = model.input

# get the symbolic outputs of each "key" layer (we gave them unique names).
layer_dict = dict([(layer.name, layer) for layer in model.layers[1:]])

kept_filters = []
for filter_index in range(4):
    # we only scan through the first 4 filters,
    # but there are actually 512 of them
    print('Processing filter %d' % filter_index)

    # we build a loss function that maximizes the activation
    # of the nth filter of the layer considered
    layer_output = layer_dict[layer_name].output
    if K.image_data_format() == 'channels_first':
        loss = K.mean(layer_output[:, filter_index, :, :])
    else:
        loss = K.mean(layer_output[:, :, :, filter_index])

    # we compute the gradient of the input picture wrt this loss
    grads = K.gradients(loss, input_img)[0]

    # normalization trick: we normalize the gradient
    grads = normalize(grads)

    # this function returns the loss and grads given the input picture
    iterate = K.function([input_img], [loss, grads])

    # step size for gradient ascent
    step = 1.

    # we start from a gray image with some random noise
    input_img_data = np.random.RandomState(filter_index).random_sample((1, img_width, img_height, 3))
    input_img_data = (input_img_data - 0.5) * 20 + 128

    # we run gradient ascent for 5 steps
    for i in range(5):
        loss_value, grads_value = iterate([input_img_data])
        input_img_data += grads_value * step

        print('Current loss value: %.3f' % loss_value)
        if loss_value <= 0.:
            # some filters get stuck to 0, we can skip them
            break

    # decode the resulting input image
    if loss_value > 0:
        kept_filters.append((input_img_data[0].mean(), loss_value))

# the filters that have the highest loss are assumed to be better-looking.
kept_filters.sort(key=lambda x: x[1], reverse=True)
print([(round(float(a), 2), round(float(b), 2)) for a, b in kept_filters])
