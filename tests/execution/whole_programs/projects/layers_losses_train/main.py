from lib.train import run

run(epochs=1)
