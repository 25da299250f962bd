// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { keyText, pointsText, type Regrade } from '../../src/staff/analysis/regrade';
import { chance, chanceCurve, correlationText, estimateText, numberText, percentText, scoreBins, timesText, type ItemStatistics } from '../../src/staff/analysis/values';

describe('numbers in words', () => {
  it('say why there is none', () => {
    expect(numberText(null)).toContain('—');
    expect(percentText(0.5)).toBe('50.0%');
    expect(correlationText({ facility: 1 } as ItemStatistics, null)).toContain('全对');
    expect(correlationText({ facility: 0.4 } as ItemStatistics, null)).toContain('不足');
    expect(estimateText(-0.5, 0.125)).toBe('-0.50 ± 0.13');
    expect(estimateText(1, null)).toBe('1.00');
  });
  it('times are quartiles in whole seconds, or none was recorded', () => {
    expect(timesText({ lower_seconds: 8.4, median_seconds: 12.5, upper_seconds: 30 })).toBe('8 — 13 — 30 秒');
    expect(timesText({ lower_seconds: null, median_seconds: null, upper_seconds: null })).toContain('没有记录');
  });
  it('zero is a number', () => expect(numberText(0)).toBe('0.00'));
  it('points show halves and no more places than they have', () => expect([80, 79.5].map(pointsText)).toEqual(['80', '79.5']));
});

describe('the drawings', () => {
  it('the curve crosses one half at the difficulty and rises with a slope above 0', () => {
    expect(chance(0.7, 0.7, 1.3)).toBe(0.5);
    const curve = chanceCurve(0, 1);
    expect([curve[0]?.[0], curve[curve.length - 1]?.[0]]).toEqual([-4, 4]);
    expect(curve[0]?.[1]).toBeLessThan(curve[curve.length - 1]?.[1] as number);
  });
  it('no sitting is left out of the bins, and they are at most 25', () => {
    const scores = [{ points: 0, sittings: 2 }, { points: 59.5, sittings: 3 }, { points: 100, sittings: 5 }];
    const bins = scoreBins(scores);
    expect(bins.reduce((sum, bin) => sum + bin.sittings, 0)).toBe(10);
    expect(bins.length).toBeLessThanOrEqual(25);
    expect(bins.find((bin) => bin.from <= 59.5 && 59.5 < bin.to)?.sittings).toBe(3);
    expect(scoreBins([{ points: 80, sittings: 1 }])).toEqual([{ from: 80, to: 81, sittings: 1 }]);
    expect(scoreBins([])).toEqual([]);
  });
});

describe('the corrected key of a regrade', () => {
  it('is letters, or what may be typed with its share', () => {
    expect(keyText({ key: [0, 2] } as Regrade)).toBe('AC');
    const answers = [{ match: 'range', text: '1.05', upper: '1.15', percent: 100 }, { match: 'exact', text: '1', percent: 50 }];
    expect(keyText({ key: [], answers } as unknown as Regrade)).toBe('1.05 … 1.15 | 1 (50 %)');
  });
});
