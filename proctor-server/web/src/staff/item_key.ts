// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../shared/types';

export const letter = (at: number) => String.fromCharCode(65 + at);

/** ABD; for true/false the option itself. */
export function keyText(item: Wire<'BankItem'>): string {
  if (item.type === 'true_false') return item.key.map((at) => item.options[at] ?? letter(at)).join('');
  return item.key.map(letter).join('');
}
