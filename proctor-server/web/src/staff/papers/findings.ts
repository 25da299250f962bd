// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The findings of the pre-flight as sentences: which rule, by how much, and what to do.
import { worded } from '../../shared/language';
import type { Wire } from '../../shared/types';
import type { Blueprint } from './blueprint';
import { t, type PapersMessage } from './messages';
import { placeText, unitOf } from './names';

export type Preflight = Wire<'Preflight'>;
export type PreflightFinding = Wire<'PreflightFinding'>;

/** At most two places, and no more than it has: 3, 2.5, 0.33. */
export const plain = (value: number) => String(Math.round(value * 100) / 100);

const kUnits = { items: 'unitItems', points: 'unitPoints', cases: 'unitCases', mean: 'unitMean' } as const satisfies Record<string, PapersMessage>;
type Counted = (value: number) => string;
const counted = (where: string, blueprint: Blueprint): Counted => (value) => t(kUnits[unitOf(where, blueprint)], { n: plain(value) });

export interface Said {
  readonly what: string;
  readonly todo: string;
}

/** Kinds that this page knows are said with the form's own names; the others as the server words them. */
export function sayFinding(finding: PreflightFinding, blueprint: Blueprint): Said {
  const { where, low, high, stock, by } = finding;
  // Where there are items enough, other rules take them.
  const kind = finding.kind === 'short' && stock >= low ? 'conflict' : finding.kind;
  const rule = placeText(where, blueprint, finding.rule);
  const n = counted(where, blueprint);
  const said = (what: PapersMessage, todo: PapersMessage, values: Record<string, string | number>): Said => ({ what: t(what, { rule, ...values }), todo: t(todo, { rule, ...values }) });
  if (where === '' && kind !== 'forced') return { what: worded(finding.what), todo: '' };
  if (kind === 'short') return said('findShort', stock > 0 ? 'todoShort' : 'todoNone', { low: n(low), stock: n(stock), by: n(by) });
  if (kind === 'conflict') return said('findConflict', 'todoConflict', { low: n(low), left: n(Math.max(0, low - by)), by: n(by), stock: n(stock) });
  if (kind === 'over') return said('findOver', 'todoOver', { high: n(high), least: n(high + by), by: n(by) });
  if (kind === 'forced') return said(where === '' && !finding.rule ? 'findForcedFree' : 'findForced', where.startsWith('required') ? 'todoRequired' : 'todoForced', { n: finding.items.length });
  return { what: worded(finding.what), todo: '' };
}

const kOrder = { error: 0, warning: 1, note: 2 };
/** Errors first; items that one rule forces are one finding. */
export function inOrder(findings: readonly PreflightFinding[]): PreflightFinding[] {
  const out: PreflightFinding[] = [];
  for (const finding of findings) {
    const same = finding.kind === 'forced' ? out.findIndex((one) => one.kind === 'forced' && one.where === finding.where && one.severity === finding.severity) : -1;
    const found = out[same];
    if (found) out[same] = { ...found, items: [...found.items, ...finding.items] };
    else out.push(finding);
  }
  return out.sort((a, b) => kOrder[a.severity] - kOrder[b.severity]);
}

/** The field of the form that a finding or an error is about: 'topics[1].counts.single_choice' is cell 'topics[1].counts.single_choice'. */
export function fieldOf(where: string): string {
  const sum = /^sum\.(\w+)$/.exec(where);
  return sum ? `sum.${sum[1]}` : where.replace(/^(rules\[\d+\]|required\[\d+\]|case_groups|difficulty|facility|information)(?=$|[.[]).*$/, '$1');
}

/** The server's address of an item that a finding names, '' when the pre-flight does not list it. */
export function itemAddress(preflight: Preflight, itemId: string): string {
  return preflight.items.find((one) => one.item_id === itemId)?.item ?? '';
}
