import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D, Input, MaxPooling2D
from keras.models import Model

img_input = Input(shape=(16, 16, 3))
x = Conv2D(4, (3, 3), activation='relu', name='block1_conv1')(img_input)
x = MaxPooling2D((2, 2))(x)
x = Conv2D(6, (3, 3), activation='relu', name='block5_conv3')(x)
x = GlobalAveragePooling2D()(x)
model = Model(img_input, Dense(5, activation='softmax', name='predictions')(x))
model.set_weights([np.linspace(-0.5, 0.7, w.size).reshape(w.shape) for w in model.get_weights()])

x = np.random.RandomState(1).rand(1, 16, 16, 3)
preds = model.predict(x, verbose=0)
print('Predicted:', np.argmax(preds[0]))

# This is the entry in the prediction vector
african_elephant_output = model.output[:, np.argmax(preds[0])]

# The is the output feature map of the `block5_conv3` layer,
# the last convolutional layer
last_conv_layer = model.get_layer('block5_conv3')

# This is the gradient of the class with regard to
# the output feature map of `block5_conv3`
grads = K.gradients(african_elephant_output, last_conv_layer.output)[0]

# This is a vector of shape (6,), where each entry
# is the mean intensity of the gradient over a specific feature map channel
pooled_grads = K.mean(grads, axis=(0, 1, 2))

# This function allows us to access the values of the quantities we just defined:
# `pooled_grads` and the output feature map of `block5_conv3`,
# given a sample image
iterate = K.function([model.input], [pooled_grads, last_conv_layer.output[0]])

# These are the values of these two quantities, as Numpy arrays,
# given our sample image
pooled_grads_value, conv_layer_output_value = iterate([x])

# We multiply each channel in the feature map array
# by "how important this channel is"
for i in range(6):
    conv_layer_output_value[:, :, i] *= pooled_grads_value[i]

# The channel-wise mean of the resulting feature map
# is our heatmap of class activation
heatmap = np.mean(conv_layer_output_value, axis=-1)
heatmap = np.maximum(heatmap, 0)
heatmap /= np.max(heatmap)
print(heatmap.round(3).tolist())
