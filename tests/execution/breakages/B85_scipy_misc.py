# error: ImportError: cannot import name 'imread' from 'scipy.misc'
# error: ModuleNotFoundError: No module named 'scipy.misc'
# error: ModuleNotFoundError: No module named 'sklearn.externals'
# advised: KU904

from keras.layers import Dense
from scipy.misc import imread, imresize
from sklearn.externals import joblib
