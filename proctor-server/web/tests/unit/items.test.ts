// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { contentProblems, fullContent, keyAfter, merged, newContent, retyped, sameContent, sentContent, withOptionMoved, withoutOption, type Content } from '../../src/staff/items/content';
import { differencesOf, wordsOf } from '../../src/staff/items/differences';
import { htmlOf, losesAsPlain, marked, markupProblem, pictureAddress, piecesOf, plainOf, textOf } from '../../src/staff/items/markup';
import { justBefore } from '../../src/staff/items/stimuli';
import { topicTree, type Topic } from '../../src/staff/items/taxonomy';

const kPicture = `media:${'0123456789abcdef'.repeat(2)}.png`;
describe('options and their key', () => {
  const content: Content = { type: 'multiple_choice', stem: 's', options: ['a', 'b', 'c', 'd'], option_notes: ['1', '2', '3', '4'], key: [1, 3] };
  it('keeps the key at its options when one goes', () => {
    expect(withoutOption(content, 0)).toMatchObject({ options: ['b', 'c', 'd'], option_notes: ['2', '3', '4'], key: [0, 2] });
    expect(withoutOption(content, 3)).toMatchObject({ key: [1] });
  });
  it('has one key for single choice, any number for multiple choice', () => {
    expect(keyAfter(content, 0, true)).toEqual([0, 1, 3]);
    expect(keyAfter({ ...content, type: 'single_choice' }, 0, true)).toEqual([0]);
    expect(keyAfter(content, 3, false)).toEqual([1]);
  });
  it('moves with its option, and so does its note', () => {
    expect(withOptionMoved(fullContent(content), 1, -1)).toMatchObject({ options: ['b', 'a', 'c', 'd'], option_notes: ['2', '1', '3', '4'], key: [0, 3] });
    expect(withOptionMoved(fullContent(content), 3, 1).options).toEqual(['a', 'b', 'c', 'd']);
  });
  it('another type keeps what both can hold', () => {
    expect(retyped(fullContent(content), 'single_choice')).toMatchObject({ options: ['a', 'b', 'c', 'd'], key: [1] });
    expect(retyped(fullContent(content), 'true_false')).toMatchObject({ options: ['正确', '错误'], option_notes: [], key: [1] });
    expect(retyped(fullContent(content), 'numeric')).toMatchObject({ options: [], key: [], option_notes: [] });
    expect(retyped(retyped(fullContent(content), 'true_false'), 'single_choice').options).toEqual(['', '', '', '']);
  });
  it('sends notes only where there are any, one for each option', () => {
    expect(sentContent({ ...newContent(), options: ['a', 'b'], option_notes: ['', 'x'] }).option_notes).toEqual(['', 'x']);
    expect(sentContent({ ...newContent(), options: ['a', 'b'], option_notes: [' ', ''] }).option_notes).toEqual([]);
    expect(sameContent(fullContent({ type: 'single_choice', stem: 's' }), fullContent({ type: 'single_choice', stem: 's', tags: [] }))).toBe(true);
  });
});

