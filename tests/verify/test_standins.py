import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[2] / "src"
START = """
import json, os, sys, time, types
from keras_upgrade.verify.inside import notes, standins
def error(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
def texts():
    return [note["text"] for note in notes.notes()]
result = {}
"""
END = """
result["notes"] = texts()
print("RESULT" + json.dumps(result))
"""


def run(program: str, folder: Path, **variables: str) -> dict[str, Any]:
    """Run a program in a process of its own, in an empty folder; what it puts in `result`."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    home = folder / "home"
    work = folder / "work"
    temporary = folder / "temporary"
    for made in (home, work, temporary):
        made.mkdir(exist_ok=True)
    environment |= {
        "PYTHONPATH": str(SOURCES),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **variables,
    }
    source = START + textwrap.dedent(program) + END
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source],
        capture_output=True, text=True, cwd=work, env=environment, timeout=300, check=False,
    )  # fmt: skip
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), None)
    assert line is not None, done.stdout[-2000:] + done.stderr[-4000:]
    result: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
    return result


def test_what_waits_for_a_person_is_answered(tmp_path: Path) -> None:
    result = run(
        """
        import getpass, webbrowser
        standins.install("keras3", offline=False, smoke=True)
        result["answers"] = [input("Name? "), getpass.getpass()]
        start = time.monotonic()
        time.sleep(30)
        result["slept"] = time.monotonic() - start
        result["command"] = os.system("touch made")
        result["made"] = os.path.exists("made")
        webbrowser.open("https://example.com")
        result["negative"] = error(time.sleep, -1)
        """,
        tmp_path,
    )
    assert result["answers"] == ["", ""]
    assert result["slept"] < 5
    assert (result["command"], result["made"]) == (0, False)
    assert result["negative"].startswith("ValueError")
    assert result["notes"] == [
        "input('Name? '): answered with an empty line",
        "getpass(''): answered with an empty line",
        "time.sleep: returned at once",
        "os.system('touch made'): the command was not run",
        "webbrowser.open('https://example.com'): no browser was opened",
    ]


def test_a_full_run_sleeps_and_runs_commands(tmp_path: Path) -> None:
    result = run(
        """
        standins.install("keras3", offline=False, smoke=False)
        start = time.monotonic()
        time.sleep(0.3)
        result["slept"] = time.monotonic() - start
        os.system("touch made")
        result["made"] = os.path.exists("made")
        """,
        tmp_path,
    )
    assert result["slept"] >= 0.3
    assert result["made"] is True
    assert result["notes"] == []


def test_offline_lets_only_this_machine_be_reached(tmp_path: Path) -> None:
    result = run(
        """
        import socket, threading, urllib.request
        standins.install("keras3", offline=True, smoke=False)
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        client = socket.create_connection(("localhost", port), timeout=5)
        client.sendall(b"hello")
        result["local"] = server.accept()[0].recv(5).decode()
        left, right = socket.socketpair(socket.AF_UNIX)
        left.sendall(b"unix")
        result["unix"] = right.recv(4).decode()
        result["connect"] = error(socket.socket().connect, ("93.184.216.34", 80))
        result["connect_ex"] = error(socket.socket().connect_ex, ("93.184.216.34", 80))
        result["six"] = error(socket.socket(socket.AF_INET6).connect, ("2606:2800::1", 80))
        result["sendto"] = error(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto, b"x", ("8.8.8.8", 53))
        result["lookup"] = error(socket.getaddrinfo, host="127.example.com", port=80)
        result["name"] = error(socket.gethostbyname, "example.com")
        result["create"] = error(socket.create_connection, ("example.com", 80))
        result["url"] = error(urllib.request.urlopen, "https://example.com")
        result["proxies"] = [name for name in os.environ if name.lower().endswith("_proxy")]
        """,
        tmp_path,
        HTTPS_PROXY="http://127.0.0.1:9",
    )
    assert (result["local"], result["unix"], result["proxies"]) == ("hello", "unix", [])
    for name in ("connect", "connect_ex", "six", "sendto", "lookup", "name", "create", "url"):
        assert "blocked: the network is off (--offline)" in (result[name] or ""), name


def test_files_in_place_of_downloads(tmp_path: Path) -> None:
    result = run(
        """
        from urllib.request import urlretrieve as before
        standins.install("keras3", offline=True, smoke=True)
        from urllib.request import urlretrieve
        path, headers = urlretrieve("https://example.com/data/nietzsche.txt?raw=true")
        result["text"] = len(open(path).read())
        urlretrieve("https://example.com/imagenet_class_index.json", "index.json")
        index = json.load(open("index.json"))
        result["index"] = [len(index), index["7"]]
        urlretrieve("https://example.com/babi_tasks_1-20_v1-2.tar.gz", "babi.tar.gz")
        import tarfile
        with tarfile.open("babi.tar.gz") as archive:
            result["stories"] = sorted(archive.getnames())[0]
            story = archive.extractfile("tasks_1-20_v1-2/en/qa1_single-supporting-fact_train.txt").read().decode()
            result["story"] = story.splitlines()[:3]
        result["unknown"] = error(urlretrieve, "https://example.com/sales.csv", "sales.csv")
        result["weights"] = error(urlretrieve, "https://example.com/model.h5", "model.h5")
        result["no folder"] = error(urlretrieve, "https://example.com/a.txt", "missing/a.txt")
        open("own.bin", "wb").write(b"own")
        result["own"] = open(urlretrieve("file://" + os.path.abspath("own.bin"))[0]).read()
        """,
        tmp_path,
    )
    assert result["text"] > 10000
    assert result["index"] == [1000, ["n00000007", "class_7"]]
    assert result["stories"].startswith("tasks_1-20_v1-2/en")
    person = result["story"][0].split()[1]
    assert result["story"][2].split("\t")[0] == f"3 Where is {person}? "
    message = "NotMadeUpError: needs the file 'sales.csv', which is not here and cannot be made up"
    assert result["unknown"] == message
    assert "'model.h5'" in result["weights"]
    assert result["no folder"].startswith("FileNotFoundError")
    assert result["own"] == "own"
    assert result["notes"][0] == "urlretrieve('nietzsche.txt'): a made-up text"


FAKE_KERAS = """
calls = []
def fake(name, **functions):
    module = sys.modules[name] = types.ModuleType(name)
    module.__dict__.update(functions)
    return module
