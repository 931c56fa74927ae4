"""Word vectors from text alone: CBOW on the English names and keywords of Emoji World.

In earnest, use ``ws.Corpus.from_text("your-text.txt")``.
"""

import wordsight as ws

world = ws.emoji_world(["en"])
texts = [f"{a.name} {' '.join(a.keywords)}" for a in world.annotations]
corpus = ws.Corpus.from_documents(texts, min_count=2, tokenizer="words")
model = ws.CBOW(dim=50, epochs=20, subsample=1e-3).fit(corpus)
print(corpus)
print(model.vectors_.most_similar("bird", topn=5))
