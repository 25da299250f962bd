// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What the items in use hold for each rule, read from the cells of a pre-flight: a cell names the rules that count its items.
import type { Blueprint } from './blueprint';
import { itemAddress, type Preflight } from './findings';
import { whereOf } from './names';

const kEnemies = 'enemies ';
export const rulesIn = (cellName: string) => cellName.split(' + ').filter(Boolean);

/** By member of the file ('topics[1].counts.single_choice'): how many items, or points for a rule that counts points. */
export function stockOf(preflight: Preflight, blueprint: Blueprint): Map<string, number> {
  const out = new Map<string, number>();
  blueprint.parts.forEach((part, p) => {
    out.set(`parts[${p}].count`, 0);
    blueprint.topics.forEach((_, n) => out.set(`topics[${n}].counts.${part.type}`, 0));
  });
  blueprint.rules.forEach((_, n) => out.set(`rules[${n}]`, 0));
  for (const cell of preflight.cells)
    for (const name of rulesIn(cell.name)) {
      const where = whereOf(name, blueprint);
      if (!out.has(where)) continue;
      const rule = /^rules\[(\d+)\]$/.exec(where);
      const worth = rule && blueprint.rules[Number(rule[1])]?.points ? (blueprint.parts[cell.part]?.points ?? 0) : 1;
      out.set(where, (out.get(where) ?? 0) + cell.items * worth);
    }
  return out;
}

export interface Enemies {
  readonly one: string;
  readonly other: string;
  /** Of the items in this server, '' where they are not listed. */
  readonly addresses: readonly [string, string];
}
/** Pairs of items in use that never stand on one paper. */
export function enemiesOf(preflight: Preflight): Enemies[] {
  const names = new Set(preflight.cells.flatMap((cell) => rulesIn(cell.name).filter((name) => name.startsWith(kEnemies))));
  return [...names].map((name) => {
    const [one = '', other = ''] = name.slice(kEnemies.length).split(' | ');
    return { one, other, addresses: [itemAddress(preflight, one), itemAddress(preflight, other)] };
  });
}
