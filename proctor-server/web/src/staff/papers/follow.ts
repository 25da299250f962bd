// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { onBeforeUnmount, ref } from 'vue';
import { get, query } from '../../shared/api';
import { asApiError, type ApiError } from '../../shared/errors';
import type { Wire } from '../../shared/types';

const kWaitMs = 20_000;
const kAgainMs = 3_000;

/** One batch, kept up to date by long poll. `take` is for answers of what was done here. */
export function useBatch(id: string) {
  const detail = ref<Wire<'BatchDetail'> | null>(null);
  const lost = ref<ApiError | null>(null);
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const path = (rest = '') => `/batches/${encodeURIComponent(id)}${rest}`;

  function take(next: Wire<'BatchDetail'>) {
    detail.value = next;
    lost.value = null;
  }
  async function follow() {
    try {
      const seen = detail.value?.batch.seen ?? '';
      const next = await get<Wire<'BatchDetail'>>(path(seen ? query({ wait_ms: kWaitMs, seen }) : ''), stop.signal);
      if (stop.signal.aborted) return;
      take(next);
      void follow();
    } catch (thrown) {
      if (stop.signal.aborted) return;
      lost.value = asApiError(thrown);
      if (lost.value.status !== 404) timer = setTimeout(() => void follow(), kAgainMs);
    }
  }
  void follow();
  onBeforeUnmount(() => {
    stop.abort();
    clearTimeout(timer);
  });
  return { detail, lost, take, path };
}
