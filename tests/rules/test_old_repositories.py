"""Programs in the style of Keras 1 and of the first years of Keras 2, of which many repositories are made."""

import ast

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    ast.parse(outcome.document.source)
    return outcome


def test_sizes_of_a_kernel_in_variables_become_one_tuple_in_a_program_of_keras_1() -> None:
    program = (
        "from keras.layers import Convolution2D\n"
        "def block(x, rows, cols):\n"
        "    x = Convolution2D(4, rows, cols, border_mode='same')(x)\n"
        "    return Convolution2D(4, cols, cols)(x)\n"
    )
    assert migrated(program).document.source.splitlines()[2:] == [
        "    x = Convolution2D(4, (rows, cols), padding='same')(x)",
        "    return Convolution2D(4, (cols, cols))(x)",
    ]


def test_a_stride_in_a_variable_stays_a_stride_in_a_program_of_keras_2() -> None:
    program = (
        "from keras.layers.convolutional import Conv2D\n"
        "def block(x, kernel, stride):\n"
        "    return Conv2D(4, kernel, stride, padding='same')(x)\n"
    )
    assert migrated(program).document.source == program.replace(".convolutional", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "model.fit_generator(flow, samples_per_epoch=100, nb_epoch=2)",
            "model.fit(flow, steps_per_epoch=100 // size, epochs=2)",
        ),
        (
            "model.fit_generator(flow, samples_per_epoch=a + b, nb_epoch=2, validation_data=flow, nb_val_samples=n)",
            "model.fit(flow, steps_per_epoch=(a + b) // size, epochs=2, validation_data=flow, "
            "validation_steps=n // size)",
        ),
        (
            "model.evaluate_generator(images.flow(x, y), val_samples=64)",
            "model.evaluate(images.flow(x, y), steps=64 // 32)",
        ),
        (
            "model.fit_generator(generator=flow, steps_per_epoch=3, nb_worker=2, pickle_safe=True)",
            "model.fit(x=flow, steps_per_epoch=3)",
        ),
    ],
)
def test_numbers_of_samples_become_numbers_of_batches(before: str, after: str) -> None:
    head = (
        "from keras.layers import Dense\n"
        "from keras.models import Sequential\n"
        "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n"
        "model = Sequential([Dense(1)])\n"
        "model.compile('sgd', 'mse')\n"
        "images = ImageDataGenerator()\n"
        "flow = images.flow(x, y, batch_size=size)\n"
    )
    assert migrated(head + before + "\n").document.source == head + after + "\n"


def test_numbers_of_samples_stay_where_the_size_of_a_batch_is_not_known() -> None:
    program = (
        "from keras.models import load_model\n"
        "model = load_model('m.h5')\n"
        "model.fit_generator(batches(), samples_per_epoch=100, nb_epoch=2)\n"
    )
    outcome = migrated(program)
    assert outcome.document.source == program
    assert [report.finding.code for report in outcome.left] == ["KU202"]


def test_a_download_keeps_its_name_where_weights_of_the_same_name_are_written() -> None:
    program = (
        "from keras.layers import Dense\n"
        "from keras.models import Sequential\n"
        "from keras.utils import get_file\n"
        "model = Sequential([Dense(1, name='out')])\n"
        "model.save_weights('net.h5')\n"
        "model.load_weights('net.h5')\n"
        "model.load_weights(get_file('net.h5', 'https://example.org/net.h5'))\n"
    )
    assert migrated(program).document.source.splitlines()[-3:] == [
        "model.save_weights('net.weights.h5')",
        "model.load_weights('net.weights.h5')",
        "model.load_weights(get_file('net.h5', 'https://example.org/net.h5'))",
    ]


