// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What an item consists of, and what is wrong with it before the server is asked.
import type { Wire } from '../../shared/types';
import { letter } from '../item_key';
import { markupProblem, plainOf, type MarkupProblem } from './markup';

export type Content = Wire<'ItemContent'>;
export type Answer = Wire<'AcceptedAnswer'>;
export type ItemType = Content['type'];
export const kTypes: readonly ItemType[] = ['true_false', 'single_choice', 'multiple_choice', 'numeric', 'short_text'];
export const kLevels = ['unstated', 'national', 'provincial'] as const;
export const kStates = ['draft', 'in_review', 'released', 'suspended', 'retired'] as const;
export const kDifficulties = [1, 2, 3, 4, 5] as const;
export const kOptionsMax = 26;
const kKioskOptionsMax = 8;

export const hasOptions = (type: ItemType) => type === 'true_false' || type === 'single_choice' || type === 'multiple_choice';

/** Options of a true/false item, in the language of the exam. */
export const kTrueFalse = ['正确', '错误'] as const;

/** An item with every member, so that forms and comparisons need not ask which are there. */
export interface FullContent extends Required<Omit<Content, 'stimulus_version'>> {}

export function fullContent(content: Content): FullContent {
  return {
    type: content.type, markup: content.markup ?? 'plain', title: content.title ?? '', topic: content.topic ?? '', difficulty: content.difficulty ?? 0, stem: content.stem,
    stimulus: content.stimulus ?? '', options: [...(content.options ?? [])], option_notes: [...(content.option_notes ?? [])], key: [...(content.key ?? [])],
    answers: (content.answers ?? []).map((one) => ({ ...one })), explanation: content.explanation ?? '', source: content.source ?? '', fixed_order: content.fixed_order ?? false,
    level: content.level ?? 'unstated', tags: [...(content.tags ?? [])], enemies: [...(content.enemies ?? [])],
  };
}

export const newContent = (): FullContent => fullContent({ type: 'single_choice', stem: '', options: ['', '', '', ''] });

/** What is sent: option notes only where there are any. */
export function sentContent(content: FullContent): Content {
  const notes = content.option_notes.some((one) => one.trim()) ? content.options.map((_, at) => content.option_notes[at] ?? '') : [];
  return { ...content, option_notes: notes };
}

export const sameContent = (a: FullContent, b: FullContent) => JSON.stringify(sentContent(a)) === JSON.stringify(sentContent(b));

/** Without option `at`, and the key still pointing at the same options. */
export function withoutOption<C extends Content>(content: C, at: number): C {
  const key = (content.key ?? []).filter((one) => one !== at).map((one) => (one > at ? one - 1 : one));
  const without = <T>(list: readonly T[] | undefined) => list?.filter((_, n) => n !== at);
  const notes = without(content.option_notes);
  return { ...content, options: without(content.options) ?? [], key, ...(notes ? { option_notes: notes } : {}) };
}

/** Option `at` and its neighbour change places; key and notes go with them. */
export function withOptionMoved(content: FullContent, at: number, by: 1 | -1): FullContent {
  const to = at + by;
  if (to < 0 || to >= content.options.length) return content;
  const swap = <T>(list: readonly T[]) => list.map((one, n) => (n === at ? (list[to] as T) : n === to ? (list[at] as T) : one));
  const notes = content.option_notes.length ? swap(content.options.map((_, n) => content.option_notes[n] ?? '')) : [];
  const key = content.key.map((one) => (one === at ? to : one === to ? at : one)).sort((a, b) => a - b);
  return { ...content, options: swap(content.options), option_notes: notes, key };
}

/** The key after a click on option `at`: one for single choice and true/false, any number for multiple choice. */
export function keyAfter(content: Content, at: number, right: boolean): number[] {
  const key = content.key ?? [];
  if (content.type !== 'multiple_choice') return right ? [at] : key.filter((one) => one !== at);
  return right ? [...new Set([...key, at])].sort((a, b) => a - b) : key.filter((one) => one !== at);
}

/** As another type: what both can hold stays. */
export function retyped<C extends Content>(content: C, type: ItemType): C {
  const next: C = { ...content, type };
  if (!hasOptions(type)) return { ...next, options: [], option_notes: [], key: [], answers: type === content.type ? content.answers : [] };
  next.answers = [];
  if (type === 'true_false') Object.assign(next, { options: [...kTrueFalse], option_notes: [] });
  else if (content.type === 'true_false' || !content.options?.length) Object.assign(next, { options: ['', '', '', ''], key: [] });
  if (type === 'true_false') next.key = (next.key ?? []).filter((one) => one < 2);
  if (type !== 'multiple_choice') next.key = (next.key ?? []).slice(0, 1);
  return next;
}

