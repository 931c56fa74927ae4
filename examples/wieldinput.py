"""CBOW that is given the picture instead of having to predict it: WIELD-input on Emoji World's English.

In earnest, use ``ws.ImageCaptions.from_table("captions.csv", features)`` with the columns image and caption.
"""

import wordsight as ws

world = ws.emoji_world(["en"], ["noto"])
texts = {a.emoji: f"{a.name} {' '.join(a.keywords)}" for a in world.annotations}
shown = world.depicts()
captions = ws.ImageCaptions([texts[e] for e in shown.values()], world.features.rows(list(shown)), world.features)
model = ws.WIELDInput(dim=50, weight=1.0, min_count=2).fit(captions)
print(captions)
print(model.vectors_.most_similar("bird", topn=5))