def test_losses_for_an_input_are_an_attribute() -> None:
    program = (
        "from keras.layers import Dense, Input\n"
        "x = Input((2,))\n"
        "layer = Dense(1)\n"
        "y = layer(x)\n"
        "print(layer.get_losses_for(x), layer.get_losses_for(None))\n"
    )
    last = migrated(program).document.source.splitlines()[-1]
    assert last == "print(layer.losses, layer.losses)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from keras.layers import Dense, activations\nprint(Dense, activations.relu)",
            "from keras.layers import Dense\nfrom keras import activations\nprint(Dense, activations.relu)",
        ),
        (
            "from keras.models import K\nprint(K.epsilon())",
            "from keras import backend as K\nprint(K.epsilon())",
        ),
    ],
)
def test_modules_that_others_passed_on_come_from_the_package(before: str, after: str) -> None:
    assert migrated(before + "\n").document.source == after + "\n"


def test_a_tensor_of_unknown_origin_has_no_keras_shape() -> None:
    program = (
        "from keras.layers import Layer\n"
        "class Boxes(Layer):\n"
        "    def call(self, x, mask=None):\n"
        "        size, height, width, channels = x._keras_shape\n"
        "        return x[:, :height // 2]\n"
    )
    assert "        size, height, width, channels = x.shape\n" in migrated(program).document.source


def test_an_object_of_ones_own_keeps_its_keras_shape() -> None:
    program = (
        "from keras.layers.core import Dense\n"
        "class Box:\n"
        "    def __init__(self):\n"
        "        self._keras_shape = (1, 2)\n"
        "print(Box()._keras_shape, Dense)\n"
    )
    assert "print(Box()._keras_shape, Dense)" in migrated(program).document.source


def test_a_convolution_of_ones_own_keeps_the_shape_it_computes() -> None:
    program = (
        "from keras.layers import Conv2D\n"
        "from keras.utils import conv_utils\n"
        "class Depthwise(Conv2D):\n"
        "    def call(self, inputs):\n"
        "        return inputs\n"
        "    def compute_output_shape(self, input_shape):\n"
        "        rows = conv_utils.conv_output_length(input_shape[1], 3, 'same', 1)\n"
        "        return (input_shape[0], rows, input_shape[2], input_shape[3])\n"
    )
    outcome = migrated(program)
    assert outcome.document.source == program
    assert "KU413" in {report.finding.code for report in outcome.left}


def test_new_layers_are_indented_as_the_file_is() -> None:
    program = (
        "from keras.layers import Lambda, Input\n"
        "class Net:\n"
        "\tdef build(self, factor):\n"
        "\t\tdef scaled(x):\n"
        "\t\t\tif factor:\n"
        "\t\t\t\tx = x * factor\n"
        "\t\t\treturn x\n"
        "\t\treturn Lambda(scaled)(Input((2,)))\n"
    )
    lines = migrated(program).document.source.splitlines()
    assert "\tdef call(self, x):" in lines
    assert "\t\t\tx = x * self.factor" in lines
    assert not [line for line in lines if line.startswith(" ")]


def test_new_layers_are_indented_by_two_where_the_file_is() -> None:
    program = (
        "from keras.layers import Lambda, Input\n"
        "def net(factor):\n"
        "  return Lambda(lambda x: x * factor)(Input((2,)))\n"
    )
    lines = migrated(program).document.source.splitlines()
    assert "  def call(self, x):" in lines
    assert "    return x * self.factor" in lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def net(model):\n"
            "    if K.backend() == 'theano':\n"
            "        convert_all_kernels_in_model(model)\n"
            "    return model\n",
            "def net(model):\n    return model\n",
        ),
        (
            "if K.backend() == 'theano':\n"
            "    from keras.backend import theano_backend as KB\n"
            "elif K.backend() == 'tensorflow':\n"
            "    KB = 1\n"
            "else:\n"
            "    KB = 2\n",
            "if K.backend() == 'tensorflow':\n    KB = 1\nelse:\n    KB = 2\n",
        ),
        (
            "if K.backend() == 'theano':\n"
            "    convert_all_kernels_in_model(1)\n"
            "else:\n"
            "    # as it is\n"
            "    print(1)\n"
            "    print(2)\n",
            "# as it is\nprint(1)\nprint(2)\n",
        ),
    ],
)
def test_branches_for_theano_go(before: str, after: str) -> None:
    head = (
        "from keras import backend as K\nfrom keras.utils.layer_utils import convert_all_kernels_in_model\n"
    )
    source = migrated(head + before).document.source
    assert source.endswith(after)
    assert "theano" not in source
    assert "convert_all" not in source


