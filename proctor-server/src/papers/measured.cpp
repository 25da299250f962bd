// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "papers/frozen.hpp"
#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

/// Fewer responses say little about an item.
constexpr std::int64_t kResponsesMin = 30;

struct Curve {
  double a = 1, b = 0;
  double right(double theta) const { return 1 / (1 + std::exp(-a * (theta - b))); }
};

std::int64_t millionths(double number) { return static_cast<std::int64_t>(std::llround(number * 1e6)); }

/// The two-parameter curve of each item, else the Rasch curve; none where one item has neither.
std::vector<Curve> curvesOf(const std::vector<Json>& statistics) {
  for (const char* model : {"two_pl", "rasch"}) {
    std::vector<Curve> curves;
    for (const Json& one : statistics)
      if (!one.is_null() && one.at(model).is_object() && one[model].at("difficulty").is_number()) {
        const Json& slope = one[model].at("slope");
        curves.push_back({slope.is_number() ? slope.get<double>() : 1, one[model]["difficulty"].get<double>()});
      }
    if (!curves.empty() && curves.size() == statistics.size()) return curves;
  }
  return {};
}

/// The ability at which somebody is expected to earn this share of the points.
double abilityAt(const std::vector<Curve>& curves, double share) {
  double low = -8, high = 8;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    double sum = 0;
    for (const Curve& curve : curves) sum += curve.right(middle);
    (sum / static_cast<double>(curves.size()) < share ? low : high) = middle;
  }
  return low;
}

}  // namespace

void measureItems(Tx& tx, std::vector<PoolItem>& pool, const bank::Blueprint& blueprint) {
  std::vector<Json> statistics;
  for (PoolItem& item : pool) {
    Json one = newestStatistics(tx, item.drawn.uid, item.pool_id.substr(0, item.pool_id.find('/')));
    const bool counts = one.is_object() && one.at("responses").get<std::int64_t>() >= kResponsesMin && one.at("facility").is_number() &&
                        std::find(one.at("versions").begin(), one.at("versions").end(), item.drawn.version.number) != one.at("versions").end();
    if (counts) item.measured = assembly::Measured{millionths(one.at("facility").get<double>()), 0};
    statistics.push_back(counts ? std::move(one) : Json(nullptr));
  }
  const std::vector<Curve> curves = curvesOf(statistics);
  const auto most = static_cast<double>(blueprint.points().hundredths());
  if (curves.empty() || most <= 0) return;
  const double cut = abilityAt(curves, static_cast<double>(blueprint.pass_points.hundredths()) / most);
  for (std::size_t i = 0; i < pool.size(); ++i) {
    const double right = curves[i].right(cut);
    pool[i].measured->info = millionths(curves[i].a * curves[i].a * right * (1 - right));
  }
}

}  // namespace invigil::server
