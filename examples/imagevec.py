"""One space for two languages without any text in common: ImageVec on Emoji World.

English sees one vendor's drawings, German another's. In earnest, use
``ws.ImageCaptions.from_table("captions.csv", features)`` with the columns image, caption and language.
"""

import wordsight as ws

world = ws.emoji_world(["en", "de"])
captions = ws.ImageCaptions.concat([world.captions(["en"], ["noto"]), world.captions(["de"], ["twitter"])])
model = ws.ImageVec(epochs=3).fit(captions)
print(model.vectors_)
print(model.vectors_.most_similar("en:horse", topn=5, language="de"))
