// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
export type Cell = string | number | boolean | null;

// A cell that begins like a formula would be run by a spreadsheet; an apostrophe keeps it text.
function cellText(cell: Cell): string {
  if (cell === null) return '';
  let text = String(cell);
  if (typeof cell === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** RFC 4180 text with a byte order mark, which spreadsheets need to read Chinese. */
export function csvText(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return '\ufeff' + [header, ...rows].map((row) => row.map(cellText).join(',')).join('\r\n') + '\r\n';
}
