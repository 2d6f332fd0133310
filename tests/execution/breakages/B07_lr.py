# result: [0.1, 0.2, 0.001]
# error: ValueError: Argument(s) not recognized: {'lr': 0.001}

from keras import optimizers
from keras.optimizers import Adam, RMSprop
settings = {'lr': 0.001}
result = [float(Adam(lr=0.1).learning_rate), float(optimizers.SGD(lr=0.2).learning_rate), float(RMSprop(**settings).learning_rate)]
