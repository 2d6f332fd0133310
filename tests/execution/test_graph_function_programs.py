"""Functions made of tensors of a graph, in the shapes in which people write them: the same numbers."""

import json

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

from .comparing import assert_equal
from .harness import run

pytestmark = pytest.mark.slow

CELL = "# %%\n"
"""Between the cells of a notebook."""

PROGRAMS = {
    "a class activation map of a Sequential, over cells": """
import numpy as np
from keras import backend as K
from keras import layers, models

net = models.Sequential()
net.add(layers.Conv2D(4, (3, 3), activation='relu', input_shape=(8, 8, 1), name='conv_a'))
net.add(layers.Conv2D(3, (3, 3), activation='relu', name='conv_b'))
net.add(layers.Flatten())
net.add(layers.Dense(5, activation='softmax'))
set_weights_deterministically(net)
picture = np.linspace(0., 1., 64).reshape((1, 8, 8, 1))
# %%
preds = net.predict(picture)
which = np.argmax(preds[0])
# %%
# the entry of the class in the predictions
class_score = net.output[:, which]

# the feature map of the last convolution
last_conv = net.get_layer('conv_b')

# how the score depends on it
slopes = K.gradients(class_score, last_conv.output)[0]

# a mean for each channel
pooled = K.mean(slopes, axis=(0, 1, 2))
# %%
# both values for a picture
fetch = K.function([net.input], [pooled, last_conv.output[0]])

pooled_value, conv_value = fetch([picture])
for i in range(3):
    conv_value[:, :, i] *= pooled_value[i]
# %%
heatmap = np.maximum(np.mean(conv_value, axis=-1), 0)
result = heatmap
""",
    "what filters learn, over cells and in a function": """
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input
from keras.models import Model
inp = Input((None, None, 3))
out = Conv2D(4, 3, activation='relu', name='one')(inp)
out = Conv2D(4, 3, activation='relu', name='two')(out)
model = Model(inp, out)
set_weights_deterministically(model)
layer_name = 'one'
filter_index = 0

layer_output = model.get_layer(layer_name).output
loss = K.mean(layer_output[:, :, :, filter_index])
# %%
# `gradients` returns a list of tensors: we only keep the first
grads = K.gradients(loss, model.input)[0]
# %%
# a small number, so as not to divide by 0
grads /= (K.sqrt(K.mean(K.square(grads))) + 1e-5)
# %%
iterate = K.function([model.input], [loss, grads])

# Let's test it:
loss_value, grads_value = iterate([np.zeros((1, 10, 10, 3))])
# %%
# a gray image with some noise
input_img_data = np.linspace(0., 20., 300).reshape((1, 10, 10, 3)) + 128.

# gradient ascent for some steps
step = 1.  # the size of each
for i in range(3):
    # loss and gradients
    loss_value, grads_value = iterate([input_img_data])
    # the image is changed so that the loss grows
    input_img_data += grads_value * step
# %%
def generate_pattern(layer_name, filter_index, size=12):
    # a loss function
    layer_output = model.get_layer(layer_name).output
    loss = K.mean(layer_output[:, :, :, filter_index])

    # the gradient of the input picture wrt this loss
    grads = K.gradients(loss, model.input)[0]

    # Normalization trick
    grads /= (K.sqrt(K.mean(K.square(grads))) + 1e-5)

    # This function returns the loss and grads given the input picture
    iterate = K.function([model.input], [loss, grads])

    input_img_data = np.linspace(0., 20., 3 * size * size).reshape((1, size, size, 3)) + 128.
    step = 1.
    for i in range(3):
        loss_value, grads_value = iterate([input_img_data])
        input_img_data += grads_value * step
    return input_img_data[0]
# %%
result = [input_img_data, generate_pattern('two', 1)]
""",
    "a dream: a loss summed over layers, sizes asked of tensors": """
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input, MaxPooling2D
from keras.models import Model

K.set_learning_phase(0)
inp = Input((None, None, 3))
h = Conv2D(4, 3, activation='relu', padding='same', name='c1')(inp)
h = MaxPooling2D()(h)
h = Conv2D(6, 3, activation='relu', padding='same', name='c2')(h)
base = Model(inp, h)
set_weights_deterministically(base)
dream = base.input
layer_map = dict([(layer.name, layer) for layer in base.layers])
parts = {'c1': 0.5, 'c2': 2.0}

# Define the loss.
total = K.variable(0.)
for key in parts:
    # the L2 norm of the features goes into the loss
    weight = parts[key]
    x = layer_map[key].output
    scaling = K.prod(K.cast(K.shape(x), 'float32'))
    # avoid borders
    total = total + weight * K.sum(K.square(x[:, 2: -2, 2: -2, :])) / scaling

# Gradients of the dream wrt the loss, normalized.
grads = K.gradients(total, dream)[0]
grads /= K.maximum(K.mean(K.abs(grads)), K.epsilon())

# A function to retrieve the values of both.
outputs = [total, grads]
fetch_loss_and_grads = K.function([dream], outputs)


def eval_loss_and_grads(x):
    outs = fetch_loss_and_grads([x])
    loss_value = outs[0]
    grad_values = outs[1]
    return loss_value, grad_values


def ascend(x, iterations, step, max_loss=None):
    for i in range(iterations):
        loss_value, grad_values = eval_loss_and_grads(x)
        if max_loss is not None and loss_value > max_loss:
            break
        print('..Loss value at', i, ':', loss_value)
        x += step * grad_values
    return x

result = ascend(np.linspace(0., 1., 300).reshape((1, 10, 10, 3)), 3, 0.1)
""",
    "a loss over the items of a dict, under a condition": """
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input
from keras.models import Model

inp = Input((6, 6, 3))
h = Conv2D(4, 3, activation='relu', padding='same', name='c1')(inp)
h = Conv2D(6, 3, activation='relu', padding='same', name='c2')(h)
base = Model(inp, h)
set_weights_deterministically(base)
loss = 0
for name, factor in {'c1': 0.5, 'c2': 2.0}.items():
    if name == 'c1':
        act = base.get_layer(name).output * 2.
    else:
        act = base.get_layer(name).output
    loss += factor * K.mean(act)
fn = K.function([base.input], [loss] + K.gradients(loss, [base.input]))
outs = fn([np.ones((1, 6, 6, 3))])
result = [float(outs[0]), outs[1]]
""",
    "style transfer: a placeholder in a batch with variables, an optimizer of SciPy": """
import numpy as np
from keras import backend as K
from keras.applications import vgg16
from scipy.optimize import fmin_l_bfgs_b

rows, cols = 32, 32
target = K.variable(np.linspace(0., 50., rows * cols * 3).reshape((1, rows, cols, 3)))
style = K.variable(np.linspace(40., -40., rows * cols * 3).reshape((1, rows, cols, 3)))
# this will contain the generated image
combination = K.placeholder((1, rows, cols, 3))

# the three images as one batch
input_tensor = K.concatenate([target, style, combination], axis=0)
model = vgg16.VGG16(input_tensor=input_tensor, weights=None, include_top=False)
set_weights_deterministically(model)
outputs_dict = dict([(layer.name, layer.output) for layer in model.layers])


def gram_matrix(x):
    assert K.ndim(x) == 3
    features = K.batch_flatten(K.permute_dimensions(x, (2, 0, 1)))
    return K.dot(features, K.transpose(features))


def style_loss(style, combination):
    return K.sum(K.square(gram_matrix(style) - gram_matrix(combination))) / (4. * (3 ** 2) * ((rows * cols) ** 2))


def content_loss(base, combination):
    return K.sum(K.square(combination - base))


def variation(x):
    a = K.square(x[:, :rows - 1, :cols - 1, :] - x[:, 1:, :cols - 1, :])
    b = K.square(x[:, :rows - 1, :cols - 1, :] - x[:, :rows - 1, 1:, :])
    return K.sum(K.pow(a + b, 1.25))


# combine these loss functions into a single scalar
loss = K.variable(0.)
layer_features = outputs_dict['block2_conv2']
base_features = layer_features[0, :, :, :]
combination_features = layer_features[2, :, :, :]
loss = loss + 0.025 * content_loss(base_features, combination_features)
for layer_name in ['block1_conv1', 'block3_conv1']:
    layer_features = outputs_dict[layer_name]
    style_features = layer_features[1, :, :, :]
    combination_features = layer_features[2, :, :, :]
    sl = style_loss(style_features, combination_features)
    loss = loss + (1.0 / 2) * sl
loss = loss + 1e-3 * variation(combination)

# get the gradients of the generated image wrt the loss
grads = K.gradients(loss, combination)

outputs = [loss]
if isinstance(grads, (list, tuple)):
    outputs += grads
else:
    outputs.append(grads)

f_outputs = K.function([combination], outputs)


def eval_loss_and_grads(x):
    x = x.reshape((1, rows, cols, 3))
    outs = f_outputs([x])
    loss_value = outs[0]
    if len(outs[1:]) == 1:
        grad_values = outs[1].flatten().astype('float64')
    else:
        grad_values = np.array(outs[1:]).flatten().astype('float64')
    return loss_value, grad_values


class Evaluator(object):
    def __init__(self):
        self.loss_value = None
        self.grads_values = None

    def loss(self, x):
        assert self.loss_value is None
        loss_value, grad_values = eval_loss_and_grads(x)
        self.loss_value = loss_value
        self.grad_values = grad_values
        return self.loss_value

    def grads(self, x):
        assert self.loss_value is not None
        grad_values = np.copy(self.grad_values)
        self.loss_value = None
        self.grad_values = None
        return grad_values


evaluator = Evaluator()
x = np.linspace(-10., 10., rows * cols * 3)
loss_value, grad_values = eval_loss_and_grads(x)
x, min_val, info = fmin_l_bfgs_b(evaluator.loss, x, fprime=evaluator.grads, maxfun=2)
result = [float(loss_value), grad_values[:50], bool(min_val <= loss_value)]
""",
    "an evaluator that makes its function in its constructor": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model


class Eval(object):
    def __init__(self, mdl):
        loss = K.variable(0.)
        layer_dict = dict([(layer.name, layer) for layer in mdl.layers])
        inp = layer_dict['face'].output
        out = layer_dict['conf'].output

        loss = loss - K.sum(out)
        # more terms may follow
        grads = K.gradients(loss, inp)

        outputs = [loss]
        if type(grads) in {list, tuple}:
            outputs += grads
        else:
            outputs.append(grads)

        self.f_outputs = K.function([inp, K.learning_phase()], outputs)

    def __call__(self, x):
        outs = self.f_outputs([x.reshape((1, 4)), 0])
        return outs[0], outs[1].flatten().astype('float64')


face = Input((4,), name='face')
mdl = Model(face, Dense(1, name='conf', activation='tanh')(face))
set_weights_deterministically(mdl)
value, slope = Eval(mdl)(np.ones(4))
result = [float(value), slope]
""",
    "the saliency of a model that is a parameter": """
import numpy as np
import keras.backend as K
from keras.layers import Dense, Dropout
from keras.models import Sequential, load_model


def saliency_fn(net, unit=None):
    '''A function that gives the saliency of a unit.'''
    if unit is None:
        score = K.max(net.output)
    else:
        score = net.output[:, unit]
    return K.function([net.input, K.learning_phase()], K.gradients(score, net.input))


def saliency_map(net, data, unit=None):
    fn = saliency_fn(net, unit)
    return np.abs(fn([data, 0])[0])


m = Sequential([Dense(4, input_shape=(3,), activation='tanh'), Dropout(0.5), Dense(2)])
set_weights_deterministically(m)
data = np.arange(6.).reshape((2, 3))
result = [saliency_map(m, data), saliency_map(m, data, 1)]
""",
    "a class whose method returns the function": """
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D, Input
from keras.models import Model


class Cam(object):
    '''Heatmaps of a classifier.'''

    def __init__(self, model, layer):
        self.model = model
        self.layer = layer
        self.function = self._build()

    def _build(self):
        conv = self.model.get_layer(self.layer).output
        index = K.argmax(self.model.output[0])
        score = K.max(self.model.output, axis=-1)
        grads = K.gradients(score, conv)[0]
        # a weight for each channel
        weights = K.mean(grads, axis=(1, 2), keepdims=True)
        cam = K.relu(K.sum(weights * conv, axis=-1))
        return K.function([self.model.input, K.learning_phase()], [cam, index])

    def __call__(self, images):
        cam, index = self.function([images, 0])
        return cam / cam.max(), index


inp = Input((8, 8, 2))
c = Conv2D(3, 3, activation='relu', name='features')(inp)
net = Model(inp, Dense(4, activation='softmax')(GlobalAveragePooling2D()(c)))
set_weights_deterministically(net)
cam, index = Cam(net, 'features')(np.linspace(0., 1., 128).reshape((1, 8, 8, 2)))
result = [cam, int(index)]
""",
    "a map for each layer, of a score from outside of the loop": """
import numpy as np
import keras
from keras.layers import Conv2D, Dense, Flatten, Input
from keras.models import Model
inp = Input((6, 6, 1))
h = Conv2D(3, 3, name='conv2d_1')(inp)
h = Conv2D(3, 3, name='conv2d_2')(h)
model = Model(inp, Dense(2)(Flatten()(h)))
set_weights_deterministically(model)
layer_names = [l.name for l in model.layers]
img_np = np.linspace(0., 1., 36).reshape((1, 6, 6, 1))
preds = model.predict(img_np)
pred_class = np.argmax(preds[0])
dent_output = model.output[:, pred_class]
result = []
for layer in [n for n in layer_names if 'conv2d' in n]:
    conv_layer = model.get_layer(layer)
    # the gradient of the feature map
    grads = keras.backend.gradients(dent_output, conv_layer.output)[0]
    # a mean for each channel
    pooled_grads = keras.backend.mean(grads, axis=(0, 1, 2))
    iterate = keras.backend.function([model.input], [pooled_grads, conv_layer.output[0]])
    pooled_grads_value, conv_value = iterate([img_np])
    for p in range(3):
        conv_value[:, :, p] *= pooled_grads_value[p]
    heatmap = np.mean(conv_value, axis=-1)
    result.append(heatmap)
""",
    "tf.keras without eager execution": """
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Conv2D, Dense, Flatten, Input
from tensorflow.keras.models import Model
tf.compat.v1.disable_eager_execution()

inp = Input((6, 6, 1))
c = Conv2D(2, 3, activation='relu', name='c')(inp)
out = Dense(3, activation='softmax')(Flatten()(c))
model = Model(inp, out)
set_weights_deterministically(model)


def grad_cam(model, image, cls, layer_name):
    '''Grad-CAM of one class'''
    y_c = model.output[0, cls]
    conv_output = model.get_layer(layer_name).output
    grads = K.gradients(y_c, conv_output)[0]

    gradient_function = K.function([model.input], [conv_output, grads])

    output, grads_val = gradient_function([image])
    output, grads_val = output[0, :], grads_val[0, :, :, :]

    weights = np.mean(grads_val, axis=(0, 1))
    return np.dot(output, weights)


result = grad_cam(model, np.linspace(0, 1, 36).reshape((1, 6, 6, 1)), 1, 'c')
""",
    "the importance of words, whose ids have no gradient": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Embedding, GlobalAveragePooling1D, Input
from keras.models import Model

tokens = Input((5,), dtype='int32')
vectors = Embedding(7, 3)(tokens)
net = Model(tokens, Dense(2, activation='softmax')(GlobalAveragePooling1D()(vectors)))
set_weights_deterministically(net)
embedded = net.layers[1].output
importance = K.gradients(net.output[:, 1], embedded)[0]
importance = K.sum(importance * embedded, axis=-1)
explain = K.function([net.input], [importance])
texts = np.arange(10).reshape((2, 5)) % 7
for text in texts:
    scores = explain([text[None]])[0]
result = scores
""",
    "two gradients at once": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

a = Input((3,), name='a')
h = Dense(4, activation='tanh')(a)
m = Model(a, [Dense(1)(h), Dense(2)(h)])
set_weights_deterministically(m)


def sensitivities(model):
    first, second = model.outputs
    total = K.sum(second)
    one = K.gradients(K.sum(first), model.input)[0]
    two = K.gradients(total, model.input)[0]
    return K.function([model.input], [one, two, total])


f = sensitivities(m)
result = f([np.ones((2, 3))])
""",
    "two functions side by side": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

a = Input((3,))
h = Dense(4, activation='tanh')(a)
net = Model(a, Dense(2, activation='tanh')(h))
set_weights_deterministically(net)
first = K.function([a], [K.gradients(K.sum(h), a)[0]])
second = K.function([a], [K.gradients(K.sum(h * h), a)[0]])
data = np.ones((2, 3))
result = [first([data])[0], second([data])[0], first([data])[0]]
""",
    "functions that are passed on, indented by tabs": """
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input
from keras.models import Model

inp = Input((6, 6, 2))
net = Model(inp, Conv2D(3, 3, activation='relu', name='c')(inp))
set_weights_deterministically(net)
layers = dict([(l.name, l) for l in net.layers])
layer = layers['c'].output


def ascend(iterate, data, step=0.5):
    loss, grads = iterate([data])
    return data + grads * step


class Shower(object):
	def __init__(self, net):
		self.net = net
		self.signal = net.input
		self.layer_dict = dict([(l.name, l) for l in net.layers])

	def _normalize(self, x):
		return x / (K.sqrt(K.mean(K.square(x))) + K.epsilon())

	def loss_function(self, name, index):
		out = self.layer_dict[name].output
		total = 0.
		for i in range(index):
			total += K.mean(out[:, :, :, i])
		grads = K.gradients(total, self.signal)[0]

		# a step of length 1
		grads = self._normalize(grads)
		return K.function([self.signal], [total, grads])

	def ascent(self, compute, n=2):
		data = np.linspace(0., 1., 72).reshape((1, 6, 6, 2))
		for i in range(n):
			loss_value, grads_value = compute([data])
			data += grads_value
		return data


def visualize(index, placeholder):
    loss = K.mean(layer[:, :, :, index])
    grads = K.gradients(loss, placeholder)[0]
    iterate = K.function([placeholder], [loss, grads])
    data = np.linspace(0., 1., 72).reshape((1, 6, 6, 2))
    for i in range(2):
        data = ascend(iterate, data)
    return data


shower = Shower(net)
f = shower.loss_function('c', 2)
result = [visualize(1, inp), shower.ascent(f)]
""",
    "the training function of an actor": """
import numpy as np
from keras import backend as K
from keras import layers, models, optimizers


class Actor:
    def __init__(self, state_size, action_size):
        self.state_size = state_size
        self.action_size = action_size
        self.build()

    def build(self):
        states = layers.Input(shape=(self.state_size,), name='states')
        net = layers.Dense(units=4, activation='relu')(states)
        actions = layers.Dense(units=self.action_size, activation='sigmoid', name='actions')(net)
        self.model = models.Model(inputs=states, outputs=actions)
        set_weights_deterministically(self.model)

        # the loss function, by the gradients of the action values
        action_gradients = layers.Input(shape=(self.action_size,))
        loss = K.mean(-action_gradients * actions)

        # the training function
        optimizer = optimizers.SGD(lr=0.5)
        updates_op = optimizer.get_updates(params=self.model.trainable_weights, loss=loss)
        self.train_fn = K.function(
            inputs=[self.model.input, action_gradients, K.learning_phase()],
            outputs=[loss],
            updates=updates_op)

    def learn(self, states, gradients):
        return self.train_fn([states, gradients, 1])[0]


actor = Actor(3, 2)
first = actor.learn(np.ones((2, 3)), np.ones((2, 2)))
second = actor.learn(np.ones((2, 3)), np.ones((2, 2)))
result = [float(first), float(second), actor.model.predict(np.ones((1, 3)))]
""",
    "the training function of a policy, returned by a method": """
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam


class Agent(object):
    def __init__(self):
        self.model = Sequential()
        self.model.add(Dense(6, input_dim=4, activation='relu'))
        self.model.add(Dense(3, activation='softmax'))
        set_weights_deterministically(self.model)
        self.optimizer = self.build_optimizer()

    def build_optimizer(self):
        action = K.placeholder(shape=[None, 3])
        discounted = K.placeholder(shape=[None, ])
        prob = K.sum(action * self.model.output, axis=1)
        cross_entropy = K.log(prob) * discounted
        loss = -K.sum(cross_entropy)
        updates = Adam(lr=0.01).get_updates(loss, self.model.trainable_weights)
        train = K.function([self.model.input, action, discounted], [loss], updates=updates)
        return train

    def train(self, states, actions, rewards):
        self.optimizer([states, actions, rewards])


agent = Agent()
agent.train(np.ones((2, 4)), np.eye(3)[:2], np.array([1., 2.]))
agent.train(np.ones((2, 4)), np.eye(3)[:2], np.array([1., 2.]))
result = agent.model.predict(np.ones((1, 4)))
""",
    "the norm of the gradient of the weights": """
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(3, input_shape=(2,), activation='tanh'))
model.add(Dense(2, activation='softmax'))
model.compile('sgd', 'categorical_crossentropy')
set_weights_deterministically(model)


def gradient_norm(model, x, y):
    y_true = K.placeholder(shape=(None, 2))
    weights = model.trainable_weights
    ce = K.categorical_crossentropy(y_true, model.output)
    grads = K.gradients(K.mean(ce), weights)
    norm = K.sqrt(sum([K.sum(K.square(g)) for g in grads]))
    func = K.function([model.input, y_true], [norm])
    return func([x, y])[0]


result = float(gradient_norm(model, np.ones((2, 2)), np.eye(2)))
""",
    "the sign of the gradient, for a label that is given": """
import numpy as np
import keras.backend as K
from keras.layers import Dense, Input
from keras.models import Model
# %%
inputs = Input((4,), name='i')
hidden = Dense(3, activation='relu')(inputs)
logits = Dense(2)(hidden)
classifier = Model(inputs=inputs, outputs=logits)
set_weights_deterministically(classifier)
# %%
label = K.placeholder(shape=(None, 2), name='label')
loss = K.mean(K.square(logits - label), axis=-1)
# %%
# sign of the gradient
sign = K.sign(K.gradients(loss, inputs)[0])
get_sign = K.function([inputs, label], [sign, loss])
# %%
x = np.linspace(-1., 1., 8).reshape(2, 4)
y = np.eye(2)
for epsilon in (0.1, 0.2):
    s, l = get_sign([x, y])
    x = x + epsilon * s
result = [x, l]
""",
    "a critic with all of its inputs": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, concatenate
from keras.models import Model

s, a = Input((3,)), Input((2,))
critic = Model([s, a], Dense(1, activation='tanh')(concatenate([s, a])))
set_weights_deterministically(critic)
action_slopes = K.function(critic.inputs, K.gradients(critic.outputs, critic.inputs[1]))
S, A = np.ones((2, 3)), np.arange(4.).reshape((2, 2))
result = action_slopes([S, A])[0]
""",
    "a loss that a function makes and that is printed": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model


def build(n):
    x = Input((n,))
    y = Dense(2, activation='tanh')(x)
    return Model(x, y)


def objective(net, factor):
    return factor * K.sum(K.square(net.output))


net = build(3)
set_weights_deterministically(net)
value = objective(net, 3.)
print(value)
step = K.function([net.input], [value, K.gradients(value, net.input)[0]])
v, g = step([np.ones((1, 3))])
result = [float(v), g]
""",
    "a value with a function of its own": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

x = Input((3,))
net = Model(x, Dense(2, activation='tanh')(x))
set_weights_deterministically(net)
score = K.sum(net.output)
slope = K.gradients(score, x)[0]
get_score = K.function([x], [score])
get_slope = K.function([x], [slope])
data = np.ones((1, 3))
result = [float(get_score([data])[0]), get_slope([data])[0]]
""",
    "an array that the loss reads too": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model


def attack(net, data, factor):
    goal = K.sum(K.square(net.output - K.constant(np.sum(data)))) * factor
    f = K.function([net.input], [goal, K.gradients(goal, net.input)[0]])
    value, slope = f([data])
    return value, slope


a = Input((3,))
net = Model(a, Dense(2, activation='tanh')(a))
set_weights_deterministically(net)
result = list(attack(net, np.ones((2, 3)), 2.))
""",
    "a sum that a loop carries on": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model
x = Input((3,))
m = Model(x, Dense(4, activation='tanh')(x))
loss = 0
for i in range(3):
    loss += K.sum(m.output[:, i])
    f = K.function([x], [K.gradients(loss, x)[0]])
    result = f([np.ones((1, 3))])[0]
""",
    "both learning phases": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout, Input
from keras.models import Model

a = Input((3,))
net = Model(a, Dense(2, activation='tanh')(Dropout(0.0)(a)))
set_weights_deterministically(net)
grad = K.gradients(K.sum(net.output), a)[0]
f = K.function([a, K.learning_phase()], [net.output, grad])
g = K.function([a, K.learning_phase()], [net.layers[1].output])
data = np.ones((2, 3))
result = []
for phase in (0, 1):
    out, slope = f([data, phase])
    result += [out, slope, g([data, phase])[0]]
""",
    "inputs and outputs without lists": """
import numpy as np
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model

a = Input((3,))
h = Dense(4, activation='relu')(a)
net = Model(a, Dense(2, activation='tanh')(h))
set_weights_deterministically(net)
f = K.function(net.input, h)
g = K.function(net.input, [h, net.output])
data = np.ones((2, 3))
result = [f(data), g(data)]
""",
    "functions called where they are made": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

x = Input((3,))
net = Model(x, Dense(2, activation='tanh')(x))
set_weights_deterministically(net)
data = np.ones((1, 3))
g = K.function([net.input], [K.gradients(net.output, net.input)[0]])([data])[0]
h = K.function([net.layers[0].input], [net.layers[1].output])([data])[0]
result = [g, h]
""",
    "a function for each layer": """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout, Input
from keras.models import Model

a = Input((3,))
net = Model(a, Dense(1)(Dropout(0.0)(Dense(4, activation='relu')(a))))
set_weights_deterministically(net)
inp = net.input                                           # input placeholder
outputs = [layer.output for layer in net.layers[1:]]      # all layer outputs
functors = [K.function([inp, K.learning_phase()], [out]) for out in outputs]    # evaluation functions

# Testing
test = np.random.RandomState(0).rand(2, 3)
layer_outs = [func([test, 1.]) for func in functors]
functor = K.function([inp, K.learning_phase()], outputs)
others = functor([test, 0.])
by_name = {layer.name: K.function([inp], [layer.output])([test])[0] for layer in net.layers[1:]}
result = [[outs[0] for outs in layer_outs], others, list(by_name.values())]
""",
    "the layers of a Sequential one by one": """
import os
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(4, input_dim=3, activation='tanh'))
model.add(Dense(3, activation='relu'))
model.add(Dense(2))
set_weights_deterministically(model)
x = [0.1, 0.2, 0.3]
result = []
for index in range(np.shape(model.layers)[0]):
    maps = keras.backend.function([model.layers[0].input, keras.backend.learning_phase()],
                                  [model.layers[index].output])([np.array([x]), 0])[0][0]
    result.append(maps)
