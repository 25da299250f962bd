// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { computed, ref, watch, type Ref } from 'vue';
import { post } from '../shared/api';
import { csvText, type Cell } from '../shared/csv';
import { asApiError, type ApiError } from '../shared/errors';
import { saveFile } from '../shared/files';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** What the cell says, also in the exported file. */
  readonly text: (row: Row) => Cell;
  readonly width?: string;
  readonly tone?: (row: Row) => 'ok' | 'look' | 'accent' | 'plain';
  readonly figures?: boolean;
  /** Kept on one line: names and other short things. */
  readonly short?: boolean;
  /** The server's name for this order, in a list that it sorts. */
  readonly order?: string;
}

export function exportCsv<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const header = columns.map((column) => column.title);
  saveFile(`${name}.csv`, 'text/csv;charset=utf-8', csvText(header, rows.map((row) => columns.map((column) => column.text(row)))));
}

/** Rows whose shown text holds every word of `search`. */
export function useSearch<Row>(rows: Ref<readonly Row[]>, columns: Ref<readonly Column<Row>[]>) {
  const search = ref('');
  const found = computed(() => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return rows.value;
    return rows.value.filter((row) => {
      const text = columns.value.map((column) => String(column.text(row) ?? '')).join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });
  return { search, found };
}

const kPage = 20;
const kExportPage = 200;
const kTypingMs = 250;

/** A list that the server searches and pages, asked with a body: what is typed may be a name. `read` takes the rows out of an answer. */
export function usePaged<Answer extends { total: number }, Row>(
  path: string,
  filters: Ref<Record<string, string>>,
  read: (answer: Answer) => Row[],
) {
  const rows = ref([]) as Ref<Row[]>;
  const total = ref(0);
  const page = ref(1);
  const loaded = ref(false);
  const error = ref<ApiError | null>(null);
  let newest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fetchPage = (offset: number, limit: number) => post<Answer>(path, { ...filters.value, offset, limit });

  async function load() {
    const mine = ++newest;
    try {
      const answer = await fetchPage((page.value - 1) * kPage, kPage);
      if (mine !== newest) return;
      rows.value = read(answer);
      total.value = answer.total;
      error.value = null;
    } catch (thrown) {
      if (mine === newest) error.value = asApiError(thrown);
    } finally {
      loaded.value = true;
    }
  }

  async function all(): Promise<Row[]> {
    const found: Row[] = [];
    for (;;) {
      const answer = await fetchPage(found.length, kExportPage);
      const more = read(answer);
      found.push(...more);
      if (!more.length || found.length >= answer.total) return found;
    }
  }

  watch(filters, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      page.value = 1;
      void load();
    }, kTypingMs);
  }, { deep: true });
  watch(page, () => void load());
  void load();
  return { rows, total, page, pageSize: kPage, loaded, error, load, all };
}
