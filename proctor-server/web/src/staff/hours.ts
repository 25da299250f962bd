// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../shared/types';

export type Hours = Wire<'Hours'>;
export interface Span {
  readonly open: string;
  readonly close: string;
}
/** Seven lists of spans, Monday first, as text the way it is typed. */
export type Week = Span[][];

export const kWholeDay: Span = { open: '00:00', close: '24:00' };

/** Minutes after midnight of 8:30 or 08:30; null when it is not a time. 24:00 is 1440. */
export function minuteOf(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim());
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= 1440 ? minute : null;
}

const two = (n: number) => String(n).padStart(2, '0');
export const timeOf = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

export function weekOf(hours: readonly Hours[]): Week {
  const week: Week = Array.from({ length: 7 }, () => []);
  [...hours]
    .sort((a, b) => a.open_minute - b.open_minute)
    .forEach((one) => week[one.weekday - 1]?.push({ open: timeOf(one.open_minute), close: timeOf(one.close_minute) }));
  return week;
}

/** The hours as the API wants them; null when a time is not one, or a span ends before it begins or overlaps. */
export function hoursOf(week: Week): Hours[] | null {
  const hours: Hours[] = [];
  for (const [day, spans] of week.entries()) {
    let lastClose = -1;
    for (const span of spans) {
      const open = minuteOf(span.open);
      const close = minuteOf(span.close);
      if (open === null || close === null || close <= open || open < lastClose) return null;
      hours.push({ weekday: day + 1, open_minute: open, close_minute: close });
      lastClose = close;
    }
  }
  return hours;
}

export const wholeWeek = (): Week => Array.from({ length: 7 }, () => [{ ...kWholeDay }]);

export function isWholeWeek(week: Week): boolean {
  return week.every((spans) => spans.length === 1 && spans[0]?.open === kWholeDay.open && spans[0].close === kWholeDay.close);
}
