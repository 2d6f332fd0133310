# error: AttributeError: module 'keras.backend' has no attribute 'image_dim_ordering'
# result: (28, 28, 1)

from keras import backend as K
if K.image_dim_ordering() == 'th':
    shape = (1, 28, 28)
else:
    shape = (28, 28, 1)
K.set_image_dim_ordering('tf')
result = shape
