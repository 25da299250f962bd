// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The second implementation of algorithm invigil-assembly-2: another language, written from docs/formats/paper-batch.md, integers
// only: node invigil-assembly.mjs DIR recomputes papers.jsonl and seal.json from freeze.json and reveal.json.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const sha = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

class ChaCha {
  constructor(key) {
    this.state = new Uint32Array(16);
    this.state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
    for (let i = 0; i < 8; i++) this.state[4 + i] = key.readUInt32LE(4 * i);
    this.block = new Uint32Array(16);
    this.used = 16;
  }
  refill() {
    const x = this.block;
    x.set(this.state);
    const turn = (v, n) => (v << n) | (v >>> (32 - n));
    const quarter = (a, b, c, d) => {
      x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 16);
      x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 12);
      x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 8);
      x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 7);
    };
    for (let round = 0; round < 10; round++) {
      quarter(0, 4, 8, 12); quarter(1, 5, 9, 13); quarter(2, 6, 10, 14); quarter(3, 7, 11, 15);
      quarter(0, 5, 10, 15); quarter(1, 6, 11, 12); quarter(2, 7, 8, 13); quarter(3, 4, 9, 14);
    }
    for (let i = 0; i < 16; i++) x[i] += this.state[i];
    if (++this.state[12] === 0) ++this.state[13];
    this.used = 0;
  }
  below(bound) {
    const reject = 4294967296 % bound;
    for (;;) {
      if (this.used === 16) this.refill();
      const word = this.block[this.used++];
      if (word >= reject) return word % bound;
    }
  }
  shuffle(list) {
    for (let i = 0; i + 1 < list.length; i++) {
      const j = i + this.below(list.length - i);
      [list[i], list[j]] = [list[j], list[i]];
    }
  }
}

const compareLists = (a, b) => {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
};

const bisect = (list, value) => {
  let from = 0, to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle] < value) from = middle + 1;
    else to = middle;
  }
  return list[from] === value;
};

// Items that no rule of counts tells apart, of one part and band.
export function cellsOf({ items, rules }) {
  const rulesOf = items.map(() => []), caseOf = items.map(() => -1);
  rules.forEach((rule, k) => rule.sum || rule.items.forEach((item) => {
    rulesOf[item].push(k);
    if (rule.counts_into >= 0) caseOf[item] = k;
  }));
  const found = new Map();
  items.forEach((item, i) => {
    const band = item.band ?? 0, key = rulesOf[i].join() + "/" + item.part + "/" + band;
    if (!found.has(key)) found.set(key, { rules: rulesOf[i], part: item.part, band, items: [], rule: caseOf[i] });
    found.get(key).items.push(i);
  });
  const list = [...found.values()].sort((a, b) => compareLists(a.rules, b.rules) || a.part - b.part || a.band - b.band);
  const numbers = new Map(), groups = [], of = [];
  list.forEach((cell, c) => {
    const before = list[c - 1];
    cell.kin = !before ? 0 : before.kin + (compareLists(before.rules, cell.rules) === 0 && before.part === cell.part ? 0 : 1);
    for (const item of cell.items) of[item] = c;
    cell.group = -1;
    if (cell.rule < 0) return;
    if (!numbers.has(cell.rule)) { numbers.set(cell.rule, groups.length); groups.push({ rule: cell.rule, cells: [] }); }
    cell.group = numbers.get(cell.rule);
    groups[cell.group].cells.push(c);
  });
  return { list, groups, of };
}

// The rules of counts: those of the freeze, then one a cell for how many items it has.
class CountRules {
  constructor(freeze, cells) {
    const most = 2 ** 30;
    this.rules = freeze.rules.map(({ low, high, if_any, counts_into, sum }) =>
      ({ low: sum ? 0 : Math.min(low, most), high: sum ? 0 : Math.min(high, most), if_any, counts_into }));
    this.cellsOf = this.rules.map(() => []);
    this.ofCell = cells.list.map((cell, c) => {
      const terms = [];
      for (const rule of cell.rules) {
        const weights = freeze.rules[rule].weights, weight = weights ? weights[cell.part] ?? 0 : 1;
        if (weight === 0) continue;
        terms.push([rule, weight]);
        this.cellsOf[rule].push(c);
      }
      terms.push([this.rules.length, 1]);
      this.cellsOf[this.rules.length] = [c];
      this.rules.push({ low: 0, high: cell.items.length, if_any: false, counts_into: -1 });
      return terms;
    });
  }
  broken(rule, n) {
    const r = this.rules[rule];
    if (r.if_any && n === 0) return 0;
    return n < r.low ? r.low - n : n > r.high ? n - r.high : 0;
  }
}

