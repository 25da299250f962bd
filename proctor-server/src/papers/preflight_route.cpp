// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "papers/frozen.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kPreflightBody = 1 << 20, kShown = 2000, kItemsNamed = 50, kRulesShown = 3000, kEnemiesShown = 200;
constexpr double kHighExposure = 0.5;

std::string shown(double number) {
  const double rounded = std::round(number * 1000) / 1000;
  return Json(rounded == std::floor(rounded) ? Json(static_cast<std::int64_t>(rounded)) : Json(rounded)).dump();
}

bool isEnemies(const assembly::Rule& rule) { return rule.where == "items" && rule.high == 1 && rule.items.size() == 2; }

std::string withoutVersion(const std::string& id) { return id.substr(0, id.find('@')); }

class Findings {
 public:
  Findings(const assembly::Problem& problem, const assembly::Preflight& bounds) : problem_(problem), bounds_(bounds) {}

  Json all() {
    for (const auto& broken : bounds_.broken) addBroken(broken);
    if (bounds_.conflict.size() > bounds_.broken.size()) addConflict();
    for (const auto& forced : bounds_.forced) addForced(forced);
    if (bounds_.feasible && bounds_.forced.empty() && bounds_.exposure_bound > kHighExposure) addHigh();
    return std::move(list_);
  }

 private:
  const assembly::Rule& rule(int index) const { return problem_.rules[static_cast<std::size_t>(index)]; }
  /// What the editor calls it.
  Json title(const assembly::Rule& one) const {
    return wording(firstCharacters(one.title.zh.empty() ? one.name : one.title.zh, 200), firstCharacters(one.title.en.empty() ? one.name : one.title.en, 200));
  }
  std::pair<std::string, std::string> names(const std::vector<int>& rules) const {
    std::string zh, en;
    for (int index : rules) {
      const Json one = title(rule(index));
      zh += (zh.empty() ? "“" : "、“") + one["zh"].get<std::string>() + "”";
      en += (en.empty() ? "\"" : ", \"") + one["en"].get<std::string>() + "\"";
    }
    return {firstCharacters(zh, 600), firstCharacters(en, 600)};
  }
  void add(const char* kind, const char* severity, const assembly::Rule* one, Json more) {
    Json finding{{"kind", kind}, {"severity", severity}, {"rule", one ? firstCharacters(one->name, 400) : ""}, {"where", one ? one->where : ""},
                 {"title", one ? title(*one) : wording("", "")}, {"low", 0}, {"high", 0}, {"stock", 0}, {"by", 0}, {"items", Json::array()}};
    finding.update(more);
    list_.push_back(std::move(finding));
  }

  void addBroken(const assembly::Preflight::Broken& broken) {
    const bool few = broken.missing > 0;
    const std::string by = shown(few ? broken.missing : broken.excess), low = shown(broken.low), high = shown(broken.high), stock = shown(broken.stock);
    const Json what = few ? wording("每份试卷至少要 " + low + "，至少差 " + by + "；题库里一共 " + stock + "。请补充题目或放宽这条规则。",
                                    "Every paper needs at least " + low + " and is short by at least " + by + "; the bank has " + stock + ". Add items or widen the rule.")
                          : wording("每份试卷最多 " + high + "，至少多出 " + by + "。请放宽这条规则或与它矛盾的规则。",
                                    "No paper may have more than " + high + ", and at least " + by + " too many cannot be avoided. Widen the rule or those against it.");
    add(few ? "short" : "over", "error", &rule(broken.rule),
        {{"low", broken.low}, {"high", broken.high}, {"stock", broken.stock}, {"by", few ? broken.missing : broken.excess}, {"what", what}});
  }
  void addConflict() {
    const auto [zh, en] = names(bounds_.conflict);
    add("conflict", "error", nullptr, {{"what", wording("这些规则不能同时满足：" + zh + "。请放宽其中一条。", "These rules cannot be kept together: " + en + ". Widen one of them.")}});
  }
  void addForced(const assembly::Preflight::Forced& forced) {
    const auto [zh, en] = names(forced.rules);
    const std::string id = withoutVersion(forced.item);
    const bool wanted = forced.rules.size() == 1 && rule(forced.rules.front()).where.starts_with("required");
    add("forced", wanted ? "note" : "warning", forced.rules.empty() ? nullptr : &rule(forced.rules.front()),
        {{"items", {id}}, {"what", wording("题目 " + id + " 会出现在每一份试卷上，原因是：" + zh + "。", "Item " + id + " will be on every paper because of: " + en + ".")}});
  }
  void addHigh() {
    const auto [zh, en] = names(bounds_.exposure_rules);
    const std::string r = shown(bounds_.exposure_bound * 100);
    add("high_exposure", "warning", nullptr,
        {{"what", wording("至少有一道题会出现在 " + r + "% 的试卷上，原因是：" + zh + "。请补充这些规则下的题目。",
                          "At least one item will be on " + r + " % of the papers because of: " + en + ". Add items under these rules.")}});
  }

