"""The same task in functions: a target that is computed once, and a class that keeps the function."""
import numpy as np
import keras
import keras.backend as K
from keras.layers import Conv2D, Input
from keras.models import Model


def get_model():
    img = Input((10, 10, 3))
    x = Conv2D(4, 3, activation='relu', kernel_initializer='ones', name='a')(img)
    x = Conv2D(2, 3, activation='relu', kernel_initializer='ones', name='b')(x)
    return Model(img, x)


def gram_matrix(x):
    x = K.permute_dimensions(x, (2, 0, 1))
    shape = K.shape(x)
    reshaped = K.reshape(x, (shape[0], shape[1] * shape[2]))
    return K.dot(reshaped, K.transpose(reshaped)) / K.cast(K.prod(shape), 'float32')


def style_loss(features, target):
    return K.sum(K.square(gram_matrix(features) - gram_matrix(target)))


class Transfer:
    def __init__(self, style, content):
        self.model = get_model()
        layers = dict([(layer.name, layer.output) for layer in self.model.layers])
        style_model = Model(self.model.input, layers['a'])
        content_model = Model(self.model.input, layers['b'])
        self.style_target = K.variable(style_model.predict(style, verbose=0))
        self.content_target = K.variable(content_model.predict(content, verbose=0))

        loss = 1e-3 * style_loss(layers['a'][0], self.style_target[0])
        loss += K.mean(K.square(layers['b'] - self.content_target))
        grads = K.gradients(loss, self.model.input)[0]
        self.fn = K.function([self.model.input], [loss, grads])

    def __call__(self, x):
        l, g = self.fn([x.reshape((1, 10, 10, 3))])
        return l.astype(np.float64), g.flatten().astype(np.float64)


r = np.random.RandomState(0)
transfer = Transfer(r.rand(1, 10, 10, 3), r.rand(1, 10, 10, 3))
x = r.rand(300)
for i in range(3):
    l, g = transfer(x)
    x -= 0.001 * g
    print(i, round(float(l), 3), round(float(np.abs(g).sum()), 3))
