# error: TypeError: TensorFlowTrainer.compile() got an unexpected keyword argument 'sample_weight_mode'
# error: TypeError: Trainer.compile() got an unexpected keyword argument 'target_tensors'
# error: TypeError: compile() got an unexpected keyword argument 'experimental_run_tf_function'
# error: TypeError: TensorFlowTrainer.train_on_batch() got an unexpected keyword argument 'reset_metrics'

import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
result = float(model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1)), reset_metrics=True))