// One paper as cells, with the count of every rule and the list of the broken ones.
class Sheet {
  constructor(rules) {
    this.rules = rules;
    this.first = rules.rules.map((_, k) => k).filter((k) => rules.broken(k, 0) > 0);
    this.load([]);
  }
  load(cells) {
    this.cells = [];
    this.counts = new Int32Array(this.rules.rules.length);
    this.brokenRules = [...this.first];
    this.broken = this.first.reduce((sum, k) => sum + this.rules.broken(k, 0), 0);
    for (const cell of cells) this.put(cell);
  }
  put(cell) { this.cells.push(cell); this.count(cell, 1); }
  replace(place, cell) {
    this.count(this.cells[place], -1);
    this.cells[place] = cell;
    this.count(cell, 1);
  }
  count(cell, sign) { for (const [rule, weight] of this.rules.ofCell[cell]) this.change(rule, sign * weight); }
  change(rule, by) {
    const n = this.counts[rule], before = this.rules.broken(rule, n), after = this.rules.broken(rule, n + by);
    this.counts[rule] = n + by;
    this.broken += after - before;
    if (before === 0 && after > 0) this.brokenRules.push(rule);
    if (before > 0 && after === 0) {
      const last = this.brokenRules.pop();
      if (last !== rule) this.brokenRules[this.brokenRules.indexOf(rule)] = last;
    }
    const into = this.rules.rules[rule].counts_into;
    if (into >= 0 && (n > 0) !== (n + by > 0)) this.change(into, n + by > 0 ? 1 : -1);
  }
}

