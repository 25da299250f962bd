// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The inclusion proof of one paper, checked in the browser: it is no use if only the server says that it holds.
import type { Wire } from '../../shared/types';

type Bytes = Uint8Array<ArrayBuffer>;
const bytesOf = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
const hexOf = (bytes: Bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');

async function nodeOf(left: Bytes, right: Bytes): Promise<Bytes> {
  const joined = new Uint8Array(1 + left.length + right.length);
  joined.set([1]);
  joined.set(left, 1);
  joined.set(right, 1 + left.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
}

/** The root that leaf number `slot` of `papers` leaves and this path give (RFC 9162, 2.1.3.2); '' when they do not fit. */
export async function rootOfPath(leaf: string, slot: number, papers: number, path: readonly string[]): Promise<string> {
  if (slot >= papers || slot < 0) return '';
  let hash = bytesOf(leaf);
  let at = slot;
  let last = papers - 1;
  for (const one of path) {
    if (last === 0) return '';
    const other = bytesOf(one);
    if (at % 2 === 1 || at === last) {
      hash = await nodeOf(other, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else hash = await nodeOf(hash, other);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hexOf(hash) : '';
}

export type Checked = 'holds' | 'fails' | 'cannot';
export async function checkProof(proof: Wire<'PaperProof'>): Promise<Checked> {
  if (!globalThis.crypto?.subtle) return 'cannot'; // a page over plain HTTP
  return (await rootOfPath(proof.leaf, proof.slot, proof.papers, proof.path)) === proof.papers_root ? 'holds' : 'fails';
}
