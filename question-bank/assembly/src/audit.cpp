// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "published.hpp"

namespace invigil::assembly {
namespace {

constexpr double kOverlapOver = 1.02, kExposureOver = 1.15;

using Json = nlohmann::json;
using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

Frozen readFreeze(const Json& json) {
  Frozen frozen{json.at("batch"), {}, json.at("targets"), json.at("papers"), json.at("beacon"), json.at("seed_commitment"),
                json.at("items_root")};
  frozen.problem.id = json.at("blueprint");
  for (const Json& rule : json.at("rules")) {
    frozen.problem.rules.push_back({rule.at("name"), rule.at("low"), rule.at("high"), rule.at("if_any"), rule.at("counts_into"), rule.at("items")});
    const std::string sum = rule.value("sum", "");
    if (sum == "p" || sum == "info") frozen.problem.rules.back().sum = sum == "p" ? Rule::Sum::P : Rule::Sum::Info;
    else if (!sum.empty()) throw std::runtime_error("sum");
    frozen.problem.rules.back().shown = sum.empty() ? 1 : 1e-6;
    if (rule.contains("weights")) frozen.problem.rules.back().weights = rule.at("weights").get<std::vector<int>>();
  }
  for (const Json& item : json.at("items"))
    frozen.problem.items.push_back({item.at("id"), item.at("leaf"), item.at("part"), item.at("options"), item.at("p"), item.at("info"),
                                    item.value("unit", -1), item.value("band", 0)});
  if (json.at("algorithm") != kAlgorithm || json.at("format") != "invigil-paper-freeze") throw std::runtime_error("algorithm");
  return frozen;
}

/// What a hostile freeze could ask for without end.
bool bounded(const Frozen& frozen) {
  const Cells cells = cellsOf(frozen.problem);
  long long sum = 0;
  bool sound = frozen.papers >= 1 && frozen.papers <= kPapersMax && frozen.targets.size() == cells.items.size();
  for (int target : frozen.targets) {
    sound = sound && target >= 0 && target <= frozen.papers * 1000;
    sum += target;
  }
  for (const Candidate& item : frozen.problem.items)
    sound = sound && item.options >= 0 && item.options <= 1000 && std::abs(item.p) < 1'000'000'000 && std::abs(item.info) < 1'000'000'000;
  return sound && sum == static_cast<long long>(frozen.papers) * frozen.problem.length();
}

void measure(const Frozen& frozen, const std::vector<std::vector<int>>& papers, const Preflight& bounds, Audit& audit) {
  const double count = static_cast<double>(papers.size()), length = frozen.problem.length();
  std::vector<double> uses(frozen.problem.items.size(), 0);
  double p_sum = 0, p_squares = 0, info_sum = 0, info_squares = 0;
  for (const auto& paper : papers) {
    const std::vector<std::int64_t> broken = violations(frozen.problem, paper);
    audit.violations += std::any_of(broken.begin(), broken.end(), [](std::int64_t n) { return n > 0; }) ? 1 : 0;
    double p = 0, info = 0;
    for (int item : paper) {
      ++uses[at(item)];
      p += static_cast<double>(frozen.problem.items[at(item)].p) / 1e6 / length;
      info += static_cast<double>(frozen.problem.items[at(item)].info) / 1e6;
    }
    p_sum += p;
    p_squares += p * p;
    info_sum += info;
    info_squares += info * info;
  }
  const auto sd = [count](double sum, double squares) { return std::sqrt(std::max(0.0, squares / count - sum / count * sum / count)); };
  audit.papers = static_cast<int>(papers.size());
  audit.difficulty_mean = p_sum / count;
  audit.difficulty_sd = sd(p_sum, p_squares);
  audit.information_mean = info_sum / count;
  audit.information_cv = info_sum > 0 ? sd(info_sum, info_squares) / (info_sum / count) : 0;
  double common = 0, used = 0;
  for (double u : uses) {
    common += u * (u - 1);
    used += u > 0 ? 1 : 0;
    audit.exposure_max = std::max(audit.exposure_max, u / count);
  }
  audit.pool_use = used / static_cast<double>(uses.size());
  audit.overlap = papers.size() < 2 ? 0 : common / (length * count * (count - 1));
  audit.overlap_bound = bounds.overlapBound(audit.papers);
  audit.exposure_bound = bounds.exposure_bound;
}

/// Rooms of 30 people who start together: each gets a random unused paper, and sits beside the next one.
void measureRooms(const Frozen& frozen, const std::vector<std::vector<int>>& papers, const Digest& key, Audit& audit) {
  if (papers.size() < 2) return;
  SeededRandom random(hmac(view(key), "rooms"));
  std::vector<Index> slots(papers.size());
  for (Index i = 0; i < slots.size(); ++i) slots[i] = i;
  const Index seats = std::min<Index>(30, slots.size());
  std::vector<char> on(frozen.problem.items.size());
  long long common_all = 0, pairs = 0;
  for (int room = 0; room < 1000; ++room) {
    for (Index i = 0; i < seats; ++i)
      std::swap(slots[i], slots[i + random.below(static_cast<std::uint32_t>(slots.size() - i))]);
    for (Index i = 0; i + 1 < seats; ++i, ++pairs) {
      std::fill(on.begin(), on.end(), char{0});
      for (int item : papers[slots[i]]) on[at(item)] = 1;
      int common = 0;
      for (int item : papers[slots[i + 1]]) common += on[at(item)];
      common_all += common;
      audit.neighbour_common_max = std::max(audit.neighbour_common_max, common);
    }
  }
  audit.neighbour_overlap = static_cast<double>(common_all) / static_cast<double>(pairs * frozen.problem.length());
}

/// Names the first lines in which the published papers differ from the recomputed ones.
void comparePapers(const std::string& published, const std::string& computed, Audit& audit) {
  std::istringstream left(published), right(computed);
  std::string one, two;
  int differing = 0, line = 0, first = -1;
  for (;; ++line) {
    const bool more_left = static_cast<bool>(std::getline(left, one)), more_right = static_cast<bool>(std::getline(right, two));
    if (!more_left && !more_right) break;
    if (more_left == more_right && one == two) continue;
    if (differing++ == 0) first = line;
  }
  if (differing > 0)
    audit.failures.push_back("papers.jsonl: " + std::to_string(differing) + " 份试卷与重新计算的不同，第一份在槽位 " + std::to_string(first) +
                             "。 / " + std::to_string(differing) + " papers differ from what freeze and seed give, the first in slot " +
                             std::to_string(first) + ".");
  else if (published != computed) audit.failures.push_back("papers.jsonl: 行尾不同。 / The line ends differ.");
}

/// The JSON of one file, or a failure that names it.
template <class Read>
bool readFile(const Files& files, const char* name, Audit& audit, const Read& read) {
  try {
    read(Json::parse(files.at(name)));
    return true;
  } catch (const std::exception&) {
    audit.failures.push_back(std::string(name) + ": 缺少该文件，或内容无法读取。 / The file is missing, or cannot be read.");
    return false;
  }
}

void check(const Files& files, Audit& audit) {
  Frozen frozen;
  Json seal;
  std::optional<Seed> revealed;
  std::string reveal_batch;
  const bool freeze_read = readFile(files, "freeze.json", audit, [&](const Json& json) { frozen = readFreeze(json); });
  const bool seal_read = readFile(files, "seal.json", audit, [&](const Json& json) {
    audit.papers_root = json.at("papers_root");
    audit.freeze_sha256 = json.at("freeze_sha256");
    seal = json;
  });
  const bool reveal_read = readFile(files, "reveal.json", audit, [&](const Json& json) {
    reveal_batch = json.at("batch");
    if (const auto bytes = fromHex(json.at("seed").get<std::string>()); bytes && bytes->size() == 32) {
      revealed.emplace();
      std::copy(bytes->begin(), bytes->end(), revealed->begin());
    }
  });
  if (freeze_read) {
    audit.batch = frozen.batch;
    audit.seed_commitment = frozen.seed_commitment;
  }
  if (!files.contains("papers.jsonl")) audit.failures.push_back("papers.jsonl: 缺少该文件。 / The file is missing.");
  if (!freeze_read || !seal_read || !reveal_read || !files.contains("papers.jsonl")) return;
  const auto failIf = [&](bool failed, const std::string& sentence) { if (failed) audit.failures.push_back(sentence); };
  const auto bounds = preflight(frozen.problem);
  if (!bounds) return audit.failures.push_back("freeze.json: " + bounds.error().detail);
  failIf(!bounds->feasible, "freeze.json: 规则互相矛盾。 / The rules contradict each other.");
  if (!bounds->feasible) return;
  if (!bounded(frozen)) return audit.failures.push_back("freeze.json: 数字超出范围。 / A number is out of range.");
  failIf(itemsRoot(frozen.problem) != frozen.items_root, "freeze.json: 题目与 items_root 不符。 / The items do not give items_root.");
  failIf(seal.at("freeze_sha256") != sha256Hex(files.at("freeze.json")),
         "freeze.json: 与封存时不同。 / freeze.json is not the file that was sealed.");
  failIf(seal.at("batch") != frozen.batch || reveal_batch != frozen.batch, "seal.json, reveal.json: 批次名不同。 / Another batch is named.");
  if (!revealed) return audit.failures.push_back("reveal.json: 种子须为 64 个十六进制字符。 / The seed must be 64 hex digits.");
  const Seed& seed = *revealed;
  failIf(commitment(seed) != frozen.seed_commitment, "reveal.json: 种子与承诺不符。 / The seed is not the one committed to in the freeze.");
  failIf(files.at("reveal.json") != revealText(frozen.batch, seed), "reveal.json: 与规定的写法不同。 / The file is not as it was written.");
  const auto started = std::chrono::steady_clock::now();
  const auto drawn = drawBatch(frozen, seed);
  if (!drawn) return audit.failures.push_back("freeze.json: " + drawn.error().detail);
  audit.seconds_per_paper = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count() / frozen.papers;
  comparePapers(files.at("papers.jsonl"), drawn->lines, audit);
  failIf(seal.at("papers_root") != drawn->root, "seal.json: papers_root 与重新计算的不同。 / papers_root is not the root of the recomputed papers.");
  failIf(files.at("seal.json") != sealText(frozen, files.at("freeze.json"), *drawn), "seal.json: 与重新计算的不同。 / seal.json differs from the recomputed one.");
  measure(frozen, drawn->papers, *bounds, audit);
  measureRooms(frozen, drawn->papers, batchKey(seed, frozen.beacon, frozen.batch), audit);
  // Rules that lie across each other keep the last items from their targets; more than this is no fair batch.
  const double once = 1.0 / std::max(1, audit.papers);
  failIf(audit.overlap > kOverlapOver * audit.overlap_bound + once, "重叠率 " + std::to_string(audit.overlap) + " 明显高于下限 " + std::to_string(audit.overlap_bound) +
         "。 / The overlap is well above its bound.");
  failIf(audit.exposure_max > kExposureOver * audit.exposure_bound + once, "最大曝光率 " + std::to_string(audit.exposure_max) + " 明显高于下限 " + std::to_string(audit.exposure_bound) +
         "。 / The maximum exposure is well above its bound.");
  failIf(audit.violations > 0, std::to_string(audit.violations) + " 份试卷违反规则。 / papers break a rule.");
}

}  // namespace

void findSealedTwice(std::vector<Audit>& audits) {
  for (std::size_t i = 0; i < audits.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      Audit &one = audits[j], &two = audits[i];
      if (two.batch.empty() || (one.papers_root == two.papers_root && one.freeze_sha256 == two.freeze_sha256)) continue;
      std::string sentence;
      if (one.batch == two.batch)
        sentence = "seal.json: 批次 " + two.batch + " 被封存了两次。 / The batch " + two.batch + " was sealed twice with different papers.";
      else if (one.seed_commitment == two.seed_commitment)
        sentence = "freeze.json: 批次 " + one.batch + " 与 " + two.batch + " 使用了同一种子。 / The batches " + one.batch + " and " + two.batch +
                   " were made from the same seed.";
      else continue;
      one.failures.push_back(sentence);
      two.failures.push_back(sentence);
    }
}

Audit auditBatch(const Files& files) {
  Audit audit;
  try {
    check(files, audit);
  } catch (const std::exception&) {
    audit.failures.push_back("freeze.json: 内容前后不符。 / Its members do not belong together.");
  }
  return audit;
}

}  // namespace invigil::assembly
