// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/assembly/paper.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "digest.hpp"

namespace invigil::assembly {
namespace {

using Json = nlohmann::ordered_json;
using Index = std::size_t;
constexpr std::size_t kItemsOnPaperMax = 2500, kOptionsMax = 1000, kPathMax = 64;
constexpr int kSlotsMax = 1'000'000;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (Index begin = 0; begin <= text.size();) {
    const Index end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

template <class List, class Write>
std::string joined(const List& list, const char* with, const Write& write) {
  std::string out;
  bool first = true;
  for (const auto& one : list) {
    out += (first ? "" : with) + write(one);
    first = false;
  }
  return out;
}

std::string optionsText(const SealedPaper& paper) {
  return joined(paper.options, ";", [](const std::vector<int>& order) { return joined(order, ",", [](int n) { return std::to_string(n); }); });
}
std::string itemsText(const SealedPaper& paper) { return joined(paper.items, " ", [](const std::string& id) { return id; }); }

std::optional<Digest> digestFromHex(const std::string& text) {
  const auto bytes = fromHex(text);
  Digest out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

Digest node(const Digest& left, const Digest& right) {
  return sha256(std::string("\x01", 1) + std::string(view(left)) + std::string(view(right)));
}

Result<std::vector<int>> parseOrder(std::string_view text) {
  std::vector<int> order;
  if (text.empty()) return order;
  for (std::string_view one : split(text, ',')) {
    int number = -1;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), number);
    if (error != std::errc() || end != one.data() + one.size() || number < 0 || order.size() >= kOptionsMax)
      return fail(ErrorCode::InvalidInput, "bad_paper", "An option order is malformed.");
    order.push_back(number);
  }
  std::vector<char> seen(order.size(), 0);
  for (int n : order) {
    if (static_cast<Index>(n) >= seen.size() || seen[static_cast<Index>(n)]++)
      return fail(ErrorCode::InvalidInput, "bad_paper", "An option order is no permutation.");
  }
  return order;
}

Result<SealedPaper> fromJson(const Json& json) {
  SealedPaper paper{json.at("slot"), json.at("salt"), {}, {}};
  const std::string items = json.at("items"), options = json.at("options");
  for (std::string_view id : split(items, ' ')) paper.items.emplace_back(id);
  for (std::string_view order : split(options, ';')) {
    INVIGIL_TRY(parsed, parseOrder(order));
    paper.options.push_back(std::move(parsed));
  }
  const std::unordered_set<std::string> distinct(paper.items.begin(), paper.items.end());
  if (paper.slot < 0 || paper.slot >= kSlotsMax || paper.items.size() != paper.options.size() || paper.items.size() > kItemsOnPaperMax ||
      distinct.size() != paper.items.size() || distinct.contains("") || leafOf(paper).empty())
    return fail(ErrorCode::InvalidInput, "bad_paper", "Slot, salt, items and options of the paper do not belong together.");
  return paper;
}

Json toJson(const SealedPaper& paper) {
  return {{"slot", paper.slot}, {"salt", paper.salt}, {"items", itemsText(paper)}, {"options", optionsText(paper)}};
}

/// Runs `read`, which throws on JSON of another shape.
template <class Read>
auto reading(const char* reason, const std::string& what, const Read& read) -> decltype(read()) {
  try {
    return read();
  } catch (const std::exception&) {
    return fail(ErrorCode::InvalidInput, reason, what);
  }
}

}  // namespace

Result<SealedPaper> parsePaper(std::string_view line) {
  return reading("bad_paper", "试卷文件无法读取，请重新导出。 / The line is not a paper of papers.jsonl.",
                 [&]() -> Result<SealedPaper> { return fromJson(Json::parse(line)); });
}

Result<std::vector<SealedPaper>> parsePapers(std::string_view papers_jsonl) {
  std::vector<SealedPaper> out;
  int number = 0;
  for (std::string_view line : split(papers_jsonl, '\n')) {
    ++number;
    if (line.empty()) continue;
    auto paper = parsePaper(line);
    if (!paper) return fail(ErrorCode::InvalidInput, "bad_paper", paper.error().detail, "line " + std::to_string(number));
    out.push_back(std::move(*paper));
  }
  return out;
}

std::string writePaper(const SealedPaper& paper) { return toJson(paper).dump(); }

std::string leafOf(const SealedPaper& paper) {
  const auto salt = digestFromHex(paper.salt);
  if (!salt) return "";
  return hex(paperLeaf(*salt, paper.slot, itemsText(paper), optionsText(paper)));
}

Result<std::vector<std::string>> inclusionPath(const std::vector<std::string>& leaves, int slot) {
  if (slot < 0 || static_cast<Index>(slot) >= leaves.size())
    return fail(ErrorCode::NotFound, "no_such_paper", "批次中没有这份试卷。 / The batch has no paper of this number.");
  std::vector<Digest> level;
  for (const std::string& leaf : leaves) {
    const auto digest = digestFromHex(leaf);
    if (!digest) return fail(ErrorCode::InvalidInput, "bad_seal", "封存文件无法读取。 / A leaf of the seal is not 64 hex digits.");
    level.push_back(*digest);
  }
  std::vector<std::string> path;
  for (Index at = static_cast<Index>(slot); level.size() > 1; at /= 2) {
    if (const Index sibling = at ^ 1; sibling < level.size()) path.push_back(hex(level[sibling]));
    std::vector<Digest> next;
    for (Index i = 0; i + 1 < level.size(); i += 2) next.push_back(node(level[i], level[i + 1]));
    if (level.size() % 2 == 1) next.push_back(level.back());
    level = std::move(next);
  }
  return path;
}

bool included(const std::string& leaf, int slot, int papers, const std::vector<std::string>& path, const std::string& root) {
  auto reached = digestFromHex(leaf);
  if (!reached || slot < 0 || slot >= papers || papers > kSlotsMax || path.size() > kPathMax) return false;
  Index step = 0, at = static_cast<Index>(slot), width = static_cast<Index>(papers);
  for (; width > 1; at /= 2, width = (width + 1) / 2) {
    if ((at ^ 1) >= width) continue;  // an odd last node goes up as it is
    const auto sibling = step < path.size() ? digestFromHex(path[step++]) : std::nullopt;
    if (!sibling) return false;
    reached = at % 2 == 0 ? node(*reached, *sibling) : node(*sibling, *reached);
  }
  return step == path.size() && hex(*reached) == root;
}

Result<std::string> paperProof(std::string_view seal_json, std::string_view line) {
  INVIGIL_TRY(paper, parsePaper(line));
  return reading("bad_seal", "封存文件无法读取。 / seal.json cannot be read.", [&]() -> Result<std::string> {
    const Json seal = Json::parse(seal_json);
    const auto leaves = seal.at("leaves").get<std::vector<std::string>>();
    INVIGIL_TRY(path, inclusionPath(leaves, paper.slot));
    if (leaves[static_cast<Index>(paper.slot)] != leafOf(paper))
      return fail(ErrorCode::Conflict, "paper_not_sealed", "试卷与封存的不同。 / The paper is not the one that was sealed.");
    const Json proof{{"format", "invigil-paper-proof"}, {"version", 1}, {"batch", seal.at("batch")},
                     {"papers", leaves.size()}, {"papers_root", seal.at("papers_root")}, {"paper", toJson(paper)}, {"path", path}};
    return proof.dump() + "\n";
  });
}

Result<CheckedPaper> checkPaperProof(std::string_view proof, std::string_view seal_json) {
  return reading("bad_proof", "试卷证明无法读取。 / The proof of the paper cannot be read.", [&]() -> Result<CheckedPaper> {
    const Json json = Json::parse(proof);
    if (json.at("format") != "invigil-paper-proof" || json.at("version") != 1) throw std::runtime_error("format");
    INVIGIL_TRY(paper, fromJson(json.at("paper")));
    CheckedPaper out{std::move(paper), json.at("batch"), json.at("papers_root"), json.at("papers")};
    if (!included(leafOf(out.paper), out.paper.slot, out.papers, json.at("path").get<std::vector<std::string>>(), out.papers_root))
      return fail(ErrorCode::Conflict, "paper_not_sealed", "试卷与封存的不同。 / The paper is not the one that was sealed.");
    if (seal_json.empty()) return out;
    const Json seal = Json::parse(seal_json);
    if (seal.at("batch") != out.batch || seal.at("papers_root") != out.papers_root || seal.at("leaves").size() != static_cast<Index>(out.papers))
      return fail(ErrorCode::Conflict, "other_seal", "试卷属于另一批次的封存。 / The proof belongs to another seal.");
    return out;
  });
}

std::size_t leastShared(const std::vector<std::vector<std::string>>& papers, const std::vector<std::string>& earlier) {
  const std::unordered_set<std::string_view> seen(earlier.begin(), earlier.end());
  std::size_t best = 0, least = static_cast<std::size_t>(-1);
  for (std::size_t i = 0; i < papers.size(); ++i) {
    std::size_t common = 0;
    for (const std::string& id : papers[i]) common += seen.contains(id) ? 1 : 0;
    if (common >= least) continue;
    least = common;
    best = i;
  }
  return best;
}

}  // namespace invigil::assembly
