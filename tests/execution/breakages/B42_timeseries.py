# error: ImportError: cannot import name 'TimeseriesGenerator' from 'keras.preprocessing.sequence'
# error: ImportError: cannot import name 'skipgrams' from 'keras.preprocessing.sequence'

import numpy as np
from keras.preprocessing.sequence import TimeseriesGenerator, skipgrams, make_sampling_table
series = TimeseriesGenerator(np.arange(6.0), np.arange(6.0), length=2, batch_size=2)
result = [series[0][0].tolist(), len(make_sampling_table(3))]
