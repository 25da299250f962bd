// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// A list of any length: the server filters, sorts and pages; a newer question replaces the one in flight.
import { onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import { get, query } from '../../shared/api';
import { asApiError, type ApiError } from '../../shared/errors';
import type { Wire } from '../../shared/types';
import { kFilterNames, type Filter, type Wish } from './wish';
import type { Row } from './words';

export const kPage = 50;
const kExportPage = 500;
/** Short enough that a person sees the answer as they type, long enough for two quick keys to be one question. */
const kTypingMs = 40;

export const filterQuery = (filter: Filter): Record<string, string> => Object.fromEntries(kFilterNames.map((name) => [name, filter[name].trim()]));

export function useItemList(wish: Wish) {
  const rows = shallowRef<Row[]>([]);
  const total = ref(0);
  const counts = shallowRef<Wire<'ItemCounts'> | null>(null);
  const loaded = ref(false);
  const loading = ref(false);
  const error = ref<ApiError | null>(null);
  let flight: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let countedFor = '';

  async function load(): Promise<void> {
    flight?.abort();
    const mine = (flight = new AbortController());
    loading.value = true;
    const asked = filterQuery(wish.filter);
    try {
      const path = `/bank/items${query({ ...asked, sort: wish.sort, offset: (wish.page - 1) * kPage, limit: kPage })}`;
      const answer = await get<Wire<'ItemPage'>>(path, mine.signal);
      if (mine.signal.aborted) return;
      rows.value = answer.items;
      total.value = answer.total;
      error.value = null;
      // The last page may have gone with what was changed on it.
      if (!answer.items.length && answer.total) wish.page = Math.ceil(answer.total / kPage);
    } catch (thrown) {
      if (mine.signal.aborted) return;
      error.value = asApiError(thrown);
    }
    loading.value = false;
    loaded.value = true;
    if (!error.value) await count(asked, mine);
  }
  /** After the rows, which a person waits for: how many there are behind each filter. */
  async function count(asked: Record<string, string>, mine: AbortController): Promise<void> {
    const key = JSON.stringify(asked);
    if (key === countedFor) return;
    try {
      const counted = await get<Wire<'ItemPage'>>(`/bank/items${query({ ...asked, limit: 1, counts: 1 })}`, mine.signal);
      if (mine.signal.aborted) return;
      counts.value = counted.counts ?? null;
      countedFor = key;
    } catch (thrown) {
      if (!mine.signal.aborted) error.value = asApiError(thrown);
    }
  }
  /** After something changed: the same page, counted anew. */
  function again(): Promise<void> {
    countedFor = '';
    return load();
  }

  /** Every row of the filter in bank order; `tell` hears how many are there. */
  async function all(tell: (done: number, of: number) => void, stop: AbortSignal): Promise<Row[]> {
    const found: Row[] = [];
    for (let after = ''; ; ) {
      const answer = await get<Wire<'ItemPage'>>(`/bank/items${query({ ...filterQuery(wish.filter), after, limit: kExportPage })}`, stop);
      found.push(...answer.items);
      tell(found.length, answer.total);
      if (!answer.next || stop.aborted) return found;
      after = answer.next;
    }
  }

  watch(() => ({ ...wish.filter, sort: wish.sort, page: wish.page }), (now, before) => {
    clearTimeout(timer);
    // Another filter begins at its first page; that change comes back here.
    if (now.page !== 1 && kFilterNames.some((name) => now[name] !== before[name])) wish.page = 1;
    // Who types on while an answer is under way asks when the keys rest; everything else is asked at once.
    else if (now.q !== before.q && loading.value) timer = setTimeout(() => void load(), kTypingMs);
    else void load();
  });
  void load();
  onBeforeUnmount(() => {
    flight?.abort();
    clearTimeout(timer);
  });
  return { rows, total, counts, loaded, loading, error, again, all };
}