// Finds shapes of papers, one after another.
class Search {
  constructor(freeze, cells, random) {
    this.cells = cells; this.random = random; this.length = freeze.rules[0].low;
    this.rules = new CountRules(freeze, cells);
    this.sheet = new Sheet(this.rules);
    this.aheadBy = freeze.targets.map((total) => -total);
    this.weight = cells.list.map((cell) => Math.max(1, Math.floor(2 ** 20 / cell.items.length)));
    this.alone = cells.list.map((_, c) => c).filter((c) => cells.list[c].group < 0);
    this.cases = cells.groups.map((_, g) => g).filter((g) => this.groupAhead(g) < 0);
    this.hasCases = cells.groups.length > 0;
  }
  below(bound) { return this.random.below(bound); }
  one(list) { return list[this.below(list.length)]; }
  anyPlace() { return this.below(this.sheet.cells.length); }
  groupOf(cell) { return this.cells.list[cell].group; }
  use(cells, sign) { for (const cell of cells) this.aheadBy[cell] += sign; }
  ahead(cell) { return this.aheadBy[cell] * this.weight[cell]; }
  move(cell, sign) {
    const change = this.weight[cell] * (2 * sign * this.aheadBy[cell] + 1);
    this.aheadBy[cell] += sign;
    return change;
  }
  pick(list, tries) {
    let best = this.one(list);
    while (--tries > 0) {
      const other = this.one(list);
      if (this.ahead(other) < this.ahead(best)) best = other;
    }
    return best;
  }
  pickFor() {
    if (!this.hasCases) return this.pick(this.alone, 3);
    const group = this.groupOf(this.one(this.sheet.cells));
    return group < 0 ? this.pick(this.alone, 3) : this.pick(this.cells.groups[group].cells, 2);
  }
  present(group) { return this.sheet.counts[this.cells.groups[group].rule] > 0; }
  groupAhead(group) { return this.cells.groups[group].cells.reduce((sum, cell) => sum + this.aheadBy[cell], 0); }
  pickCase() {
    let best = -1;
    for (let n = 0; n < 3 && this.cases.length > 0; n++) {
      const group = this.one(this.cases);
      if (!this.present(group) && (best < 0 || this.groupAhead(group) < this.groupAhead(best))) best = group;
    }
    return best;
  }
  members(group) {
    const out = this.cells.groups[group].cells.flatMap((cell) => this.cells.list[cell].items.map(() => cell));
    this.random.shuffle(out);
    return out;
  }
  exchangeCase(from, to) {
    const sheet = this.sheet, places = [];
    sheet.cells.forEach((cell, k) => { if (from >= 0 && this.groupOf(cell) === from) places.push(k); });
    let take = 0;
    if (to >= 0) {
      const rule = this.rules.rules[this.cells.groups[to].rule], coming = this.members(to);
      take = Math.min(coming.length, sheet.cells.length, Math.max(rule.low, Math.min(places.length, rule.high)));
      while (places.length < take) {
        const place = this.anyPlace();
        if (!places.includes(place)) places.push(place);
      }
      for (let k = 0; k < take; k++) sheet.replace(places[k], coming[k]);
    }
    for (let k = take; k < places.length; k++) sheet.replace(places[k], this.pickFor());
  }
  otherCase() {
    const from = this.groupOf(this.one(this.sheet.cells)), to = this.pickCase();
    if (to < 0) return false;
    this.exchangeCase(from, to);
    return true;
  }
  changeCases(more) {
    const to = more ? this.pickCase() : -1, from = more ? -1 : this.groupOf(this.one(this.sheet.cells));
    if (to < 0 && from < 0) return false;
    this.exchangeCase(from, to);
    return true;
  }
  casesVary() {
    if (this.cases.length === 0) return false;
    const { low, high } = this.rules.rules[this.rules.rules[this.cells.groups[0].rule].counts_into];
    return low < high;
  }
  start() {
    const sheet = this.sheet;
    sheet.load([]);
    let wanted = 0;
    if (this.cases.length > 0) {
      const { low, high } = this.rules.rules[this.rules.rules[this.cells.groups[0].rule].counts_into];
      wanted = low + this.below(Math.max(low, Math.min(high, this.cases.length)) - low + 1);
    }
    for (let n = 0; n < wanted; n++) {
      const group = this.pickCase();
      if (group < 0) continue;
      const rule = this.rules.rules[this.cells.groups[group].rule], coming = this.members(group);
      const even = Math.max(rule.low, Math.min(Math.floor(this.length / wanted), rule.high));
      const take = Math.min(coming.length, this.length - sheet.cells.length, even);
      for (let k = 0; k < take; k++) sheet.put(coming[k]);
    }
    while (sheet.cells.length < this.length) {
      if (this.alone.length > 0) sheet.put(this.pick(this.alone, 3));
      else sheet.put(sheet.cells.length === 0 ? this.below(this.aheadBy.length) : this.pickFor());
    }
  }
  propose(rule) {
    const sheet = this.sheet, low = sheet.counts[rule] < this.rules.rules[rule].low, counted = this.rules.cellsOf[rule];
    if (counted.length === 0) return [0, -1];
    const counts = (place) => bisect(counted, sheet.cells[place]);
    let place = this.anyPlace();
    for (let n = 0; n < 6 && counts(place) === low; n++) place = this.anyPlace();
    if (!low) return [place, this.pickFor()];
    const fits = (cell) => this.groupOf(cell) < 0 || this.present(this.groupOf(cell));
    let cell = this.pick(counted, 2);
    for (let n = 0; n < 6 && !fits(cell); n++) cell = this.one(counted);
    return [place, fits(cell) ? cell : -1];
  }
  accepts(worse, heat) {
    if (worse <= 0) return true;
    if (worse > 2) return false;
    return this.below(65536) < (worse === 1 ? heat : Math.trunc(heat / 16));
  }
  repair(steps, heat) {
    const sheet = this.sheet;
    for (let step = 0; step < steps && sheet.broken > 0; step++) {
      const before = sheet.broken, warm = Math.trunc((heat * (steps - 1 - step)) / steps), rule = this.one(sheet.brokenRules);
      const countsCases = this.hasCases && this.rules.cellsOf[rule].length === 0;
      if (countsCases || (this.hasCases && this.below(16) === 0)) {
        const was = [...sheet.cells];
        if ((countsCases ? this.changeCases(sheet.counts[rule] < this.rules.rules[rule].low) : this.otherCase()) && !this.accepts(sheet.broken - before, warm)) sheet.load(was);
        continue;
      }
      const [place, cell] = this.propose(rule);
      if (cell < 0) continue;
      const mine = sheet.cells[place];
      sheet.replace(place, cell);
      if (!this.accepts(sheet.broken - before, warm)) sheet.replace(place, mine);
    }
  }
  find(shape) {
    for (let n = 0; n < 8; n++) {
      if (shape && (n === 0 || !this.hasCases)) this.sheet.load(shape);
      else this.start();
      this.repair(40 * this.length, 4000);
      if (this.sheet.broken === 0) return true;
    }
    return false;
  }
}

