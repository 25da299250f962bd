// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "classical.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>

namespace invigil::bank {

Association associate(const std::vector<double>& marks, const std::vector<double>& others) {
  Association out;
  out.n = static_cast<int>(std::min(marks.size(), others.size()));
  if (out.n == 0) return out;
  const auto n = static_cast<std::size_t>(out.n);
  const auto mean = [&](const std::vector<double>& v) { return std::accumulate(v.begin(), v.begin() + out.n, 0.0) / out.n; };
  const double mx = mean(marks), my = mean(others);
  out.mean = mx;
  if (n < 2) return out;
  std::vector<double> x(marks.begin(), marks.begin() + out.n), y(others.begin(), others.begin() + out.n);
  const auto covariance = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += (x[i] - mx) * (y[i] - my);
    return sum / (out.n - 1);
  };
  for (std::size_t i = 0; i < n; ++i) out.variance += (x[i] - mx) * (x[i] - mx), out.other_variance += (y[i] - my) * (y[i] - my);
  out.variance /= out.n - 1, out.other_variance /= out.n - 1;
  out.covariance = covariance();
  std::sort(x.begin(), x.end()), std::sort(y.begin(), y.end());
  out.covariance_max = covariance();
  const double product = out.variance * out.other_variance;
  if (product > 1e-18) out.correlation = out.covariance / std::sqrt(product);
  if (out.covariance_max > 1e-12) out.efficiency = out.covariance / out.covariance_max;
  return out;
}

std::vector<std::string> flagNames() {
  return {"too_easy", "too_hard", "negative_discrimination", "low_discrimination", "key_probably_wrong", "dead_distractor"};
}

namespace classical {
namespace {

constexpr std::size_t kGroups = 5;
constexpr int kGroupsFrom = 25;  ///< sittings

/// Places of `rest` from the weakest to the best; equal ones in the order of the table.
std::vector<std::size_t> ranked(const std::vector<double>& rest) {
  std::vector<std::size_t> order(rest.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rest[a] < rest[b]; });
  return order;
}

void addOptions(const ResponseTable::Column& column, const Asked& asked, const std::vector<double>& rest, ItemStatistics& out) {
  const auto order = ranked(rest);
  const bool grouped = asked.size() >= kGroupsFrom && rest.size() == asked.size();
  for (int option = 0; option < column.options; ++option) {
    OptionStatistics one;
    one.option = option;
    one.right = (column.key >> option & 1u) != 0;
    std::vector<double> chosen;
    for (const auto& [sitting, cell] : asked) chosen.push_back(cell->chosen >> option & 1u ? 1.0 : 0.0);
    one.count = static_cast<int>(std::accumulate(chosen.begin(), chosen.end(), 0.0));
    one.share = one.count / static_cast<double>(asked.size());
    if (rest.size() == chosen.size() && one.count > 0) one.mean_rest = std::inner_product(chosen.begin(), chosen.end(), rest.begin(), 0.0) / one.count;
    if (rest.size() == chosen.size()) one.point_biserial = associate(chosen, rest).correlation;
    for (std::size_t g = 0; grouped && g < kGroups; ++g) {
      const std::size_t from = order.size() * g / kGroups, to = order.size() * (g + 1) / kGroups;
      double sum = 0;
      for (std::size_t i = from; i < to; ++i) sum += chosen[order[i]];
      one.curve.push_back(sum / static_cast<double>(to - from));
    }
    out.options.push_back(std::move(one));
  }
}

std::optional<double> upperLower(const std::vector<double>& marks, const std::vector<double>& rest, double max) {
  const auto size = static_cast<std::size_t>(std::lround(0.27 * static_cast<double>(rest.size())));
  if (size < 3) return std::nullopt;
  const auto order = ranked(rest);
  double low = 0, high = 0;
  for (std::size_t i = 0; i < size; ++i) low += marks[order[i]], high += marks[order[order.size() - 1 - i]];
  return (high - low) / static_cast<double>(size) / max;
}

/// Of sorted values, between neighbours by proportion; share 0.5 is the median.
std::optional<double> quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return std::nullopt;
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const double above = sorted[std::min(low + 1, sorted.size() - 1)];
  return sorted[low] + (at - static_cast<double>(low)) * (above - sorted[low]);
}

}  // namespace

