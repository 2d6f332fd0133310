# error: ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 1), output.shape=(None, 2)
# left: what the labels should be is the author's to say

result = 0
