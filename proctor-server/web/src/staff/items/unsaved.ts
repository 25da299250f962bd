// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Text that was not saved when its form went away, for example because the session ended: kept until the page is left.
import type { FullContent } from './content';

export interface Unsaved {
  readonly base: FullContent;
  readonly version: number;
  readonly content: FullContent;
  readonly reason: string;
}
const kept = new Map<string, Unsaved>();

export const keepUnsaved = (key: string, what: Unsaved) => void kept.set(key, what);
/** What was kept, once. */
export function takeUnsaved(key: string): Unsaved | undefined {
  const found = kept.get(key);
  kept.delete(key);
  return found;
}
