// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The safe subset of HTML (docs/formats/item-markup.md) as the server checks it, and the pieces that are shown.
import type { Wire } from '../../shared/types';

export type Markup = Wire<'Markup'>;
export const kPairedTags: readonly string[] = [
  'p', 'div', 'span', 'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'ul', 'ol', 'li', 'pre', 'code', 'h3', 'h4', 'blockquote', 'caption', 'table', 'thead', 'tbody', 'tr', 'td', 'th',
];
export const kSingleTags: readonly string[] = ['br', 'hr', 'img'];
const kEntity = /^(amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6})$/;
const kMediaName = /^[0-9a-f]{32}\.(png|jpg|gif|webp)$/;
const kDepthMax = 32;

/** What stands where; `at` counts characters from 1. */
export interface MarkupProblem {
  readonly at: number;
  readonly what: 'loneAmp' | 'loneLess' | 'notOpen' | 'notClosed' | 'tagNotAllowed' | 'attributeNotAllowed' | 'attributeForm' | 'pictureSource' | 'tooDeep';
  readonly text: string;
}

const attributeAllowed = (tag: string, name: string, value: string) =>
  (tag === 'img' && (name === 'alt' || (name === 'src' && isMedia(value)) || ((name === 'width' || name === 'height') && /^\d{1,4}$/.test(value)))) ||
  ((tag === 'td' || tag === 'th') && (name === 'colspan' || name === 'rowspan') && /^\d{1,2}$/.test(value));

const isMedia = (value: string) => value.startsWith('media:') && kMediaName.test(value.slice(6));
/** The address of a picture's source, '' when it is none of ours. */
export const pictureAddress = (source: string) => (isMedia(source) ? `/api/v1/bank/media/${source.slice(6)}` : '');

function tagProblem(inside: string, open: string[]): Omit<MarkupProblem, 'at'> | null {
  if (inside.startsWith('/')) {
    if (open[open.length - 1] !== inside.slice(1)) return { what: 'notOpen', text: inside.slice(1, 41) };
    open.pop();
    return null;
  }
  const body = inside.endsWith('/') ? inside.slice(0, -1) : inside;
  const name = body.split(' ', 1)[0] ?? '';
  if (!kPairedTags.includes(name) && !kSingleTags.includes(name)) return { what: 'tagNotAllowed', text: name.slice(0, 40) };
  let rest = body.slice(name.length).trimStart();
  let source = name !== 'img';
  while (rest) {
    const match = /^([^=]*)="([^"]*)"\s*/.exec(rest);
    if (!match) return { what: 'attributeForm', text: rest.slice(0, 40) };
    const [whole, attribute = '', value = ''] = match;
    if (name === 'img' && attribute === 'src' && isMedia(value)) source = true;
    else if (!attributeAllowed(name, attribute, value)) return { what: 'attributeNotAllowed', text: `${attribute}="${value}"`.slice(0, 40) };
    rest = rest.slice(whole.length);
  }
  if (!source) return { what: 'pictureSource', text: '' };
  if (kPairedTags.includes(name)) open.push(name);
  return open.length > kDepthMax ? { what: 'tooDeep', text: '' } : null;
}

/** The first thing that is not in the safe subset. */
export function markupProblem(html: string): MarkupProblem | null {
  const open: string[] = [];
  for (let at = 0; at < html.length; ) {
    const here = (problem: Omit<MarkupProblem, 'at'>): MarkupProblem => ({ ...problem, at: [...html.slice(0, at)].length + 1 });
    if (html[at] === '&') {
      const end = html.indexOf(';', at);
      if (end < 0 || !kEntity.test(html.slice(at + 1, end))) return here({ what: 'loneAmp', text: '' });
      at = end + 1;
    } else if (html[at] === '<') {
      const end = html.indexOf('>', at);
      if (end < 0) return here({ what: 'loneLess', text: '' });
      const problem = tagProblem(html.slice(at + 1, end), open);
      if (problem) return here(problem);
      at = end + 1;
    } else at += 1;
  }
  return open.length ? { at: [...html].length + 1, what: 'notClosed', text: open[open.length - 1] as string } : null;
}

const kNamed: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return kNamed[name] ?? whole;
    const point = name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** The words without the tags, white space as one blank. */
export function plainOf(text: string, markup: Markup): string {
  const bare = markup === 'html' ? decoded(text.replace(/<\/?(?:b|i|u|s|em|strong|sub|sup|span)>/g, '').replace(/<[^>]*>/g, ' ')) : text;
  return bare.replace(/\s+/g, ' ').trim();
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
/** Plain text as HTML that says the same. */
export const htmlOf = (plain: string) => escaped(plain).replace(/\n/g, '<br>');
/** HTML as plain text: line breaks stay, everything else of the form goes. */
export function textOf(html: string): string {
  const lines = html.replace(/<br\s*\/?>/g, '\n').replace(/<\/(?:p|div|li|tr|h3|h4|blockquote)>/g, '\n').replace(/<\/t[dh]>/g, '\t');
  return decoded(lines.replace(/<[^>]*>/g, '')).replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}
/** True when as plain text something of it would be lost. */
export const losesAsPlain = (html: string) => /<(?!br\s*\/?>|\/?p>|\/?div>|\/?span>)/.test(html) || html.includes('\\(');

export interface Piece {
  readonly formula: boolean;
  readonly text: string;
}
/** Text and formulae \( … \) in turn. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const formula = /\\\(([\s\S]*?)\\\)/g;
  for (let match = formula.exec(text); match; match = formula.exec(text)) {
    if (match.index > at) pieces.push({ formula: false, text: text.slice(at, match.index) });
    pieces.push({ formula: true, text: (match[1] as string).trim() });
    at = match.index + match[0].length;
  }
  if (at < text.length || !pieces.length) pieces.push({ formula: false, text: text.slice(at) });
  return pieces;
}

export interface Mark {
  readonly before: string;
  readonly after: string;
}
/** `text` with `mark` around the selection, and where the caret goes. */
export function marked(text: string, from: number, to: number, { before, after }: Mark): { text: string; caret: number } {
  const inside = text.slice(from, to);
  return { text: text.slice(0, from) + before + inside + after + text.slice(to), caret: from + before.length + inside.length + (inside ? after.length : 0) };
}
