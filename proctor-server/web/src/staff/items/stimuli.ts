// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { get, query } from '../../shared/api';
import type { Wire } from '../../shared/types';

const kIdMax = 64;
/** The greatest text below `id` that an id can have before it in order: pages begin after it. */
export function justBefore(id: string): string {
  const last = id.charCodeAt(id.length - 1);
  return `${id.slice(0, -1)}${String.fromCharCode(last - 1)}~`.slice(0, kIdMax);
}

/** One case material in its newest version; null when the bank has none such. */
export async function stimulusOf(bank: string, id: string): Promise<Wire<'Stimulus'> | null> {
  const page = await get<Wire<'StimulusPage'>>(`/bank/stimuli${query({ bank, after: justBefore(id), limit: 1 })}`);
  return page.stimuli.find((one) => one.id === id) ?? null;
}
