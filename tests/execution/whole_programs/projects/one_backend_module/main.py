import numpy as np

from net import build_model
from net.backend import K, keras
from net.train import train

model = build_model((6,), units=4)
history = train(model, np.linspace(0, 1, 48).reshape(8, 6), (np.arange(8) % 2).astype('float32'))
print(sorted(history))
print(model.count_params(), K.floatx())
print(isinstance(model, keras.models.Model))
