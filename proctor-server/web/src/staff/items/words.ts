// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Values of an item in words.
import { listSeparator } from '../../shared/language';
import type { Wire } from '../../shared/types';
import { letter } from '../item_key';
import { hasOptions, type Answer, type Content, type Problem } from './content';
import type { MarkupProblem } from './markup';
import { moveTitle } from './moves';
import { t, type ItemsMessage } from './messages';
import { topicTitle } from './taxonomy';

export type Row = Wire<'ItemRow'>;
export type Detail = Wire<'ItemDetail'>;

const kTypeWords: Record<Content['type'], ItemsMessage> = {
  true_false: 'typeTrueFalse', single_choice: 'typeSingle', multiple_choice: 'typeMultiple', numeric: 'typeNumeric', short_text: 'typeShortText',
};
const kStateWords: Record<Row['state'], ItemsMessage> = { draft: 'stateDraft', in_review: 'stateInReview', released: 'stateReleased', suspended: 'stateSuspended', retired: 'stateRetired' };
const kLevelWords: Record<Row['level'], ItemsMessage> = { unstated: 'levelUnstated', national: 'levelNational', provincial: 'levelProvincial' };
const kMatchWords: Record<Answer['match'], ItemsMessage> = { exact: 'matchExact', ignore_case: 'matchIgnoreCase', regex: 'matchRegex', range: 'matchRange' };
const kFieldWords: Record<string, ItemsMessage> = {
  type: 'type', markup: 'markup', title: 'itemTitle', stem: 'stem', stimulus: 'stimulus', stimulus_version: 'stimulusVersion', key: 'key', answers: 'answers', explanation: 'explanation',
  source: 'source', topic: 'topic', difficulty: 'difficulty', level: 'level', tags: 'tags', enemies: 'enemies', fixed_order: 'fixedOrder', options: 'options', option_notes: 'notes',
};
const kEventWords: Record<string, ItemsMessage> = { made: 'eventMade', edited: 'eventEdited', imported: 'eventImported', bulk: 'eventBulk' };

export const typeWord = (type: string) => (type in kTypeWords ? t(kTypeWords[type as Content['type']]) : type);
export const stateWord = (state: string) => (state in kStateWords ? t(kStateWords[state as Row['state']]) : state);
export const levelWord = (level: string) => (level in kLevelWords ? t(kLevelWords[level as Row['level']]) : level);
export const matchWord = (match: Answer['match']) => t(kMatchWords[match]);
export const eventWord = (move: string) => (kEventWords[move] ? t(kEventWords[move] as ItemsMessage) : moveTitle(move));
export const difficultyWord = (value: number) => (value ? t('difficultyOf', { n: value }) : t('unknown'));

export function stateTone(state: Row['state']): 'ok' | 'look' | 'accent' | 'plain' {
  if (state === 'released') return 'ok';
  if (state === 'suspended') return 'look';
  return state === 'in_review' ? 'accent' : 'plain';
}

/** Member of ItemContent in words; options[2] is option C. */
export function fieldWord(field: string): string {
  const one = /^(options|option_notes)\[(\d+)\]$/.exec(field);
  if (one) return t(one[1] === 'options' ? 'optionN' : 'noteN', { letter: letter(Number(one[2])) });
  const known = kFieldWords[field];
  return known ? t(known) : field;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function answerText(one: Answer): string {
  const text = one.match === 'range' ? t('fromTo', { from: one.text, to: one.upper ?? '' }) : one.text;
  const share = one.percent === undefined || one.percent === 100 ? '' : ` (${one.percent}%)`;
  return `${text}${share}`;
}

/** A value of a diff in words: key as letters, lists with commas, names instead of ids. */
export function valueWord(field: string, value: string): string {
  if (value === '') return '';
  if (field === 'type') return typeWord(value);
  if (field === 'level') return levelWord(value);
  if (field === 'topic') return topicTitle(value);
  if (field === 'difficulty') return difficultyWord(Number(value));
  if (field === 'fixed_order') return t(value === 'true' ? 'yes' : 'no');
  if (field === 'markup') return t(value === 'html' ? 'markupHtml' : 'markupPlain');
  const list = parsed(value);
  if (field === 'key' && Array.isArray(list)) return list.map((at) => letter(Number(at))).join('');
  if (field === 'answers' && Array.isArray(list)) return (list as Answer[]).map(answerText).join('\n');
  if ((field === 'tags' || field === 'enemies') && Array.isArray(list)) return list.join(listSeparator.value);
  return value;
}

/** The right answer in a few letters. */
export function rightText(content: Content): string {
  if (!hasOptions(content.type)) return (content.answers ?? []).map(answerText).join(listSeparator.value);
  if (content.type === 'true_false') return (content.key ?? []).map((at) => content.options?.[at] ?? letter(at)).join('');
  return (content.key ?? []).map(letter).join('');
}

const kMarkupWords: Record<MarkupProblem['what'], ItemsMessage> = {
  loneAmp: 'markLoneAmp', loneLess: 'markLoneLess', notOpen: 'markNotOpen', notClosed: 'markNotClosed', tagNotAllowed: 'markTag', attributeNotAllowed: 'markAttribute',
  attributeForm: 'markAttributeForm', pictureSource: 'markPicture', tooDeep: 'markDeep',
};
export const markupText = (problem: MarkupProblem) => t('markupAt', { n: problem.at, what: t(kMarkupWords[problem.what], { text: problem.text }) });

/** A finding of the live checks, with the member it is about. */
export function problemText({ what, where, values, markup }: Problem): string {
  const said = markup ? markupText(markup) : what === 'markupWrong' ? '' : t(what, values);
  return `${fieldWord(where.startsWith('answers[') ? 'answers' : where)}: ${said}`;
}
