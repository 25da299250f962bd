// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { computed, inject, provide, ref, shallowRef, watch, type InjectionKey, type Ref } from 'vue';
import { get, query } from '../shared/api';
import type { ApiError } from '../shared/errors';
import type { Wire } from '../shared/types';
import { kWaitMs, longPoll, useServerClock } from './follow';

export type Case = Wire<'ReviewCase'>;

/** Who begins anew keeps the admission, but is another case: somebody else may have come with the code. */
export const visitOf = (one: Case) => `${one.admission_id} ${one.waiting_since_ms}`;

/**
 * The queue of all sites by long poll, while `may`: an answer comes when something changes, or after 20 s. Once for the whole
 * app, so that whoever waits is seen from every page; pages take it by `useReviewQueue`.
 */
export function followReviewQueue(may: Ref<boolean>) {
  const cases = shallowRef<Case[]>([]);
  /** How many the server has not listed. */
  const more = ref(0);
  const lost = ref<ApiError | null>(null);
  const clock = useServerClock();
  watch(may, (now, _, whenOver) => {
    if (!now) return;
    const ended = new AbortController();
    let version = '';
    whenOver(() => {
      ended.abort();
      cases.value = []; // of an account that has signed out
      more.value = 0;
      lost.value = null;
    });
    void longPoll(async (stop) => {
      const wait: Record<string, string | number> = version === '' ? {} : { wait_ms: kWaitMs, version };
      const queue = await get<Wire<'ReviewQueue'>>(`/review/queue${query(wait)}`, stop);
      if (stop.aborted) return;
      cases.value = queue.cases;
      more.value = queue.more;
      version = String(queue.version);
      clock.set(queue.now_ms);
    }, lost, ended.signal);
  }, { immediate: true });
  const waiting = computed(() => cases.value.filter((one) => one.state === 'waiting'));
  const replace = (one: Case) => (cases.value = cases.value.map((old) => (old.admission_id === one.admission_id ? one : old)));
  const queue = { cases, more, waiting, lost, nowMs: clock.nowMs, replace };
  provide(kQueue, queue);
  return queue;
}

const kQueue: InjectionKey<ReturnType<typeof followReviewQueue>> = Symbol('review queue');
/** What the app follows. */
export const useReviewQueue = () => inject(kQueue) as ReturnType<typeof followReviewQueue>;