@pytest.mark.parametrize(
    "branch",
    [
        "if K.backend() == 'theano':\n    print('slow')\n",
        "if backend() == 'theano':\n    K.set_image_dim_ordering('th')\n",
        "if K.backend() != 'theano':\n    K.set_image_dim_ordering('tf')\n",
    ],
)
def test_other_branches_stay(branch: str) -> None:
    source = migrated(f"from keras import backend as K\n{branch}").document.source
    assert branch.splitlines()[0] in source.splitlines()


def test_the_name_of_a_function_that_is_given_stays_a_question_to_the_parameter() -> None:
    program = (
        "from keras import losses, objectives\n"
        "def named(func):\n"
        "    def wrapper(y_true, y_pred):\n"
        "        return func(y_true, y_pred)\n"
        "    wrapper.__name__ = func.__name__\n"
        "    return wrapper\n"
        "print(named(objectives.categorical_crossentropy))\n"
    )
    source = migrated(program).document.source
    assert "    wrapper.__name__ = func.__name__\n" in source
    assert "objectives" not in source


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("load_img(path, True, (4, 4))", "load_img(path, color_mode='grayscale', target_size=(4, 4))"),
        ("load_img(path, gray, size)", "load_img(path, gray, size)"),
    ],
)
def test_the_size_of_an_image_is_no_colour_mode(before: str, after: str) -> None:
    head = (
        "from keras.preprocessing.image import load_img\nfrom keras.layers.core import Dense\nprint(Dense)\n"
    )
    assert migrated(head + before + "\n").document.source.splitlines()[-1] == after


def test_a_variable_that_is_only_computed_with_is_a_constant() -> None:
    program = (
        "from keras import backend as K\n"
        "def soft(y_true, values):\n"
        "    kernel = K.variable(values)\n"
        "    return K.dot(y_true, kernel) * kernel\n"
    )
    expected = '    kernel = keras.ops.convert_to_tensor(values, dtype="float32")\n'
    assert expected in migrated(program).document.source


@pytest.mark.parametrize(
    "use", ["K.set_value(kernel, 0 * values)", "kernels.append(kernel)", "return kernel", "model(kernel)"]
)
def test_a_variable_that_leaves_the_function_stays_one(use: str) -> None:
    program = (
        "from keras import backend as K\n"
        "def soft(y_true, values, kernels, model):\n"
        "    kernel = K.variable(values)\n"
        "    print(K.sum(kernel))\n"
        f"    {use}\n"
    )
    expected = '    kernel = keras.Variable(values, dtype="float32")\n'
    assert expected in migrated(program).document.source


def test_an_optimizer_that_may_be_a_name_is_not_copied() -> None:
    program = (
        "from keras.layers import Dense\n"
        "from keras.models import Sequential\n"
        "from keras.optimizers import SGD\n"
        "class Pair:\n"
        "    def __init__(self):\n"
        "        self.first, self.second = Sequential([Dense(1)]), Sequential([Dense(1)])\n"
        "    def compile(self, optimizer='sgd'):\n"
        "        self.first.compile(optimizer, 'mse')\n"
        "        self.second.compile(optimizer, 'mse')\n"
        "sgd = SGD(0.1)\n"
        "Pair().compile(sgd)\n"
    )
    outcome = migrated(program)
    assert outcome.document.source == program
    assert {report.finding.code for report in outcome.left} == {"KU602"}


def test_a_slash_that_a_name_is_rid_of_stays() -> None:
    program = (
        "from keras.layers import Dense\n"
        "def block(prefix):\n"
        "    return Dense(2, name=prefix.replace('/', '_') + '/dense')\n"
    )
    last = migrated(program).document.source.splitlines()[-1]
    assert last == "    return Dense(2, name=prefix.replace('/', '_') + '_dense')"