several = keras.backend.function([model.layers[0].input], [l.output for l in model.layers])
result += several([np.array([x])])
""",
    "a function made when it is first asked for": """
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import LSTM, Dense, Embedding
from tensorflow.keras.models import Sequential


class Wrapper:
    def __init__(self):
        self.model = Sequential()
        self.model.add(Embedding(10, 4, input_length=5))
        self.model.add(LSTM(3, return_sequences=True))
        self.model.add(LSTM(2))
        self.model.add(Dense(1))
        set_weights_deterministically(self.model)
        self.hidden = None

    def get_hidden(self, x):
        if self.hidden is None:
            self.hidden = K.function([self.model.layers[0].input], [self.model.layers[-2].output])
        return np.hstack((self.hidden([x])[0], np.zeros((x.shape[0], 1))))


w = Wrapper()
result = w.get_hidden(np.arange(10).reshape((2, 5)))
""",
    "a computation with a variable": """
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

alpha = K.variable(0.25)
g = K.placeholder(ndim=2)
shrink = K.function([g], [-alpha * g])
first = shrink([np.ones((2, 2))])
K.set_value(alpha, 0.5)
result = [first[0], shrink([np.ones((2, 2))])[0]]
""",
}


def notebook(program: str) -> str:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
        for cell in program.split(CELL)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_numbers(name: str) -> None:
    program = PROGRAMS[name]
    outcome = migrate([loads(notebook(program), "notebook")])[0]
    assert outcome.failures == []
    eager = False if "gradients(" in program else None
    before = run(program.split(CELL), "keras2", capture=["result"], eager=eager)
    assert before.ok, before.traceback
    after = run([cell.source for cell in outcome.document.cells], "keras3", capture=["result"])
    assert after.ok, after.traceback
    assert_equal(before.values["result"], after.values["result"])
