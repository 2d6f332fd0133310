# error: ValueError: Argument `name` must be a string and cannot contain character `/`. Received: name=conv1/conv (of type <class 'str'>)

from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,))
y = Dense(1, name='block/dense')(x)
for i in range(2):
    y = Dense(1, name='block%d/dense' % i)(y)
model = Model(x, y, name='a/b')
result = model.get_layer('block/dense').units + model.get_layer('block1/dense').units
