# error: ValueError: Argument `tensor` must be a KerasTensor. Received invalid type: tensor=[[1. 1.]] (of type <class 'tensorflow.python.framework.ops.EagerTensor'>)
# advised: KU201

from keras import backend as K
from keras.layers import Input
combination = K.placeholder((1, 2, 2, 3))
inputs = Input(tensor=K.constant([[1.0, 1.0]]))
