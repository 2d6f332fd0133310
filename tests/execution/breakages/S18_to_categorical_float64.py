# silent

from keras.utils import to_categorical

y = to_categorical([0, 2, 1], 3)
result = y.tolist()
