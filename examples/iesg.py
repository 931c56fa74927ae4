"""Words and images in one space: IESG on the English names and keywords of Emoji World and its drawings.

In earnest, use ``ws.Corpus.from_text("your-text.txt")``, ``ws.ImageFeatures.extract("your-photos/")`` and
``ws.VisualLexicon.from_table("labels.csv", features)`` with the columns word and image.
"""

import wordsight as ws

world = ws.emoji_world(["en"])
texts = [f"{a.name} {' '.join(a.keywords)}" for a in world.annotations]
corpus = ws.Corpus.from_documents(texts, min_count=2, tokenizer="words")
lexicon = ws.VisualLexicon.from_emoji(world.annotations, world.depicts(), world.features)
model = ws.IESG(dim=50, subsample=1e-3, objective="contrastive", epochs=2, passes=3).fit(corpus, lexicon)
images = ws.WordVectors(world.features.ids, model.image_vectors(world.features))
print(images.most_similar(model.vectors_["bird"], topn=5))
print(model.vectors_.most_similar(images[world.features.ids[0]], topn=5))
