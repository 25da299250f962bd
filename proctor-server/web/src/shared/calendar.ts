// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
export interface CalendarEntry {
  readonly uid: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly title: string;
  readonly place: string;
  readonly notes: string;
}

const stamp = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
const escaped = (text: string) => text.replace(/[\\;,]/g, (c) => `\\${c}`).replace(/\r?\n/g, '\\n');

// RFC 5545 folds lines at 75 bytes; 24 characters of up to 3 bytes stay under it.
function folded(line: string): string {
  const pieces: string[] = [];
  const characters = Array.from(line);
  for (let at = 0; at < characters.length; at += 24) pieces.push(characters.slice(at, at + 24).join(''));
  return pieces.join('\r\n ');
}

/** One appointment as iCalendar text (RFC 5545), with an alarm an hour before. */
export function calendarText(entry: CalendarEntry, nowMs: number): string {
  return [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Invigil//booking//ZH', 'BEGIN:VEVENT',
    `UID:${entry.uid}@invigil`, `DTSTAMP:${stamp(nowMs)}`, `DTSTART:${stamp(entry.startMs)}`, `DTEND:${stamp(entry.endMs)}`,
    `SUMMARY:${escaped(entry.title)}`, `LOCATION:${escaped(entry.place)}`, `DESCRIPTION:${escaped(entry.notes)}`,
    'BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${escaped(entry.title)}`, 'TRIGGER:-PT1H', 'END:VALARM',
    'END:VEVENT', 'END:VCALENDAR', '',
  ].map(folded).join('\r\n');
}