// p and info in a unit that is coarse enough for squares of sums to stay below 2^53.
function worths({ items, rules }) {
  const most = items.reduce((most, item) => Math.max(most, Math.abs(item.p), Math.abs(item.info)), 0);
  let shift = 0;
  while (Math.floor(most / 2 ** shift) * rules[0].low > 2 ** 23) shift++;
  return items.map((item) => [Math.floor(item.p / 2 ** shift), Math.floor(item.info / 2 ** shift)]);
}
const distance = (p, info) => p * p + 4 * info * info;

class Shaper {
  constructor(freeze, cells, random) {
    this.cells = cells; this.random = random; this.totals = freeze.targets; this.count = freeze.papers;
    this.search = new Search(freeze, cells, random);
    this.sheet = this.search.sheet;
    const worth = worths(freeze);
    this.worth = cells.list.map((cell) => [0, 1].map((m) => Math.trunc(cell.items.reduce((sum, item) => sum + worth[item][m], 0) / cell.items.length)));
    this.mean = [0, 1].map((m) => Number(this.worth.reduce((sum, w, c) => sum + BigInt(w[m]) * BigInt(this.totals[c]), 0n) / BigInt(this.count)));
  }
  deal() {
    this.shapes = Array.from({ length: this.count }, () => []);
    const order = this.shapes.map((_, i) => i);
    let next = order.length;
    this.totals.forEach((total, c) => {
      for (let n = 0; n < total; n++) {
        if (next === order.length) { this.random.shuffle(order); next = 0; }
        this.shapes[order[next++]].push(c);
      }
    });
    for (const shape of this.shapes) this.search.use(shape, 1);
  }
  run() {
    const { search, sheet } = this, sound = [];
    this.shapes = [];
    if (!search.hasCases) this.deal();
    for (let i = 0; i < this.count; i++) {
      const dealt = search.hasCases ? null : this.shapes[i];
      if (dealt) search.use(dealt, -1);
      if (search.find(dealt)) sound.push(i);
      this.shapes[i] = [...sheet.cells];
      search.use(this.shapes[i], 1);
    }
    if (sound.length === 0) throw new Error("no paper keeps every rule");
    const kept = new Set(sound);
    for (let i = 0; i < this.count; i++) {
      if (kept.has(i)) continue;
      search.use(this.shapes[i], -1);
      this.shapes[i] = [...this.shapes[search.one(sound)]];
      search.use(this.shapes[i], 1);
    }
    for (let pass = search.hasCases ? 30 : 12; pass > 0; pass--) for (let i = 0; i < this.count; i++) this.equalise(i);
    return this.shapes.map((shape) => shape.sort((a, b) => a - b));
  }
  equalise(paper) {
    this.sheet.load(this.shapes[paper]);
    for (let n = 0; n < 100; n++) this.chain();
    for (let n = 0; n < 2 && this.search.hasCases; n++) this.otherCase();
    this.shapes[paper] = [...this.sheet.cells];
  }
  imbalance() {
    if (!this.search.hasCases) return 0;
    let p = -this.mean[0], info = -this.mean[1];
    for (const cell of this.sheet.cells) { p += this.worth[cell][0]; info += this.worth[cell][1]; }
    return Math.floor(distance(p, info) / 256);
  }
  chain() {
    const { search, sheet } = this, steps = [];
    let change = -this.imbalance();
    const step = (place, cell) => {
      steps.push([place, sheet.cells[place]]);
      change += search.move(sheet.cells[place], -1) + search.move(cell, 1);
      sheet.replace(place, cell);
    };
    let place = search.anyPlace();
    const other = search.anyPlace();
    if (search.ahead(sheet.cells[other]) > search.ahead(sheet.cells[place])) place = other;
    const cell = search.pickFor();
    if (cell === sheet.cells[place] || (!search.hasCases && search.ahead(cell) >= search.ahead(sheet.cells[place]))) return;
    step(place, cell);
    for (let n = 1; n < 4 && sheet.broken > 0; n++) {
      const [next, to] = search.propose(search.one(sheet.brokenRules));
      if (to >= 0) step(next, to);
    }
    if (sheet.broken === 0 && change + this.imbalance() < 0) return;
    while (steps.length > 0) {
      const [at, was] = steps.pop();
      search.use([sheet.cells[at]], -1);
      search.use([was], 1);
      sheet.replace(at, was);
    }
  }
  otherCase() {
    const { search, sheet } = this, was = [...sheet.cells];
    let change = -this.imbalance();
    const vary = search.casesVary() && search.below(2) === 0;
    if (vary ? !search.changeCases(search.below(2) === 0) : !search.otherCase()) return;
    search.repair(3 * search.length, 1000);
    change += this.imbalance();
    for (const cell of was) change += search.move(cell, -1);
    for (const cell of sheet.cells) change += search.move(cell, 1);
    if (sheet.broken === 0 && change < 0) return;
    search.use(sheet.cells, -1);
    search.use(was, 1);
    sheet.load(was);
  }
}

