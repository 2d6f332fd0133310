import numpy as np
from keras import backend as K
from keras.layers import *
from keras.models import Model


class Attention():
	"""Attention of several heads."""
	def __init__(self, n_head, d_model):
		self.n_head = n_head
		self.d_k = d_model // n_head
		self.queries = Dense(d_model, use_bias=False)
		self.keys = Dense(d_model, use_bias=False)

	def __call__(self, x, seq):
		n_head, d_k = self.n_head, self.d_k
		mask = Lambda(lambda x:K.cast(K.greater(x, 0), "float32"))(seq)
		scores = Lambda(lambda x:K.batch_dot(x[0], x[1], axes=[2,2]) / np.sqrt(d_k))([self.queries(x), self.keys(x)])
		def masked(args):
			scores, mask = args
			if n_head > 1:
				scores = scores / n_head
			return scores - 1e9 * (1. - K.expand_dims(mask, 1))
		weights = Activation("softmax")(Lambda(masked)([scores, mask]))
		return Lambda(lambda x:K.batch_dot(x[0], x[1]))([weights, x])


seq = Input((5,), dtype="int32")
x = Embedding(10, 4)(seq)
x = Attention(2, 4)(x, seq)
model = Model(seq, Lambda(lambda x:K.mean(x, axis=1))(x))
model.compile("sgd", "mse")
numbers = np.random.RandomState(0).randint(1, 10, size=(6, 5))
numbers[:, 4] = 0
model.fit(numbers, np.ones((6, 4)), epochs=2, batch_size=6, verbose=0)
