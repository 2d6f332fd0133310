# error: ImportError: cannot import name 'np_utils' from 'keras.utils'
# error: ModuleNotFoundError: No module named 'keras.utils.np_utils'
# error: ModuleNotFoundError: No module named 'keras.utils.vis_utils'
# error: ModuleNotFoundError: No module named 'keras.utils.generic_utils'

from keras.utils import np_utils
from keras.utils.generic_utils import get_custom_objects, Progbar
from keras.utils.vis_utils import plot_model
from keras.utils.data_utils import get_file
get_custom_objects()['double'] = lambda x: x * 2
result = np_utils.to_categorical([1, 0], 2).tolist()
