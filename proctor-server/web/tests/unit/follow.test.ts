// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ref } from 'vue';
import { ApiError } from '../../src/shared/errors';
import { longPoll } from '../../src/staff/follow';

/** Follows a server that answers after `answerMs`; `asked` are the moments of its questions. */
function follow(answerMs: number, answer: () => 'over' | void = () => undefined) {
  const asked: number[] = [];
  const stop = new AbortController();
  const lost = ref<ApiError | null>(null);
  let ended = false;
  const ask = async () => {
    asked.push(performance.now());
    if (answerMs) await new Promise((resolve) => setTimeout(resolve, answerMs));
    return answer();
  };
  void longPoll(ask, lost, stop.signal).then(() => (ended = true));
  return { asked, stop, lost, hasEnded: () => ended };
}
const apart = (times: number[]) => times.slice(1).map((at, n) => Math.round(at - (times[n] as number)));

describe('a long poll', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks a server that answers at once no more than once a second', async () => {
    const { asked, stop } = follow(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(11);
    expect(Math.min(...apart(asked))).toBeGreaterThanOrEqual(1000);
    stop.abort();
  });
  it('asks again as soon as an answer comes that was waited for', async () => {
    const { asked, stop } = follow(4_000);
    await vi.advanceTimersByTimeAsync(12_500);
    expect(apart(asked)).toEqual([4_000, 4_000, 4_000]);
    stop.abort();
  });
  it('takes the time of the answer off the second', async () => {
    const { asked, stop } = follow(300);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(apart(asked)).toEqual([1_000, 1_000, 1_000]);
    stop.abort();
  });
  it('is over at once when the answer says so, and asks no more once it was stopped in the pause', async () => {
    const over = follow(0, () => 'over');
    const stopped = follow(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(over.hasEnded()).toBe(true);
    stopped.stop.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([over.asked.length, stopped.asked.length, stopped.hasEnded()]).toEqual([1, 1, true]);
  });
  it('tries again after three seconds while nobody answers, and says so', async () => {
    const { asked, stop, lost } = follow(0, () => {
      throw new ApiError(503, 'busy', { zh: '忙', en: 'busy' }, '');
    });
    await vi.advanceTimersByTimeAsync(6_500);
    expect(apart(asked)).toEqual([3_000, 3_000]);
    expect(lost.value?.id).toBe('busy');
    stop.abort();
  });
});
