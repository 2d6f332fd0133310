# no calls: the function of the backend is all that computes; the numbers are printed

"""Activations of layers, class activation maps and features, in the several spellings."""
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, Dropout, GlobalAveragePooling2D, LeakyReLU
from keras.models import Model, Sequential

model = Sequential([
    Conv2D(3, 3, input_shape=(8, 8, 1), name='conv', activation='relu'),
    LeakyReLU(),
    Dropout(0.5),
    GlobalAveragePooling2D(),
    Dense(2, activation='softmax'),
])
model.set_weights([np.linspace(0.1, 1.0, w.size).reshape(w.shape) for w in model.get_weights()])
img = np.random.RandomState(0).rand(1, 8, 8, 1)


def get_output_layer(model, layer_name):
    # get the symbolic outputs of each "key" layer (we gave them unique names).
    layer_dict = dict([(layer.name, layer) for layer in model.layers])
    layer = layer_dict[layer_name]
    return layer


def visualize_class_activation_map(model, img):
    # Get the 512 input weights to the softmax.
    class_weights = model.layers[-1].get_weights()[0]
    final_conv_layer = get_output_layer(model, "conv")
    get_output = K.function([model.layers[0].input], [final_conv_layer.output, model.layers[-1].output])
    [conv_outputs, predictions] = get_output([img])
    conv_outputs = conv_outputs[0, :, :, :]
    # Create the class activation map.
    cam = np.zeros(dtype=np.float32, shape=conv_outputs.shape[0:2])
    target_class = 1
    for i, w in enumerate(class_weights[:, target_class]):
        cam += w * conv_outputs[:, :, i]
    return cam


def get_activations(model, layer_idx, X_batch):
    get_acts = K.function([model.layers[0].input, K.learning_phase()], [model.layers[layer_idx].output])
    activations = get_acts([X_batch, 0])
    return activations


inp = model.input                                           # input placeholder
outputs = [layer.output for layer in model.layers]          # all layer outputs
functors = [K.function([inp, K.learning_phase()], [out]) for out in outputs]    # evaluation functions

print(visualize_class_activation_map(model, img).sum().round(4))
print(get_activations(model, 2, img)[0].sum().round(4))
layer_outs = [func([img, 0.]) for func in functors]
print([o[0].sum().round(3) for o in layer_outs])
functor = K.function([inp, K.learning_phase()], outputs)
print([o.sum().round(3) for o in functor([img, 0])])
