# error: AttributeError: module 'keras.utils' has no attribute 'multi_gpu_model'
# advised: KU101

from keras.layers import Dense
from keras.models import Sequential
from keras.utils import multi_gpu_model
model = Sequential([Dense(1, input_shape=(2,))])
parallel = multi_gpu_model(model, gpus=2)
