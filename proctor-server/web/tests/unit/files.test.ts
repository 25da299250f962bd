// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { calendarText } from '../../src/shared/calendar';
import { csvText } from '../../src/shared/csv';
import { orientationOf } from '../../src/shared/photo';
import { bankIdFrom, bankTitleFrom } from '../../src/staff/bank_file';
import { hoursOf, isWholeWeek, minuteOf, weekOf, wholeWeek } from '../../src/staff/hours';

describe('CSV', () => {
  it('quotes, begins with a byte order mark and keeps null empty', () => {
    expect(csvText(['a', 'b'], [['x,"y"', null], [1, 'two\nlines']])).toBe('\ufeffa,b\r\n"x,""y""",\r\n1,"two\nlines"\r\n');
  });

  it('lets no cell be run as a formula, but leaves numbers alone', () => {
    expect(csvText(['n'], [['=1+1'], ['@x'], ['+86'], [-3]])).toBe("\ufeffn\r\n'=1+1\r\n'@x\r\n'+86\r\n-3\r\n");
  });
});

describe('calendar entry', () => {
  const text = calendarText(
    { uid: 'r1', startMs: Date.parse('2026-11-24T13:30:00Z'), endMs: Date.parse('2026-11-24T15:30:00Z'), title: '低压电工作业; 理论考试', place: '1 号, 厅', notes: '一行\n二行'.repeat(12) },
    Date.parse('2026-11-23T00:00:00Z'),
  );

  it('is in UTC and escapes what has a meaning', () => {
    expect(text).toContain('DTSTART:20261124T133000Z');
    expect(text).toContain('SUMMARY:低压电工作业\\; 理论考试');
    expect(text).toContain('LOCATION:1 号\\, 厅');
  });

  it('has no line of more than 75 bytes', () => {
    for (const line of text.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(text.replace(/\r\n /g, '')).toContain('一行\\n二行一行\\n二行');
  });
});

describe('opening hours', () => {
  it('come back as they were', () => {
    const hours = [{ weekday: 1, open_minute: 510, close_minute: 720 }, { weekday: 1, open_minute: 780, close_minute: 1440 }];
    expect(hoursOf(weekOf(hours))).toEqual(hours);
    expect(isWholeWeek(wholeWeek())).toBe(true);
    expect(hoursOf(wholeWeek())).toHaveLength(7);
  });

  it('refuse nonsense, closing before opening, and overlaps', () => {
    const monday = (...spans: [string, string][]) => [spans.map(([open, close]) => ({ open, close })), [], [], [], [], [], []];
    expect(hoursOf(monday(['08:30', '08:30']))).toBeNull();
    expect(hoursOf(monday(['8', '17:00']))).toBeNull();
    expect(hoursOf(monday(['08:00', '12:00'], ['11:00', '17:00']))).toBeNull();
    expect(['24:00', '24:01', '8:05', '08:60'].map(minuteOf)).toEqual([1440, null, 485, null]);
  });
});

describe('bank files', () => {
  it('are named after the file', () => {
    expect(bankIdFrom('低压电工 2026 v2.JSON')).toBe('2026-v2');
    expect(bankIdFrom('基础训练.json')).toBe('bank');
    expect(bankTitleFrom('基础训练-低压.json')).toBe('基础训练-低压');
  });
});

describe('photo orientation', () => {
  const jpeg = (...bytes: number[]) => new DataView(new Uint8Array([0xff, 0xd8, ...bytes, ...Array(16).fill(0)]).buffer);

  it('is read from EXIF in either byte order', () => {
    const little = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
    const big = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0];
    expect(orientationOf(jpeg(...little))).toBe(6);
    expect(orientationOf(jpeg(...big))).toBe(8);
  });

  it('is 1 for what has none, is cut off, or is no JPEG', () => {
    expect(orientationOf(jpeg(0xff, 0xdb, 0, 4))).toBe(1);
    expect(orientationOf(jpeg(0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 42, 0, 255, 255, 0, 0))).toBe(1);
    expect(orientationOf(new DataView(new ArrayBuffer(3)))).toBe(1);
  });
});
