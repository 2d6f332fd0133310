from .models import make_model, CUSTOM_OBJECTS
from .models import *
