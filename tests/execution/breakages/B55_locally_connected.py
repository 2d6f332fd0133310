# error: ImportError: cannot import name 'LocallyConnected1D' from 'keras.layers'
# advised: KU101

from keras.layers import LocallyConnected1D
layer = LocallyConnected1D(2, 3)
