// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Shares and bounds as numbers, sentences and points of a drawing.
import { t } from './messages';

/** 9.50 %, 31.4 %, 100 %: three figures, or as many places as are needed to tell two shares apart. */
export function shareText(share: number, places?: number): string {
  const percent = share * 100;
  const digits = places ?? (percent === 0 || percent >= 99.95 ? 0 : percent < 10 ? 2 : 1);
  return `${percent.toFixed(digits)}\u00a0%`; // the sign stays with its number
}

/** Two candidates share on average 16.2 of 100 items. */
export const overlapSentence = (share: number, items: number) => t('overlapMeans', { n: (share * items).toFixed(1), items });

/** An item that is used most often stands on about 80 of 200 papers. */
export const exposureSentence = (share: number, papers: number) => t('exposureMeans', { n: Math.round(share * papers), papers, share: shareText(share) });

/** How a measured figure lies to its bound: inside `tolerance` of it or beyond. */
export const withinBound = (value: number, bound: number, factor: number, papers: number) => value <= factor * bound + (papers > 0 ? 1 / papers : 0) + 1e-12;
/** The factors of the audit's verdict, as docs/formats/paper-batch.md has them. */
export const kOverlapFactor = 1.02;
export const kExposureFactor = 1.15;

/** The first and last figures of a hash: enough to compare two by eye, not to check them. */
export const shortHash = (hash: string) => (hash.length > 20 ? `${hash.slice(0, 8)}…${hash.slice(-8)}` : hash);
