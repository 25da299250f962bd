// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What a form can tell by itself, before the server is asked: sums, and fields that cannot be right.
import { kBandMax, kBands, type Blueprint, type ItemType, type Typed } from './blueprint';
import type { PapersMessage } from './messages';

export const itemsOf = (blueprint: Blueprint) => blueprint.parts.reduce((sum, part) => sum + (part.count ?? 0), 0);

/** Points are whole hundredths, so that halves add up exactly. */
const hundredths = (points: Typed) => Math.round((points ?? 0) * 100);
export const pointsOf = (blueprint: Blueprint) => blueprint.parts.reduce((sum, part) => sum + (part.count ?? 0) * hundredths(part.points), 0) / 100;

export interface Sum {
  readonly type: ItemType;
  readonly wanted: number;
  readonly given: number;
}
/** What the topics give to each part, beside what the part wants; nothing without topics. */
export function sumsOf(blueprint: Blueprint): Sum[] {
  if (!blueprint.topics.length) return [];
  return blueprint.parts.map(({ type, count }) => ({ type, wanted: count ?? 0, given: blueprint.topics.reduce((sum, topic) => sum + (topic.counts[type] ?? 0), 0) }));
}

export interface Fault {
  /** The member of the file, as the server's errors name it. */
  readonly where: string;
  readonly what: PapersMessage;
  readonly values?: Record<string, string | number>;
}

const whole = (value: Typed, low: number, high: number) => value !== null && Number.isInteger(value) && value >= low && value <= high;
const cents = (value: Typed, low: number, high: number) => value !== null && value >= low && value <= high && Math.abs(value * 100 - Math.round(value * 100)) < 1e-6;

function basics(blueprint: Blueprint): Fault[] {
  const found: Fault[] = [];
  if (!/^[a-z0-9-]{1,64}$/.test(blueprint.id)) found.push({ where: 'id', what: 'faultId' });
  if (!blueprint.title.zh.trim()) found.push({ where: 'title.zh', what: 'faultTitle' });
  if (!whole(blueprint.minutes, 1, 600)) found.push({ where: 'minutes', what: 'faultMinutes' });
  const all = pointsOf(blueprint);
  if (!cents(blueprint.passPoints, 0, Infinity)) found.push({ where: 'pass_points', what: 'faultPoints' });
  else if ((blueprint.passPoints ?? 0) > all) found.push({ where: 'pass_points', what: 'faultPass', values: { all } });
  return found;
}

function parts(blueprint: Blueprint): Fault[] {
  const found: Fault[] = blueprint.parts.length ? [] : [{ where: 'parts', what: 'faultNoParts' }];
  blueprint.parts.forEach((part, at) => {
    if (blueprint.parts.findIndex((one) => one.type === part.type) !== at) found.push({ where: `parts[${at}].type`, what: 'faultTypeTwice' });
    if (!whole(part.count, 1, 500)) found.push({ where: `parts[${at}].count`, what: 'faultCount' });
    if (!cents(part.points, 0.01, 100)) found.push({ where: `parts[${at}].points_each`, what: 'faultPointsEach' });
    const most = part.points ?? 0;
    if (part.partial && part.type === 'multiple_choice' && !cents(part.perOption, 0.01, most)) found.push({ where: `parts[${at}].points_per_option`, what: 'faultPerOption', values: { most } });
    if (!cents(part.wrongCosts, 0, most)) found.push({ where: `parts[${at}].wrong_costs`, what: 'faultWrongCosts', values: { most } });
  });
  return found;
}

function topics(blueprint: Blueprint): Fault[] {
  const found: Fault[] = [];
  blueprint.topics.forEach((topic, at) => {
    if (!/^[a-z0-9_-]{1,64}$/.test(topic.id)) found.push({ where: `topics[${at}].id`, what: 'faultTopicId' });
    else if (blueprint.topics.findIndex((one) => one.id === topic.id) !== at) found.push({ where: `topics[${at}].id`, what: 'faultTopicTwice' });
    if (!topic.title.zh.trim()) found.push({ where: `topics[${at}].title.zh`, what: 'faultTopicTitle' });
    for (const { type } of blueprint.parts)
      if (!whole(topic.counts[type] ?? 0, 0, 500)) found.push({ where: `topics[${at}].counts.${type}`, what: 'faultTopicCount' });
  });
  for (const { type, wanted, given } of sumsOf(blueprint))
    if (given !== wanted) found.push({ where: `sum.${type}`, what: given < wanted ? 'faultSumLow' : 'faultSumHigh', values: { by: Math.abs(wanted - given), wanted, given } });
  return found;
}

function ranges(blueprint: Blueprint): Fault[] {
  const found: Fault[] = [];
  blueprint.rules.forEach((rule, at) => {
    const sound = (value: Typed) => (rule.points ? cents(value, 0, 100_000) : whole(value, 0, 2500));
    if (!sound(rule.low) || !sound(rule.high)) found.push({ where: `rules[${at}]`, what: rule.points ? 'faultPoints' : 'faultRuleCount' });
    else if ((rule.low ?? 0) > (rule.high ?? 0)) found.push({ where: `rules[${at}]`, what: 'faultLowHigh' });
  });
  const cases = blueprint.cases;
  if (cases) {
    const counts = whole(cases.low, 0, 500) && whole(cases.high, cases.low ?? 0, 500);
    const items = cases.whole || (whole(cases.itemsLow, 1, 500) && whole(cases.itemsHigh, cases.itemsLow ?? 1, 500));
    if (!counts || !items) found.push({ where: 'case_groups', what: 'faultCases' });
  }
  for (const name of kBands) {
    const band = blueprint.bands[name];
    if (!band) continue;
    const inside = (value: Typed) => value !== null && value >= 0 && value <= kBandMax[name];
    if (!inside(band.low) || !inside(band.high) || (band.low ?? 0) >= (band.high ?? 0)) found.push({ where: name, what: 'faultBand', values: { most: kBandMax[name] } });
  }
  if (blueprint.bands.difficulty && blueprint.bands.facility) found.push({ where: 'facility', what: 'faultTwoBands' });
  return found;
}

/** Whatever must be put right before the pre-flight can be asked and the blueprint saved. */
export const faultsOf = (blueprint: Blueprint): Fault[] => [...basics(blueprint), ...parts(blueprint), ...topics(blueprint), ...ranges(blueprint)];
