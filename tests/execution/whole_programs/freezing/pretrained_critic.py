import numpy as np
from keras.layers import Dense, Dropout
from keras.models import Sequential

generator = Sequential([Dense(6, activation="tanh", input_shape=(4,))])
discriminator = Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])
discriminator.compile("sgd", "binary_crossentropy")

random = np.random.RandomState(0)
x = random.rand(40, 6)
# pre-train the discriminator
noise = random.rand(40, 4)
discriminator.fit(np.concatenate([x, generator.predict(noise)]), np.array([1] * 40 + [0] * 40), epochs=1, batch_size=20, verbose=0)

discriminator.trainable = False
gan = Sequential([generator, discriminator])
gan.compile("sgd", "binary_crossentropy")
for step in range(3):
    noise = random.rand(8, 4)
    d_loss = discriminator.train_on_batch(x[:8], np.ones((8, 1)))
    g_loss = gan.train_on_batch(noise, np.ones((8, 1)))
    print(step, d_loss, g_loss)