describe('live checks', () => {
  const found = (some: Partial<Content>) => contentProblems(fullContent({ type: 'single_choice', stem: 's', options: ['a', 'b'], key: [0], ...some })).map((one) => one.what);
  it('say nothing of an item that is whole', () => expect(found({})).toEqual([]));
  it('name what is missing or twice', () => {
    expect(found({ stem: ' ' })).toEqual(['stemEmpty']);
    expect(found({ options: ['a', 'A '] })).toEqual(['optionsEqual']);
    expect(found({ options: ['a', ''] })).toEqual(['optionEmpty']);
    expect(found({ options: ['a'] })).toEqual(['tooFewOptions']);
    expect(found({ options: 'abcdefghi'.split('') })).toEqual(['tooManyOptions']);
    expect(found({ key: [] })).toEqual(['keyMissing']);
    expect(found({ key: [0, 1] })).toEqual(['keyNotOne']);
    expect(found({ type: 'multiple_choice', key: [0, 1] })).toEqual([]);
  });
  it('look into answers', () => {
    const answers = (list: Content['answers'], type: Content['type'] = 'numeric') => found({ type, options: [], key: [], answers: list });
    expect(answers([])).toEqual(['answersMissing']);
    expect(answers([{ match: 'range', text: '1', upper: '2' }])).toEqual([]);
    expect(answers([{ match: 'range', text: '3', upper: '2' }])).toEqual(['rangeTurned']);
    expect(answers([{ match: 'range', text: 'x', upper: '2' }])).toEqual(['notANumber']);
    expect(answers([{ match: 'regex', text: '(' }], 'short_text')).toEqual(['badPattern']);
    expect(answers([{ match: 'exact', text: 'a', percent: 50 }], 'short_text')).toEqual(['noFullAnswer']);
  });
  it('a picture alone is a stem and an option', () => expect(found({ markup: 'html', stem: `<img src="${kPicture}">`, options: [`<img src="${kPicture}">`, 'b'] })).toEqual([]));
  it('markup is looked at only where it is markup', () => {
    expect(found({ stem: 'a < b' })).toEqual([]);
    expect(contentProblems(fullContent({ type: 'single_choice', markup: 'html', stem: 'a < b', options: ['a', 'b'], key: [0] }))[0]).toMatchObject({ what: 'markupWrong', where: 'stem', markup: { at: 3, what: 'loneLess' } });
  });
});

describe('the safe subset', () => {
  it('is what the server takes', () => {
    for (const good of ['甲<b>乙</b><br>丙<br/>', '<p>a</p><table><tbody><tr><td colspan="2">x</td></tr></tbody></table>', `<img src="${kPicture}" alt="图" width="120">`, '&amp;&lt;&#176;&#xB0;', '\\(a^2\\)', ''])
      expect(markupProblem(good), good).toBeNull();
  });
  it('says what is wrong and at which character', () => {
    const wrong: [string, string, number][] = [
      ['甲&乙', 'loneAmp', 2], ['a <', 'loneLess', 3], ['<script>x</script>', 'tagNotAllowed', 1], ['<p>a', 'notClosed', 5], ['a</p>', 'notOpen', 2], ['<b><i>x</b></i>', 'notOpen', 8],
      ['<p class="x">a</p>', 'attributeNotAllowed', 1], ['<p onclick=x>a</p>', 'attributeForm', 1], ['<img alt="x">', 'pictureSource', 1], ['<img src="https://x.y/z.png">', 'attributeNotAllowed', 1],
      ['<td colspan="x">', 'attributeNotAllowed', 1], ['𠀀<x>', 'tagNotAllowed', 2], ['<p>'.repeat(33), 'tooDeep', 97],
    ];
    for (const [text, what, at] of wrong) expect(markupProblem(text), text).toMatchObject({ what, at });
  });
  it('becomes text and comes from text', () => {
    expect(plainOf('电<b>压</b>：<p>12&nbsp;V</p>&lt;', 'html')).toBe('电压： 12 V <');
    expect(plainOf(' a\n b ', 'plain')).toBe('a b');
    expect(htmlOf('a < b\n& c')).toBe('a &lt; b<br>&amp; c');
    expect(textOf(htmlOf('a < b\n& c'))).toBe('a < b\n& c');
    expect(textOf('<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></tbody></table>')).toBe('1\t2\n3');
    expect(losesAsPlain('<p>a<br>b</p>')).toBe(false);
    expect(losesAsPlain('<b>a</b>')).toBe(true);
    expect(losesAsPlain('\\(x\\)')).toBe(true);
  });
  it('shows pictures of the bank only, and formulae apart', () => {
    expect(pictureAddress(kPicture)).toBe(`/api/v1/bank/${kPicture.replace(':', '/')}`);
    expect(pictureAddress('media:../../x.png')).toBe('');
    expect(piecesOf('若 \\(U=IR\\) 则')).toEqual([{ formula: false, text: '若 ' }, { formula: true, text: 'U=IR' }, { formula: false, text: ' 则' }]);
    expect(piecesOf('')).toEqual([{ formula: false, text: '' }]);
  });
  it('marks what is selected and leaves the caret inside when nothing is', () => {
    expect(marked('电压高', 0, 2, { before: '<b>', after: '</b>' })).toEqual({ text: '<b>电压</b>高', caret: 9 });
    expect(marked('ab', 1, 1, { before: '<b>', after: '</b>' })).toEqual({ text: 'a<b></b>b', caret: 4 });
  });
});