Totals totalsOf(const ResponseTable& table) {
  Totals totals;
  totals.same_paper = !table.sittings.empty();
  for (const auto& sitting : table.sittings) {
    double marks = 0, reach = 0;
    for (const auto& cell : sitting.cells) marks += cell.mark, reach += table.items[static_cast<std::size_t>(cell.item)].max;
    totals.marks.push_back(marks), totals.reach.push_back(reach);
    totals.same_paper = totals.same_paper && sitting.cells.size() == table.items.size();
  }
  if (totals.same_paper) totals.scale = totals.reach.front();
  return totals;
}

TestStatistics testOf(const ResponseTable& table, const Totals& totals) {
  TestStatistics out;
  out.sittings = static_cast<int>(table.sittings.size());
  out.items = static_cast<int>(table.items.size());
  out.same_paper = totals.same_paper;
  out.scale = totals.scale;
  out.histogram.assign(20, 0);
  std::vector<double> scores;
  for (std::size_t i = 0; i < table.sittings.size(); ++i) {
    if (totals.reach[i] <= 0) continue;
    scores.push_back(totals.score(i));
    ++out.histogram[static_cast<std::size_t>(std::clamp(std::floor(scores.back() / totals.scale * 20 + 1e-9), 0.0, 19.0))];
  }
  if (scores.empty()) return out;
  const double n = static_cast<double>(scores.size());
  out.mean = std::accumulate(scores.begin(), scores.end(), 0.0) / n;
  std::sort(scores.begin(), scores.end());
  out.median = *quantile(scores, 0.5);
  out.smallest = scores.front(), out.largest = scores.back();
  double m2 = 0, m3 = 0, m4 = 0;
  for (double score : scores) {
    const double x = score - out.mean;
    m2 += x * x, m3 += x * x * x, m4 += x * x * x * x;
  }
  if (scores.size() > 1) out.sd = std::sqrt(m2 / (n - 1));
  m2 /= n, m3 /= n, m4 /= n;
  if (m2 > 1e-12) out.skewness = m3 / std::pow(m2, 1.5), out.kurtosis = m4 / (m2 * m2) - 3;
  bool zero_one = totals.same_paper && table.items.size() > 1;
  for (const auto& column : table.items) zero_one = zero_one && column.max == 1;
  for (const auto& sitting : table.sittings)
    for (const auto& cell : sitting.cells) zero_one = zero_one && (cell.mark == 0 || cell.mark == 1);
  const double k = static_cast<double>(table.items.size());
  if (zero_one && m2 > 1e-12) out.kr21 = k / (k - 1) * (1 - out.mean * (k - out.mean) / (k * m2));
  return out;
}

ItemStatistics itemOf(const ResponseTable& table, const Totals& totals, std::size_t item, const Asked& asked) {
  const auto& column = table.items[item];
  ItemStatistics out;
  out.id = column.id;
  out.max = column.max;
  out.n = static_cast<int>(asked.size());
  if (asked.empty()) return out;
  std::vector<double> marks, scores, rest, seconds;
  std::map<std::string, std::pair<int, double>> months;
  for (const auto& [sitting, cell] : asked) {
    marks.push_back(cell->mark);
    scores.push_back(totals.same_paper ? totals.marks[sitting] : totals.score(sitting));
    if (const auto other = totals.rest(sitting, cell->mark, column.max)) rest.push_back(*other);
    if (cell->seconds >= 0) seconds.push_back(cell->seconds);
    out.left_open += column.options > 0 && cell->chosen == 0;
    if (const std::string& month = table.sittings[sitting].month; !month.empty()) ++months[month].first, months[month].second += cell->mark;
  }
  const Association whole = associate(marks, scores);
  out.facility = whole.mean / column.max;
  out.sd = std::sqrt(whole.variance);
  out.point_biserial = whole.correlation;
  if (rest.size() == marks.size()) {
    const Association corrected = associate(marks, rest);
    out.item_rest = corrected.correlation;
    if (corrected.correlation) out.discrimination_index = 100 * *corrected.correlation;
    if (corrected.efficiency) out.discrimination_efficiency = 100 * *corrected.efficiency;
    out.upper_lower = upperLower(marks, rest, column.max);
  }
  std::sort(seconds.begin(), seconds.end());
  out.lower_seconds = quantile(seconds, 0.25);
  out.median_seconds = quantile(seconds, 0.5);
  out.upper_seconds = quantile(seconds, 0.75);
  for (const auto& [month, sum] : months) out.drift.push_back({month, sum.first, sum.second / sum.first / column.max});
  addOptions(column, asked, rest, out);
  return out;
}

