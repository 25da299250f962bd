// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Which items a person wants to see: filters, order and page, as the server names them and as an address.
import { reactive } from 'vue';
import type { Wire } from '../../shared/types';
import { addressOf, route } from '../route';

export const kFilterNames = ['q', 'bank', 'state', 'type', 'topic', 'difficulty', 'level', 'tag', 'flag', 'in_use', 'mine', 'stimulus'] as const;
export type FilterName = (typeof kFilterNames)[number];
export type Filter = Record<FilterName, string>;
export interface Wish {
  filter: Filter;
  /** One of the server's orders, '-' before it for the other way round; '' = bank order. */
  sort: string;
  /** From 1. */
  page: number;
}

export const noFilter = (): Filter => ({ q: '', bank: '', state: '', type: '', topic: '', difficulty: '', level: '', tag: '', flag: '', in_use: '', mine: '', stimulus: '' });

/** The parts of an address: list, name=value… */
export function wishParts({ filter, sort, page }: Wish): string[] {
  const parts = kFilterNames.filter((name) => filter[name]).map((name) => `${name}=${filter[name]}`);
  if (sort) parts.push(`sort=${sort}`);
  if (page > 1) parts.push(`page=${page}`);
  return parts.length ? ['list', ...parts] : [];
}

/** What an address asks for; parts that mean nothing are passed over. */
export function wishFrom(rest: readonly string[]): Wish {
  const wish: Wish = { filter: noFilter(), sort: '', page: 1 };
  for (const part of rest[0] === 'list' ? rest.slice(1) : []) {
    const at = part.indexOf('=');
    const name = part.slice(0, at);
    const value = part.slice(at + 1);
    if ((kFilterNames as readonly string[]).includes(name)) wish.filter[name as FilterName] = value;
    else if (name === 'sort') wish.sort = value;
    else if (name === 'page') wish.page = Math.max(1, Math.floor(Number(value)) || 1);
  }
  return wish;
}

/** The filter of a bulk edit: the same members, without those that are empty. */
export function bulkFilter(filter: Filter): Wire<'ItemFilter'> {
  const wanted: Wire<'ItemFilter'> = { bank: filter.bank };
  for (const name of kFilterNames) if (filter[name]) wanted[name] = filter[name];
  return wanted;
}

export const isFiltered = (filter: Filter) => kFilterNames.some((name) => filter[name] !== '');

/** The list as it was last seen, so that an item leads back to it. */
export const lastWish = reactive<Wish>(route.page === 'items' ? wishFrom(route.rest) : wishFrom([]));

/** Where the items of a filter stand. */
export const itemsAddress = (some: Partial<Filter> = {}) => addressOf('items', ...wishParts({ filter: { ...noFilter(), ...some }, sort: '', page: 1 }));
export const backAddress = () => addressOf('items', ...wishParts(lastWish));

/** The order after a click on a column: up, down, none. */
export function nextOrder(now: string, column: string): string {
  if (now === column) return `-${column}`;
  return now === `-${column}` ? '' : column;
}
