// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Numbers in words, and the points of the drawings.
import type { Wire } from '../../shared/types';
import { t, type AnalysisMessage } from './messages';

export type ItemStatistics = Wire<'ItemStatistics'>;
export type ItemStatisticsRow = Wire<'ItemStatisticsRow'>;
export type Maybe = number | null | undefined;

export const kInk = { accent: '#0b6b5e', amber: '#995c00', line: '#dfe6e3', ink3: '#66736f' };
/** Told apart by dash and mark as well as by colour. */
export const kLines = ['#0b6b5e', '#995c00', '#3a5a8c', '#7a3f7d', '#4b5b58', '#1e7d43'];
export const kMarks = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'];

export const known = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

/** With `digits` places, or why there is none. */
export function numberText(value: Maybe, digits = 2, why: AnalysisMessage = 'noValue'): string {
  return known(value) ? value.toFixed(digits) : t(why);
}

export const percentText = (value: Maybe, why: AnalysisMessage = 'noValue') => (known(value) ? `${(value * 100).toFixed(1)}%` : t(why));

/** A correlation is missing because nobody differed, or because there is too little. */
export function correlationText(item: Pick<ItemStatistics, 'facility'>, value: Maybe): string {
  return numberText(value, 2, item.facility === 0 || item.facility === 1 ? 'notConstant' : 'noValue');
}

export function estimateText(value: Maybe, se: Maybe): string {
  if (!known(value)) return t('noEstimate');
  return known(se) ? t('withSe', { value: value.toFixed(2), se: se.toFixed(2) }) : value.toFixed(2);
}

/** Quartiles of the time, or that none was recorded. */
export function timesText(item: Pick<ItemStatistics, 'lower_seconds' | 'median_seconds' | 'upper_seconds'>): string {
  if (!known(item.median_seconds)) return t('noTimes');
  const whole = (value: Maybe) => Math.round(value ?? 0);
  return t('secondsRange', { low: whole(item.lower_seconds), n: whole(item.median_seconds), high: whole(item.upper_seconds) });
}

/** Chance of being right at an ability, by the two-parameter logistic model. */
export const chance = (ability: number, difficulty: number, slope: number) => 1 / (1 + Math.exp(-slope * (ability - difficulty)));

const kAbilityMax = 4;
const kSteps = 64;
/** [ability, chance] from -4 to 4. */
export function chanceCurve(difficulty: number, slope: number): [number, number][] {
  return Array.from({ length: kSteps + 1 }, (_, n) => {
    const ability = -kAbilityMax + (2 * kAbilityMax * n) / kSteps;
    return [ability, chance(ability, difficulty, slope)];
  });
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly sittings: number;
}
const kBinsMax = 25;
const kWidths = [1, 2, 5, 10, 20, 50, 100];

/** Scores in at most 25 equal bins [from, to); none is left out. */
export function scoreBins(scores: readonly { points: number; sittings: number }[]): Bin[] {
  if (!scores.length) return [];
  const points = scores.map((one) => one.points);
  const low = Math.min(...points);
  const high = Math.max(...points);
  const width = kWidths.find((one) => (high - low) / one < kBinsMax) ?? Math.ceil((high - low + 1) / kBinsMax);
  const from = Math.floor(low / width) * width;
  const bins = Array.from({ length: Math.floor((high - from) / width) + 1 }, (_, n) => ({ from: from + n * width, to: from + (n + 1) * width, sittings: 0 }));
  for (const { points: at, sittings } of scores) {
    const bin = bins[Math.floor((at - from) / width)];
    if (bin) bin.sittings += sittings;
  }
  return bins;
}
