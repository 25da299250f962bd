// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "published.hpp"

namespace invigil::assembly {
namespace {

using Json = nlohmann::ordered_json;
using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

std::string freezeText(const Frozen& frozen) {
  Json out{{"format", "invigil-paper-freeze"}, {"version", 1}, {"algorithm", kAlgorithm}, {"batch", frozen.batch},
           {"blueprint", frozen.problem.id}, {"papers", frozen.papers}, {"beacon", frozen.beacon},
           {"seed_commitment", frozen.seed_commitment}, {"items_root", frozen.items_root}};
  out["rules"] = Json::array();
  for (const Rule& rule : frozen.problem.rules) {
    Json one{{"name", rule.name}, {"low", rule.low}, {"high", rule.high}, {"if_any", rule.if_any},
             {"counts_into", rule.counts_into}, {"items", rule.items}};
    if (rule.sum != Rule::Sum::Count) one["sum"] = rule.sum == Rule::Sum::P ? "p" : "info";
    if (!rule.weights.empty()) one["weights"] = rule.weights;
    out["rules"].push_back(std::move(one));
  }
  out["targets"] = frozen.targets;
  out["items"] = Json::array();
  for (const Candidate& item : frozen.problem.items) {
    Json one{{"id", item.id}, {"leaf", item.content}, {"part", item.part}, {"options", item.options}, {"p", item.p}, {"info", item.info}};
    if (item.unit >= 0) one["unit"] = item.unit;
    if (item.band != 0) one["band"] = item.band;
    out["items"].push_back(std::move(one));
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string joined(const std::vector<int>& numbers) {
  std::string out;
  for (int n : numbers) out += (out.empty() ? "" : ",") + std::to_string(n);
  return out;
}

/// Presentation order and option orders of one paper, from its own key: one paper can be opened without the others.
std::pair<std::string, std::string> present(const Frozen& frozen, std::vector<int> items, const Digest& key) {
  SeededRandom random(key);
  std::sort(items.begin(), items.end());
  std::map<int, std::map<int, std::vector<int>>> parts;  // part -> first item of the unit -> items
  std::map<std::pair<int, int>, int> first_of;
  for (int item : items) {
    const int part = frozen.problem.items[at(item)].part, unit = frozen.problem.items[at(item)].unit;
    const int first = unit < 0 ? item : first_of.try_emplace({part, unit}, item).first->second;
    parts[part][first].push_back(item);
  }
  std::string ids, options;
  for (auto& [part, units] : parts) {
    std::vector<std::vector<int>> order;
    for (auto& [first, members] : units) order.push_back(std::move(members));
    shuffle(order, random);
    for (std::vector<int>& unit : order) {
      shuffle(unit, random);
      for (int item : unit) {
        const Candidate& candidate = frozen.problem.items[at(item)];
        std::vector<int> shown(at(candidate.options));
        for (Index i = 0; i < shown.size(); ++i) shown[i] = static_cast<int>(i);
        shuffle(shown, random);
        options += (ids.empty() ? "" : ";") + joined(shown);
        ids += (ids.empty() ? "" : " ") + candidate.id;
      }
    }
  }
  return {ids, options};
}

}  // namespace

Digest batchKey(const Seed& seed, const std::string& beacon, const std::string& batch) {
  return hkdf(view(seed), beacon, "invigil-batch-v1|" + batch);
}

std::string commitment(const Seed& seed) { return sha256Hex("seed-v1" + std::string(view(seed))); }

std::string itemsRoot(const Problem& problem) {
  std::vector<Digest> leaves;
  for (const Candidate& item : problem.items)
    leaves.push_back(sha256(std::string("\0", 1) + item.id + "|" + item.content + "|" + std::to_string(item.part) + "|" +
                            std::to_string(item.options) + "|" + std::to_string(item.p) + "|" + std::to_string(item.info) + "|" + std::to_string(item.unit) + "|" +
                            std::to_string(item.band)));
  return hex(merkleRoot(leaves));
}

Result<Drawn> drawBatch(const Frozen& frozen, const Seed& seed) {
  const Digest key = batchKey(seed, frozen.beacon, frozen.batch);
  const Cells cells = cellsOf(frozen.problem);
  SeededRandom random(hmac(view(key), "assemble"));
  INVIGIL_TRY(shapes, shapePapers(frozen.problem, cells, frozen.targets, frozen.papers, random));
  Drawn out;
  out.papers = dealItems(cells, shapes, random);
  levelPapers(frozen.problem, cells, out.papers, random);
  std::vector<Digest> leaves;
  for (Index slot = 0; slot < out.papers.size(); ++slot) {
    const std::string number = std::to_string(slot);
    const Digest salt = hmac(view(key), "salt|" + number);
    const auto [ids, options] = present(frozen, out.papers[slot], hmac(view(key), "order|" + number));
    leaves.push_back(paperLeaf(salt, static_cast<int>(slot), ids, options));
    out.lines += Json{{"slot", slot}, {"salt", hex(salt)}, {"items", ids}, {"options", options}}.dump() + "\n";
    out.leaves.push_back(hex(leaves.back()));
  }
  out.root = hex(merkleRoot(leaves));
  return out;
}

std::string sealText(const Frozen& frozen, const std::string& freeze, const Drawn& drawn) {
  return Json{{"format", "invigil-paper-seal"}, {"version", 1}, {"batch", frozen.batch},
              {"freeze_sha256", sha256Hex(freeze)}, {"papers_root", drawn.root}, {"leaves", drawn.leaves}}.dump() + "\n";
}

std::string revealText(const std::string& batch, const Seed& seed) {
  return Json{{"format", "invigil-paper-reveal"}, {"version", 1}, {"batch", batch}, {"seed", hex(seed)}}.dump() + "\n";
}

Result<Files> assembleBatch(const Problem& problem, const std::string& name, int papers, const Seed& seed,
                            const std::string& beacon) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
  bool sound = papers >= 1 && papers <= kPapersMax && !name.empty() && name.size() <= 128 && beacon.size() <= 64;
  sound = sound && std::all_of(name.begin(), name.end(), plain);
  for (const Candidate& item : problem.items) sound = sound && !item.id.empty() && std::all_of(item.id.begin(), item.id.end(), plain);
  if (!sound)
    return fail(ErrorCode::InvalidInput, "bad_batch",
                "批次需要 1 至 20000 份试卷；批次名和题目编号只能用字母、数字和 . _ -。 / A batch has 1 to 20,000 papers; its name "
                "and the item ids are made of letters, digits and . _ -");
  INVIGIL_TRY(bounds, preflight(problem));
  if (!bounds.feasible) {
    std::string names;
    for (const Preflight::Broken& broken : bounds.broken) names += (names.empty() ? "" : ", ") + problem.rules[at(broken.rule)].name;
    return fail(ErrorCode::Conflict, "infeasible_blueprint",
                "没有试卷能满足全部规则：" + names + "。 / No paper can keep every rule: " + names + ". Run the pre-flight.");
  }
  Frozen frozen{name, problem, targets(problem, bounds, papers), papers, beacon, commitment(seed), ""};
  const Digest salts = hmac(view(batchKey(seed, beacon, name)), "items");
  // The content is published salted, so that nobody can try out stems against it before the exam.
  for (Candidate& item : frozen.problem.items)
    item.content = hex(sha256(std::string(view(hmac(view(salts), item.id))) + item.content));
  frozen.items_root = itemsRoot(frozen.problem);
  const std::string freeze = freezeText(frozen);
  INVIGIL_TRY(drawn, drawBatch(frozen, seed));
  for (const std::vector<int>& paper : drawn.papers) {
    const std::vector<std::int64_t> broken = violations(problem, paper);
    for (Index k = 0; k < broken.size(); ++k)
      if (broken[k] > 0)
        return fail(ErrorCode::Conflict, "no_sound_paper",
                    "有试卷达不到规则“" + problem.rules[k].name + "”，请放宽该规则后再试。 / Some papers do not keep the rule '" +
                        problem.rules[k].name + "'. Widen it and assemble again.", problem.rules[k].where);
  }
  return Files{{"freeze.json", freeze},
               {"papers.jsonl", drawn.lines},
               {"seal.json", sealText(frozen, freeze, drawn)},
               {"reveal.json", revealText(name, seed)}};
}

}  // namespace invigil::assembly
