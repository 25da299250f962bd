// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What a member of the blueprint is called, so that a finding names a rule as the person who wrote it does.
import { language, listSeparator } from '../../shared/language';
import type { Blueprint, ItemType, Selector, Words } from './blueprint';
import { papersWord, t, type PapersMessage } from './messages';

export const wordsText = ({ zh, en }: Words) => (language.value === 'en' && en.trim() ? en : zh);
export const typeText = (type: ItemType) => papersWord(type);

/** 难度 4–5 的多选题，专题 law: what a selector counts, in words. */
export function selectorText(counts: Selector, topicTitle: (id: string) => string): string {
  const joined = (list: readonly string[]) => list.join(listSeparator.value);
  const parts = [
    counts.types.length ? joined(counts.types.map(typeText)) : '',
    counts.topics.length ? joined(counts.topics.map(topicTitle)) : '',
    counts.difficulty ? t('difficultyRange', { low: counts.difficulty.low, high: counts.difficulty.high }) : '',
    counts.levels.length ? joined(counts.levels.map((one) => papersWord(one))) : '',
    counts.tags.length ? joined(counts.tags.map((tag) => `#${tag}`)) : '',
    counts.items.length ? t('namedItems', { n: counts.items.length }) : '',
  ].filter(Boolean);
  return parts.length ? parts.join(' · ') : t('allItems');
}

export function topicTitleOf(blueprint: Blueprint): (id: string) => string {
  return (id) => {
    const topic = blueprint.topics.find((one) => one.id === id);
    return topic && topic.title.zh ? wordsText(topic.title) : id;
  };
}

const indexIn = (where: string, list: string) => Number(new RegExp(`^${list}\\[(\\d+)\\]`).exec(where)?.[1] ?? -1);

/** The name of `where` in the form; `otherwise` where the form has no such member. */
export function placeText(where: string, blueprint: Blueprint, otherwise = ''): string {
  const part = blueprint.parts[indexIn(where, 'parts')];
  if (part) return typeText(part.type);
  const topic = blueprint.topics[indexIn(where, 'topics')];
  if (topic) {
    const type = where.split('.counts.')[1];
    const title = topic.title.zh ? wordsText(topic.title) : topic.id;
    return type ? `${typeText(type as ItemType)} · ${title}` : title;
  }
  const rule = blueprint.rules[indexIn(where, 'rules')];
  if (rule) return rule.title.zh ? wordsText(rule.title) : selectorText(rule.counts, topicTitleOf(blueprint));
  const required = blueprint.required[indexIn(where, 'required')];
  if (required) return t('requiredOne', { item: required });
  if (where === 'parts') return t('wholePaper');
  if (where === 'case_groups' || where === 'difficulty' || where === 'facility' || where === 'information') return papersWord(where === 'difficulty' ? 'meanDifficulty' : where);
  return otherwise || where;
}

/** The member of the file of a rule that assembly names: 'part 1 (true_false), topic law', 'rules[2]', or its own title. */
export function whereOf(name: string, blueprint: Blueprint): string {
  const part = /^part (\d+) \(\w+\)(?:, topic (.+))?$/.exec(name);
  if (!part) {
    const titled = blueprint.rules.findIndex((rule) => rule.title.zh.trim() === name);
    return titled >= 0 ? `rules[${titled}]` : name;
  }
  const topic = blueprint.topics.findIndex((one) => one.id === part[2]);
  const type = blueprint.parts[Number(part[1]) - 1]?.type;
  return topic >= 0 && type ? `topics[${topic}].counts.${type}` : `parts[${Number(part[1]) - 1}].count`;
}
export const ruleText = (name: string, blueprint: Blueprint) => placeText(whereOf(name, blueprint), blueprint, name);

const kMembers: Record<string, PapersMessage> = {
  minutes: 'minutes', pass_points: 'passPoints', category: 'category', role: 'role', type: 'type', count: 'count', points_each: 'pointsEach', scoring: 'scoring', points_per_option: 'perOption',
  wrong_costs: 'wrongCosts', low: 'atLeast', high: 'atMost', measure: 'measure', items: 'items', types: 'type', topics: 'topic', tags: 'tags', levels: 'level', required: 'required', items_low: 'casesItems',
  items_high: 'casesItems', id: 'id', zh: 'titleZh', en: 'titleEn',
};
/** Any member of the file in words: the thing it belongs to, and which number or text of it. */
export function memberText(where: string, blueprint: Blueprint): string {
  const last = /[^.[\]]+$/.exec(where)?.[0] ?? '';
  const place = placeText(where, blueprint);
  const member = kMembers[last] ? t(kMembers[last]) : /\.counts\./.test(where) ? '' : last;
  return [place === where ? '' : place, member].filter(Boolean).join(' · ') || where;
}

/** Items, points, or neither: what the numbers of a member count. */
export function unitOf(where: string, blueprint: Blueprint): 'items' | 'points' | 'cases' | 'mean' {
  if (where === 'case_groups') return 'cases';
  if (where === 'difficulty' || where === 'facility' || where === 'information') return 'mean';
  return blueprint.rules[indexIn(where, 'rules')]?.points ? 'points' : 'items';
}
