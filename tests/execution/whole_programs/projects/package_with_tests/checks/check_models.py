import unittest

import numpy as np
from keras import backend as K
from keras.utils.test_utils import keras_test
from pkg import make_model, activations
from pkg.models import Gate


class TestModels(unittest.TestCase):
    def test_shapes(self):
        model = make_model(3)
        model.compile(optimizer='adam', loss='mse')
        model.fit(np.ones((4, 3)), np.zeros((4, 1)), epochs=1, verbose=0)
        self.assertEqual(model.predict(np.ones((2, 3)), verbose=0).shape, (2, 1))

    def test_swish(self):
        x = K.variable(np.array([[0., 1.]]))
        self.assertEqual(K.eval(activations.swish(x)).shape, (1, 2))
