// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { language } from '../../src/shared/language';
import { newBlueprint, newCases, newPart, newRule, readBlueprint, writeBlueprint, type Blueprint } from '../../src/staff/papers/blueprint';
import { changesOf } from '../../src/staff/papers/changes';
import { overlapSentence, shareText, shortHash, withinBound } from '../../src/staff/papers/figures';
import { fieldOf, inOrder, plain, sayFinding, type PreflightFinding } from '../../src/staff/papers/findings';
import { memberText, placeText, ruleText, selectorText } from '../../src/staff/papers/names';
import { checkProof, rootOfPath } from '../../src/staff/papers/proof';
import { blueprintState, filesOf, mayWithdraw, sharesOf, whyNot, type Batch, type BlueprintRow } from '../../src/staff/papers/state';
import { enemiesOf, stockOf } from '../../src/staff/papers/stock';
import { faultsOf, itemsOf, pointsOf, sumsOf } from '../../src/staff/papers/sums';

const folder = new URL('../../../../question-bank/blueprints/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const electricians = () => readBlueprint(readFileSync(new URL('special-operations-low-voltage.json', folder), 'utf8'));
afterEach(() => (language.value = 'zh'));

describe('the file of a blueprint', () => {
  it('of each role is written back as it was read', () => {
    expect(files.length).toBeGreaterThan(2);
    for (const name of files) {
      const json = readFileSync(new URL(name, folder), 'utf8');
      expect(JSON.parse(writeBlueprint(readBlueprint(json))), name).toEqual(JSON.parse(json));
      expect(faultsOf(readBlueprint(json)), name).toEqual([]);
    }
  });
  it('keeps every kind of rule, and members that the form does not know', () => {
    const whole = {
      ...(JSON.parse(writeBlueprint(electricians())) as object),
      rules: [
        { title: { zh: '难题', en: 'Hard items' }, counts: { types: ['single_choice'], topics: ['law'], difficulty: { low: 4, high: 5 }, levels: ['national'], tags: ['new'], items: ['b/1'] }, low: 2, high: 5 },
        { counts: {}, measure: 'points', low: 10.5, high: 20 },
      ],
      required: ['b/7'], case_groups: { low: 1, high: 2, items_low: 2, items_high: 4 }, difficulty: { low: 2.5, high: 3 }, information: { low: 1, high: 9 }, later: { x: 1 },
    };
    expect(JSON.parse(writeBlueprint(readBlueprint(JSON.stringify(whole))))).toEqual(whole);
  });
  it('leaves out what is empty, so that the server says what is missing', () => {
    const written = JSON.parse(writeBlueprint({ ...newBlueprint(), role: 'manager', category: '1.2', minutes: null })) as Record<string, unknown>;
    expect(Object.keys(written)).not.toContain('minutes');
    expect(Object.keys(written)).not.toContain('category');
    expect(Object.keys(written)).not.toContain('rules');
  });
});

describe('sums', () => {
  it('of items and points, halves exactly', () => {
    const blueprint = { ...newBlueprint(), parts: [{ ...newPart('true_false'), count: 3, points: 0.1 }, { ...newPart('single_choice'), count: 3, points: 0.7 }] };
    expect([itemsOf(blueprint), pointsOf(blueprint)]).toEqual([6, 2.4]);
  });
  it('of topics beside each part, an empty cell is none', () => {
    const blueprint = electricians();
    expect(sumsOf(blueprint)).toEqual([{ type: 'true_false', wanted: 70, given: 70 }, { type: 'single_choice', wanted: 30, given: 30 }]);
    (blueprint.topics[0] as Blueprint['topics'][0]).counts.single_choice = null;
    expect(sumsOf(blueprint)[1]).toEqual({ type: 'single_choice', wanted: 30, given: 26 });
    expect(faultsOf(blueprint)).toEqual([{ where: 'sum.single_choice', what: 'faultSumLow', values: { by: 4, wanted: 30, given: 26 } }]);
    expect(sumsOf({ ...blueprint, topics: [] })).toEqual([]);
  });
});

describe('faults', () => {
  const found = (change: (blueprint: Blueprint) => void) => {
    const blueprint = electricians();
    change(blueprint);
    return faultsOf(blueprint).map((one) => one.where);
  };
  it('name the field', () => {
    expect(found((b) => (b.id = 'Has Space'))).toEqual(['id']);
    expect(found((b) => (b.minutes = 90.5))).toEqual(['minutes']);
    expect(found((b) => (b.passPoints = 101))).toEqual(['pass_points']);
    expect(found((b) => (b.passPoints = 79.555))).toEqual(['pass_points']);
    expect(found((b) => b.parts.push({ ...newPart('true_false') }))).toContain('parts[2].type');
    expect(found((b) => (b.topics[1] = { ...(b.topics[0] as Blueprint['topics'][0]), counts: (b.topics[1] as Blueprint['topics'][0]).counts }))).toEqual(['topics[1].id']);
    expect(found((b) => b.rules.push({ ...newRule(), low: 5, high: 4 }))).toEqual(['rules[0]']);
    expect(found((b) => b.rules.push({ ...newRule(), low: 1.5, high: 4 }))).toEqual(['rules[0]']);
    expect(found((b) => b.rules.push({ ...newRule(), points: true, low: 1.5, high: 4 }))).toEqual([]);
    expect(found((b) => (b.cases = { ...newCases(), low: null }))).toEqual(['case_groups']);
    expect(found((b) => (b.bands.facility = { low: 0.8, high: 0.8 }))).toEqual(['facility']);
    expect(found((b) => (b.bands = { difficulty: { low: 2, high: 3 }, facility: { low: 0.5, high: 0.8 }, information: null }))).toEqual(['facility']);
  });
});

describe('a finding in words', () => {
  const finding = (some: Partial<PreflightFinding>): PreflightFinding => ({ kind: 'short', severity: 'error', rule: '', where: '', title: { zh: '', en: '' }, low: 12, high: 12, stock: 9, by: 3, items: [], what: { zh: '别的', en: 'another' }, ...some });
  it('says the rule as the form names it, what is needed, what there is, what is missing and what to do', () => {
    const said = sayFinding(finding({ where: 'topics[1].counts.single_choice' }), electricians());
    expect(said.what).toBe('单选题 · 触电事故与急救：每卷需要 12 道，题库只有 9 道，还差 3 道。');
    expect(said.todo).toBe('补充 3 道这样的题，或把要求降到 9 道。');
    language.value = 'en';
    expect(sayFinding(finding({ where: 'topics[1].counts.single_choice' }), electricians()).what).toBe('Single choice · Electric shock and first aid: a paper needs 12, the bank has 9; 3 missing.');
  });
  it('says which rules take what is missing, in points where the rule counts points', () => {
    const blueprint = { ...electricians(), rules: [{ ...newRule(), title: { zh: '难题', en: '' }, points: true, low: 20, high: 30 }] };
    expect(sayFinding(finding({ kind: 'conflict', where: 'rules[0]', low: 20, by: 2.5, stock: 40 }), blueprint).what).toBe('难题：至少要 20 分，其他规则最多给它留 17.5 分，还差 2.5 分（题库有 40 分）。');
    expect(sayFinding(finding({ kind: 'over', where: 'difficulty', high: 3, by: 0.333 }), blueprint).what).toBe('平均难度：至多 3，其他规则却使每卷至少有 3.33，多了 0.33。');
  });
  it('says where the bank has none at all', () => expect(sayFinding(finding({ where: 'parts[0].count', stock: 0, by: 12 }), electricians()).todo).toContain('没有这样的题'));
  it('names items on every paper with or without a rule', () => {
    expect(sayFinding(finding({ kind: 'forced', where: 'parts[1].count', items: ['a', 'b'] }), electricians()).what).toBe('单选题：有 2 道题会出现在每一份试卷里。');
    expect(sayFinding(finding({ kind: 'forced', items: ['a'] }), electricians()).what).toBe('有 1 道题会出现在每一份试卷里。');
  });
  it('that is about no rule of its own, or of another kind, is said by the server', () => {
    expect(sayFinding(finding({ kind: 'conflict' }), electricians()).what).toBe('别的');
    expect(sayFinding(finding({ kind: 'high_exposure', where: 'parts[0].count' }), electricians()).what).toBe('别的');
  });
  it('is of other rules where the stock would do', () => expect(sayFinding(finding({ where: 'parts[0].count', stock: 20 }), electricians()).what).toBe('判断题：至少要 12 道，其他规则最多给它留 9 道，还差 3 道（题库有 20 道）。'));
  it('is one for all items that one rule forces', () => {
    const forced = ['a', 'b'].map((item) => finding({ kind: 'forced', severity: 'warning', where: 'parts[1].count', items: [item] }));
    expect(inOrder([...forced, finding({}), finding({ kind: 'forced', severity: 'note', where: 'required[0]', items: ['c'] })]).map((one) => one.items)).toEqual([[], ['a', 'b'], ['c']]);
  });
  it('errors come first', () => expect(inOrder([finding({ severity: 'note' }), finding({ severity: 'error' }), finding({ severity: 'warning' })]).map((one) => one.severity)).toEqual(['error', 'warning', 'note']));
  it('leads to a field of the form', () => {
    expect(fieldOf('rules[2].counts.tags')).toBe('rules[2]');
    expect(fieldOf('topics[1].counts.single_choice')).toBe('topics[1].counts.single_choice');
    expect(fieldOf('difficulty.low')).toBe('difficulty');
  });
  it('numbers have no more places than they need', () => expect([3, 2.5, 1 / 3].map(plain)).toEqual(['3', '2.5', '0.33']));
});

describe('names', () => {
  it('of selectors say everything that is stated', () => {
    const counts = { ...newRule().counts, types: ['single_choice' as const], difficulty: { low: 4, high: 5 }, levels: ['national' as const], items: ['a', 'b'] };
    expect(selectorText(counts, (id) => id)).toBe('单选题 · 难度 4–5 · 国家题库 · 点名的 2 道题');
    expect(selectorText(newRule().counts, (id) => id)).toBe('所有题目');
  });
  it('of members, and of one that the form does not have', () => {
    expect(placeText('parts[0].count', electricians())).toBe('判断题');
    expect(placeText('items', electricians(), 'enemies a | b')).toBe('enemies a | b');
    expect(ruleText('part 2 (single_choice), topic shock', electricians())).toBe('单选题 · 触电事故与急救');
    expect(ruleText('part 1 (true_false)', electricians())).toBe('判断题');
    expect(ruleText('enemies a | b', electricians())).toBe('enemies a | b');
    expect(memberText('parts[0].count', electricians())).toBe('判断题 · 题数');
    expect(memberText('minutes', electricians())).toBe('考试时间（分钟）');
    expect(memberText('topics[0].counts.true_false', electricians())).toBe('判断题 · 安全生产法律法规');
  });
  it('of what changed between two versions', () => {
    const before = writeBlueprint(electricians());
    const after = writeBlueprint({ ...electricians(), minutes: 90, required: ['b/1', 'b/2'] });
    expect(changesOf(before, after)).toEqual([{ where: 'minutes', before: '120', after: '90' }, { where: 'required', before: '', after: 'b/1 b/2' }]);
    expect(changesOf(before, before)).toEqual([]);
  });
});

describe('the stock of a pre-flight', () => {
  const cell = (name: string, part: number, items: number) => ({ name, part, items, places: 1, exposure: 0.1 });
  const preflight = {
    cells: [
      cell('part 1 (true_false) + part 1 (true_false), topic law + 难题', 0, 20), cell('part 1 (true_false) + part 1 (true_false), topic shock', 0, 11),
      cell('part 2 (single_choice) + part 2 (single_choice), topic law + 难题 + rules[1] + enemies b/1 | b/2', 1, 9),
    ],
    items: [{ item: 'it-1', item_id: 'b/1', exposure: 0.1, cell: 2 }],
  } as unknown as Parameters<typeof stockOf>[0];
  const blueprint = { ...electricians(), rules: [{ ...newRule(), title: { zh: '难题', en: '' } }, { ...newRule(), points: true }] };
  (blueprint.parts[1] as Blueprint['parts'][0]).points = 2.5;
  it('is summed over the cells that a rule counts, in points where it counts points, and 0 where there is none', () => {
    const stock = stockOf(preflight, blueprint);
    expect([stock.get('parts[0].count'), stock.get('topics[0].counts.true_false'), stock.get('topics[0].counts.single_choice')]).toEqual([31, 20, 9]);
    expect([stock.get('rules[0]'), stock.get('rules[1]'), stock.get('topics[2].counts.true_false'), stock.get('minutes')]).toEqual([29, 22.5, 0, undefined]);
  });
  it('names enemies once, with the address of those that are listed', () => {
    expect(enemiesOf(preflight)).toEqual([{ one: 'b/1', other: 'b/2', addresses: ['it-1', ''] }]);
  });
});

describe('figures', () => {
  it('shares with enough places to compare', () => expect([0.035712, 0.314, 1, 0].map((one) => shareText(one).replace('\u00a0', ' '))).toEqual(['3.57 %', '31.4 %', '100 %', '0 %']));
  it('overlap as a sentence', () => expect(overlapSentence(0.374, 100)).toBe('任意两位考生平均有 37.4 题相同（每卷 100 题）。'));
  it('lie within their bound by factor and by one paper', () => expect([withinBound(0.034, 0.0337, 1.02, 1000), withinBound(0.04, 0.0337, 1.02, 1000)]).toEqual([true, false]));
  it('digests show their ends', () => expect(shortHash('0123456789abcdef0123456789abcdef')).toBe('01234567…89abcdef'));
});

describe('the proof of one paper', () => {
  const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const node = (a: Buffer, b: Buffer) => sha(Buffer.of(1), a, b);
  const rootOf = (leaves: Buffer[]): Buffer => {
    if (leaves.length === 1) return leaves[0] as Buffer;
    let half = 1;
    while (half * 2 < leaves.length) half *= 2;
    return node(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
  };
  const pathOf = (leaves: Buffer[], slot: number): Buffer[] => {
    if (leaves.length === 1) return [];
    let half = 1;
    while (half * 2 < leaves.length) half *= 2;
    return slot < half ? [...pathOf(leaves.slice(0, half), slot), rootOf(leaves.slice(half))] : [...pathOf(leaves.slice(half), slot - half), rootOf(leaves.slice(0, half))];
  };
  it('holds for every leaf of trees of every size, and for no other leaf, place or root (RFC 9162)', async () => {
    for (const papers of [1, 2, 3, 5, 7, 8, 13, 200]) {
      const leaves = Array.from({ length: papers }, (_, n) => sha(Buffer.of(0, n)));
      const root = rootOf(leaves).toString('hex');
      for (const slot of new Set([0, papers >> 1, papers - 1])) {
        const leaf = (leaves[slot] as Buffer).toString('hex');
        const path = pathOf(leaves, slot).map((one) => one.toString('hex'));
        expect(await rootOfPath(leaf, slot, papers, path), `${slot} of ${papers}`).toBe(root);
        expect(await rootOfPath(leaf, slot + papers, papers, path)).toBe('');
        expect(await rootOfPath(leaf, slot, papers, [...path, root])).not.toBe(root);
        expect(await rootOfPath(sha(Buffer.of(9)).toString('hex'), slot, papers, path)).not.toBe(root);
      }
    }
    const leaves = [sha(Buffer.of(0, 0)), sha(Buffer.of(0, 1))] as [Buffer, Buffer];
    const proof = { batch_id: 'b', number: 1, slot: 0, papers: 2, leaf: leaves[0].toString('hex'), path: [leaves[1].toString('hex')], papers_root: rootOf(leaves).toString('hex'), sealed_ms: 0, taken_ms: 0, log_hash: '', revealed: false };
    expect(await checkProof(proof)).toBe('holds');
    expect(await checkProof({ ...proof, slot: 1 })).toBe('fails');
  }, 60_000);
});

describe('who may do what, and when', () => {
  const batch = (some: Partial<Batch>) => ({ state: 'in_use', papers: 200, used: 50, unused: 149, withdrawn: 1, sealed_ms: 1, ...some }) as Batch;
  it('withdraws only what is left of a sealed batch', () => {
    expect([batch({}), batch({ state: 'used_up', unused: 0 }), batch({ state: 'revealed' })].map(mayWithdraw)).toEqual([true, false, false]);
    expect(sharesOf(batch({}))).toEqual({ used: 0.25, unused: 0.745, withdrawn: 0.005 });
    expect(sharesOf(batch({ papers: 0, used: 0, unused: 0, withdrawn: 0 })).used).toBe(0);
  });
  it('says why not', () => {
    expect(whyNot('seal', 'editor')).toBe('');
    expect(whyNot('withdraw', 'authority')).toContain('题库编辑');
    expect([whyNot('files', 'authority'), whyNot('files', 'reviewer')]).toEqual(['', expect.stringContaining('不能下载')]);
  });
  it('gives papers and seed only once they are revealed', () => {
    expect(filesOf(batch({ sealed_ms: null }))).toEqual([]);
    expect(filesOf(batch({}))).not.toContain('reveal.json');
    expect(filesOf(batch({ state: 'revealed' }))).toEqual(expect.arrayContaining(['papers.jsonl', 'reveal.json']));
  });
  it('a blueprint without papers is told before one whose newer version waits', () => {
    const row = (version: number, used: number, unused: number) => ({ version, used_version: used, papers: { unused } }) as BlueprintRow;
    expect([row(1, 0, 0), row(2, 1, 0), row(2, 1, 9), row(2, 2, 9)].map(blueprintState)).toEqual(['notUsed', 'noPapers', 'newWaits', 'usedNow']);
  });
});
