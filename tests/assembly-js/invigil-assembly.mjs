// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The second implementation of algorithm invigil-assembly-2: another language, written after the C++ (paper-batch.md), integers
// only: node invigil-assembly.mjs DIR recomputes papers.jsonl and seal.json from freeze.json and reveal.json.
import { createHash, createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
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

export function cellsOf({ items, rules }) {
  const rulesOf = items.map(() => []), groupOf = items.map(() => -1);
  rules.forEach((rule, k) => rule.sum || rule.items.forEach((item) => {
    rulesOf[item].push(k);
    if (rule.counts_into >= 0) groupOf[item] = k;
  }));
  const found = new Map();
  items.forEach((item, i) => {
    const key = rulesOf[i].join() + "/" + item.part + "/" + (item.band ?? 0);
    if (!found.has(key)) found.set(key, { rules: rulesOf[i], part: item.part, band: item.band ?? 0, items: [], rule: groupOf[i] });
    found.get(key).items.push(i);
  });
  const list = [...found.values()].sort((a, b) => compareLists(a.rules, b.rules) || a.part - b.part || a.band - b.band);
  const numbers = new Map(), groupCells = [];
  list.forEach((cell, c) => {
    const before = list[c - 1];
    cell.kin = !before ? 0 : before.kin + (compareLists(before.rules, cell.rules) === 0 && before.part === cell.part ? 0 : 1);
    cell.group = -1;
    if (cell.rule < 0) return;
    if (!numbers.has(cell.rule)) { numbers.set(cell.rule, numbers.size); groupCells.push([]); }
    cell.group = numbers.get(cell.rule);
    groupCells[cell.group].push(c);
  });
  return { list, groupCells };
}

class Shaper {
  constructor(freeze, cells, random) {
    this.cells = cells; this.random = random; this.totals = freeze.targets; this.left = [...freeze.targets];
    this.count = freeze.papers; this.length = freeze.rules[0].low;
    this.rules = freeze.rules.map(({ low, high, if_any, counts_into, sum }) => ({ low: sum ? 0 : low, high, if_any, counts_into }));
    this.ofCell = cells.list.map((cell, c) => [...cell.rules.map((k) => [k, freeze.rules[k].weights ? freeze.rules[k].weights[cell.part] ?? 0 : 1]),
      [freeze.rules.length + c, 1]]);
    for (const cell of cells.list) this.rules.push({ low: 0, high: cell.items.length, if_any: false, counts_into: -1 });
    this.shapes = [];
  }
  broken(rule, n) {
    const r = this.rules[rule];
    if (r.if_any && n === 0) return 0;
    return n < r.low ? r.low - n : n > r.high ? n - r.high : 0;
  }
  countRule(shape, rule, by) {
    const before = shape.counts[rule], after = before + by, into = this.rules[rule].counts_into;
    shape.broken += this.broken(rule, after) - this.broken(rule, before);
    shape.counts[rule] = after;
    if (into >= 0 && (before > 0) !== (after > 0)) this.countRule(shape, into, by > 0 ? 1 : -1);
  }
  countCell(shape, cell, sign) { for (const [rule, weight] of this.ofCell[cell]) this.countRule(shape, rule, sign * weight); }
  empty() {
    const shape = { cells: [], counts: new Int32Array(this.rules.length), broken: 0 };
    for (let k = 0; k < this.rules.length; k++) shape.broken += this.broken(k, 0);
    return shape;
  }
  put(shape, cell) { shape.cells.push(cell); this.countCell(shape, cell, 1); }
  replace(shape, place, cell) {
    this.countCell(shape, shape.cells[place], -1);
    shape.cells[place] = cell;
    this.countCell(shape, cell, 1);
  }
  accepts(worse, heat) {
    if (worse <= 0) return true;
    if (worse > 2) return false;
    return this.random.below(65536) < (worse === 1 ? heat : Math.trunc(heat / 16));
  }
  deal() {
    for (let i = 0; i < this.count; i++) this.shapes.push(this.empty());
    const order = this.shapes.map((_, i) => i);
    let next = order.length;
    this.totals.forEach((total, c) => {
      for (let n = 0; n < total; n++) {
        if (next === order.length) { this.random.shuffle(order); next = 0; }
        this.put(this.shapes[order[next++]], c);
      }
    });
  }
  exchange() {
    const sweeps = 150;
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const heat = Math.trunc((3000 * (sweeps - 1 - sweep)) / sweeps);
      let sound = true;
      for (let i = 0; i < this.shapes.length; i++) {
        const one = this.shapes[i];
        for (let attempt = 0; attempt < 12 * this.length && one.broken > 0; attempt++) {
          const j = this.random.below(this.shapes.length), two = this.shapes[j];
          const a = this.random.below(one.cells.length), b = this.random.below(two.cells.length);
          const mine = one.cells[a], theirs = two.cells[b], before = one.broken + two.broken;
          if (i === j || mine === theirs) continue;
          this.replace(one, a, theirs);
          this.replace(two, b, mine);
          if (this.accepts(one.broken + two.broken - before, heat)) continue;
          this.replace(one, a, mine);
          this.replace(two, b, theirs);
        }
        sound = sound && one.broken === 0;
      }
      if (sound) return;
    }
  }
  share(cell) { return this.totals[cell] === 0 ? -4096 : Math.trunc((4096 * this.left[cell]) / this.totals[cell]); }
  pick() {
    let best = this.random.below(this.totals.length);
    for (let n = 0; n < 2; n++) {
      const other = this.random.below(this.totals.length);
      if (this.share(other) > this.share(best)) best = other;
    }
    return best;
  }
  pickFor(shape) {
    const group = this.cells.list[shape.cells[this.random.below(shape.cells.length)]].group;
    if (group < 0) return this.pick();
    const members = this.cells.groupCells[group];
    const one = members[this.random.below(members.length)], other = members[this.random.below(members.length)];
    return this.share(other) > this.share(one) ? other : one;
  }
  withOtherCase(shape) {
    const from = this.cells.list[shape.cells[this.random.below(shape.cells.length)]].group;
    const to = this.cells.list[this.pick()].group;
    if (from === to || from < 0 || to < 0) return shape;
    const changed = this.empty(), members = this.cells.groupCells[to];
    for (const cell of shape.cells)
      this.put(changed, this.cells.list[cell].group === from ? members[this.random.below(members.length)] : cell);
    return changed;
  }
  walk(shape) {
    const steps = 400 * this.length;
    for (let step = 0; step < steps && shape.broken > 0; step++) {
      const heat = Math.trunc((4000 * (steps - 1 - step)) / steps), before = shape.broken;
      if (this.cells.groupCells.length > 0 && this.random.below(8) === 0) {
        const changed = this.withOtherCase(shape);
        if (this.accepts(changed.broken - before, heat)) shape = changed;
        continue;
      }
      const place = this.random.below(shape.cells.length);
      const mine = shape.cells[place], other = this.pickFor(shape);
      this.replace(shape, place, other);
      if (!this.accepts(shape.broken - before, heat)) this.replace(shape, place, mine);
    }
    return shape;
  }
  startWithCases() {
    const shape = this.empty();
    for (let n = 0; n < this.length; ) {
      const group = this.cells.list[this.pick()].group, take = group < 0 ? 1 : 5;
      for (let k = 0; k < take && n < this.length; k++, n++) {
        const members = group < 0 ? null : this.cells.groupCells[group];
        this.put(shape, members ? members[this.random.below(members.length)] : this.pick());
      }
    }
    return this.take(this.walk(shape), -1);
  }
  take(shape, sign) {
    for (const cell of shape.cells) this.left[cell] += sign;
    return shape;
  }
  run() {
    if (this.cells.groupCells.length === 0) {
      this.deal();
      this.exchange();
      for (const shape of this.shapes) this.take(shape, -1);
    } else {
      for (let i = 0; i < this.count; i++) this.shapes.push(this.startWithCases());
    }
    this.shapes = this.shapes.map((shape) => shape.broken === 0 ? shape : this.take(this.walk(this.take(shape, 1)), -1));
    const sound = this.shapes.filter((shape) => shape.broken === 0);
    if (sound.length === 0) throw new Error("no paper keeps every rule");
    return this.shapes.map((shape) =>
      [...(shape.broken === 0 ? shape : sound[this.random.below(sound.length)]).cells].sort((a, b) => a - b));
  }
}

