// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { common } from './messages';
import { language } from './language';

/** Wall-clock parts of an instant in a zone. weekday: 1 Monday .. 7 Sunday. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

const kFormats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = kFormats.get(zone);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hour12: false,
  };
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch {
    made = new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
  kFormats.set(zone, made);
  return made;
}

/** The zone a member of staff sits in; lists that span sites use each row's own zone where it is known. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export function localTime(instantMs: number, zone: string): LocalTime {
  const parts: Record<string, number> = {};
  formatOf(zone).formatToParts(new Date(instantMs)).forEach((part) => {
    if (part.type !== 'literal') parts[part.type] = Number(part.value);
  });
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return { year, month, day, hour: hour % 24, minute, second, weekday };
}

const two = (n: number) => (n < 10 ? `0${n}` : String(n));

/** YYYY-MM-DD in the zone, as the API wants days. */
export function dayOf(instantMs: number, zone: string): string {
  const { year, month, day } = localTime(instantMs, zone);
  return `${year}-${two(month)}-${two(day)}`;
}

/** The day `count` days after `day`, both YYYY-MM-DD. Calendar days, so summer time does not matter. */
export function addDays(day: string, count: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const next = new Date(Date.UTC(year, month - 1, date + count));
  return `${next.getUTCFullYear()}-${two(next.getUTCMonth() + 1)}-${two(next.getUTCDate())}`;
}

const kWeekdays = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};
const kMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function weekdayName(weekday: number): string {
  return kWeekdays[language.value][weekday - 1] as string;
}

/** Weekday 1..7 of YYYY-MM-DD. */
export function weekdayOf(day: string): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
}

/** 11月24日 or 24 Nov. */
export function dayText(day: string): string {
  const [, month, date] = day.split('-').map(Number) as [number, number, number];
  return language.value === 'zh' ? `${month}月${date}日` : `${date} ${kMonths[month - 1]}`;
}

export function monthName(day: string): string {
  const month = Number(day.slice(5, 7));
  return language.value === 'zh' ? `${month}月` : (kMonths[month - 1] as string);
}

/** 今天, 明天, or the weekday. */
export function dayName(day: string, today: string): string {
  if (day === today) return common('today');
  if (day === addDays(today, 1)) return common('tomorrow');
  return weekdayName(weekdayOf(day));
}

/** 21:30 */
export function clockText(instantMs: number, zone: string): string {
  const { hour, minute } = localTime(instantMs, zone);
  return `${two(hour)}:${two(minute)}`;
}

/** 今天 21:30; 周五 11月27日 09:00; the year when it is another one. */
export function momentText(instantMs: number, zone: string, nowMs: number): string {
  const day = dayOf(instantMs, zone);
  const today = dayOf(nowMs, zone);
  const clock = clockText(instantMs, zone);
  if (day === today || day === addDays(today, 1)) return `${dayName(day, today)} ${clock}`;
  const year = day.slice(0, 4) === today.slice(0, 4) ? '' : language.value === 'zh' ? `${day.slice(0, 4)}年` : ` ${day.slice(0, 4)}`;
  return language.value === 'zh'
    ? `${year}${dayText(day)} ${weekdayName(weekdayOf(day))} ${clock}`
    : `${weekdayName(weekdayOf(day))} ${dayText(day)}${year} ${clock}`;
}

/** `moment` in the middle of a sentence: tomorrow 21:30. */
export function inSentence(moment: string): string {
  return moment.replace(/^(Today|Tomorrow)/, (word) => word.toLowerCase());
}

/** 2026年11月24日 or 24 Nov 2026. */
export function dateText(instantMs: number, zone: string): string {
  const day = dayOf(instantMs, zone);
  const year = day.slice(0, 4);
  return language.value === 'zh' ? `${year}年${dayText(day)}` : `${dayText(day)} ${year}`;
}

/** Theory passes and eligibilities count through a day of the China calendar, wherever who reads their date may be. */
export const passZone = 'Asia/Shanghai';

/** The last day of a theory pass, 2026-11-24; empty where there is none. */
export function lastDay(expiresMs: number | null): string {
  return expiresMs === null ? '' : dayOf(expiresMs, passZone);
}

/** 2026-11-24 21:30, for dense lists and files. */
export function stampText(instantMs: number | null, zone: string): string {
  return instantMs === null ? '' : `${dayOf(instantMs, zone)} ${clockText(instantMs, zone)}`;
}

/** 2 小时, 90 分钟: how long, in the largest unit that divides it. */
export function durationText(minutes: number): string {
  const zh = language.value === 'zh';
  if (minutes >= 1440 && minutes % 1440 === 0) return plural(minutes / 1440, zh ? ' 天' : ' day', zh);
  if (minutes >= 60 && minutes % 60 === 0) return plural(minutes / 60, zh ? ' 小时' : ' hour', zh);
  return plural(minutes, zh ? ' 分钟' : ' minute', zh);
}

function plural(n: number, unit: string, zh: boolean): string {
  return `${n}${unit}${!zh && n !== 1 ? 's' : ''}`;
}

/** 00:42 of seconds; hours when there are any. */
export function stopwatchText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const tail = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours ? `${hours}:${tail}` : tail;
}

/** 08:30 of minutes after midnight; 24:00 for the end of the day. */
export function minuteText(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
