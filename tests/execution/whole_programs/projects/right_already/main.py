# unchanged: written for Keras 3 and TensorFlow, and right on both sides
import numpy as np

from net import data, losses
from net.models import build

model = build()
model.compile(optimizer='sgd', loss=losses.mean_error)
x, y = data.arrays()
model.fit(data.pipeline(x, y), epochs=1, verbose=0)
print(model.predict(x, verbose=0).shape, np.ndim(y))
