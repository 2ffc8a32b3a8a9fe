"""Texts that are no definitions: random strings, lines of programs, other languages."""

import glob
import os
import random
import re
import sysconfig

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

# Debian's package vim-runtime brings a text for beginners in these languages.
TUTOR = "/usr/share/vim/vim*/tutor/tutor.{}.utf-8"
LANGUAGES = ["de", "es", "fr", "it", "nl", "pl", "ru", "ja"]


def strings(count, seed=1):
    """Words of random letters."""
    draw = random.Random(seed)

    def word():
        return "".join(draw.choice(LETTERS) for _ in range(draw.randint(2, 10)))

    return [" ".join(word() for _ in range(draw.randint(4, 14))) for _ in range(count)]


def programs(count, seed=1):
    """Two lines each of Python's own library."""
    texts = []
    for path in sorted(glob.glob(os.path.join(sysconfig.get_path("stdlib"), "*.py"))):
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = [line.strip() for line in file]
        lines = [line for line in lines if line and not line.startswith("#")]
        for i in range(0, len(lines) - 1, 9):
            texts.append(lines[i] + " " + lines[i + 1])
    random.Random(seed).shuffle(texts)
    return as_long_as_definitions(texts)[:count]


def language(code):
    """Sentences of the tutor in a language, none where it is not installed."""
    found = sorted(glob.glob(TUTOR.format(code)))
    if not found:
        return []
    with open(found[-1], encoding="utf-8", errors="replace") as file:
        text = re.sub(r"[~=*\-]{2,}|-->", "\n", file.read())
    sentences = []
    for paragraph in re.split(r"\n\s*\n", text):
        sentences += re.split(r"(?<=[.!?]) ", " ".join(paragraph.split()))
    return as_long_as_definitions(sentences)


def as_long_as_definitions(texts):
    return [text for text in texts if 25 <= len(text) <= 140]
