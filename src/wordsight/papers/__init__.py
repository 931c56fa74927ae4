"""The papers' tables made again, ours beside theirs; a folder a paper."""
