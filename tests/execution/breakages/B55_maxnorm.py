# error: ImportError: cannot import name 'maxnorm' from 'keras.constraints'
# result: [3, 2]

from keras.constraints import maxnorm, nonneg, unitnorm
from keras.layers import Dense
result = [Dense(2, kernel_constraint=maxnorm(3)).kernel_constraint.max_value, Dense(2, kernel_constraint=maxnorm(m=2)).kernel_constraint.max_value]
