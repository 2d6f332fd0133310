# error: TypeError: L2.__init__() got an unexpected keyword argument 'l'

from keras.regularizers import l1_l2, l2
result = float(l2(l=0.5).l2)
