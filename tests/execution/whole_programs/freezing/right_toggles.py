# unchanged: this program sets `trainable` around each training itself
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

generator = Sequential([Dense(6, input_shape=(4,))])
discriminator = Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])
discriminator.compile("sgd", "binary_crossentropy")
discriminator.trainable = False
gan = Sequential([generator, discriminator])
gan.compile("sgd", "binary_crossentropy")
random = np.random.RandomState(0)
for step in range(3):
    noise = random.rand(8, 4)
    discriminator.trainable = True
    d_loss = discriminator.train_on_batch(random.rand(8, 6), np.ones((8, 1)))
    d_loss += discriminator.train_on_batch(generator.predict(noise), np.zeros((8, 1)))
    discriminator.trainable = False
    print(step, d_loss, gan.train_on_batch(noise, np.ones((8, 1))))