describe('differences', () => {
  it('are cut at words in Chinese and in English, and at tags', () => {
    expect(wordsOf('安全电压为 36 V').join('')).toBe('安全电压为 36 V');
    expect(wordsOf('<b>a b</b>')).toEqual(['<b>', 'a', ' ', 'b', '</b>']);
    const runs = differencesOf('安全电压不超过 36 V。', '安全电压不超过 24 V。');
    expect(runs.filter((one) => one.kind !== 'same')).toEqual([{ kind: 'gone', text: '36' }, { kind: 'come', text: '24' }]);
    expect(differencesOf('keep the cover closed', 'keep the door closed').filter((one) => one.kind !== 'same').map((one) => one.text)).toEqual(['cover', 'door']);
  });
  it('put together give both texts back', () => {
    const [before, after] = ['作业前应当停电、验电、挂接地线。', '作业前必须停电、验电，并挂接地线和标示牌。'];
    const runs = differencesOf(before, after);
    expect(runs.filter((one) => one.kind !== 'come').map((one) => one.text).join('')).toBe(before);
    expect(runs.filter((one) => one.kind !== 'gone').map((one) => one.text).join('')).toBe(after);
  });
  it('of nothing and of all', () => {
    expect(differencesOf('', '')).toEqual([]);
    expect(differencesOf('', 'a')).toEqual([{ kind: 'come', text: 'a' }]);
  });
  it('of two long texts with hardly a common word are the two texts', () => {
    const long = (from: number) => Array.from({ length: 1500 }, (_, n) => `w${n * 2 + from}`).join(' ');
    expect(differencesOf(long(0), long(1))).toEqual([{ kind: 'gone', text: long(0) }, { kind: 'come', text: long(1) }]);
  });
});

describe('two who write at once', () => {
  const base = fullContent({ type: 'single_choice', stem: 's', options: ['a', 'b'], key: [0], topic: 'law', tags: ['x'] });
  it('what only the other changed is taken over', () => {
    const { content, both, taken } = merged(base, { ...base, stem: 'mine' }, { ...base, topic: 'shock', tags: ['x', 'y'] });
    expect(content).toMatchObject({ stem: 'mine', topic: 'shock', tags: ['x', 'y'] });
    expect([both, taken]).toEqual([[], ['topic', 'tags']]);
  });
  it('where both changed mine stands and is named', () => {
    const { content, both } = merged(base, { ...base, stem: 'mine' }, { ...base, stem: 'theirs' });
    expect([content.stem, both]).toEqual(['mine', ['stem']]);
    expect(merged(base, { ...base, stem: 'same' }, { ...base, stem: 'same' }).both).toEqual([]);
  });
  it('options and key stay with each other', () => {
    const { content, both } = merged(base, { ...base, key: [1] }, { ...base, options: ['b', 'a'], key: [1] });
    expect([content.options, content.key, both]).toEqual([['a', 'b'], [1], ['options']]);
  });
});

describe('the topic tree', () => {
  const topic = (id: string, parent: string, number?: string): Topic => ({ id, parent, roles: [], title: { zh: id, en: id }, ...(number ? { number } : {}) });
  const topics = [topic('so', ''), topic('so-1', 'so', '1'), topic('so-1.1', 'so-1', '1.1')];
  it('has each topic under its parent, with the numbers of what is under it', () => {
    const [top] = topicTree(topics, (id, parent) => (parent ? `${id}/` : id), new Map([['so-1', 2], ['so-1.1', 3]]));
    expect(top).toMatchObject({ value: 'so/', label: 'so (5)', children: [{ value: 'so-1/', label: '1 so-1 (5)', children: [{ value: 'so-1.1', label: '1.1 so-1.1 (3)' }] }] });
  });
});

describe('finding one case by its id', () => {
  it('pages begin just before it', () => {
    for (const id of ['case-1', 'a', 'x.-', 'A'.repeat(64)]) {
      expect(justBefore(id) < id).toBe(true);
      expect(justBefore(id).length).toBeLessThanOrEqual(64);
    }
    expect(justBefore('case-2') > 'case-1zzz').toBe(true);
  });
});
