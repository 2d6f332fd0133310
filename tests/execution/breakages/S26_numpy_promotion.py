# silent
# left: NumPy 2, nothing of Keras; the values are known only when the program runs

result = 0
