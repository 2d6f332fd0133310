import numpy as np
from seg.model import SegNet
from seg import metrics as M


def main(epochs):
    net = SegNet((8, 8, 1), loss='dice')
    rng = np.random.RandomState(0)
    images = rng.rand(4, 8, 8, 1)
    masks = (images > 0.5).astype('float32')
    net.compile()
    history = net.model.fit(images, masks, epochs=epochs, batch_size=2, verbose=0)
    print(sorted(history.history))
    print(M.__name__, net.loss_name)
