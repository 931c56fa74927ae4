"""The command line: every verb is a few lines over the library."""

from wordsight.cli.app import main as main
