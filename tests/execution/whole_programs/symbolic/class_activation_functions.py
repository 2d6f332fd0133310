import numpy as np
import keras.backend as K
from keras.layers import Activation, Conv2D, Dense, Flatten
from keras.models import Model, Sequential

H, W = 12, 12


def build_model():
    model = Sequential()
    model.add(Conv2D(4, (3, 3), input_shape=(H, W, 3), name='conv1'))
    model.add(Activation('relu'))
    model.add(Conv2D(5, (3, 3), name='conv2'))
    model.add(Activation('relu', name='relu2'))
    model.add(Flatten())
    model.add(Dense(3, activation='softmax'))
    model.set_weights([np.linspace(-0.3, 0.4, w.size).reshape(w.shape) for w in model.get_weights()])
    return model


def grad_cam(input_model, image, cls, layer_name):
    """GradCAM method for visualizing input saliency."""
    y_c = input_model.output[0, cls]
    conv_output = input_model.get_layer(layer_name).output
    grads = K.gradients(y_c, conv_output)[0]
    # Normalize if necessary
    # grads = normalize(grads)
    gradient_function = K.function([input_model.input], [conv_output, grads])

    output, grads_val = gradient_function([image])
    output, grads_val = output[0, :], grads_val[0, :, :, :]

    weights = np.mean(grads_val, axis=(0, 1))
    cam = np.dot(output, weights)

    # Process CAM
    cam = np.maximum(cam, 0)
    cam = cam / (cam.max() + 1e-9)
    return cam


def grad_cam_batch(input_model, images, classes, layer_name):
    """GradCAM method for several images."""
    loss = K.gather(K.reshape(input_model.output, (-1,)), np.arange(len(classes)) * 3 + classes)
    layer_output = input_model.get_layer(layer_name).output
    grads = K.gradients(loss, layer_output)[0]
    gradient_fn = K.function([input_model.input, K.learning_phase()], [layer_output, grads])

    conv_output, grads_val = gradient_fn([images, 0])
    weights = np.mean(grads_val, axis=(1, 2))
    return np.einsum('ijkl,il->ijk', conv_output, weights)


def compile_saliency_function(model, activation_layer='relu2'):
    input_img = model.input
    layer_dict = dict([(layer.name, layer) for layer in model.layers[1:]])
    layer_output = layer_dict[activation_layer].output
    max_output = K.max(layer_output, axis=3)
    saliency = K.gradients(K.sum(max_output), input_img)[0]
    return K.function([input_img, K.learning_phase()], [saliency])


if __name__ == '__main__':
    model = build_model()
    image = np.random.RandomState(2).rand(1, H, W, 3)
    predictions = model.predict(image, verbose=0)
    cls = np.argmax(predictions)
    print(cls, grad_cam(model, image, cls, 'relu2').sum().round(3))
    images = np.random.RandomState(3).rand(2, H, W, 3)
    print(grad_cam_batch(model, images, np.array([0, 2]), 'relu2').sum().round(4))
    saliency_fn = compile_saliency_function(model)
    saliency = saliency_fn([image, 0])
    print(saliency[0].shape, np.abs(saliency[0]).sum().round(3))
