from seg import keras
from seg.metrics import dice_coef, LOSSES

KL = keras.layers


def double_conv(x, filters):
    for _ in range(2):
        x = KL.Conv2D(filters, 3, padding='same', activation='relu')(x)
    return x


class SegNet(object):
    name = 'segnet'

    def __init__(self, shape, loss):
        self.loss_name = loss
        inputs = KL.Input(shape)
        x = double_conv(inputs, 4)
        skip = x
        x = KL.MaxPooling2D()(x)
        x = double_conv(x, 8)
        x = KL.UpSampling2D()(x)
        x = KL.concatenate([x, skip])
        outputs = KL.Conv2D(1, 1, activation='sigmoid')(x)
        self.model = keras.models.Model(inputs=inputs, outputs=outputs)

    def compile(self):
        self.model.compile(optimizer=keras.optimizers.Adam(lr=1e-3), loss=LOSSES[self.loss_name],
                           metrics=[dice_coef, 'accuracy'])
