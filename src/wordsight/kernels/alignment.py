"""Word alignment, compiled: one round of expectation–maximisation, and the best links.

The model is IBM Model 1 with a preference for the diagonal: each word f_j of a sentence of length n comes from no
word with probability p₀, otherwise from the word e_i of its translation, of length m, with probability proportional to
exp(−λ |i/m − j/n|) t(f_j | e_i) (Dyer, Chahuneau, Smith: A Simple, Fast, and Effective Reparameterization of IBM
Model 2. NAACL 2013, equation 1, with λ fixed).
"""

from __future__ import annotations

import numpy as np

from wordsight.kernels.compiling import kept_njit

TENSION = 4.0
"""λ, the strength of the preference for the diagonal."""
FROM_NOTHING = 0.08
"""p₀, the probability of a word without a counterpart."""


@kept_njit(nogil=True)
def expectations(cells, sizes, table, nothing, expected, expected_nothing, words):  # type: ignore[no-untyped-def]
    """Adds the expected number of links of each pair of words to ``expected``.

    Args:
        cells: int32, cell of ``table`` for each (j, i) of each sentence, row by row.
        sizes: int64 [n_sentences, 2], m and n of each sentence.
        table: float64 [n_cells], t(f | e) of each pair of words that occurs.
        nothing: float64 [n_words], t(f | no word).
        expected: float64 [n_cells], incremented.
        expected_nothing: float64 [n_words], incremented.
        words: int32, words f of all sentences, one after another.
    """
    position = word = 0
    for sentence in range(len(sizes)):
        m, n = sizes[sentence]
        prior = np.empty(m)
        for j in range(n):
            total_prior = 0.0
            for i in range(m):
                prior[i] = np.exp(-TENSION * abs((i + 0.5) / m - (j + 0.5) / n))
                total_prior += prior[i]
            f = words[word]
            total = FROM_NOTHING * nothing[f]
            empty = total
            for i in range(m):
                prior[i] *= (1 - FROM_NOTHING) / total_prior * table[cells[position + i]]
                total += prior[i]
            if total > 0:
                expected_nothing[f] += empty / total
                for i in range(m):
                    expected[cells[position + i]] += prior[i] / total
            position += m
            word += 1


@kept_njit(nogil=True)
def best_links(cells, sizes, table, nothing, words, found):  # type: ignore[no-untyped-def]
    """Sets ``found``, int32, to the most likely i of each word f, or to -1 for none; see :func:`expectations`."""
    position = word = 0
    for sentence in range(len(sizes)):
        m, n = sizes[sentence]
        for j in range(n):
            total_prior = 0.0
            for i in range(m):
                total_prior += np.exp(-TENSION * abs((i + 0.5) / m - (j + 0.5) / n))
            best = FROM_NOTHING * nothing[words[word]]
            found[word] = -1
            for i in range(m):
                prior = np.exp(-TENSION * abs((i + 0.5) / m - (j + 0.5) / n)) / total_prior
                likely = (1 - FROM_NOTHING) * prior * table[cells[position + i]]
                if likely > best:
                    best = likely
                    found[word] = i
            position += m
            word += 1
