// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { onBeforeUnmount, ref, type Ref } from 'vue';
import { asApiError, type ApiError } from '../shared/errors';

export const kWaitMs = 20_000;
const kAgainMs = 3_000;
const kApartMs = 1_000;

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A long poll: `ask` is called again after each answer, but not twice within a second, and after 3 s while the server cannot be
 * reached. Ends when `ask` says 'over', with `stop`, and where there is nothing for this person (401, 404). `lost` is why no
 * answer comes.
 */
export async function longPoll(ask: (stop: AbortSignal) => Promise<'over' | void>, lost: Ref<ApiError | null>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const askedMs = performance.now();
    try {
      const over = await ask(stop);
      if (stop.aborted) return;
      lost.value = null;
      if (over) return;
      // A server that answers at once, for whatever reason, is not asked without end.
      const leftMs = askedMs + kApartMs - performance.now();
      if (leftMs > 0) await rest(leftMs);
    } catch (thrown) {
      if (stop.aborted) return;
      const error = asApiError(thrown);
      if (error.status === 401) return;
      lost.value = error;
      if (error.status === 404) return;
      await rest(kAgainMs);
    }
  }
}

/** The same until the page is left. */
export function useFollow(ask: (stop: AbortSignal) => Promise<'over' | void>) {
  const lost = ref<ApiError | null>(null);
  const ended = new AbortController();
  onBeforeUnmount(() => ended.abort());
  void longPoll(ask, lost, ended.signal);
  return { lost };
}

/** The server's clock between its answers, second by second. */
export function useServerClock() {
  const nowMs = ref(Date.now());
  let aheadMs = 0;
  const clock = setInterval(() => (nowMs.value = Date.now() + aheadMs), 1000);
  onBeforeUnmount(() => clearInterval(clock));
  function set(ms: number) {
    nowMs.value = ms;
    aheadMs = ms - Date.now();
  }
  return { nowMs, set };
}