// Papers in random order take items from one permutation of the cell after another.
function dealItems(cells, shapes, random) {
  const papers = shapes.map((shape) => shape.map(() => -1)), runs = cells.list.map(() => []);
  shapes.forEach((shape, i) => {
    for (let from = 0, to = 0; from < shape.length; from = to) {
      while (to < shape.length && shape[to] === shape[from]) to++;
      runs[shape[from]].push([i, from, to]);
    }
  });
  cells.list.forEach((cell, c) => {
    random.shuffle(runs[c]);
    const block = [...cell.items];
    let next = block.length;
    for (const [i, from, to] of runs[c])
      for (let k = from; k < to; k++) {
        if (next === block.length) { random.shuffle(block); next = 0; }
        let choice = next;
        while (papers[i].slice(from, k).includes(block[choice])) choice++;
        [block[next], block[choice]] = [block[choice], block[next]];
        papers[i][k] = block[next++];
      }
  });
  return papers;
}

// Exchanges items between papers until their sums of p and info are nearly the same.
function levelPapers(freeze, cells, papers, random) {
  const length = freeze.rules[0].low, worth = worths(freeze), items = papers.flat();
  const cellOf = (item) => cells.list[cells.of[item]], kinds = cells.list[cells.list.length - 1].kin + 1;
  const family = items.map((item) => cellOf(item).group < 0 ? cellOf(item).kin : kinds + cellOf(item).group);
  const places = Array.from({ length: kinds + cells.groups.length }, () => []);
  family.forEach((f, place) => places[f].push(place));
  const off = papers.map((paper) => [0, 1].map((m) => paper.reduce((sum, item) => sum + worth[item][m], 0)));
  const mean = [0, 1].map((m) => Number(off.reduce((sum, o) => sum + BigInt(o[m]), 0n) / BigInt(papers.length)));
  for (const o of off) { o[0] -= mean[0]; o[1] -= mean[1]; }
  const sheet = cells.groups.length > 0 ? new Sheet(new CountRules(freeze, cells)) : null;
  const keepsRules = (place, paper, cell) => {
    sheet.load(items.slice(paper * length, (paper + 1) * length).map((item, k) => paper * length + k === place ? cell : cells.of[item]));
    return sheet.broken === 0;
  };
  const holds = (paper, item) => {
    for (let k = paper * length; k < (paper + 1) * length; k++) if (items[k] === item) return true;
    return false;
  };
  for (let sweep = sheet ? 600 : 200; sweep > 0; sweep--)
    for (let one = 0; one < items.length; one++) {
      const same = places[family[one]], two = same[random.below(same.length)];
      const i = Math.floor(one / length), j = Math.floor(two / length), a = items[one], b = items[two];
      if (i === j || a === b) continue;
      const dp = worth[b][0] - worth[a][0], di = worth[b][1] - worth[a][1], x = off[i], y = off[j];
      const gain = distance(x[0], x[1]) + distance(y[0], y[1]) - distance(x[0] + dp, x[1] + di) - distance(y[0] - dp, y[1] - di);
      if (gain <= 0 || holds(i, b) || holds(j, a)) continue;
      if (cellOf(a).kin !== cellOf(b).kin && (!keepsRules(one, i, cells.of[b]) || !keepsRules(two, j, cells.of[a]))) continue;
      items[one] = b; items[two] = a;
      x[0] += dp; y[0] -= dp; x[1] += di; y[1] -= di;
    }
  return papers.map((_, i) => items.slice(i * length, (i + 1) * length));
}

