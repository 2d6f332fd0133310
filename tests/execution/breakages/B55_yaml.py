# error: AttributeError: 'Sequential' object has no attribute 'to_yaml'
# advised: KU211

from keras.layers import Dense
from keras.models import Sequential, model_from_yaml
text = Sequential([Dense(1, input_shape=(2,))]).to_yaml()
