// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What the import pages decide without a screen.
import type { Wire } from '../../shared/types';
import { fullContent, hasOptions, sameContent, type Content } from '../items/content';
import { letter } from '../item_key';
import { t, type ImportMessage } from './messages';

export type Draft = Wire<'ImportDraft'>;
export type Row = Wire<'ImportRow'>;
export type Counts = Wire<'ImportCounts'>;

export const kFileBytes = 64 * 1024 * 1024;

/** Tabs of the report: the kind the server takes, its title, and how many there are (null = not counted). */
export const kKinds: readonly (readonly [kind: string, title: ImportMessage, count: (counts: Counts) => number | null])[] = [
  ['refused', 'kindRefused', (c) => c.refused],
  ['repaired', 'kindRepaired', (c) => c.repaired],
  ['look_alikes', 'kindLookAlikes', (c) => c.look_alikes],
  ['duplicates', 'kindDuplicates', (c) => c.duplicates],
  ['new', 'kindNew', (c) => c.new],
  ['changed', 'kindChanged', (c) => c.changed],
  ['unchanged', 'kindUnchanged', (c) => c.unchanged],
  ['missing', 'kindMissing', (c) => c.missing],
  ['notes', 'kindNotes', (c) => c.notes],
  ['left_out', 'kindLeftOut', (c) => c.left_out],
  ['not_ready', 'kindNotReady', () => null],
  ['all', 'kindAll', () => null],
];

/** Nothing may be lost between the file and the report. */
export const addsUp = (counts: Counts) => counts.rows === counts.imported + counts.duplicates + counts.refused;

/** What a person looks at first: what was refused, else what is new. */
export function firstKind(counts: Counts): string {
  return kKinds.find(([kind, , count]) => kind !== 'notes' && count(counts))?.[0] ?? 'all';
}

/** Told before the row was mended. How it meets the bank and the other rows is told anew, and what would come in twice is not saved. */
export const isPast = (row: Row, finding: Wire<'Finding'>): boolean =>
  row.fixed && finding.code !== 'same_stem' && !(finding.bank_item && (row.fate !== 'new' || finding.code === 'same_stem_in_bank'));

export const changesBank = (counts: Counts) => counts.new + counts.changed + counts.missing > 0;

type Wish = Required<Omit<Wire<'ImportAccept'>, 'seen'>>;
export const noWish = (reason: string): Wish => ({ state: 'draft', missing: 'keep', reason });
export const isNoWish = (wish: Wish) => wish.state === 'draft' && wish.missing === 'keep';
/** What is sent: about the draft as it was shown, and never a wish for items that were not. */
export const acceptBody = (wish: Wish, draft: Pick<Draft, 'counts' | 'seen'>): Wire<'ImportAccept'> => ({
  ...wish, missing: draft.counts?.missing ? wish.missing : 'keep', seen: draft.seen,
});

export function stateTone(state: Draft['state']): 'ok' | 'look' | 'accent' | 'plain' {
  if (state === 'accepted') return 'ok';
  if (state === 'failed' || state === 'awaiting_second') return 'look';
  return state === 'ready' || state === 'reading' || state === 'accepting' ? 'accent' : 'plain';
}

const kOpenStates: readonly Draft['state'][] = ['waiting_for_file', 'reading', 'ready', 'failed', 'awaiting_second', 'accepting'];
export const isOpen = (draft: Draft) => kOpenStates.includes(draft.state);
export const isMoving = (draft: Draft) => draft.state === 'reading' || draft.state === 'accepting';

/** Sheet, row and column in words; the file's name only when it is another than the draft's. */
export function placeText(place: Wire<'Place'>, ownFile = ''): string {
  const parts: string[] = [];
  if (place.file && place.file !== ownFile) parts.push(place.file);
  if (place.sheet) parts.push(place.sheet);
  if (place.row) parts.push(t('atRow', { n: place.row }));
  if (place.column) parts.push(t('atColumn', { n: place.column }));
  return parts.join(' · ');
}

const kMeanings: Record<string, ImportMessage> = {
  type: 'mapType', stem: 'mapStem', options: 'mapOptions', key: 'mapKey', explanation: 'mapExplanation', topic: 'mapTopic', difficulty: 'mapDifficulty',
  source: 'mapSource', level: 'mapLevel', tags: 'mapTags', title: 'mapTitle', id: 'mapId', ignore: 'mapIgnore',
};

/** The word for what a column may be; one the page does not know is shown as the server names it. */
export function meaningText(role: string): string {
  const option = /^option_(\d+)$/.exec(role);
  if (option) return t('mapOption', { letter: letter(Number(option[1]) - 1) });
  const known = kMeanings[role];
  return known ? t(known) : role;
}

/** Every column of the sheet has a meaning; what the guess left open is not used. */
export function columnsOf(columns: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, at) => columns[at] || 'ignore');
}

/** What a row is mended from: what could be made of it, else a single choice with the file's text as its stem. */
export function startContent(row: Row): Content {
  const content: Content = row.content ?? { type: 'single_choice', stem: row.findings.find((one) => one.text)?.text ?? '' };
  const start = JSON.parse(JSON.stringify(content)) as Content; // a form changes it in place
  return hasOptions(start.type) && !start.options?.length ? { ...start, options: ['', '', '', ''], key: [] } : start;
}

/** Nothing was typed: a member that is empty is the same as one that is not there. */
export const sameMend = (a: Content, b: Content) => sameContent(fullContent(a), fullContent(b));

/** What of a row stands in the file beside its stem, in the order of reading; what is not stated is left out. */
export function writtenParts(row: Row): { label: ImportMessage; text: string }[] {
  const written = row.findings.find((one) => one.written)?.written;
  const parts = [['type', written?.type], ['optionsWritten', written?.options], ['keyWritten', written?.key]] as const;
  return parts.flatMap(([label, text]) => (text ? [{ label, text }] : []));
}
