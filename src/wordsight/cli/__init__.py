"""The command line: every verb is a few lines over the library."""

from wordsight.cli._app import main as main
