# error: ImportError: cannot import name 'ImageDataGenerator' from 'keras.preprocessing.image'
# error: ImportError: cannot import name 'ImageDataGenerator' from 'keras.legacy.preprocessing.image'

import numpy as np
from keras.preprocessing import image
from keras.preprocessing.image import ImageDataGenerator, img_to_array, array_to_img
flow = ImageDataGenerator(rescale=0.5, validation_split=0.25).flow(np.ones((4, 2, 2, 1)), batch_size=2, shuffle=False)
other = image.ImageDataGenerator(featurewise_center=True)
other.fit(np.ones((4, 2, 2, 1)))
result = [next(flow).tolist(), image.img_to_array(array_to_img(np.ones((2, 2, 1)), scale=False)).tolist()]
