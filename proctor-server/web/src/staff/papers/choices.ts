// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { reactive } from 'vue';
import { get, query } from '../../shared/api';
import type { Wire } from '../../shared/types';

/** What there is to choose from: the topic tree, and the topics and tags that items in use carry. */
export interface Choices {
  topics: Wire<'Topic'>[];
  counts: Wire<'ItemCounts'> | null;
}

export async function readChoices(): Promise<Choices> {
  const [taxonomy, page] = await Promise.all([
    get<Wire<'Taxonomy'>>('/taxonomy'),
    get<Wire<'ItemPage'>>(`/bank/items${query({ in_use: 1, counts: 1, limit: 1 })}`),
  ]);
  return { topics: taxonomy.topics, counts: page.counts ?? null };
}

/** As a blueprint names an item of a bank. */
export const itemRef = (row: Wire<'ItemRow'>) => `${row.bank_id}/${row.item_id}`;
const kFound = 30;
export async function findItems(words: string): Promise<Wire<'ItemRow'>[]> {
  return (await get<Wire<'ItemPage'>>(`/bank/items${query({ in_use: 1, q: words, limit: kFound })}`)).items;
}

/** One list for the whole form, read once. */
export const choices = reactive<Choices>({ topics: [], counts: null });
