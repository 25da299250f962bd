// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "rates.hpp"

#include <algorithm>
#include <cmath>

namespace invigil::face {
namespace {

nlohmann::json pairOf(const Interval& interval) { return {interval.low, interval.high}; }

}  // namespace

Interval wilson95(double events, double trials) {
  if (!(trials > 0)) return {};
  constexpr double z = 1.959964, z2 = z * z;
  const double p = events / trials, middle = (p + z2 / (2 * trials)) / (1 + z2 / trials);
  const double reach = z * std::sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials);
  // At the ends the formula gives 0 and 1 but for rounding.
  return {events <= 0 ? 0 : std::max(0.0, middle - reach), events >= trials ? 1 : std::min(1.0, middle + reach)};
}

nlohmann::json toJson(const Rate& rate) {
  return {{"rate", rate.of > 0 ? nlohmann::json(rate.value()) : nullptr},
          {"events", rate.events},
          {"of", rate.of},
          {"interval95", pairOf(wilson95(static_cast<double>(rate.events), static_cast<double>(rate.of)))}};
}

void Scores::sort() {
  std::sort(genuine_.begin(), genuine_.end());
  std::sort(impostor_.begin(), impostor_.end());
}

Rate Scores::frr(double threshold) const {
  const auto below = std::lower_bound(genuine_.begin(), genuine_.end(), threshold) - genuine_.begin();
  return {below, static_cast<long>(genuine_.size())};
}

Rate Scores::far(double threshold) const {
  const auto above = impostor_.end() - std::lower_bound(impostor_.begin(), impostor_.end(), threshold);
  return {above, static_cast<long>(impostor_.size())};
}

std::vector<double> Scores::thresholds() const {
  std::vector<double> all;
  std::merge(genuine_.begin(), genuine_.end(), impostor_.begin(), impostor_.end(), std::back_inserter(all));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  // Above every score: nobody is accepted, so FAR 0 is always reached.
  if (!all.empty()) all.push_back(std::nextafter(all.back(), 1e9));
  return all;
}

Scores::Point Scores::equalError() const {
  Point best;
  double nearest = 2;
  for (const double threshold : thresholds()) {
    const double frr_here = frr(threshold).value(), far_here = far(threshold).value();
    if (std::abs(frr_here - far_here) >= nearest) continue;
    nearest = std::abs(frr_here - far_here);
    best = {threshold, (frr_here + far_here) / 2};
  }
  return best;
}

Scores::Point Scores::frrAtFar(double far_max) const {
  for (const double threshold : thresholds())
    if (far(threshold).value() <= far_max) return {threshold, frr(threshold).value()};
  return {0, 1};
}

nlohmann::json figures(const Scores& scores, double sign) {
  nlohmann::json out{{"genuine", scores.genuine().size()}, {"impostor", scores.impostor().size()}};
  if (!scores.complete()) {
    for (const char* key : {"eer", "eer_threshold", "eer_interval95"}) out[key] = nullptr;
    for (const std::string& at : {std::string("_at_far_1pct"), std::string("_at_far_01pct")})
      for (const std::string& key : {"frr" + at, "threshold" + at, "frr" + at + "_counts", "far" + at + "_counts"}) out[key] = nullptr;
    return out;
  }
  const auto equal = scores.equalError();
  const auto smaller = static_cast<double>(std::min(scores.genuine().size(), scores.impostor().size()));
  out["eer"] = equal.rate;
  out["eer_threshold"] = sign * equal.threshold;
  out["eer_interval95"] = pairOf(wilson95(equal.rate * smaller, smaller));
  for (const auto& [name, far_max] : {std::pair{"1pct", 0.01}, {"01pct", 0.001}}) {
    const auto point = scores.frrAtFar(far_max);
    const std::string at = std::string("_at_far_") + name;
    out["frr" + at] = point.rate;
    out["threshold" + at] = sign * point.threshold;
    out["frr" + at + "_counts"] = toJson(scores.frr(point.threshold));
    out["far" + at + "_counts"] = toJson(scores.far(point.threshold));
  }
  return out;
}

nlohmann::json thresholdTable(const Scores& scores, const std::vector<double>& thresholds, double sign) {
  auto table = nlohmann::json::array();
  for (const double threshold : thresholds)
    table.push_back({{"threshold", threshold},
                     {"frr", toJson(scores.frr(sign * threshold))},
                     {"far", toJson(scores.far(sign * threshold))}});
  return table;
}

}  // namespace invigil::face
