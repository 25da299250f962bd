// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { onBeforeUnmount, ref } from 'vue';
import { get, query } from '../shared/api';
import { ApiError } from '../shared/errors';
import type { Wire } from '../shared/types';

export type Case = Wire<'ReviewCase'>;
const kWaitMs = 20_000;
const kAgainMs = 3_000;

/** The queue by long poll: an answer comes when something changes, or after 20 s. Ends with the page. */
export function useReviewQueue() {
  const cases = ref<Case[]>([]);
  const lost = ref(false);
  const nowMs = ref(Date.now());
  let aheadMs = 0;
  let version = '';
  const ended = new AbortController();
  const clock = setInterval(() => (nowMs.value = Date.now() + aheadMs), 1000);

  async function ask(): Promise<void> {
    const wait: Record<string, string | number> = version === '' ? {} : { wait_ms: kWaitMs, version };
    const queue = await get<Wire<'ReviewQueue'>>(`/review/queue${query(wait)}`, ended.signal);
    cases.value = queue.cases;
    version = String(queue.version);
    aheadMs = queue.now_ms - Date.now();
    nowMs.value = queue.now_ms;
    lost.value = false;
  }

  async function follow(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        await ask();
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown;
        if (ended.signal.aborted || thrown.status === 401) return;
        lost.value = true;
        await new Promise((resolve) => setTimeout(resolve, kAgainMs));
      }
    }
  }
  void follow();
  onBeforeUnmount(() => {
    ended.abort();
    clearInterval(clock);
  });

  const replace = (one: Case) => (cases.value = cases.value.map((old) => (old.admission_id === one.admission_id ? one : old)));
  return { cases, lost, nowMs, replace };
}
