"""Cutting a story told in one breath into pieces that can be read on their own."""

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[。！？!?；;\n])")
_PAUSE = re.compile(r"(?<=[，,、])|(?<=\S)(?=\s+\S)")
LONGEST = 48
"""A sentence longer than that is cut at its pauses."""
SHORTEST = 10
"""Shorter pieces are read with what stands before them."""
BREATH = 32
"""A text without any pause is cut after so many characters at a word that begins anew."""
_ANEW = re.compile(
    r"(?=(?:后来|结果|现在|但是|可是|然后|所以|我就|他就|她就|请问|想问|去年|今年|前年"
    r"|我们|你们|他们|我去|他说|她说|还有|说好|昨天|前天|今天|上个|我想|我婆|我家|要不))"
)


def sentences(text: str) -> list[str]:
    """Return the pieces of the text, in order, each as it stands there."""
    pieces: list[str] = []
    begins = ends = 0
    for piece in (it for sentence in _END.split(text) for it in _cut(sentence.strip())):
        at = text.index(piece, ends)
        ends = at + len(piece)
        if pieces and len(piece) < SHORTEST and ends - begins <= LONGEST:
            pieces[-1] = text[begins:ends]
        else:
            pieces.append(piece)
            begins = at
    return pieces


def _cut(sentence: str) -> Iterator[str]:
    if len(sentence) <= LONGEST:
        if sentence:
            yield sentence
        return
    held = ""
    for part in (cut for pause in _PAUSE.split(sentence) if pause for cut in _breaths(pause)):
        if held and len(held) + len(part) > LONGEST:
            yield held.strip()
            held = ""
        held += part
    if held.strip():
        yield held.strip()


def _breaths(part: str) -> Iterator[str]:
    """A stretch without any pause, cut where something new begins."""
    if len(part) <= LONGEST:
        yield part
        return
    held = ""
    for piece in _ANEW.split(part):
        if held and len(held) + len(piece) > BREATH:
            yield held
            held = ""
        held += piece
    if held:
        yield held