def loader(name):
    def load_data(path=name + ".npz"):
        calls.append(name)
        if os.environ.get("REACHED") == name:
            return "real"
        raise Exception("URL fetch failure on https://example.com: None -- no network")
    return load_data
fake("keras", get=None)
for name in ("mnist", "fashion_mnist", "boston_housing"):
    fake("keras.datasets." + name, load_data=loader(name))
public = fake("keras.public", load=sys.modules["keras.datasets.mnist"].load_data)
"""


def test_the_real_data_is_tried_once_and_kept_if_it_can_be_had(tmp_path: Path) -> None:
    program = FAKE_KERAS + textwrap.dedent("""
        standins.install("keras2", offline=False, smoke=True, rows=64)
        result["first"] = sys.modules["keras.datasets.boston_housing"].load_data() == "real"
        result["second"] = public.load()[0][0].shape
        sys.modules["keras.datasets.fashion_mnist"].load_data()
        result["wrong"] = error(public.load, nothing=1)
        result["calls"] = calls
    """)
    result = run(program, tmp_path, REACHED="boston_housing")
    assert result["first"] is True
    assert result["second"] == [64, 28, 28]
    assert result["wrong"].startswith("TypeError")
    assert result["calls"] == ["boston_housing", "mnist"]  # no second try without a network
    assert result["notes"] == [
        "keras.datasets.mnist: synthetic images (64 for training, 64 for testing)",
        "keras.datasets.fashion_mnist: synthetic images (64 for training, 64 for testing)",
    ]


def test_offline_never_tries_and_what_is_cached_is_used_without_a_network(tmp_path: Path) -> None:
    cache = tmp_path / "home" / ".keras" / "datasets"
    cache.mkdir(parents=True)
    (cache / "fashion-mnist").mkdir()
    program = FAKE_KERAS + textwrap.dedent("""
        standins.install("keras2", offline="OFFLINE" in os.environ, smoke=True, rows=64)
        for name in ("mnist", "boston_housing", "fashion_mnist"):
            sys.modules["keras.datasets." + name].load_data()
        result["calls"] = calls
    """)
    assert run(program, tmp_path)["calls"] == ["mnist", "fashion_mnist"]
    assert run(program, tmp_path, OFFLINE="1")["calls"] == []


def test_errors_that_are_not_of_the_network_are_the_program_s(tmp_path: Path) -> None:
    result = run(
        """
        module = sys.modules["keras"] = types.ModuleType("keras")
        module = sys.modules["keras.datasets.mnist"] = types.ModuleType("keras.datasets.mnist")
        def load_data(path="mnist.npz"):
            raise ValueError("a mistake of the program")
        module.load_data = load_data
        standins.install("keras2", offline=False, smoke=True)
        result["error"] = error(module.load_data)
        """,
        tmp_path,
    )
    assert result["error"] == "ValueError: a mistake of the program"
    assert result["notes"] == []


def test_colab_is_a_stub_but_not_for_a_program_that_asks(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "asking.py").write_text(
        "try:\n    import google.colab\n    found = True\nexcept ImportError:\n    found = False\n",
        encoding="utf-8",
    )
    (tmp_path / "work" / "plain.py").write_text(
        "from google.colab import drive, files\nfrom google.colab.patches import cv2_imshow\n"
        "drive.mount('/content/drive')\nuploaded = files.upload()\n",
        encoding="utf-8",
    )
    result = run(
        """
        import importlib.util
        sys.path.insert(0, os.getcwd())
        standins.install("keras3", offline=False, smoke=True)
        import asking
        result["asked"] = [asking.found, "google.colab" in sys.modules]
        result["found"] = error(importlib.util.find_spec, "google.colab") or importlib.util.find_spec("google.colab")
        import plain
        result["uploaded"] = plain.uploaded
        """,
        tmp_path,
    )
    assert result["asked"] == [False, False]
    assert result["found"] is None or "No module named 'google'" in result["found"]
    assert result["uploaded"] == {}
    assert "google.colab.drive.mount(): does nothing here" in result["notes"]


CHECKS = """
os.makedirs("data")
standins.install(SIDE, offline=True, smoke=True)
from tensorflow import keras as tf_keras_api
import numpy, random
for label, api in (("keras", keras), ("tf.keras", tf_keras_api)):
    here = result[label] = {}
    numpy.random.seed(1)
    expected = numpy.random.RandomState(1).uniform()
    (x_train, y_train), _ = api.datasets.mnist.load_data()
    here["mnist"] = [list(x_train.shape), str(x_train.dtype), list(y_train.shape)]
    here["imdb"] = max(map(max, api.datasets.imdb.load_data(num_words=1000)[0][0]))
    here["words"] = len(api.datasets.reuters.get_word_index())
    here["seed"] = numpy.random.uniform() == expected
    here["wrong"] = error(api.datasets.mnist.load_data, nothing=1)
    path = api.utils.get_file("nietzsche.txt", origin="https://example.com/nietzsche.txt")
    here["text"] = [len(open(path).read()) > 10000, os.path.relpath(path, os.environ["TMPDIR"])[:2] != ".."]
    path = api.utils.get_file("fra-eng.zip", origin="https://example.com/fra-eng.zip", extract=True,
                              cache_dir=".", cache_subdir="data", file_hash="0" * 64)
    here["pairs"] = [os.path.join(folder, file) for folder, _, files in os.walk("data") for file in files]
    here["unknown"] = error(api.utils.get_file, "sales.csv", "https://example.com/sales.csv")
    outside = os.path.join(os.environ["HOME"], "outside")
    os.makedirs(outside, exist_ok=True)
    api.utils.get_file("a.txt", "https://example.com/a.txt", cache_dir=outside)
    api.utils.get_file("a.txt", "https://example.com/a.txt", cache_subdir=outside)
    here["outside"] = os.listdir(outside)
    flowers = api.utils.get_file("flower_photos", "https://example.com/flower_photos.tgz", untar=True)
    here["flowers"] = sorted({os.path.basename(f) for f, _, files in os.walk(flowers) if "0_made_up.jpg" in files})
    model = api.applications.MobileNet(input_shape=(32, 32, 3))
    here["outputs"] = list(model.output_shape)
    here["classes"] = error(api.applications.MobileNet, classes=3)
    names = api.applications.mobilenet.decode_predictions(numpy.eye(1000)[[5]], top=1)
    here["names"] = list(names[0][0][:2])
    small = api.models.Sequential([api.layers.Dense(2, input_shape=(3,))])
    api.utils.plot_model(small, to_file=label + ".png")
    here["drawn"] = open(label + ".png", "rb").read(4).decode("latin-1")
    here["graph"] = api.utils.model_to_dot(small).create(prog="dot", format="svg").decode()[:4]
    here["unbuilt"] = error(api.utils.plot_model, api.models.Sequential([api.layers.Dense(2)]))
