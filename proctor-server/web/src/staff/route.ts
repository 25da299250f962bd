// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { reactive } from 'vue';

/** Where the pages are: `#/statistics/BANK/ITEM` is page `statistics` with rest ['BANK', 'ITEM']. Never personal data. */
export const route = reactive<{ page: string; rest: string[] }>({ page: '', rest: [] });

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % typed by hand
  }
}

/** Asked before the pages follow another address; true = not now, `go` does it later. */
type Guard = (go: () => void) => boolean;
let guard: Guard | null = null;
let shown = location.hash;

/** Only one guard at a time: of the form that is open. */
export function guardLeaving(next: Guard | null): void {
  guard = next;
}

function follow(): void {
  const wanted = location.hash;
  if (guard && wanted !== shown && guard(() => (location.hash = wanted))) {
    history.replaceState(null, '', shown || '#/'); // the address stays with what is on the page
    return;
  }
  shown = wanted;
  const [page = '', ...rest] = location.hash.replace(/^#\//, '').split('/');
  route.page = page;
  route.rest = rest.filter(Boolean).map(decoded);
}

/** The address of what is on the page already, for filters and the like: no step of the browser's history. */
export function rename(page: string, ...rest: string[]): void {
  shown = addressOf(page, ...rest);
  history.replaceState(null, '', shown);
}

export const addressOf = (page: string, ...rest: string[]) => `#/${[page, ...rest.map(encodeURIComponent)].join('/')}`;

export function go(page: string, ...rest: string[]): void {
  location.hash = addressOf(page, ...rest);
}

window.addEventListener('hashchange', follow);
follow();
