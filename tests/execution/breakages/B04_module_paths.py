# error: ModuleNotFoundError: No module named 'keras.layers.core'
# error: ModuleNotFoundError: No module named 'keras.layers.convolutional'
# error: ModuleNotFoundError: No module named 'keras.layers.recurrent'
# error: ModuleNotFoundError: No module named 'keras.layers.normalization'
# error: ModuleNotFoundError: No module named 'keras.layers.advanced_activations'
# error: ModuleNotFoundError: No module named 'keras.layers.embeddings'
# error: ModuleNotFoundError: No module named 'keras.layers.wrappers'
# error: ModuleNotFoundError: No module named 'keras.layers.pooling'
# error: ModuleNotFoundError: No module named 'keras.layers.noise'
# error: ModuleNotFoundError: No module named 'keras.layers.merge'

from keras.layers.advanced_activations import LeakyReLU, PReLU
from keras.layers.convolutional import Conv2D, UpSampling2D, ZeroPadding2D
from keras.layers.core import Activation, Dense, Dropout, Flatten, Lambda, Reshape
from keras.layers.embeddings import Embedding
from keras.layers.merge import Concatenate, add
from keras.layers.noise import GaussianNoise
from keras.layers.normalization import BatchNormalization
from keras.layers.pooling import MaxPooling2D
from keras.layers.recurrent import LSTM
from keras.layers.wrappers import Bidirectional, TimeDistributed
result = [Dense.__name__, LSTM.__name__, add.__name__]
