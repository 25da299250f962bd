// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue';
import { get, query } from '../../shared/api';
import type { Wire } from '../../shared/types';
import { kWaitMs, useFollow } from '../follow';

/** One batch, kept up to date by long poll. `take` is for answers of what was done here. */
export function useBatch(id: string) {
  const detail = ref<Wire<'BatchDetail'> | null>(null);
  const path = (rest = '') => `/batches/${encodeURIComponent(id)}${rest}`;
  const { lost } = useFollow(async (stop) => {
    const seen = detail.value?.batch.seen ?? '';
    const next = await get<Wire<'BatchDetail'>>(path(seen ? query({ wait_ms: kWaitMs, seen }) : ''), stop);
    if (!stop.aborted) detail.value = next;
  });
  function take(next: Wire<'BatchDetail'>) {
    detail.value = next;
    lost.value = null;
  }
  return { detail, lost, take, path };
}
