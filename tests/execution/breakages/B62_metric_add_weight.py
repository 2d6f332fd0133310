# error: ValueError: Cannot convert 't' to a shape.

import numpy as np
from tensorflow import keras


class Total(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.t = self.add_weight('t', initializer='zeros')

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.t.assign_add(keras.backend.sum(y_pred))

    def result(self):
        return self.t

    def reset_states(self):
        self.t.assign(0.0)


metric = Total()
metric.update_state(np.ones(2, 'float32'), np.ones(2, 'float32'))
first = float(metric.result())
metric.reset_states()
result = [first, float(metric.result())]
