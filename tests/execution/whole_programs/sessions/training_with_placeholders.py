# no calls: the session is all that computes; the numbers are printed

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

sess = tf.Session()
K.set_session(sess)

x = tf.placeholder(tf.float32, shape=(None, 3), name="x")
y_ = tf.placeholder(tf.float32, shape=(None, 1))

model = Sequential()
model.add(Dense(4, activation="tanh", input_shape=(3,), kernel_initializer="ones"))
model.add(Dense(1, kernel_initializer="ones"))

y = model(x)
loss = tf.reduce_mean(tf.square(y - y_))

# the model's weights alone are trained
train_step = tf.train.GradientDescentOptimizer(0.05).minimize(loss, var_list=model.trainable_weights)

sess.run(tf.global_variables_initializer())

r = np.random.RandomState(0)
data, labels = r.rand(16, 3), r.rand(16, 1)
for epoch in range(3):
    for start in range(0, 16, 8):
        batch_x, batch_y = data[start:start + 8], labels[start:start + 8]
        _, loss_value = sess.run([train_step, loss], feed_dict={x: batch_x, y_: batch_y})
    print("epoch %d loss %.4f" % (epoch, loss_value))

print(sess.run(y, feed_dict={x: data[:2]}).round(3).tolist())
