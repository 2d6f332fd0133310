# error: AttributeError: module 'keras.backend' has no attribute 'set_learning_phase'
# error: AttributeError: module 'keras.backend' has no attribute 'learning_phase'

from keras import backend as K
K.set_learning_phase(0)
K.clear_session()
result = K.image_data_format()
