# error: ModuleNotFoundError: No module named 'keras.wrappers.scikit_learn'
# advised: KU101

from keras.layers import Dense
from keras.models import Sequential
from keras.wrappers.scikit_learn import KerasClassifier


def make(units=3):
    model = Sequential([Dense(units, input_shape=(2,)), Dense(1, activation='sigmoid')])
    model.compile('sgd', 'binary_crossentropy')
    return model


classifier = KerasClassifier(build_fn=make, epochs=1, units=4, verbose=0)
