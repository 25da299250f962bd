// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What differs between two texts, word by word: Chinese is cut by the browser's own dictionary where it has one.
import { diffArrays } from 'diff';

export interface Run {
  readonly kind: 'same' | 'gone' | 'come';
  readonly text: string;
}

const kTag = /(<[^>]*>|\\\(|\\\))/;
/** Above as many changed words nobody reads a word diff; it also keeps the page quick. */
const kChangesMax = 1000;

type Segmenter = { segment(text: string): Iterable<{ segment: string }> };
const maker = (Intl as unknown as { Segmenter?: new (language: string, options: { granularity: 'word' }) => Segmenter }).Segmenter;
const segmenter = maker ? new maker('zh', { granularity: 'word' }) : null;

/** Words, numbers, single marks; a tag is one word. */
export function wordsOf(text: string): string[] {
  return text.split(kTag).flatMap((part) => {
    if (!part) return [];
    if (kTag.test(part)) return [part];
    if (segmenter) return [...segmenter.segment(part)].map((one) => one.segment);
    return part.match(/[A-Za-z0-9_.]+|\s+|[\s\S]/gu) ?? [];
  });
}

/** The runs of both texts in reading order. */
export function differencesOf(before: string, after: string): Run[] {
  if (before === after) return before ? [{ kind: 'same', text: before }] : [];
  const changes = diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: kChangesMax });
  if (!changes) return [{ kind: 'gone', text: before }, { kind: 'come', text: after }];
  return changes.map((one): Run => ({ kind: one.added ? 'come' : one.removed ? 'gone' : 'same', text: one.value.join('') })).filter((run) => run.text);
}
