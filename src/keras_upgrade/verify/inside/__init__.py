"""The half that runs in the user's interpreter, beside Keras of any age: Python 3.7, and no other part of the tool."""
