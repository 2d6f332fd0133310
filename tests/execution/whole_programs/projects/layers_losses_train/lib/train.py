import numpy as np
from tensorflow.keras.optimizers import SGD
from . import losses, models


def run(epochs):
    model = models.build((5, 3))
    model.compile(SGD(lr=0.01), loss=losses.weighted(0.5), metrics=[losses.huber])
    x = np.random.RandomState(0).normal(size=(12, 5, 3)).astype('float32')
    history = model.fit(x, x.mean(axis=(1, 2)).reshape(-1, 1), batch_size=6, epochs=epochs, verbose=0)
    print(sorted(history.history))
