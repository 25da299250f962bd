// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// States of blueprints and batches, in words and tones, and who may do what.
import type { Wire } from '../../shared/types';
import { t, type PapersMessage } from './messages';

export type Batch = Wire<'Batch'>;
export type BlueprintRow = Wire<'BlueprintRow'>;
type Tone = 'ok' | 'look' | 'accent' | 'plain';

export type BlueprintState = 'notUsed' | 'noPapers' | 'newWaits' | 'usedNow';
export function blueprintState(row: BlueprintRow): BlueprintState {
  if (row.used_version === 0) return 'notUsed';
  if (row.papers.unused === 0) return 'noPapers';
  return row.version > row.used_version ? 'newWaits' : 'usedNow';
}
export const kBlueprintTones: Record<BlueprintState, Tone> = { notUsed: 'plain', noPapers: 'look', newWaits: 'accent', usedNow: 'ok' };

export const kBatchStates = ['sealing', 'failed', 'sealed', 'in_use', 'used_up', 'withdrawn', 'revealed'] as const;
export const kBatchTones: Record<Batch['state'], Tone> = { sealing: 'accent', failed: 'look', sealed: 'plain', in_use: 'ok', used_up: 'plain', withdrawn: 'look', revealed: 'accent' };
export const kBatchWords = {
  sealing: 'batchSealing', failed: 'batchFailed', sealed: 'batchSealed', in_use: 'batchInUse', used_up: 'batchUsedUp', withdrawn: 'batchWithdrawn', revealed: 'batchRevealed',
} as const satisfies Record<Batch['state'], PapersMessage>;

/** Papers of a batch as shares of all: used, free, withdrawn. */
export function sharesOf({ papers, used, unused, withdrawn }: Pick<Batch, 'papers' | 'used' | 'unused' | 'withdrawn'>) {
  const all = Math.max(1, papers);
  return { used: used / all, unused: unused / all, withdrawn: withdrawn / all };
}

/** A batch has no number before its items are frozen. */
export const batchTitle = ({ number }: Pick<Batch, 'number'>) => (number ? t('batchTitle', { n: number }) : t('batchNew'));

type Role = Wire<'Me'>['role'];
/** Why this person may not do it; '' = they may. The server has the last word. */
export function whyNot(act: 'seal' | 'withdraw' | 'files', role: Role | undefined): string {
  if (role === 'administrator' || role === 'editor') return '';
  if (act === 'files') return role === 'reviewer' ? t('notReviewer') : '';
  return t('editorOnly');
}
export const mayWithdraw = (batch: Batch) => batch.unused > 0 && (batch.state === 'sealed' || batch.state === 'in_use');

/** The files that exist now; papers and seed only once they are revealed. */
export const filesOf = (batch: Batch) => (batch.sealed_ms === null ? [] : batch.state === 'revealed' ? ['freeze.json', 'seal.json', 'log.txt', 'papers.jsonl', 'reveal.json'] : ['freeze.json', 'seal.json', 'log.txt']);

/** How anyone repeats the audit from the published files alone. */
export const auditCommands = (batch: Pick<Batch, 'number'>) => [`invigil-bank audit batch-${batch.number}`, `node tests/assembly-js/invigil-assembly.mjs batch-${batch.number}`] as const;
