// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { onBeforeUnmount, ref } from 'vue';
import { ApiError } from '../shared/errors';

export const kWaitMs = 20_000;
const kAgainMs = 3_000;

/**
 * Follows a long poll until the page is left. `ask` gets a signal and says the server's clock; it is called again at
 * once after each answer, and after 3 s while the server cannot be reached.
 */
export function useFollow(ask: (signal: AbortSignal) => Promise<number>) {
  const lost = ref(false);
  const nowMs = ref(Date.now());
  let aheadMs = 0;
  const ended = new AbortController();
  const clock = setInterval(() => (nowMs.value = Date.now() + aheadMs), 1000);

  async function follow(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        nowMs.value = await ask(ended.signal);
        aheadMs = nowMs.value - Date.now();
        lost.value = false;
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
  return { lost, nowMs };
}
