"""One space for two languages from sentences and their translations: MultiSkip (BiSkip, for two).

In earnest, use ``ws.ParallelText.from_files({"en": "corpus.en", "de": "corpus.de"})``.
"""

import itertools

import wordsight as ws

nouns = {"dog": "hund", "cat": "katze", "horse": "pferd", "bird": "vogel", "fish": "fisch"}
verbs = {"eats": "frisst", "sees": "sieht", "likes": "mag"}
sentences = [
    (f"{a} {b} {c}", f"{nouns[a]} {verbs[b]} {nouns[c]}") for a, b, c in itertools.product(nouns, verbs, nouns)
]
english, german = zip(*sentences, strict=True)
model = ws.MultiSkip(dim=20, epochs=50, subsample=0.0, workers=1).fit(ws.ParallelText({"en": english, "de": german}))
print(model.vectors_)
print(model.vectors_.most_similar("en:horse", topn=2, language="de"))
