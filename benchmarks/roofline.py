"""The share of one core's limits in arithmetic and memory that the kernels reach, measured on the same machine.

    python benchmarks/roofline.py [--rounds 7]

Writes benchmarks/results/roofline.json; takes a minute. Peak arithmetic is measured with large float32 products of the
BLAS library, bandwidth by adding up random rows of a table as large as the kernel's. The arithmetic of a kernel is
counted, not estimated: the products of each block over whole tiles.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported, to compare CPU seconds of one thread

import numpy as np
import report
from numba import njit

from wordsight.kernels.products import FAST, INPUTS, OUTPUTS, padded
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.skipgram_reference import blocks
from wordsight.kernels.vector_tables import VectorTables, aligned_zeros
from wordsight.text.corpus import Corpus

PROTOCOL = (
    "One thread; the best of several rounds, in CPU seconds. Simple English Wikipedia, dim 100 padded to 112. A block "
    "of n inputs and m outputs takes 6 · n · m · 112 operations in three products, whole tiles counted; its bytes are "
    "the rows of both tables that it reads and writes."
)
SETTINGS = {"a": {"window": 5, "negatives": 5}, "b": {"window": 10, "negatives": 64}}
TOKENS = {"a": 400_000, "b": 60_000}
DIM = 112


@njit(fastmath=FAST)
def _add_rows(table: np.ndarray, rows: np.ndarray, total: np.ndarray) -> None:
    for row in rows:
        for d in range(DIM):
            total[d] += table[row, d]


def best(work: Callable[[], Any], rounds: int) -> float:
    """The least CPU seconds of several runs, after a first one for compilation."""
    work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def peaks(rounds: int) -> dict[str, float]:
    """Operations per second of a large matrix product, and bytes per second from random rows."""
    square = np.ones((1536, 1536), np.float32)
    operations = 2 * len(square) ** 3 / best(lambda: square @ square, rounds)
    table, total = aligned_zeros(70_000, 100), np.zeros(DIM, np.float32)
    rows = np.random.default_rng(0).integers(0, len(table), 400_000)
    traffic = 4 * DIM * len(rows) / best(lambda: _add_rows(table, rows, total), rounds)
    return {"gflops": operations / 1e9, "gigabytes_per_second": traffic / 1e9}


def work_of(corpus: Corpus, sampling: Sampling, stop: int, window: int, negatives: int) -> tuple[float, float]:
    """Operations and bytes of the kernel for ``ids[:stop]``."""
    operations = traffic = 0
    found = blocks(corpus.ids, corpus.offsets, 0, stop, sampling, window, negatives, Xorshift(1))
    for block in found:
        n, m = len(block.contexts), len(block.words)
        operations += 6 * padded(n, INPUTS) * padded(m, OUTPUTS) * DIM
        traffic += 2 * (n + m) * DIM * 4
    return operations, traffic


def measured(corpus: Corpus, name: str, peak: dict[str, float], rounds: int) -> dict[str, Any]:
    """The row of figures of the kernel in one setting."""
    setting, stop = SETTINGS[name], TOKENS[name]
    tables = VectorTables.initial(len(corpus.vocabulary), 100, seed=0)
    sampling = Sampling.word2vec(corpus.vocabulary, subsample=1e-4)
    given = (tables, sampling, *setting.values(), (0.025, 0.02), np.uint64(1), None)
    seconds = best(lambda: skipgram_kernel(DIM)(corpus.ids, corpus.offsets, 0, stop, *given), rounds)
    sample = stop // 20
    operations, traffic = (20 * x for x in work_of(corpus, sampling, sample, **setting))
    limit = min(peak["gflops"], operations / traffic * peak["gigabytes_per_second"])
    return {
        "setting": name,
        "words_per_second": round(stop / seconds),
        "kiloflops_per_word": round(operations / stop / 1e3, 1),
        "kilobytes_per_word": round(traffic / stop / 1e3, 2),
        "gflops": round(operations / seconds / 1e9, 1),
        "roofline_gflops": round(limit, 1),
        "share": round(operations / seconds / 1e9 / limit, 3),
    }


def main() -> None:
    """Measures the machine, then the kernel."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    corpus = Corpus.from_text(report.data_folder() / "text" / "en-simplewiki.txt.xz")
    peak = peaks(rounds)
    rows = [measured(corpus, name, peak, rounds) for name in SETTINGS]
    for row in rows:
        print(row)
    settings = {"peak": {name: round(value, 1) for name, value in peak.items()}}
    print(settings, report.write("roofline", PROTOCOL, settings, rows))


if __name__ == "__main__":
    main()
