// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// A blueprint as the form edits it, and the JSON of docs/formats/blueprint-json.md that it is read from and written to.
import type { Wire } from '../../shared/types';

export type ItemType = Wire<'ItemType'>;
export type Level = Wire<'ItemLevel'>;
/** A number that is being typed; null = the field is empty. */
export type Typed = number | null;
export interface Words { zh: string; en: string }
export interface Part { type: ItemType; count: Typed; points: Typed; partial: boolean; perOption: Typed; wrongCosts: Typed }
export interface Topic { id: string; title: Words; counts: Partial<Record<ItemType, Typed>> }
export interface Selector { types: ItemType[]; topics: string[]; difficulty: { low: number; high: number } | null; levels: Level[]; tags: string[]; items: string[] }
export interface CountRule { title: Words; counts: Selector; points: boolean; low: Typed; high: Typed }
export interface CaseGroups { low: Typed; high: Typed; whole: boolean; itemsLow: Typed; itemsHigh: Typed }
export interface Band { low: Typed; high: Typed }
export const kBands = ['difficulty', 'facility', 'information'] as const;
export type BandName = (typeof kBands)[number];

export interface Blueprint {
  id: string; title: Words; role: Wire<'BlueprintRow'>['role']; category: string; minutes: Typed; passPoints: Typed;
  parts: Part[]; topics: Topic[]; rules: CountRule[]; required: string[]; cases: CaseGroups | null; bands: Record<BandName, Band | null>;
  /** Members that this form does not know: they are written back as they were. */
  others: Record<string, unknown>;
}

export const kTypes: readonly ItemType[] = ['true_false', 'single_choice', 'multiple_choice', 'numeric', 'short_text'];
export const kLevels: readonly Level[] = ['national', 'provincial', 'unstated'];
/** Most that each band can be; facility is a share, difficulty a level. */
export const kBandMax: Record<BandName, number> = { difficulty: 5, facility: 1, information: 1000 };

export const newPart = (type: ItemType): Part => ({ type, count: 10, points: 1, partial: false, perOption: 0.5, wrongCosts: 0 });
export const newRule = (): CountRule => ({ title: { zh: '', en: '' }, counts: { types: [], topics: [], difficulty: null, levels: [], tags: [], items: [] }, points: false, low: 1, high: 1 });
export const newCases = (): CaseGroups => ({ low: 1, high: 1, whole: true, itemsLow: 2, itemsHigh: 5 });

export function newBlueprint(): Blueprint {
  return {
    id: '', title: { zh: '', en: '' }, role: 'special_operations', category: '', minutes: 120, passPoints: 80,
    parts: [{ ...newPart('true_false'), count: 70 }, { ...newPart('single_choice'), count: 30 }], topics: [], rules: [], required: [],
    cases: null, bands: { difficulty: null, facility: null, information: null }, others: {},
  };
}

type Json = Record<string, unknown>;
const object = (value: unknown): Json => (value && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const texts = <T extends string>(value: unknown) => list(value).filter((one) => typeof one === 'string') as T[];
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const number = (value: unknown): Typed => (typeof value === 'number' ? value : null);
const words = (value: unknown): Words => ({ zh: text(object(value).zh), en: text(object(value).en) });
const kKnown = ['format', 'version', 'id', 'title', 'role', 'category', 'minutes', 'pass_points', 'parts', 'topics', 'rules', 'required', 'case_groups', ...kBands];

function partOf(value: unknown): Part {
  const part = object(value);
  return {
    type: text(part.type) as ItemType, count: number(part.count), points: number(part.points_each), partial: part.scoring === 'partial',
    perOption: number(part.points_per_option) ?? 0.5, wrongCosts: number(part.wrong_costs) ?? 0,
  };
}

function ruleOf(value: unknown): CountRule {
  const rule = object(value);
  const counts = object(rule.counts);
  const range = object(counts.difficulty);
  return {
    title: words(rule.title), points: rule.measure === 'points', low: number(rule.low), high: number(rule.high),
    counts: {
      types: texts(counts.types), topics: texts(counts.topics), levels: texts(counts.levels), tags: texts(counts.tags), items: texts(counts.items),
      difficulty: counts.difficulty ? { low: number(range.low) ?? 1, high: number(range.high) ?? 5 } : null,
    },
  };
}

function casesOf(value: unknown): CaseGroups | null {
  if (!value) return null;
  const cases = object(value);
  return { low: number(cases.low), high: number(cases.high), whole: cases.items_low === undefined, itemsLow: number(cases.items_low) ?? 2, itemsHigh: number(cases.items_high) ?? 5 };
}

const bandOf = (value: unknown): Band | null => (value ? { low: number(object(value).low), high: number(object(value).high) } : null);

/** Throws when `json` is no JSON object; whatever else is wrong shows as empty fields. */
export function readBlueprint(json: string): Blueprint {
  const whole = object(JSON.parse(json));
  return {
    id: text(whole.id), title: words(whole.title), role: text(whole.role) as Blueprint['role'], category: text(whole.category),
    minutes: number(whole.minutes), passPoints: number(whole.pass_points), parts: list(whole.parts).map(partOf),
    topics: list(whole.topics).map((one) => ({ id: text(object(one).id), title: words(object(one).title), counts: { ...(object(object(one).counts) as Topic['counts']) } })),
    rules: list(whole.rules).map(ruleOf), required: texts(whole.required), cases: casesOf(whole.case_groups),
    bands: { difficulty: bandOf(whole.difficulty), facility: bandOf(whole.facility), information: bandOf(whole.information) },
    others: Object.fromEntries(Object.entries(whole).filter(([name]) => !kKnown.includes(name))),
  };
}

const named = ({ zh, en }: Words) => (en.trim() ? { zh: zh.trim(), en: en.trim() } : { zh: zh.trim() });
const filled = (members: Json): Json => Object.fromEntries(Object.entries(members).filter(([, value]) => !(Array.isArray(value) && !value.length) && value !== null && value !== undefined && value !== ''));

function partJson(part: Part): Json {
  return filled({
    type: part.type, count: part.count, points_each: part.points, scoring: part.type === 'multiple_choice' ? (part.partial ? 'partial' : 'all_or_nothing') : '',
    points_per_option: part.partial && part.type === 'multiple_choice' ? part.perOption : null, wrong_costs: part.wrongCosts || null,
  });
}

/** The file's text. Fields that are left empty are left out: the server says what is missing, and where. */
export function writeBlueprint(blueprint: Blueprint): string {
  const { cases, bands } = blueprint;
  const types = blueprint.parts.map((part) => part.type);
  return JSON.stringify({
    format: 'invigil-blueprint', version: 1,
    ...filled({
      id: blueprint.id, title: named(blueprint.title), role: blueprint.role, category: blueprint.role === 'special_operations' ? blueprint.category : '',
      minutes: blueprint.minutes, pass_points: blueprint.passPoints, parts: blueprint.parts.map(partJson),
      topics: blueprint.topics.map((topic) => ({ id: topic.id, title: named(topic.title), counts: Object.fromEntries(types.map((type) => [type, topic.counts[type] ?? 0])) })),
      rules: blueprint.rules.map((rule) => filled({
        title: rule.title.zh.trim() ? named(rule.title) : null, counts: filled({ ...rule.counts }), measure: rule.points ? 'points' : '', low: rule.low, high: rule.high,
      })),
      required: blueprint.required,
      case_groups: cases && filled({ low: cases.low, high: cases.high, items_low: cases.whole ? null : cases.itemsLow, items_high: cases.whole ? null : cases.itemsHigh }),
      ...bands,
    }),
    ...blueprint.others,
  });
}
