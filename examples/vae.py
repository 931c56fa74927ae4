"""What pictures alone say about words, in few dimensions: a VAE over the drawings of Emoji World.

In earnest, use ``ws.ImageFeatures.extract("your-photos/")`` and ``ws.VisualLexicon.from_table("labels.csv", features)``
with the columns word and image.
"""

import wordsight as ws

world = ws.emoji_world(["en"])
lexicon = ws.VisualLexicon.from_emoji(world.annotations, world.depicts(), world.features)
model = ws.VisualVAE(dim=50).fit(lexicon)
print(lexicon)
print(model.vectors_.most_similar("bird", topn=5))
