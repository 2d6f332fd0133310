"""What Keras 3 has of `keras_contrib`, `tensorflow_addons` and other packages that know Keras 2 only.

A key of `ROWS` is the package and the name, whatever module of the package it is imported from. Rows are in the
language of `syntax.templates` (see `knowledge.backend`). `tests/knowledge/test_contrib_numbers.py` checks the numbers
against formulas; those of `tensorflow_addons` were compared with its version 0.23 on TensorFlow 2.15.
"""

from keras_upgrade.knowledge.backend import Row

_LAYER = "name=None, dtype=None, trainable=None, input_shape=None, batch_input_shape=None"
_LAYER_NEW = "name=name, dtype=dtype, trainable=trainable, input_shape=input_shape, batch_input_shape=batch_input_shape"
_NORM = (
    "center=True, scale=True, beta_initializer='zeros', gamma_initializer='ones', beta_regularizer=None, "
    "gamma_regularizer=None, beta_constraint=None, gamma_constraint=None"
)
_NORM_NEW = (
    "center=center, scale=scale, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer, "
    "beta_regularizer=beta_regularizer, gamma_regularizer=gamma_regularizer, beta_constraint=beta_constraint, "
    "gamma_constraint=gamma_constraint"
)
_CLIP = "name=None, clipnorm=None, clipvalue=None, global_clipnorm=None"
_CLIP_NEW = "name=name, clipnorm=clipnorm, clipvalue=clipvalue, global_clipnorm=global_clipnorm"
_ADAM = "learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=False"

INSTANCE = f"axis=None, epsilon=0.001, {_NORM}, {_LAYER}"
"""The parameters of `InstanceNormalization` of `keras_contrib`."""
INSTANCE_NEW = f"{_NORM_NEW}, {_LAYER_NEW}"
ADAMW = f"weight_decay, {_ADAM}, {_CLIP}"
ADAMW_NEW = f"beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, amsgrad=amsgrad, {_CLIP_NEW}"
SGDW = f"weight_decay, learning_rate=0.001, momentum=0.0, nesterov=False, {_CLIP}"
SGDW_NEW = f"momentum=momentum, nesterov=nesterov, {_CLIP_NEW}"

_TWO_AXES = "targets and predictions have two axes: (samples, values)"
_SAME_AVERAGE = "gradients are not sparse: of those this one updated only the rows in use"