function present(freeze, groupOf, paper, random) {
  const parts = new Map(), firstOf = new Map(), ids = [], options = [];
  for (const item of [...paper].sort((a, b) => a - b)) {
    const part = freeze.items[item].part, group = groupOf(item), key = part + "/" + group;
    if (!parts.has(part)) parts.set(part, new Map());
    if (group >= 0 && !firstOf.has(key)) firstOf.set(key, item);
    const first = group < 0 ? item : firstOf.get(key), units = parts.get(part);
    if (!units.has(first)) units.set(first, []);
    units.get(first).push(item);
  }
  for (const part of [...parts.keys()].sort((a, b) => a - b)) {
    const units = [...parts.get(part).values()];
    random.shuffle(units);
    for (const unit of units) {
      random.shuffle(unit);
      for (const item of unit) {
        const shown = Array.from({ length: freeze.items[item].options }, (_, i) => i);
        random.shuffle(shown);
        ids.push(freeze.items[item].id);
        options.push(shown.join());
      }
    }
  }
  return [ids.join(" "), options.join(";")];
}

export function merkleRoot(leaves) {
  let level = leaves;
  while (level.length > 1) {
    const next = [];
    for (let i = 0; i + 1 < level.length; i += 2) next.push(sha(Buffer.of(1), level[i], level[i + 1]));
    if (level.length % 2) next.push(level[level.length - 1]);
    level = next;
  }
  return level[0];
}

export function recompute(freezeText, reveal) {
  const freeze = JSON.parse(freezeText), seed = Buffer.from(reveal.seed, "hex");
  if (freeze.algorithm !== "invigil-assembly-2") throw new Error("another algorithm");
  if (sha("seed-v1", seed).toString("hex") !== freeze.seed_commitment) throw new Error("the seed is not the committed one");
  const key = hmac(hmac(freeze.beacon, seed), "invigil-batch-v1|" + freeze.batch + "\x01");
  const cells = cellsOf(freeze), random = new ChaCha(hmac(key, "assemble"));
  const dealt = dealItems(cells, new Shaper(freeze, cells, random).run(), random);
  const papers = levelPapers(freeze, cells, dealt, random);
  const leaves = [];
  let lines = "";
  papers.forEach((paper, slot) => {
    const salt = hmac(key, "salt|" + slot);
    const [ids, options] = present(freeze, (item) => freeze.items[item].unit ?? -1, paper, new ChaCha(hmac(key, "order|" + slot)));
    leaves.push(sha(Buffer.of(0), salt, slot + "|", sha(ids), sha(options)));
    lines += JSON.stringify({ slot, salt: salt.toString("hex"), items: ids, options }) + "\n";
  });
  const seal = JSON.stringify({ format: "invigil-paper-seal", version: 1, batch: freeze.batch,
    freeze_sha256: sha(freezeText).toString("hex"), papers_root: merkleRoot(leaves).toString("hex"),
    leaves: leaves.map((leaf) => leaf.toString("hex")) }) + "\n";
  return { lines, seal, papers: papers.length };
}

if (process.argv[2]) {
  const read = (name) => readFileSync(join(process.argv[2], name), "utf8");
  const made = recompute(read("freeze.json"), JSON.parse(read("reveal.json")));
  const same = made.lines === read("papers.jsonl") && made.seal === read("seal.json");
  console.log(`${made.papers} papers recomputed: ${same ? "byte-identical" : "DIFFERENT"}`);
  process.exitCode = same ? 0 : 1;
}
