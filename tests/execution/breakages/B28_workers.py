# error: TypeError: fit() got an unexpected keyword argument 'workers'
# error: TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'max_queue_size'
# error: TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'use_multiprocessing'

import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import Sequence


class Batches(Sequence):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return np.ones((2, 2)), np.zeros((2, 1))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.fit(Batches(), workers=2, use_multiprocessing=False, max_queue_size=4, verbose=0)
result = model.predict(Batches(), workers=2).tolist()
