"""The vectors of two languages brought into one space by a few known words: MUSE.

In earnest: ``wordsight align en.vec de.vec --language en --language de --dictionary en-de.txt``. It works without the
dictionary too, if the vocabularies are large.
"""

import numpy as np

import wordsight as ws

random = np.random.default_rng(0)
words = [f"word{i}" for i in range(300)]
english = random.normal(size=(300, 20))
rotation = np.linalg.qr(random.normal(size=(20, 20)))[0]
german = english @ rotation + 0.1 * random.normal(size=(300, 20))
spaces = [ws.WordVectors([f"{code}:{w}" for w in words], m) for code, m in (("en", english), ("de", german))]
model = ws.MUSE(refinements=2).fit(spaces, [(f"en:{word}", f"de:{word}") for word in words[:40]])
print(model.vectors_)
print(model.vectors_.most_similar("en:word200", topn=1, language="de"))
