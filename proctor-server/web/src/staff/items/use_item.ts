// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref, watch, type Ref } from 'vue';
import { get } from '../../shared/api';
import { asApiError, type ApiError } from '../../shared/errors';
import type { Detail } from './words';

export const itemPath = (id: string) => `/bank/items/${encodeURIComponent(id)}`;

/** The item of an id that may change; an answer that comes too late is dropped. */
export function useItem(id: () => string) {
  const detail = ref(null) as Ref<Detail | null>;
  const error = ref<ApiError | null>(null);
  let asked = 0;

  async function load(): Promise<void> {
    const mine = ++asked;
    error.value = null;
    if (!id()) return;
    try {
      const answer = await get<Detail>(itemPath(id()));
      if (mine === asked) detail.value = answer;
    } catch (thrown) {
      if (mine === asked) error.value = asApiError(thrown);
    }
  }
  watch(id, () => {
    detail.value = null;
    void load();
  }, { immediate: true });
  return { detail, error, load };
}
