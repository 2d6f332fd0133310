# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
import keras
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten, Input
from keras.layers.core import Lambda
from keras.models import Model, Sequential


def target_category_loss(x, category_index, nb_classes):
    return x * K.one_hot([category_index], nb_classes)


def target_category_loss_output_shape(input_shape):
    return input_shape


def normalize(x):
    # utility function to normalize a tensor by its L2 norm
    return x / (K.sqrt(K.mean(K.square(x))) + 1e-5)


def grad_cam(input_model, image, category_index, layer_name):
    nb_classes = 3
    target_layer = lambda x: target_category_loss(x, category_index, nb_classes)
    x = Lambda(target_layer, output_shape=target_category_loss_output_shape)(input_model.output)
    model = Model(inputs=input_model.input, outputs=x)
    loss = K.sum(model.output)
    conv_output = [l for l in model.layers if l.name == layer_name][0].output
    grads = normalize(K.gradients(loss, conv_output)[0])
    gradient_function = K.function([model.input], [conv_output, grads])

    output, grads_val = gradient_function([image])
    output, grads_val = output[0, :], grads_val[0, :, :, :]

    weights = np.mean(grads_val, axis=(0, 1))
    cam = np.ones(output.shape[0:2], dtype=np.float32)
    for i, w in enumerate(weights):
        cam += w * output[:, :, i]
    return np.maximum(cam, 0)


inp = Input((8, 8, 1))
h = Conv2D(3, 3, activation='relu', name='conv')(inp)
net = Model(inp, Dense(3, activation='softmax')(Flatten()(h)))
net.set_weights([np.linspace(-0.2, 0.3, w.size).reshape(w.shape) for w in net.get_weights()])
image = np.random.RandomState(0).rand(1, 8, 8, 1)
print(grad_cam(net, image, 1, 'conv').round(3).tolist())
