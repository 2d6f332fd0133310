"""`python -m keras_upgrade`."""

import sys

from keras_upgrade.cli import main

if __name__ == "__main__":
    sys.exit(main())
