# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
import keras.backend as K
from keras.layers import Dense, Dropout, Input
from keras.models import Model

inputs = Input((3,))
x = Dense(4, activation='tanh')(inputs)
x = Dropout(0.5)(x)
model = Model(inputs, Dense(2, activation='softmax')(x))
model.set_weights([np.linspace(-0.5, 0.7, w.size).reshape(w.shape) for w in model.get_weights()])


def make_gradient_fn(model, class_index):
    score = model.output[:, class_index]
    grads = K.gradients(score, model.input)[0]
    return K.function([model.input, K.learning_phase()], [score, grads])


def integrated_gradients(sample, baseline, class_index, steps=10):
    fn = make_gradient_fn(model, class_index)
    total = np.zeros_like(sample)
    for k in range(1, steps + 1):
        point = baseline + (sample - baseline) * k / steps
        score, grad = fn([point[np.newaxis], 0])
        total += grad[0]
    return (sample - baseline) * total / steps


def smooth_grad(sample, class_index, n=4, noise=0.1):
    r = np.random.RandomState(0)
    fn = make_gradient_fn(model, class_index)
    noisy = [sample + r.normal(0, noise, sample.shape) for _ in range(n)]
    return np.mean([fn([x[None], 0])[1][0] for x in noisy], axis=0)


sample = np.array([0.4, -0.2, 0.3])
print(integrated_gradients(sample, np.zeros(3), 1).round(5).tolist())
print(smooth_grad(sample, 0).round(5).tolist())
