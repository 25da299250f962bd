// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "invigil/base/text.hpp"
#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kOptionTextMax = 200;

Json orNull(const std::optional<double>& value, double factor = 1) {
  return value && std::isfinite(*value) ? Json(*value * factor) : Json(nullptr);
}

Json irtJson(const std::optional<bank::IrtItem>& item) {
  if (!item) return nullptr;
  return {{"answers", item->n}, {"difficulty", orNull(item->b)}, {"difficulty_se", orNull(item->se_b)}, {"slope", orNull(item->a)},
          {"slope_se", orNull(item->se_a)}, {"infit", orNull(item->infit)}, {"outfit", orNull(item->outfit)}};
}

Json modelJson(const std::optional<bank::IrtModel>& model) {
  if (!model) return nullptr;
  return {{"sittings", model->persons}, {"items", model->items}, {"converged", model->converged}, {"log_likelihood", orNull(model->log_likelihood)},
          {"ability_sd", orNull(model->ability_sd)}};
}

Json optionsJson(const bank::ItemStatistics& statistics, const AnsweredItem& item) {
  Json options = Json::array();
  for (const auto& one : statistics.options) {
    const auto at = static_cast<std::size_t>(one.option);
    options.push_back({{"option", one.option}, {"text", at < item.options.size() ? firstCharacters(item.options[at], kOptionTextMax) : ""},
                       {"key", one.right}, {"chosen", one.count}, {"share", one.share}, {"mean_rest", orNull(one.mean_rest)},
                       {"point_biserial", orNull(one.point_biserial)}, {"curve", one.curve}});
  }
  return options;
}

struct Score {
  double marks = 0, reach = 0;
};

std::vector<Score> scoresOf(const bank::ResponseTable& table) {
  std::vector<Score> scores;
  for (const auto& sitting : table.sittings) {
    Score score;
    for (const auto& cell : sitting.cells) score.marks += cell.mark, score.reach += table.items[static_cast<std::size_t>(cell.item)].max;
    scores.push_back(score);
  }
  return scores;
}

}  // namespace

Json itemStatisticsJson(const bank::ItemStatistics& statistics, const AnsweredItem& item) {
  Json months = Json::array();
  for (const auto& month : statistics.drift) months.push_back({{"month", month.month}, {"responses", month.n}, {"facility", month.facility}});
  return {{"id", item.uid}, {"item_id", item.item.substr(item.item.find('/') + 1)}, {"version", item.versions.back()}, {"versions", item.versions},
          {"responses", statistics.n}, {"left_open", statistics.left_open}, {"facility", orNull(statistics.facility)}, {"sd", orNull(statistics.sd)},
          {"point_biserial", orNull(statistics.point_biserial)}, {"item_rest", orNull(statistics.item_rest)},
          {"discrimination_index", orNull(statistics.discrimination_index)},
          {"discriminative_efficiency", orNull(statistics.discrimination_efficiency)}, {"upper_lower", orNull(statistics.upper_lower)},
          {"alpha_if_deleted", orNull(statistics.alpha_if_deleted)}, {"lower_seconds", orNull(statistics.lower_seconds)},
          {"median_seconds", orNull(statistics.median_seconds)}, {"upper_seconds", orNull(statistics.upper_seconds)},
          {"rasch", irtJson(statistics.rasch)}, {"two_pl", irtJson(statistics.two_pl)}, {"options", optionsJson(statistics, item)},
          {"by_month", months}, {"flags", statistics.flags}};
}

Json itemStatisticsRow(const Json& statistics) {
  Json row;
  for (const char* member : {"id", "item_id", "version", "responses", "facility", "point_biserial", "item_rest", "discrimination_index",
                             "discriminative_efficiency", "alpha_if_deleted", "median_seconds", "flags"})
    row[member] = statistics.at(member);
  return row;
}

Json testStatisticsJson(const bank::Statistics& statistics, const bank::ResponseTable& table) {
  const auto scores = scoresOf(table);
  bool same_reach = !scores.empty();
  for (const Score& one : scores) same_reach = same_reach && std::abs(one.reach - scores.front().reach) < 1e-9;
  const auto& test = statistics.test;
  const double scale = same_reach ? scores.front().reach : 100, factor = scale / test.scale;
  std::map<double, int> counts;
  for (const Score& one : scores) ++counts[same_reach ? std::round(one.marks * 100) / 100 : std::round(100 * one.marks / one.reach)];
  Json list = Json::array();
  for (const auto& [points, sittings] : counts) list.push_back({{"points", points}, {"sittings", sittings}});
  const bool any = test.sittings > 0, several = test.sittings > 1;
  return {{"unit", same_reach ? "points" : "percent"}, {"scale", scale}, {"mean", any ? Json(test.mean * factor) : Json(nullptr)},
          {"median", any ? Json(test.median * factor) : Json(nullptr)}, {"sd", several ? Json(test.sd * factor) : Json(nullptr)},
          {"skewness", orNull(test.skewness)}, {"kurtosis", orNull(test.kurtosis)}, {"alpha", orNull(test.alpha)},
          {"sem", orNull(test.sem, factor)}, {"scores", list}, {"rasch", modelJson(test.rasch)}, {"two_pl", modelJson(test.two_pl)}};
}

}  // namespace invigil::server