result["home"] = sorted(os.listdir(os.path.join(os.environ["HOME"], ".keras")))
"""


def check_keras(result: dict[str, Any], *, unpacked: str) -> None:
    for label in ("keras", "tf.keras"):
        here = result[label]
        assert here["mnist"] == [[60000, 28, 28], "uint8", [60000]]
        assert here["imdb"] == 999
        assert here["words"] == 30979
        assert here["seed"] is True
        assert here["wrong"].startswith("TypeError")
        assert here["text"] == [True, True]
        assert sorted(here["pairs"]) == ["data/fra-eng.zip", unpacked]
        assert here["unknown"].endswith("needs the file 'sales.csv', which is not here and cannot be made up")
        assert here["outside"] == []
        assert here["flowers"] == ["daisy", "dandelion", "roses", "sunflowers", "tulips"]
        assert here["outputs"] == [None, 1000]
        assert here["classes"].startswith("ValueError")
        assert here["names"] == ["n00000005", "class_5"]
        assert here["drawn"] == "\x89PNG"
        assert here["graph"] == "<svg"
        assert "not yet been built" in here["unbuilt"]
    assert set(result["home"]) <= {"keras.json"}
    assert "MobileNet: random weights instead of 'imagenet'" in result["notes"]
    assert "get_file('nietzsche.txt'): a made-up text" in result["notes"]
    assert "keras.datasets.mnist: synthetic images (60000 for training, 10000 for testing)" in result["notes"]


@pytest.mark.slow
def test_keras_3(tmp_path: Path) -> None:
    program = 'SIDE = "keras3"\nimport tensorflow, keras\n' + CHECKS
    check_keras(run(program, tmp_path), unpacked="data/fra-eng_extracted/fra.txt")


@pytest.mark.slow
def test_tf_keras(tmp_path: Path) -> None:
    program = """
SIDE = "tf_keras"
from keras_upgrade.verify.inside import sides
sides.prepare(SIDE)
import keras
"""
    check_keras(run(program + CHECKS, tmp_path), unpacked="data/fra.txt")
