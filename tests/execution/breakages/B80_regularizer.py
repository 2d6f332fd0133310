# error: TypeError: L1.__init__() got an unexpected keyword argument 'l'

from keras.regularizers import l1
result = float(l1(l=0.25).l1)