/** What live checks find, by the name of its message. */
export type Finding =
  | 'stemEmpty' | 'tooFewOptions' | 'tooManyOptions' | 'optionEmpty' | 'optionsEqual' | 'keyMissing' | 'keyNotOne' | 'answersMissing' | 'rangeTurned' | 'notANumber'
  | 'noFullAnswer' | 'badPattern';
/** A finding, the member it is about and what its message needs; markup says for itself what is wrong. */
export interface Problem {
  readonly what: Finding | 'markupWrong';
  readonly where: string;
  readonly values?: Record<string, string | number>;
  readonly markup?: MarkupProblem;
}

function optionProblems(content: FullContent): Problem[] {
  const found: Problem[] = [];
  const seen = new Map<string, number>();
  content.options.forEach((option, at) => {
    const where = `options[${at}]`;
    const plain = plainOf(option, content.markup).toLowerCase();
    if (!plain && !option.includes('<img ')) found.push({ what: 'optionEmpty', where, values: { letter: letter(at) } });
    else if (plain && seen.has(plain)) found.push({ what: 'optionsEqual', where, values: { a: letter(seen.get(plain) as number), b: letter(at) } });
    else if (plain) seen.set(plain, at);
  });
  if (content.options.length < 2) found.push({ what: 'tooFewOptions', where: 'options' });
  if (content.options.length > kKioskOptionsMax) found.push({ what: 'tooManyOptions', where: 'options', values: { n: kKioskOptionsMax } });
  if (!content.key.length) found.push({ what: 'keyMissing', where: 'key' });
  else if (content.type !== 'multiple_choice' && content.key.length !== 1) found.push({ what: 'keyNotOne', where: 'key' });
  return found;
}

const isNumber = (text: string | undefined) => !!text && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim());
function isPattern(text: string): boolean {
  try {
    return !!new RegExp(text);
  } catch {
    return false;
  }
}

function answerProblems(content: FullContent): Problem[] {
  const found: Problem[] = [];
  content.answers.forEach((one, at) => {
    const add = (what: Problem['what']) => found.push({ what, where: `answers[${at}]`, values: { n: at + 1 } });
    if (one.match === 'range' && !(isNumber(one.text) && isNumber(one.upper))) add('notANumber');
    else if (one.match === 'range' && Number(one.text) > Number(one.upper)) add('rangeTurned');
    else if (one.match === 'regex' && !isPattern(one.text)) add('badPattern');
  });
  if (!content.answers.some((one) => one.text.trim())) found.push({ what: 'answersMissing', where: 'answers' });
  else if (!content.answers.some((one) => (one.percent ?? 100) === 100)) found.push({ what: 'noFullAnswer', where: 'answers' });
  return found;
}

/** Every text with the name of its member. */
export function textsOf(content: FullContent): [member: string, text: string][] {
  return [
    ['stem', content.stem], ['explanation', content.explanation],
    ...content.options.map((text, at): [string, string] => [`options[${at}]`, text]), ...content.option_notes.map((text, at): [string, string] => [`option_notes[${at}]`, text]),
  ];
}

/** What keeps the content from review, as far as it can be seen here; the server looks again. */
export function contentProblems(content: FullContent): Problem[] {
  const found: Problem[] = [];
  if (content.markup === 'html')
    for (const [where, text] of textsOf(content)) {
      const markup = markupProblem(text);
      if (markup) found.push({ what: 'markupWrong', where, markup });
    }
  if (!plainOf(content.stem, content.markup) && !content.stem.includes('<img ')) found.push({ what: 'stemEmpty', where: 'stem' });
  return [...found, ...(hasOptions(content.type) ? optionProblems(content) : answerProblems(content))];
}

/** Three versions brought together: what I left alone comes from them; where both changed, mine stands and is named. */
export function merged(base: FullContent, mine: FullContent, theirs: FullContent): { content: FullContent; both: (keyof FullContent)[]; taken: (keyof FullContent)[] } {
  const content = { ...mine };
  const both: (keyof FullContent)[] = [];
  const taken: (keyof FullContent)[] = [];
  const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  // Type, markup, options, notes, key and answers only make sense together.
  const kTogether: readonly (keyof FullContent)[] = ['type', 'markup', 'options', 'option_notes', 'key', 'answers'];
  const mineTogether = kTogether.some((name) => differ(base[name], mine[name]));
  for (const name of Object.keys(mine) as (keyof FullContent)[]) {
    if (!differ(base[name], theirs[name])) continue;
    const changedHere = kTogether.includes(name) ? mineTogether : differ(base[name], mine[name]);
    if (!changedHere) {
      Object.assign(content, { [name]: theirs[name] });
      taken.push(name);
    } else if (differ(mine[name], theirs[name])) both.push(name);
  }
  return { content, both, taken };
}
