# silent
# left: Keras prints a warning when the model is built, and does since 2.4 what Keras 3 does

from keras.layers import Embedding, Flatten
from keras.models import Sequential

model = Sequential([Embedding(5, 2, mask_zero=True), Flatten()])
result = len(model.layers)
