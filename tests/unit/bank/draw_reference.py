#!/usr/bin/env python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The draw of docs/adr/0004-paper-draw.md a second time, to work out tests/golden/paper-of-seed-00-to-1f.txt."""
import struct


def chacha_words(key):
    state = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key)) + [0, 0, 0, 0]
    rotl = lambda v, n: ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF
    counter = 0
    while True:
        state[12] = counter
        x = state[:]

        def quarter(a, b, c, d):
            for target, source, xored, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[target] = (x[target] + x[source]) & 0xFFFFFFFF
                x[xored] = rotl(x[xored] ^ x[target], turn)

        for _ in range(10):
            for i in range(4):
                quarter(i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        yield from ((a + b) & 0xFFFFFFFF for a, b in zip(x, state))
        counter += 1


def draw(pool, parts, topics, seed):
    words = chacha_words(seed)

    def below(bound):
        while True:
            word = next(words)
            if word >= 2**32 % bound:
                return word % bound

    def front(items, count):
        items = list(items)
        for i in range(min(count, len(items) - 1)):
            j = i + below(len(items) - i)
            items[i], items[j] = items[j], items[i]
        return items

    paper = []
    for part, kind in enumerate(parts):
        drawn = []
        for topic, counts in topics:
            drawn += front([i for i in pool if i[0] == kind and i[1] == topic], counts[part])[:counts[part]]
        for kind_, topic, number in front(drawn, len(drawn)):
            order = [0, 1] if kind == "j" else front(range(4), 4)
            paper.append(f"{kind_}-{topic}-{number}:{''.join(map(str, order))}/{part}")
    return paper


if __name__ == "__main__":
    names = ("law", "fire", "tools")
    items = [(kind, topic, number) for kind in "jsm" for topic in names for number in range(6)]
    print(" ".join(draw(items, "jsm", (("law", (1, 2, 1)), ("fire", (3, 1, 0)), ("tools", (0, 2, 2))), bytes(range(32)))))
