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

function follow(): void {
  const [page = '', ...rest] = location.hash.replace(/^#\//, '').split('/');
  route.page = page;
  route.rest = rest.filter(Boolean).map(decoded);
}

export const addressOf = (page: string, ...rest: string[]) => `#/${[page, ...rest.map(encodeURIComponent)].join('/')}`;

export function go(page: string, ...rest: string[]): void {
  location.hash = addressOf(page, ...rest);
}

window.addEventListener('hashchange', follow);
follow();
