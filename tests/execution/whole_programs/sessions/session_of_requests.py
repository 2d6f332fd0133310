# unchanged: the session is one of the program's own, and nothing in it is TensorFlow's

import numpy as np
from keras.layers import Dense
from keras.models import Sequential


class Session:
    """Answers of a service, remembered."""

    def __init__(self):
        self.known = {}

    def run(self, name, feed_dict=None):
        return self.known.setdefault(name, sum((feed_dict or {}).values()))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.known.clear()


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer="ones")])
with Session() as sess:
    total = sess.run("total", feed_dict={"a": 1.5, "b": 2.0})
    print(total, sess.run("total"))
print(model.predict(np.full((1, 2), total), verbose=0).tolist())
