# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
import keras
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(5, activation='relu', input_shape=(6,)))
model.add(Dense(3, activation='softmax'))
model.compile(optimizer='sgd', loss='categorical_crossentropy')
model.set_weights([np.linspace(-0.5, 0.6, w.size).reshape(w.shape) for w in model.get_weights()])

# Grab a reference to the first and last layer of the neural net
model_input_layer = model.layers[0].input
model_output_layer = model.layers[-1].output

object_type_to_fake = 2
original_image = np.linspace(0, 1, 6).reshape(1, 6)
max_change_above = original_image + 0.05
max_change_below = original_image - 0.05
hacked_image = np.copy(original_image)
learning_rate = 0.1

# Define the cost function: how likely the image is the target class according to the model
cost_function = model_output_layer[0, object_type_to_fake]

# We'll ask Keras to calculate the gradient based on the input image and the currently predicted class
gradient_function = K.gradients(cost_function, model_input_layer)[0]

# Create a Keras function that we can call to calculate the current cost and gradient
grab_cost_and_gradients_from_model = K.function([model_input_layer, K.learning_phase()], [cost_function, gradient_function])

cost = 0.0
for step in range(5):
    # Check how close the image is to our target class and grab the gradients
    cost, gradients = grab_cost_and_gradients_from_model([hacked_image, 0])

    # Move the hacked image one step further towards fooling the model
    hacked_image += gradients * learning_rate

    # Ensure that the image doesn't ever change too much to either look funny or to become an invalid image
    hacked_image = np.clip(hacked_image, max_change_below, max_change_above)
    hacked_image = np.clip(hacked_image, -1.0, 1.0)

print("Model's predicted likelihood: {:.4}%".format(cost * 100))
print(hacked_image.round(4).tolist())


def fgsm(model, x, y, eps=0.05):
    y_true = K.placeholder(shape=model.output_shape)
    loss = keras.losses.categorical_crossentropy(y_true, model.output)
    grad, = K.gradients(loss, model.input)
    sign = K.function([model.input, y_true], [K.sign(grad)])
    return x + eps * sign([x, y])[0]


def iterative(model, x, target, eps=0.01, steps=3):
    y_true = K.variable(target)
    loss = K.mean(K.categorical_crossentropy(y_true, model.output))
    grads = K.gradients(loss, [model.input])
    get_grads = K.function([model.input], grads)
    for _ in range(steps):
        x = x - eps * np.sign(get_grads([x])[0])
    return x


print(fgsm(model, original_image, np.eye(3)[[0]]).round(4).tolist())
print(iterative(model, original_image, np.eye(3)[[1]]).round(4).tolist())
