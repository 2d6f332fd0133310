# no calls: the session is all that computes; the numbers are printed

import keras
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([
    Dense(5, activation="tanh", input_shape=(4,)),
    Dense(3, activation="softmax"),
])
model.set_weights([np.linspace(-0.6, 0.5, w.size).reshape(w.shape) for w in model.get_weights()])


def fgsm(model, image, label, eps=0.05):
    # the loss for the true label
    y_true = K.variable(np.eye(3)[[label]])
    loss = keras.losses.categorical_crossentropy(y_true, model.output)

    # how the image changes it
    gradient = K.gradients(loss, model.input)[0]
    noise = K.sign(gradient)

    sess = K.get_session()
    return image + eps * sess.run(noise, feed_dict={model.input: image})


image = np.array([[0.1, 0.4, 0.2, 0.9]])
adversarial = fgsm(model, image, 1)
print(adversarial.round(3).tolist())
