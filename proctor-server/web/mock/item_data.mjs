// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The items a fresh mock has: every type of text, every state, one that was changed since its release.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const w = (zh, en) => ({ zh, en });
export const kTree = JSON.parse(readFileSync(new URL('../../rules/taxonomy-2026.json', import.meta.url), 'utf8'));
export const kOther = { name: 'other', display: '题库编辑 林岚' };
const move = (id, from, to, title, needs_reason, needs_other_person) => ({ move: id, from, to, title, needs_reason, needs_other_person });
export const kMoves = [
  move('submit', ['draft'], 'in_review', w('送审', 'Send to review'), false, false), move('send_back', ['in_review'], 'draft', w('退回修改', 'Send back'), true, false),
  move('release', ['in_review'], 'released', w('发布', 'Release'), false, true), move('suspend', ['draft', 'in_review', 'released'], 'suspended', w('停用', 'Suspend'), true, false),
  move('resume', ['suspended'], 'released', w('恢复使用', 'Resume'), true, true), move('rework', ['suspended'], 'draft', w('修改后再用', 'Rework'), false, false),
  move('retire', ['draft', 'in_review', 'released', 'suspended'], 'retired', w('退役', 'Retire'), true, false), move('revive', ['retired'], 'draft', w('重新启用', 'Revive'), true, false),
];
export const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4s2gDEDFAKAAtrAbhtMLK7wAAAABJRU5ErkJggg==', 'base64');
export const kPictureName = `${createHash('sha256').update(kPng).digest('hex').slice(0, 32)}.png`;

export const kBase = { markup: 'plain', title: '', topic: '', difficulty: 0, stimulus: '', option_notes: [], key: [], answers: [], explanation: '', source: '', fixed_order: false, level: 'unstated', tags: [], enemies: [], options: [] };
const kContents = [
  { type: 'true_false', stem: '停电检修时，验电器在使用前应先在确知有电的设备上试验，证明验电器良好。', options: ['正确', '错误'], key: [0], topic: 'tools', difficulty: 2, level: 'national', explanation: '依据《电力安全工作规程》：验电前应先在有电设备上试验。', source: '《电力安全工作规程》' },
  { type: 'single_choice', stem: '在潮湿的金属容器内使用手持照明灯具，其电压不得超过（  ）。', options: ['12 V', '24 V', '36 V', '220 V'], key: [0], topic: 'protection', difficulty: 3, level: 'provincial', tags: ['安全电压'], explanation: '特别潮湿、狭窄且导电良好的场所使用 12 V 及以下安全电压。' },
  { type: 'multiple_choice', stem: '下列属于生产经营单位主要负责人职责的有（  ）。', options: ['建立健全并落实本单位全员安全生产责任制', '组织制定并实施本单位的生产安全事故应急救援预案', '及时、如实报告生产安全事故', '为每个从业人员缴纳人寿保险'], key: [0, 1, 2], topic: 'law', difficulty: 4, source: '《安全生产法》第二十一条' },
];
const kRich = {
  type: 'single_choice', markup: 'html', topic: 'apparatus', difficulty: 4, level: 'national', key: [1], tags: ['公式', '图片'], stimulus: 'case-1', enemies: ['lv-003'],
  stem: `<p>某回路 \\(R = 10\\ \\Omega\\)，电压 \\(U = 220\\ \\mathrm{V}\\)，接线如图，数据见表。通过的电流 \\(I = \\dfrac{U}{R}\\) 是（ ）。</p><img src="media:${kPictureName}" alt="接线图" width="120" height="80"><table><thead><tr><th>量</th><th>值</th></tr></thead><tbody><tr><td>R</td><td>10 Ω</td></tr><tr><td>U</td><td>220 V</td></tr></tbody></table>`,
  options: ['<b>2.2 A</b>', '22 A', '220 A', '10<sup>2</sup> A'], option_notes: ['把 R 当成 100 Ω', '欧姆定律', '', ''], explanation: '由欧姆定律 \\(I = U / R = 22\\ \\mathrm{A}\\)。',
};

export function freshItems(now) {
  const items = Array.from({ length: 130 }, (_, n) => {
    const content = { ...kBase, ...kContents[n % 3], stem: `${kContents[n % 3].stem}`.replace('。', `（${n + 1}）。`), tags: n % 3 === 1 ? ['安全电压'] : n % 9 === 0 ? ['2026 修订'] : [] };
    const state = ['released', 'draft', 'in_review', 'released', 'suspended', 'released', 'retired', 'released', 'in_review'][n % 9];
    const drawn = state === 'released' || (state === 'draft' && n % 2) ? 1 : 0;
    return item(`it-${n + 1}`, `lv-${String(n + 1).padStart(3, '0')}`, n === 2 ? { ...kBase, ...kRich, enemies: [] } : content, state, drawn, now - (n + 1) * 3_600_000);
  });
  // One with two versions, both of another person, the first of them released: what a reviewer compares.
  const changed = items[8];
  changed.versions.push({ ...changed.versions[0], number: 2, reason: '按新标准改电压', made_ms: now - 1800_000, content: { ...changed.versions[0].content, stem: changed.versions[0].content.stem.replace('主要负责人', '安全生产管理人员'), key: [0, 1], tags: ['2026 修订', '职责'] } });
  Object.assign(changed, { released: 1, approved: 1 });
  return items;
}
export function item(id, item_id, content, state, released, made_ms, author = kOther) {
  return {
    id, bank_id: 'sample-low-voltage', item_id, state, released, approved: state === 'suspended' || state === 'retired' ? 1 : released, changed_ms: made_ms, changed_by: author.display,
    versions: [{ number: 1, content, author, made_ms, reason: '导入：低压电工.xlsx' }], history: [{ at_ms: made_ms, by: author.display, move: 'imported', from: '', to: 'draft', version: 1, reason: '' }],
    flags: id === 'it-7' || id === 'it-10' ? ['negative_discrimination', 'key_probably_wrong'] : id.endsWith('3') ? ['dead_distractor'] : [],
  };
}
