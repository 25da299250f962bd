// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue';
import { asApiError, type ApiError } from '../shared/errors';

/** One thing that is being done: whether it runs, and what went wrong with it. */
export function useWork() {
  const busy = ref(false);
  const error = ref<ApiError | null>(null);

  /** True when it was done. A second call while one runs does nothing. */
  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      error.value = asApiError(thrown);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, run };
}