  const assembly::Problem& problem_;
  const assembly::Preflight& bounds_;
  Json list_ = Json::array();
};

/// Items that no rule tells apart, and each item's place among them.
struct CellTable {
  Json cells = Json::array();
  std::vector<std::size_t> of;

  CellTable(const assembly::Problem& problem, const std::vector<double>& expected) {
    std::vector<std::vector<int>> rules(problem.items.size());
    for (std::size_t k = 1; k < problem.rules.size(); ++k)
      for (int item : problem.rules[k].items) rules[static_cast<std::size_t>(item)].push_back(static_cast<int>(k));
    std::map<std::pair<int, std::vector<int>>, std::size_t> known;
    for (std::size_t i = 0; i < problem.items.size(); ++i) {
      const auto [found, fresh] = known.try_emplace({problem.items[i].part, rules[i]}, cells.size());
      of.push_back(found->second);
      const double exposure = i < expected.size() ? expected[i] : 0;
      if (!fresh) {
        Json& cell = cells[found->second];
        cell["items"] = cell["items"].get<int>() + 1;
        cell["places"] = cell["places"].get<double>() + exposure;
        cell["exposure"] = std::clamp(cell["places"].get<double>() / cell["items"].get<double>(), 0.0, 1.0);
        continue;
      }
      std::string name;
      for (int k : rules[i]) name += (name.empty() ? "" : " + ") + problem.rules[static_cast<std::size_t>(k)].name;
      cells.push_back({{"name", firstCharacters(name, 1000)}, {"part", problem.items[i].part}, {"items", 1}, {"places", exposure}, {"exposure", exposure}});
    }
  }
};

/// What the blueprint states, with what there is for it.
Json rulesJson(const assembly::Problem& problem) {
  std::vector<int> sets(problem.rules.size(), 0);
  for (const assembly::Rule& rule : problem.rules)
    if (rule.counts_into >= 0) ++sets[static_cast<std::size_t>(rule.counts_into)];
  Json list = Json::array();
  for (std::size_t k = 0; k < problem.rules.size() && list.size() < kRulesShown; ++k) {
    const assembly::Rule& rule = problem.rules[k];
    if (rule.where.empty() || rule.if_any || isEnemies(rule)) continue;
    double stock = sets[k];
    for (int item : rule.items) {
      const auto part = static_cast<std::size_t>(problem.items[static_cast<std::size_t>(item)].part);
      stock += rule.weights.empty() ? 1 : part < rule.weights.size() ? rule.weights[part] : 0;
    }
    if (rule.sum != assembly::Rule::Sum::Count) stock = 0;
    list.push_back({{"where", firstCharacters(rule.where, 200)}, {"low", static_cast<double>(rule.low) * rule.shown},
                    {"high", static_cast<double>(rule.high) * rule.shown}, {"stock", rule.sum == assembly::Rule::Sum::Count ? stock * rule.shown : 0}});
  }
  return list;
}