ROWS: dict[str, Row] = {
    "keras_contrib.GroupNormalization": Row(
        f"groups=32, axis=-1, epsilon=1e-05, {_NORM}, {_LAYER}",
        f"keras.layers.GroupNormalization(groups, axis, epsilon=+epsilon, {_NORM_NEW}, {_LAYER_NEW})",
    ),
    "tensorflow_addons.GroupNormalization": Row(
        f"groups=32, axis=-1, epsilon=0.001, {_NORM}, {_LAYER}",
        f"keras.layers.GroupNormalization(groups, axis, epsilon, {_NORM_NEW}, {_LAYER_NEW})",
    ),
    "tensorflow_addons.InstanceNormalization": Row(
        f"groups=None, axis=-1, epsilon=0.001, {_NORM}, {_LAYER}",
        f"keras.layers.GroupNormalization(axis=axis, epsilon=epsilon, {_NORM_NEW}, {_LAYER_NEW}, groups=-1)",
        note="`keras.layers.GroupNormalization(groups=-1)`.",
    ),
    "tensorflow_addons.SpectralNormalization": Row(
        f"layer, power_iterations=1, {_LAYER}",
        f"keras.layers.SpectralNormalization(layer, power_iterations, {_LAYER_NEW})",
    ),
    "tensorflow_addons.LAMB": Row(
        f"learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-06, weight_decay=0.0, {_CLIP}",
        f"keras.optimizers.Lamb(learning_rate, beta_1, beta_2, epsilon=+epsilon, {_CLIP_NEW})",
        variants=(("weight_decay", ""),),
        note="`keras.optimizers.Lamb`, which decays the weights in another way.",
    ),
    "tensorflow_addons.LazyAdam": Row(
        f"{_ADAM}, {_CLIP}",
        f"keras.optimizers.Adam(learning_rate, beta_1, beta_2, epsilon, amsgrad, {_CLIP_NEW})",
        "review",
        assumption=_SAME_AVERAGE,
    ),
    "tensorflow_addons.F1Score": Row(
        "num_classes, average=None, threshold=None, name='f1_score', dtype=None",
        "keras.metrics.F1Score(average, threshold, name, dtype)",
    ),
    "tensorflow_addons.FBetaScore": Row(
        "num_classes, average=None, beta=1.0, threshold=None, name='fbeta_score', dtype=None",
        "keras.metrics.FBetaScore(average, beta, threshold, name, dtype)",
    ),
    "tensorflow_addons.RSquare": Row(
        "name='r_square', dtype=None, multioutput='uniform_average', num_regressors=0",
        "keras.metrics.R2Score(class_aggregation=multioutput, num_regressors=num_regressors, name=+name, dtype=dtype)",
        "review",
        assumption=_TWO_AXES,
        variants=(
            (
                "multioutput='variance_weighted'",
                "keras.metrics.R2Score(num_regressors=num_regressors, name=+name, dtype=dtype, "
                'class_aggregation="variance_weighted_average")',
            ),
            (
                "multioutput='raw_values'",
                "keras.metrics.R2Score(num_regressors=num_regressors, name=+name, dtype=dtype, "
                "class_aggregation=None)",
            ),
            ("multioutput?", ""),
        ),
        note="`keras.metrics.R2Score`, whose `multioutput` is `class_aggregation`.",
    ),
    "tensorflow_addons.gelu": Row(
        "x, approximate=True", "keras.activations.gelu(x, approximate := +approximate)"
    ),
    "tensorflow_addons.mish": Row("x", "keras.activations.mish(x)"),
    "tensorflow_addons.hardshrink": Row(
        "x, lower=-0.5, upper=0.5",
        "keras.activations.hard_shrink(x, threshold=upper)",
        variants=(("lower", ""),),
        note="`keras.activations.hard_shrink(x, threshold)`, with the same limit on both sides.",
    ),
    "tensorflow_addons.softshrink": Row(
        "x, lower=-0.5, upper=0.5",
        "keras.activations.soft_shrink(x, threshold=upper)",
        variants=(("lower", ""),),
        note="`keras.activations.soft_shrink(x, threshold)`, with the same limit on both sides.",
    ),
    "tensorflow_addons.tanhshrink": Row("x", "keras.activations.tanh_shrink(x)"),
}

