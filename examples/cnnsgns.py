"""Grounded word vectors: skip-gram vectors beside mean image features, on Emoji World.

The text is the English names and keywords of the emoji. In earnest, use ``ws.Corpus.from_text("your-text.txt")``,
``ws.ImageFeatures.extract("your-photos/")`` and ``ws.VisualLexicon.from_table("labels.csv", features)`` with the
columns word and image.
"""

import wordsight as ws

world = ws.emoji_world(["en"])
texts = [f"{a.name} {' '.join(a.keywords)}" for a in world.annotations]
corpus = ws.Corpus.from_documents(texts, min_count=2, tokenizer="words")
lexicon = ws.VisualLexicon.from_emoji(world.annotations, world.depicts(), world.features)
model = ws.CNNSGNS(dim=50, epochs=20, subsample=1e-3).fit(corpus, lexicon)
print(lexicon)
print(model.vectors_.most_similar("bird", topn=5))
