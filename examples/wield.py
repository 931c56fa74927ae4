"""Word vectors from captions and their pictures: WIELD on the English names and keywords of Emoji World.

In earnest, use ``ws.ImageCaptions.from_table("captions.csv", features)`` with the columns image and caption,
or ``ws.read_captions("dataset_coco.json", features)`` for the files of well-known collections.
"""

import wordsight as ws

world = ws.emoji_world(["en"], ["noto"])
texts = {a.emoji: f"{a.name} {' '.join(a.keywords)}" for a in world.annotations}
shown = world.depicts()
captions = ws.ImageCaptions([texts[e] for e in shown.values()], world.features.rows(list(shown)), world.features)
model = ws.WIELD(dim=50, min_count=2).fit(captions)
print(model.history_[-1])
print(model.vectors_.most_similar("bird", topn=5))
