"""How quickly summaries are read: documents a second per core, and seconds per megabyte of hostile text.

    python benchmarks/extraction.py

The documents are written by the tests' generator, no two alike, of about 7,000 characters each; start-up
(reading the vocabulary, building the scanners) is paid before the clock starts. The bar is
200 a second per core. It is not met: on an idle core 55 documents a second of 241 figures each, 30 of 513,
under 0.1 milliseconds a figure. Most of that is plain Python per figure; looking
up all words and numbers of a document takes 3 milliseconds. Hostile texts take the same time per megabyte at
any length.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.sources.test_summaries import HOSTILE
from tests.sources.written_summaries import write

from analysis.sources.summaries import extract

LENGTH = 7_000
DOCUMENTS = 100
OWN = Path(__file__).parents[1] / "tests" / "documents"


def prose() -> str:
    """Sentences without figures, as most of a real summary is: those of the labelled texts."""
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted(OWN.glob("*.txt")))
    sentences = [s for s in texts.replace("\n", "").split("。") if s and not any(c.isdigit() for c in s)]
    return "。".join(sentences) + "。"


def document(seed: int, share: float) -> str:
    """A summary of which ``share`` is dense with figures and the rest prose."""
    chance = random.Random(seed)  # noqa: S311
    dense = "".join(write(chance).text for _ in range(40))[: int(LENGTH * share)]
    filling = prose() * (LENGTH // max(1, len(prose())) + 1)
    return (dense + "\n" + filling)[:LENGTH]


def rate(share: float) -> tuple[float, float]:
    """Documents a second, and figures per document."""
    texts = [document(seed, share) for seed in range(DOCUMENTS)]
    start = time.process_time()
    figures = sum(len(extract(text, name="x").facts) for text in texts)
    return DOCUMENTS / (time.process_time() - start), figures / DOCUMENTS


def main() -> None:
    """Print the rates, and for hostile texts the seconds per megabyte at two lengths."""
    extract("全县检查企业12家。", name="x")
    for share in (0.3, 1.0):
        documents, figures = rate(share)
        print(
            f"{share:4.0%} dense with figures: {documents:6.0f} documents/s of {LENGTH} characters, {figures:.0f} figures each"  # noqa: E501
        )
    for kind, text in HOSTILE.items():
        seconds = []
        for part in (text[: len(text) // 4], text):
            start = time.process_time()
            extract(part, name="x", year=2023)
            seconds.append((time.process_time() - start) / (len(part.encode()) / 1e6))
        print(f"{kind:10s} {seconds[0]:6.2f} s/MB at a quarter, {seconds[1]:6.2f} s/MB at full length")


if __name__ == "__main__":
    main()
