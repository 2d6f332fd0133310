# error: TypeError: ModelCheckpoint.__init__() got an unexpected keyword argument 'period'
# advised: KU201

from keras.callbacks import ModelCheckpoint
call = ModelCheckpoint('best.h5', monitor='loss', period=5)
result = call.period
