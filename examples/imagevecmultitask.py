"""Pictures and texts of two languages in one space: the texts place the words that no picture shows.

In earnest, join corpora of files, such as ``ws.Corpus.from_text("en.txt.xz", language="en")``.
"""

import wordsight as ws

world = ws.emoji_world(["en", "de"])
captions = ws.ImageCaptions.concat([world.captions(["en"], ["noto"]), world.captions(["de"], ["twitter"])])
texts = {"en": ["the horse and the mare"] * 50, "de": ["das pferd und die stute"] * 50}
corpus = ws.join_languages([ws.Corpus.from_documents(text, language=code) for code, text in texts.items()])
model = ws.ImageVecMultitask(dim=64, epochs=1, transform="centre pca:64:0.5 l2 scale").fit(captions, corpus)
print(model.vectors_)
print(model.vectors_.most_similar("en:mare", topn=3, language="de"))
