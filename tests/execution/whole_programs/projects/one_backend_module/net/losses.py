from .backend import K


def focal(gamma=2.0):
    def loss(y_true, y_pred):
        y_pred = K.clip(y_pred, K.epsilon(), 1 - K.epsilon())
        p = y_true * y_pred + (1 - y_true) * (1 - y_pred)
        return -K.mean(K.pow(1 - p, gamma) * K.log(p), axis=-1)
    return loss


def positives(y_true, y_pred):
    return K.mean(K.cast(K.greater(y_pred, 0.5), K.floatx()))