_GROUPS = "`keras.layers.GroupNormalization(groups=-1)`, of `keras_contrib` with `axis=None` `GroupNormalization(groups=1)`."
_COPY = "Keras 3 has none: copy it into the program as a class of your own."
_AVERAGE = "the optimizers of Keras have `use_ema=True, ema_momentum=...`."
_IMAGE = "a layer such as `keras.layers.RandomRotation`, or `keras.ops.image` (`affine_transform`, ...)."
_DECAY = "of Keras, whose `weight_decay` is multiplied by the learning rate: divide the old one by it."
ADVICE = {
    "keras_contrib.CRF": "Keras 3 has no CRF: copy a layer of your own into the program, or take a softmax.",
    "keras_contrib.CyclicLR": "`keras.callbacks.LearningRateScheduler`.",
    "keras_contrib.DSSIMObjective": "a loss of `tf.image.ssim`: `(1 - tf.image.ssim(y_true, y_pred, 1.0)) / 2`.",
    "keras_contrib.InstanceNormalization": _GROUPS,
    "keras_contrib.Swish": "`keras.layers.Activation('swish')`.",
    "keras_contrib.applications": "`keras.applications` has DenseNet, ResNet and NASNet, with other weights.",
    "tensorflow_addons.AdamW": f"`keras.optimizers.AdamW` {_DECAY}",
    "tensorflow_addons.AdaptiveAveragePooling2D": "`keras.layers.AdaptiveAveragePooling2D` in recent versions of Keras 3.",
    "tensorflow_addons.CRF": "Keras 3 has no CRF: copy a layer of your own into the program, or take a softmax.",
    "tensorflow_addons.CyclicalLearningRate": "a `keras.optimizers.schedules.LearningRateSchedule` of your own.",
    "tensorflow_addons.GELU": "`keras.layers.Activation('gelu')`, which does not approximate.",
    "tensorflow_addons.Lookahead": "Keras 3 has none: train with the inner optimizer; `use_ema=True` averages weights.",
    "tensorflow_addons.MovingAverage": _AVERAGE,
    "tensorflow_addons.MultiHeadAttention": (
        "`keras.layers.MultiHeadAttention(num_heads, key_dim)`, called with query, value, key one by one."
    ),
    "tensorflow_addons.MultiOptimizer": "a `train_step` of your own that calls each optimizer with its gradients.",
    "tensorflow_addons.RectifiedAdam": "`keras.optimizers.Adam` with a schedule that warms up, or `AdamW`.",
    "tensorflow_addons.SGDW": f"`keras.optimizers.SGD` {_DECAY}",
    "tensorflow_addons.SWA": _AVERAGE,
    "tensorflow_addons.SigmoidFocalCrossEntropy": (
        "`keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True)`, which averages over classes and samples, "
        "where this one added up: scale the learning rate."
    ),
    "tensorflow_addons.WeightNormalization": _COPY,
    "tensorflow_addons.callbacks": "`tqdm.keras.TqdmCallback` draws progress bars; `keras.callbacks` has the rest.",
    "tensorflow_addons.image": _IMAGE,
    "tensorflow_addons.lisht": "`x * keras.ops.tanh(x)`.",
    "tensorflow_addons.losses": "Keras 3 has none of these: copy the loss, a function of two tensors, into the program.",
    "tensorflow_addons.seq2seq": "`keras.layers.Attention` or `MultiHeadAttention`; decode in a loop over the model.",
    "tensorflow_addons.sigmoid_focal_crossentropy": (
        "`keras.losses.binary_focal_crossentropy(y_true, y_pred, apply_class_balancing=True)`, which averages over "
        "the classes, where this one added up."
    ),
}
"""What to do by hand: by the name, or by the first module of the path."""

PACKAGES = {
    "keras_adamw": "Keras has keras.optimizers.AdamW",
    "keras_applications": "Keras has keras.applications",
    "keras_contrib": (
        "InstanceNormalization is keras.layers.GroupNormalization(groups=-1); for CRF, copy a layer of your own "
        "into the program"
    ),
    "keras_layer_normalization": "Keras has keras.layers.LayerNormalization",
    "keras_multi_head": "Keras has keras.layers.MultiHeadAttention",
    "keras_preprocessing": "tf.keras.preprocessing has it",
    "keras_self_attention": "Keras has keras.layers.Attention and keras.layers.MultiHeadAttention",
    "keras_tqdm": "Keras draws progress bars itself (verbose=1); tqdm.keras has a callback",
    "tensorflow_addons": (
        "it is no longer kept. InstanceNormalization is keras.layers.GroupNormalization("
        "groups=-1); AdamW, Lion and Lamb are in keras.optimizers, F1Score and R2Score in keras.metrics, "
        "SpectralNormalization in keras.layers"
    ),
}
"""What Keras 3 has in place of a package as a whole."""


def key_of(path: str) -> str | None:
    """The package and the last name of a path; None if it is of no such package."""
    package, _, rest = path.partition(".")
    return f"{package}.{rest.rpartition('.')[2]}" if package in PACKAGES and rest else None


def advice(path: str) -> str:
    """What to do by hand about a name of one of the packages."""
    package, _, rest = path.partition(".")
    for key in (key_of(path), f"{package}.{rest.partition('.')[0]}"):
        if key in ADVICE:
            return ADVICE[key]
    row = ROWS.get(key_of(path) or "")
    return row.note if row is not None and row.note else f"{PACKAGES[package].rstrip('.')}."
