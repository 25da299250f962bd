// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { language } from '../../src/shared/language';
import { addDays, clockText, dayName, dayOf, durationText, inSentence, lastDay, localTime, momentText, stampText, stopwatchText } from '../../src/shared/times';

const kShanghai = 'Asia/Shanghai';
const at = (iso: string) => Date.parse(iso);
beforeEach(() => (language.value = 'zh'));

describe('times of a site', () => {
  it('are shown in the zone of the site, not of the reader', () => {
    const instant = at('2026-11-23T13:30:00Z');
    expect(clockText(instant, kShanghai)).toBe('21:30');
    expect(clockText(instant, 'Asia/Urumqi')).toBe('19:30');
    expect(clockText(instant, 'America/New_York')).toBe('08:30');
  });

  it('know midnight as 00:00 of the new day', () => {
    const midnight = at('2026-11-23T16:00:00Z');
    expect(clockText(midnight, kShanghai)).toBe('00:00');
    expect(dayOf(midnight, kShanghai)).toBe('2026-11-24');
    expect(localTime(midnight, kShanghai).weekday).toBe(2);
  });

  it('follow summer time: two instants with the same clock an hour apart', () => {
    expect(clockText(at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('02:30');
    expect(clockText(at('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('02:30');
  });

  it('fall back to UTC for a zone nobody knows', () => {
    expect(clockText(at('2026-11-23T13:30:00Z'), 'Mars/Base')).toBe('13:30');
  });
});

describe('days', () => {
  it('step over months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('have names', () => {
    expect(dayName('2026-11-23', '2026-11-23')).toBe('今天');
    expect(dayName('2026-11-24', '2026-11-23')).toBe('明天');
    expect(dayName('2026-11-27', '2026-11-23')).toBe('周五');
    language.value = 'en';
    expect(dayName('2026-11-27', '2026-11-23')).toBe('Fri');
  });
});

describe('moments in words', () => {
  const now = at('2026-11-23T12:00:00Z');
  it.each([
    ['2026-11-23T13:30:00Z', '今天 21:30', 'Today 21:30'],
    ['2026-11-23T17:00:00Z', '明天 01:00', 'Tomorrow 01:00'],
    ['2026-11-27T01:00:00Z', '11月27日 周五 09:00', 'Fri 27 Nov 09:00'],
    ['2027-01-04T01:00:00Z', '2027年1月4日 周一 09:00', 'Mon 4 Jan 2027 09:00'],
  ])('%s', (iso, zh, en) => {
    expect(momentText(at(iso), kShanghai, now)).toBe(zh);
    language.value = 'en';
    expect(momentText(at(iso), kShanghai, now)).toBe(en);
  });

  it('begin small in the middle of an English sentence', () => {
    expect(inSentence('Tomorrow 01:00')).toBe('tomorrow 01:00');
    expect(inSentence('Fri 27 Nov 09:00')).toBe('Fri 27 Nov 09:00');
    expect(inSentence('今天 21:30')).toBe('今天 21:30');
  });

  it('are short in lists and empty where there is none', () => {
    expect(stampText(at('2026-11-23T13:05:00Z'), kShanghai)).toBe('2026-11-23 21:05');
    expect(stampText(null, kShanghai)).toBe('');
  });

  it('of a pass is its day in China, whoever looks', () => {
    expect(lastDay(at('2027-11-23T15:59:59Z'))).toBe('2027-11-23');
    expect(lastDay(at('2027-11-23T16:00:00Z'))).toBe('2027-11-24');
    expect(lastDay(null)).toBe('');
  });
});

describe('lengths', () => {
  it('use the largest unit that divides them', () => {
    expect([90, 120, 1440].map(durationText)).toEqual(['90 分钟', '2 小时', '1 天']);
    language.value = 'en';
    expect([1, 60, 120].map(durationText)).toEqual(['1 minute', '1 hour', '2 hours']);
  });

  it('count as a stopwatch', () => {
    expect([42, 3605, -3].map(stopwatchText)).toEqual(['00:42', '1:00:05', '00:00']);
  });
});
