// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fill } from '../../src/shared/language';

const source = new URL('../../src/', import.meta.url);
const files = ['shared', 'phone', 'booking', 'manage', 'staff', 'staff/imports', 'staff/analysis', 'staff/items', 'staff/papers', 'staff/face'].map((part) => `${part}/messages.ts`);
const entries = files.flatMap((file) =>
  [...readFileSync(new URL(file, source), 'utf8').matchAll(/^ {2}(\w+): \{\s*zh: (['"])(.*?)\2,\s*en: (['"])(.*?)\4,?\s*\}/gms)].map(
    (match) => ({ file, key: match[1] as string, zh: match[3] as string, en: match[5] as string }),
  ),
);

describe('messages', () => {
  it('are all read by this test', () => {
    expect(entries.length).toBeGreaterThan(300);
  });

  it('carry the same values in both languages, and no Chinese in English', () => {
    const values = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
    for (const { file, key, zh, en } of entries) {
      expect(values(en), `${file} ${key}`).toBe(values(zh));
      if (key !== 'otherLanguage') expect(/[\u4e00-\u9fff]/.test(en), `${file} ${key}`).toBe(false);
    }
  });

  // Words of the wire are looked up by their value (wireWord), not by name.
  const wire = ['asked_again', 'nobody_came', 'no_model', 'photos_differ', 'card_name', 'no_photo', 'no_camera', 'low_score', 'camera_not_allowed', 'texture_missing', 'second_opinion', 'bulk_edit', 'too_easy', 'too_hard', 'negative_discrimination', 'low_discrimination', 'key_probably_wrong', 'dead_distractor'];

  // What a try of the face check found or led to is looked up with a prefix (faceWord).
  const built = /^(did|found|state|kind)_|^card_(same|differs)$|^(nod|open_mouth|blink)$/;

  it('are used: none is left over', () => {
    const walk = (folder: string): string[] =>
      readdirSync(new URL(folder, source), { withFileTypes: true }).flatMap((one) =>
        one.isDirectory() ? walk(`${folder}${one.name}/`) : ['messages.ts', 'schema.d.ts'].includes(one.name) ? [] : [readFileSync(new URL(folder + one.name, source), 'utf8')],
      );
    const words = new Set(walk('').join('\n').match(/\w+/g));
    const left = entries.filter(({ file, key }) => !wire.includes(key) && !(file === 'staff/face/messages.ts' && built.test(key)) && !words.has(key)).map(({ file, key }) => `${file} ${key}`);
    expect(left).toEqual([]);
  });

  it('no component holds Chinese text of its own', () => {
    const walk = (folder: string): [string, string][] =>
      readdirSync(new URL(folder, source), { withFileTypes: true }).flatMap((one): [string, string][] =>
        one.isDirectory() ? walk(`${folder}${one.name}/`) : one.name.endsWith('.vue') ? [[one.name, readFileSync(new URL(folder + one.name, source), 'utf8')]] : [],
      );
    const found = walk('').filter(([, text]) => /[\u4e00-\u9fff]/.test(text.replace(/'张三'/, ''))).map(([name]) => name);
    expect(found).toEqual([]);
  });

  it('say of the date of an eligibility that the day counts, in both languages', () => {
    const said = entries.filter(({ file, key }) => `${file} ${key}` === 'booking/messages.ts until' || `${file} ${key}` === 'staff/messages.ts validUntil');
    expect(said.map(({ zh, en }) => [zh, en])).toEqual(Array(2).fill(['有效期至 {date}（含当日）', 'valid through {date}']));
  });

  it('fill in values and leave unknown ones visible', () => {
    expect(fill('{n} of {all}', { n: 2 })).toBe('2 of {all}');
  });
});
