# error: TypeError: ModelCheckpoint.__init__() got an unexpected keyword argument 'period'

import numpy as np
from keras.callbacks import ModelCheckpoint
call = ModelCheckpoint('best.h5', monitor='loss', period=1)
result = call.monitor
