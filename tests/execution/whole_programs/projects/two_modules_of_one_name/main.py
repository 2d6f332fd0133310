import numpy as np
import vision.utils
from text import utils as text_utils
from vision.net import build as build_vision
from text.net import build as build_text

v = build_vision()
t = build_text()
print(v.predict(np.ones((2, 4, 4, 1)), verbose=0).shape, t.predict(np.array([[1, 2, 0]]), verbose=0).shape)
print(vision.utils.SIZE, text_utils.SIZE)
