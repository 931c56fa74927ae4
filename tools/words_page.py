"""docs/words.md: how texts become words, with examples in six scripts."""

from __future__ import annotations

from statistics import mean

from pages import NOTE, first_line, provenance, results, table

from wordsight.text.tokenize import TOKENIZERS, Tokenizer

EXAMPLES = {
    "Japanese": ("ja", "犬がトラックを見た。東京の笑顔"),
    "Chinese": ("zh", "小狗在公园里奔跑，咧嘴笑。"),
    "Thai": ("th", "แมวสีดำกินข้าว"),
    "Arabic": ("ar", "القطة السوداء، على الكرسي!"),
    "Hindi": ("hi", "काली बिल्ली कुर्सी पर बैठी है।"),
    "Turkish": ("tr", "İstanbul'da IRMAK ve Kedi"),
    "emoji": ("en", "well done 👍🏽❤️👩‍🚀🇩🇪"),
}
"""Language → its code, and a text that was looked at."""
NAMES = {"zh": "Chinese", "ja": "Japanese", "th": "Thai"}

LEAD = """# Words

A tokenizer finds the words of a text. `Corpus.from_text(…, tokenizer="words")`, `wordsight encode-text --tokenizer
words` and `--set corpus.tokenizer=words` choose it for a text, `captions.with_tokenizer("icu")` and `--set
captions.tokenizer=icu` for captions, which have `words` otherwise.

"""
SCRIPTS = """
## Scripts without blanks

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no blanks between words. `words` follows the Unicode Standard's
rules (UAX 29): each Chinese character and each Hiragana letter is a word, Katakana stays together, and Thai, Lao, Khmer
and Burmese stay whole between blanks. `icu` looks words up in ICU's dictionaries; in other scripts its words are the
same.

```console
$ pip install 'wordsight[segmentation]'
```

Where a text has many such words and no dictionary was used, a line says so. The extra is one package, icu4py, which
brings ICU itself; so one maintained library serves six languages. Segmenters for one language know more of it (parts of
speech, names); part the text with them first, and read the result with the tokenizer `whitespace`.

"""
FORMS = """
## One form for each word

Texts, captions, tables, rated pairs and queries are composed (NFC), so that é is é however it was typed. `words` and
`icu` make lower case by the rules of the language tag: Turkish and Azerbaijani `I` becomes `ı`, and `İ` becomes `i`. An
emoji is a word with all that belongs to it. Soft hyphens, marks of direction and joiners that join nothing go.

## What dictionaries bring

"""


def _found(tokenizer: str, code: str, text: str) -> str:
    """The words of a text, with points between."""
    return " · ".join(word.removeprefix(f"{code}:") for word in Tokenizer(tokenizer, code).tokens(text))


def words_page() -> str:
    """docs/words.md."""
    tokenizers = table(("Tokenizer", "What"), [(f"`{name}`", first_line(make)) for name, make in TOKENIZERS.items()])
    examples = [
        (name, text, _found("words", code, text), _found("icu", code, text)) for name, (code, text) in EXAMPLES.items()
    ]
    found = results("segmentation")
    gains = []
    for language, name in NAMES.items():
        cells = [name]
        for tokenizer in ("words", "icu"):
            rows = [row for row in found["rows"] if (row["language"], row["tokenizer"]) == (language, tokenizer)]
            spread = f"{min(row['p1'] for row in rows):.3f} … {max(row['p1'] for row in rows):.3f}"
            cells.append(f"{mean(row['p1'] for row in rows):.3f} / {mean(row['p5'] for row in rows):.3f} ({spread})")
        gains.append(cells)
    header = ("P@1 / P@5 of names (P@1 of the seeds)", "`words`", "`icu`")
    shown = table(("", "text", "`words`", "`icu`"), examples)
    return f"{NOTE}{LEAD}{tokenizers}{SCRIPTS}{shown}{FORMS}{table(header, gains)}\n{provenance(found)}".rstrip() + "\n"