/// Pairs that never stand on one paper, enemies and the same question under two ids: the first of them, and how many there are.
std::pair<Json, std::int64_t> enemiesJson(const std::vector<PoolItem>& pool, const PoolProblem& made) {
  Json list = Json::array();
  std::int64_t total = 0;
  const auto add = [&](const PoolItem& one, const PoolItem& other) {
    if (++total > static_cast<std::int64_t>(kEnemiesShown)) return;
    list.push_back({{"one", one.drawn.uid}, {"one_id", withoutVersion(one.pool_id)}, {"other", other.drawn.uid}, {"other_id", withoutVersion(other.pool_id)}});
  };
  for (const assembly::Rule& rule : made.problem.rules)
    if (isEnemies(rule)) add(pool[made.used[static_cast<std::size_t>(rule.items[0])]], pool[made.used[static_cast<std::size_t>(rule.items[1])]]);
  for (const assembly::Twin& twin : made.twins) add(pool[twin.first], pool[twin.second]);
  return {list, total};
}

Json itemsJson(const std::vector<PoolItem>& pool, const PoolProblem& made, const std::vector<double>& expected, const std::vector<std::size_t>& cell_of) {
  std::vector<std::size_t> order(made.problem.items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return expected[a] > expected[b]; });
  Json list = Json::array();
  for (std::size_t i : order) {
    if (list.size() == kShown) break;
    if (cell_of[i] >= kShown) continue;
    list.push_back({{"item", pool[made.used[i]].drawn.uid}, {"item_id", withoutVersion(made.problem.items[i].id)},
                    {"exposure", std::clamp(expected[i], 0.0, 1.0)}, {"cell", cell_of[i]}});
  }
  return list;
}

Result<Reply> preflight(App& app, const Call& call) {
  INVIGIL_TRY(blueprint, bank::parseBlueprint(call.text("content")));
  INVIGIL_TRY(pool, app.store->readNow<std::vector<PoolItem>>([&](Tx& tx) { return poolItems(tx, blueprint); }));
  const int papers = call.body.at("papers").get<int>();
  Json reply{{"feasible", false}, {"pool", 0}, {"findings", Json::array()}, {"exposure_bound", nullptr}, {"overlap_bound", nullptr},
             {"overlap_bound_endless", nullptr}, {"exposure_rules", Json::array()}, {"papers", papers}, {"cells", Json::array()}, {"items", Json::array()}, {"items_total", 0}};
  INVIGIL_TRY(made, poolProblem(pool, blueprint));
  reply["pool"] = made.problem.items.size();
  reply["rules"] = rulesJson(made.problem);
  std::tie(reply["enemies"], reply["enemies_total"]) = enemiesJson(pool, made);
  if (made.problem.items.empty()) {
    reply["findings"].push_back({{"kind", "short"}, {"severity", "error"}, {"rule", "length"}, {"where", "parts"}, {"title", wording("题目总数", "Items of a paper")},
                                 {"low", blueprint.items()}, {"high", blueprint.items()}, {"stock", 0}, {"by", blueprint.items()}, {"items", Json::array()},
                                 {"what", wording("没有可用的题目：请导入并发布适用于这个岗位和类别的题库。", "No item can be used: import and release a bank of this role and category.")}});
    return Reply{reply};
  }
  INVIGIL_TRY(bounds, assembly::preflight(made.problem));
  reply["feasible"] = bounds.feasible;
  reply["findings"] = Findings(made.problem, bounds).all();
  CellTable table(made.problem, bounds.expected);
  if (table.cells.size() > kShown) table.cells.erase(table.cells.begin() + static_cast<std::ptrdiff_t>(kShown), table.cells.end());
  reply["cells"] = std::move(table.cells);
  if (!bounds.feasible) return Reply{reply};
  reply["exposure_bound"] = bounds.exposure_bound;
  reply["overlap_bound"] = bounds.overlapBound(papers);
  reply["overlap_bound_endless"] = bounds.overlap_bound;
  for (int rule : bounds.exposure_rules)
    if (reply["exposure_rules"].size() < kItemsNamed) reply["exposure_rules"].push_back(firstCharacters(made.problem.rules[static_cast<std::size_t>(rule)].name, 400));
  reply["items"] = itemsJson(pool, made, bounds.expected, table.of);
  reply["items_total"] = made.problem.items.size();
  return Reply{reply};
}

}  // namespace

Routes preflightRoutes() { return {taskRoute(Verb::Post, "/api/v1/preflight", Scope::Editor, preflight, kPreflightBody)}; }

}  // namespace invigil::server