function dealItems(freeze, cells, shapes, random) {
  const papers = shapes.map((shape) => shape.map(() => -1));
  const places = cells.list.map(() => []);
  shapes.forEach((shape, i) => shape.forEach((cell, k) => places[cell].push([i, k])));
  const holds = (paper, item) => papers[paper].includes(item);
  const kinPlaces = [];
  cells.list.forEach((cell, c) => { kinPlaces[cell.kin] = [...(kinPlaces[cell.kin] ?? []), ...places[c]]; });
  cells.list.forEach((cell, c) => {
    const firsts = places[c].filter(([i, k]) => k === 0 || shapes[i][k - 1] !== c);
    random.shuffle(firsts);
    const block = [...cell.items];
    let next = block.length;
    for (const [i, from] of firsts)
      for (let k = from; k < shapes[i].length && shapes[i][k] === c; k++) {
        if (next === block.length) { random.shuffle(block); next = 0; }
        let choice = next;
        while (holds(i, block[choice])) choice++;
        [block[next], block[choice]] = [block[choice], block[next]];
        papers[i][k] = block[next++];
      }
  });
  const square = (deviation) => { const d = Math.max(-20000000, Math.min(20000000, deviation)); return d * d; };
  const floorMean = (sums) => Number(sums.reduce((all, n) => all + BigInt(n), 0n) / BigInt(sums.length));
  const centred = (member) => {
    const sums = papers.map((paper) => paper.reduce((sum, item) => sum + freeze.items[item][member], 0));
    const mean = floorMean(sums);
    return sums.map((sum) => sum - mean);
  };
  const p = centred("p"), info = centred("info"), all = [];
  papers.forEach((paper, i) => paper.forEach((_, k) => all.push([i, k])));
  for (let n = 200 * all.length; n > 0; n--) {
    const [i, a] = all[random.below(all.length)], same = kinPlaces[cells.list[shapes[i][a]].kin];
    const [j, b] = same[random.below(same.length)];
    if (i === j || papers[i][a] === papers[j][b]) continue;
    const one = freeze.items[papers[i][a]], two = freeze.items[papers[j][b]], dp = two.p - one.p, di = two.info - one.info;
    const gain = square(p[i]) + square(p[j]) - square(p[i] + dp) - square(p[j] - dp) +
      8 * (square(info[i]) + square(info[j]) - square(info[i] + di) - square(info[j] - di));
    if (gain <= 0 || holds(i, papers[j][b]) || holds(j, papers[i][a])) continue;
    [papers[i][a], papers[j][b]] = [papers[j][b], papers[i][a]];
    p[i] += dp; p[j] -= dp; info[i] += di; info[j] -= di;
  }
  return papers;
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
  const papers = dealItems(freeze, cells, new Shaper(freeze, cells, random).run(), random);
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

/** What is wrong with log.txt: each entry hashed and chained, freeze and seal as published, every taken leaf the sealed one. */
export function logProblems(text, freezeText, freeze, seal) {
  const problems = [], gone = new Set();
  let previous = "", place = 0, last = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const wrong = (what) => problems.push(`log.txt line ${place}: ${what}`);
    const hash = line.slice(0, 64), body = line.slice(65), entry = JSON.parse(body), data = entry.data;
    place++;
    if (sha(body).toString("hex") !== hash) wrong("the entry is not the one that was hashed");
    if (entry.previous !== previous || entry.place !== place || entry.batch !== freeze.batch) wrong("it does not follow the entry before it");
    if ((place === 1) !== (entry.event === "freeze") || (place === 2) !== (entry.event === "seal") || last === "reveal") wrong("the order");
    if (entry.event === "freeze" && data.seed_commitment !== freeze.seed_commitment) wrong("another seed was committed to");
    if (entry.event === "seal" && (data.freeze_sha256 !== sha(freezeText).toString("hex") || data.papers_root !== seal.papers_root)) wrong("another seal");
    const slots = entry.event === "take" ? [data.slot] : data.slots ?? [];
    for (const slot of slots) {
      if (gone.has(slot)) wrong(`paper ${slot} was taken or withdrawn before`);
      gone.add(slot);
    }
    if (entry.event === "take" && seal.leaves[data.slot] !== data.leaf) wrong("the paper taken is not the sealed one");
    previous = hash;
    last = entry.event;
  }
  if (last !== "reveal" || gone.size !== seal.leaves.length) problems.push("log.txt: it does not end with the reveal of every paper");
  return { problems, entries: place };
}

if (process.argv[2]) {
  const read = (name) => readFileSync(join(process.argv[2], name), "utf8");
  const made = recompute(read("freeze.json"), JSON.parse(read("reveal.json")));
  const same = made.lines === read("papers.jsonl") && made.seal === read("seal.json");
  console.log(`${made.papers} papers recomputed: ${same ? "byte-identical" : "DIFFERENT"}`);
  process.exitCode = same ? 0 : 1;
  if (existsSync(join(process.argv[2], "log.txt"))) {
    const freeze = read("freeze.json"), log = logProblems(read("log.txt"), freeze, JSON.parse(freeze), JSON.parse(read("seal.json")));
    console.log(log.problems.length ? log.problems.join("\n") : `log.txt: ${log.entries} entries, whole`);
    if (log.problems.length) process.exitCode = 1;
  }
}
