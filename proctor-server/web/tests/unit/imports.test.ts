// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { acceptBody, addsUp, changesBank, columnsOf, firstKind, isPast, meaningText, placeText, sameMend, startContent, writtenParts, type Counts, type Row } from '../../src/staff/imports/rules';

const counts = (some: Partial<Counts>): Counts => ({
  rows: 0, imported: 0, repaired: 0, duplicates: 0, look_alikes: 0, refused: 0, notes: 0, new: 0, changed: 0, unchanged: 0, missing: 0, left_out: 0, ...some,
});

describe('the report of an import', () => {
  it('adds up only when no row is lost; repaired is part of imported', () => {
    expect(addsUp(counts({ rows: 10, imported: 7, repaired: 5, duplicates: 1, refused: 2 }))).toBe(true);
    expect(addsUp(counts({ rows: 10, imported: 7, duplicates: 1, refused: 1 }))).toBe(false);
  });
  it('begins with what needs a look', () => {
    expect(firstKind(counts({ refused: 1, new: 9 }))).toBe('refused');
    expect(firstKind(counts({ notes: 3, new: 9 }))).toBe('new');
    expect(firstKind(counts({}))).toBe('all');
  });
  it('is not to be accepted when the bank would stay as it is', () => {
    expect(changesBank(counts({ unchanged: 12 }))).toBe(false);
    expect(changesBank(counts({ missing: 1 }))).toBe(true);
  });
  it('names the place, and the file only when it is another', () => {
    const place = { file: 'a.zip/b.csv', sheet: 'S', row: 3, column: 2 };
    expect(placeText(place, 'a.zip')).toBe('a.zip/b.csv · S · 第 3 行 · 第 2 列');
    expect(placeText({ ...place, sheet: '', column: 0 }, 'a.zip/b.csv')).toBe('第 3 行');
  });
});

describe('what is sent when a draft is accepted', () => {
  const wish = { state: 'in_review', missing: 'retire', reason: '年度更新' } as const;
  it('names the draft that was looked at', () => {
    expect(acceptBody(wish, { counts: counts({ missing: 2 }), seen: '7' })).toEqual({ ...wish, seen: '7' });
  });
  it('retires nothing where nothing is missing', () => {
    expect(acceptBody(wish, { counts: counts({ new: 3 }), seen: '7' }).missing).toBe('keep');
    expect(acceptBody(wish, { counts: null, seen: '7' }).missing).toBe('keep');
  });
});

describe('what was found about a row that a person has mended', () => {
  const row = (some: Partial<Row>) => ({ fixed: true, fate: 'new', ...some }) as Row;
  const found = (code: string, bank_item?: string) => ({ place: { file: '', sheet: '', row: 1, column: 0 }, code, text: '', what: { zh: '', en: '' }, ...(bank_item && { bank_item }) });
  it('is past where the file is meant, and stands before that', () => {
    expect(isPast(row({}), found('no_key'))).toBe(true);
    expect(isPast(row({ fixed: false }), found('no_key'))).toBe(false);
    expect(isPast(row({ fixed: false }), found('duplicate_in_bank', 'a'))).toBe(false);
  });
  it('stands where the bank is meant, but for what kept a new row out', () => {
    expect(isPast(row({}), found('duplicate_in_bank', 'a'))).toBe(true);
    expect(isPast(row({}), found('other_answer_in_bank', 'a'))).toBe(true);
    expect(isPast(row({}), found('same_stem_in_bank', 'a'))).toBe(false);
    expect(isPast(row({ fate: 'changed' }), found('duplicate_in_bank', 'a'))).toBe(false);
  });
  it('stands where other rows are meant', () => expect(isPast(row({}), found('same_stem'))).toBe(false));
});

describe('a row that is to be mended', () => {
  const finding = (some: Partial<Row['findings'][number]>) => ({ place: { file: '', sheet: '', row: 2, column: 0 }, code: 'refused', text: '题干', what: { zh: '', en: '' }, ...some });
  const row = (some: Partial<Row>) => ({ content: null, findings: [finding({})], ...some }) as Row;
  it('begins with what could be read of it, in a copy', () => {
    const content = { type: 'multiple_choice' as const, stem: '整个题干', options: ['甲', '乙'], key: [] };
    const start = startContent(row({ content }));
    expect(start).toEqual(content);
    expect(start).not.toBe(content);
  });
  it('has room for options where none could be read, and keeps its type', () => {
    expect(startContent(row({ content: { type: 'multiple_choice', stem: '题', options: [] } }))).toMatchObject({ type: 'multiple_choice', options: ['', '', '', ''], key: [] });
    expect(startContent(row({ content: { type: 'short_text', stem: '题' } })).options).toBeUndefined();
  });
  it('is a single choice with the text of the file where nothing could be read', () => {
    expect(startContent(row({}))).toEqual({ type: 'single_choice', stem: '题干', options: ['', '', '', ''], key: [] });
  });
  it('is unchanged while nothing was typed, also where an empty member was written', () => {
    const start = startContent(row({ content: { type: 'numeric', stem: '题干', answers: [{ match: 'range', text: '36', upper: '42' }] } }));
    expect(sameMend(start, { ...start, topic: '', explanation: '', key: [] })).toBe(true);
    expect(sameMend(start, { ...start, explanation: '解析' })).toBe(false);
    expect(sameMend(start, { ...start, answers: [{ match: 'range', text: '36', upper: '43' }] })).toBe(false);
  });
  it('shows what the file says beside the stem', () => {
    const written = { type: '单选', options: '甲\n乙', key: '' };
    expect(writtenParts(row({ findings: [finding({}), finding({ written })] }))).toEqual([{ label: 'type', text: '单选' }, { label: 'optionsWritten', text: '甲\n乙' }]);
    expect(writtenParts(row({}))).toEqual([]);
  });
});

describe('the mapping', () => {
  it('gives every column a meaning', () => expect(columnsOf(['stem', ''], 3)).toEqual(['stem', 'ignore', 'ignore']));
  it('says options by letter and shows what it does not know', () => {
    expect(meaningText('option_4')).toBe('选项 D');
    expect(meaningText('weather')).toBe('weather');
  });
});
