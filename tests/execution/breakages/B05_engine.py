# error: ModuleNotFoundError: No module named 'keras.engine'
# error: ModuleNotFoundError: No module named 'keras.engine.topology'

import keras.engine.topology as KE
from keras.engine import Layer, InputSpec
from keras.engine.base_layer import Layer as Base
from keras.engine.training import Model
result = [Layer is Base, KE.Layer.__name__, InputSpec(ndim=2).ndim, Model.__name__]
