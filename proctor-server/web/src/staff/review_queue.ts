// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue';
import { get, query } from '../shared/api';
import type { Wire } from '../shared/types';
import { kWaitMs, useFollow, useServerClock } from './follow';

export type Case = Wire<'ReviewCase'>;

/** Who begins anew keeps the admission, but is another case: somebody else may have come with the code. */
export const visitOf = (one: Case) => `${one.admission_id} ${one.waiting_since_ms}`;

/** The queue by long poll: an answer comes when something changes, or after 20 s. Ends with the page. */
export function useReviewQueue() {
  const cases = ref<Case[]>([]);
  let version = '';
  const clock = useServerClock();
  const { lost } = useFollow(async (stop) => {
    const wait: Record<string, string | number> = version === '' ? {} : { wait_ms: kWaitMs, version };
    const queue = await get<Wire<'ReviewQueue'>>(`/review/queue${query(wait)}`, stop);
    cases.value = queue.cases;
    version = String(queue.version);
    clock.set(queue.now_ms);
  });
  const replace = (one: Case) => (cases.value = cases.value.map((old) => (old.admission_id === one.admission_id ? one : old)));
  return { cases, lost, nowMs: clock.nowMs, replace };
}
