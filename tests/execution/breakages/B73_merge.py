# error: ImportError: cannot import name 'merge' from 'keras.layers'
# error: ImportError: cannot import name 'Merge' from 'keras.layers'
# result: [[[1.0, 1.0, 1.0, 1.0]], [[2.0, 2.0]], [[2.0]]]

import numpy as np
from keras.layers import Dense, Input, merge
from keras.models import Model
a, b = Input((2,)), Input((2,))
x = merge([a, b], mode='concat', concat_axis=-1)
y = merge([a, b], mode='sum')
z = merge([a, b], mode='dot', dot_axes=1)
model = Model([a, b], [x, y, z])
result = [part.tolist() for part in model.predict([np.ones((1, 2)), np.ones((1, 2))])]
