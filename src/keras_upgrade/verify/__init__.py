"""Runs programs to prove a migration: on Keras 3, and, to compare, on Keras 2.

The one room that executes the user's code. It knows the rest of the tool through files and findings only.
"""

from keras_upgrade.verify.results import CellRun, Failure, Note, ProgramRun, Status
from keras_upgrade.verify.runner import Settings
from keras_upgrade.verify.servers import RunnerError
from keras_upgrade.verify.session import Session, Verification

__all__ = [
    "CellRun",
    "Failure",
    "Note",
    "ProgramRun",
    "RunnerError",
    "Session",
    "Settings",
    "Status",
    "Verification",
]
