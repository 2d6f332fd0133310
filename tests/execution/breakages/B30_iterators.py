# error: AttributeError: 'NumpyArrayIterator' object has no attribute 'next'
# error: ValueError: Unrecognized data type: x=<zip object at 0x7f> (of type <class 'zip'>)
# error: TypeError: 'float' object cannot be interpreted as an integer

import numpy as np
from keras.layers import Dense, Flatten
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator
images = ImageDataGenerator().flow(np.ones((4, 2, 2, 1)), batch_size=2, shuffle=False)
masks = ImageDataGenerator().flow(np.zeros((4, 2, 2, 1)), batch_size=2, shuffle=False)
model = Sequential([Dense(1, input_shape=(2, 2, 1), kernel_initializer='ones')])
model.compile('sgd', 'mse')
first = images.next()
model.fit_generator(zip(images, masks), steps_per_epoch=4 / 2, verbose=0)
result = model.get_weights()[0].tolist()
