// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue';
import { call } from '../../shared/api';
import { asApiError, type ApiError } from '../../shared/errors';
import type { Preflight } from './findings';

const kTypingMs = 600;

/** The pre-flight of what is being typed: asked when typing rests, one at a time, an older question is dropped. `content` null = not to be asked now. */
export function usePreflight(content: Ref<string | null>, papers: Ref<number>) {
  const result = ref<Preflight | null>(null);
  const error = ref<ApiError | null>(null);
  const asking = ref(false);
  const answered = ref('');
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const question = computed(() => (content.value === null || !(papers.value >= 1) ? '' : JSON.stringify({ content: content.value, papers: papers.value })));

  function stop() {
    clearTimeout(timer);
    running?.abort();
    running = null;
    asking.value = false;
  }

  async function ask() {
    stop();
    if (!question.value) return;
    const mine = new AbortController();
    const asked = question.value;
    running = mine;
    asking.value = true;
    try {
      const answer = await call<Preflight>('POST', '/api/v1/preflight', JSON.parse(asked) as object, mine.signal);
      if (mine.signal.aborted) return;
      result.value = answer;
      error.value = null;
      answered.value = asked;
    } catch (thrown) {
      if (mine.signal.aborted) return;
      error.value = asApiError(thrown);
      answered.value = '';
    }
    running = null;
    asking.value = false;
  }

  watch(question, (now) => {
    stop();
    if (now && now !== answered.value) timer = setTimeout(() => void ask(), kTypingMs);
  }, { immediate: true });
  onBeforeUnmount(stop);
  /** What is shown is of an earlier state of the form. */
  const stale = computed(() => result.value !== null && answered.value !== question.value);
  return { result, error, asking, stale, ask, stop };
}
