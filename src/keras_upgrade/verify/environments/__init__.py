"""The interpreters that programs run in: found, asked for their versions, or made in the user's cache."""

from keras_upgrade.verify.environments.cache import cache_folder
from keras_upgrade.verify.environments.finding import keras2, keras3
from keras_upgrade.verify.environments.interpreters import Environment, EnvironmentMissing
from keras_upgrade.verify.environments.making import create
from keras_upgrade.verify.environments.recipes import RECIPES, Recipe, names
from keras_upgrade.verify.environments.surroundings import variables

__all__ = [
    "RECIPES",
    "Environment",
    "EnvironmentMissing",
    "Recipe",
    "cache_folder",
    "create",
    "keras2",
    "keras3",
    "names",
    "variables",
]