void addAlpha(const ResponseTable& table, Statistics& out) {
  // From the mean variance and the mean covariance of two items of one paper: with one paper for all this is Cronbach's
  // alpha exactly, and it stays defined when papers differ.
  const double sittings = static_cast<double>(table.sittings.size());
  std::vector<double> means(table.items.size());
  for (std::size_t j = 0; j < means.size(); ++j) means[j] = out.items[j].facility * table.items[j].max;
  double cross = 0, pairs = 0, squares = 0, cells = 0;
  std::vector<double> less_cross(means.size()), less_pairs(means.size()), less_squares(means.size());
  for (const auto& sitting : table.sittings) {
    double sum = 0, square = 0;
    const double n = static_cast<double>(sitting.cells.size());
    for (const auto& cell : sitting.cells) {
      const double z = cell.mark - means[static_cast<std::size_t>(cell.item)];
      sum += z, square += z * z;
    }
    cross += sum * sum - square, pairs += n * (n - 1), squares += square, cells += n;
    for (const auto& cell : sitting.cells) {
      const auto j = static_cast<std::size_t>(cell.item);
      const double z = cell.mark - means[j];
      less_cross[j] += 2 * z * (sum - z), less_pairs[j] += 2 * (n - 1), less_squares[j] += z * z;
    }
  }
  const auto alpha = [&](double c, double p, double s, double n) -> std::optional<double> {
    if (sittings < 2 || p <= 0 || n <= 0) return std::nullopt;
    const double length = n / sittings, covariance = c / p, variance = s / n, whole = variance + (length - 1) * covariance;
    if (length < 1.5 || whole <= 1e-12) return std::nullopt;
    return length * covariance / whole;
  };
  out.test.alpha = alpha(cross, pairs, squares, cells);
  if (out.test.alpha && *out.test.alpha <= 1) out.test.sem = out.test.sd * std::sqrt(1 - *out.test.alpha);
  for (std::size_t j = 0; j < means.size(); ++j)
    out.items[j].alpha_if_deleted = alpha(cross - less_cross[j], pairs - less_pairs[j], squares - less_squares[j], cells - out.items[j].n);
}

void addEffectiveWeights(const ResponseTable& table, const Totals& totals, const std::vector<Asked>& asked, Statistics& out) {
  if (!totals.same_paper || table.sittings.size() < 2) return;
  double sum = 0;
  std::vector<double> weights;
  for (const Asked& cells : asked) {
    std::vector<double> marks;
    for (const auto& [sitting, cell] : cells) marks.push_back(cell->mark);
    weights.push_back(std::sqrt(std::max(0.0, associate(marks, totals.marks).covariance)));
    sum += weights.back();
  }
  for (std::size_t j = 0; sum > 0 && j < weights.size(); ++j) out.items[j].effective_weight = 100 * weights[j] / sum;
}

void addFlags(ItemStatistics& item) {
  const auto flag = [&](const char* name) { item.flags.emplace_back(name); };
  if (item.n >= 30 && item.facility >= 0.95) flag("too_easy");
  if (item.n >= 30 && item.facility <= 0.25) flag("too_hard");
  if (item.n >= 50 && item.item_rest && *item.item_rest < 0) flag("negative_discrimination");
  else if (item.n >= 100 && item.item_rest && *item.item_rest < 0.1 && item.facility < 0.95) flag("low_discrimination");
  double best_right = -1, best_wrong = -1;
  bool dead = false, keyed = false;
  int right_chosen = 0;
  for (const OptionStatistics& option : item.options) {
    const double value = option.point_biserial.value_or(0);
    keyed = keyed || option.right;
    if (option.right) right_chosen += option.count;
    if (option.right) best_right = std::max(best_right, value);
    else if (option.share >= 0.1) best_wrong = std::max(best_wrong, value);
    dead = dead || (!option.right && option.share < 0.05);
  }
  // The better candidates go for another option, and away from the key.
  const bool nobody = keyed && right_chosen == 0;  // the key has no correlation then, and says all the more
  if (item.n >= 30 && (nobody || (best_right < 0 && best_wrong > 0.1))) flag("key_probably_wrong");
  if (item.n >= 50 && item.options.size() > 2 && dead && item.facility < 0.95) flag("dead_distractor");
}

}  // namespace classical
}  // namespace invigil::bank
