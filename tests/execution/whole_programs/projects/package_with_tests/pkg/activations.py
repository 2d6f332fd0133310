from keras import backend as K


def swish(x):
    return x * K.sigmoid(x)


def gelu(x):
    return 0.5 * x * (1.0 + K.tanh(0.7978845608 * (x + 0.044715 * K.pow(x, 3))))


TABLE = {'swish': swish, 'gelu': gelu}


def get(name):
    return TABLE[name]
