// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/irt.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "irt_data.hpp"

namespace invigil::bank {
namespace irt {

Curves curvesOf(const Parameters& parameters) {
  Curves curves;
  double sum = 0;
  for (std::size_t q = 0; q < kPoints; ++q) {
    curves.theta[q] = -6.0 + 12.0 * static_cast<double>(q) / (kPoints - 1);
    sum += std::exp(-0.5 * curves.theta[q] * curves.theta[q]);
  }
  for (std::size_t q = 0; q < kPoints; ++q) curves.log_prior[q] = -0.5 * curves.theta[q] * curves.theta[q] - std::log(sum);
  const std::size_t items = parameters.a.size();
  curves.p.resize(items), curves.log_p.resize(items), curves.log_q.resize(items);
  for (std::size_t j = 0; j < items; ++j)
    for (std::size_t q = 0; q < kPoints; ++q) {
      const double z = parameters.a[j] * curves.theta[q] + parameters.d[j];
      curves.p[j][q] = 1 / (1 + std::exp(-z));
      curves.log_p[j][q] = -std::log1p(std::exp(-z));
      curves.log_q[j][q] = -std::log1p(std::exp(z));
    }
  return curves;
}

double posteriorOf(const Data::Pattern& pattern, const Curves& curves, Grid& posterior) {
  posterior = curves.log_prior;
  for (const auto& [item, right] : pattern.answers) {
    const Grid& log = right ? curves.log_p[static_cast<std::size_t>(item)] : curves.log_q[static_cast<std::size_t>(item)];
    for (std::size_t q = 0; q < kPoints; ++q) posterior[q] += log[q];
  }
  const double largest = *std::max_element(posterior.begin(), posterior.end());
  double sum = 0;
  for (double& value : posterior) sum += value = std::exp(value - largest);
  for (double& value : posterior) value /= sum;
  return largest + std::log(sum);
}

}  // namespace irt

namespace {

using irt::Data;
using irt::Grid;
using irt::kPoints;
using irt::Parameters;

constexpr int kIterationsMax = 4000;
/// Answers above which a step of 0.0001 ends the search: the standard errors of so many are far larger.
constexpr std::size_t kManyAnswers = 200'000;

/// Which items can be estimated, and the answers to them alone.
Data dataOf(const std::vector<IrtPerson>& persons, int items, int answers_min, std::vector<int>& kept) {
  std::vector<int> asked(static_cast<std::size_t>(items)), right(static_cast<std::size_t>(items));
  for (const IrtPerson& person : persons)
    for (const auto& [item, is_right] : person) ++asked[static_cast<std::size_t>(item)], right[static_cast<std::size_t>(item)] += is_right;
  std::vector<int> place(static_cast<std::size_t>(items), -1);
  for (std::size_t j = 0; j < place.size(); ++j)
    if (asked[j] >= std::max(2, answers_min) && right[j] > 0 && right[j] < asked[j]) place[j] = static_cast<int>(kept.size()), kept.push_back(static_cast<int>(j));
  std::map<IrtPerson, double> counted;
  for (const IrtPerson& person : persons) {
    IrtPerson answers;
    for (const auto& [item, is_right] : person)
      if (const int at = place[static_cast<std::size_t>(item)]; at >= 0) answers.emplace_back(at, is_right);
    if (answers.empty()) continue;
    std::sort(answers.begin(), answers.end());
    counted[std::move(answers)] += 1;
  }
  Data data;
  data.items = kept.size();
  for (const auto& [answers, weight] : counted) data.patterns.push_back({answers, weight});
  return data;
}

/// Expected answers and right answers of each item at each point.
struct Expected {
  std::vector<Grid> asked, right;
  double log_likelihood = 0;
};

Expected expect(const Data& data, const irt::Curves& curves) {
  Expected expected;
  expected.asked.assign(data.items, Grid{});
  expected.right.assign(data.items, Grid{});
  Grid posterior;
  for (const auto& pattern : data.patterns) {
    expected.log_likelihood += pattern.weight * irt::posteriorOf(pattern, curves, posterior);
    for (double& value : posterior) value *= pattern.weight;
    for (const auto& [item, right] : pattern.answers) {
      Grid& asked = expected.asked[static_cast<std::size_t>(item)];
      for (std::size_t q = 0; q < kPoints; ++q) asked[q] += posterior[q];
      if (!right) continue;
      Grid& hits = expected.right[static_cast<std::size_t>(item)];
      for (std::size_t q = 0; q < kPoints; ++q) hits[q] += posterior[q];
    }
  }
  return expected;
}

/// Slope and second derivatives of the expected log-likelihood of one item.
struct Slope {
  double ga = 0, gd = 0, aa = 0, ad = 0, dd = 0;
};

Slope slopeOf(const Grid& asked, const Grid& right, const Grid& p, const Grid& theta) {
  Slope s;
  for (std::size_t q = 0; q < kPoints; ++q) {
    const double g = right[q] - asked[q] * p[q], w = asked[q] * p[q] * (1 - p[q]);
    s.gd += g, s.ga += g * theta[q], s.dd += w, s.ad += w * theta[q], s.aa += w * theta[q] * theta[q];
  }
  return s;
}

/// One Fisher step for every item; returns the largest change.
double improve(const Expected& expected, const irt::Curves& curves, bool rasch, Parameters& parameters) {
  const auto bounded = [](double step) { return std::clamp(step, -1.0, 1.0); };
  std::vector<Slope> slopes;
  for (std::size_t j = 0; j < parameters.a.size(); ++j)
    slopes.push_back(slopeOf(expected.asked[j], expected.right[j], curves.p[j], curves.theta));
  double common = 0, largest = 0;
  if (rasch) {
    double g = 0, h = 0;
    for (const Slope& s : slopes) g += s.ga - s.ad * s.gd / s.dd, h += s.aa - s.ad * s.ad / s.dd;
    common = bounded(g / h);
  }
  for (std::size_t j = 0; j < slopes.size(); ++j) {
    const Slope& s = slopes[j];
    const double det = s.dd * s.aa - s.ad * s.ad;
    const double step_a = rasch ? common : bounded((s.dd * s.ga - s.ad * s.gd) / det);
    const double step_d = bounded(rasch ? (s.gd - s.ad * common) / s.dd : (s.aa * s.gd - s.ad * s.ga) / det);
    if (!std::isfinite(step_a) || !std::isfinite(step_d)) continue;
    parameters.a[j] = std::clamp(parameters.a[j] + step_a, -8.0, 8.0);
    parameters.d[j] = std::clamp(parameters.d[j] + step_d, -14.0, 14.0);
    largest = std::max({largest, std::abs(step_a), std::abs(step_d)});
  }
  return largest;
}

Parameters startOf(const Data& data) {
  Parameters start{std::vector<double>(data.items, 1.0), std::vector<double>(data.items)};
  std::vector<double> asked(data.items), right(data.items);
  for (const auto& pattern : data.patterns)
    for (const auto& [item, is_right] : pattern.answers)
      asked[static_cast<std::size_t>(item)] += pattern.weight, right[static_cast<std::size_t>(item)] += is_right ? pattern.weight : 0;
  for (std::size_t j = 0; j < data.items; ++j) start.d[j] = std::log(right[j] / (asked[j] - right[j]));
  return start;
}

void addFit(const Data& data, const irt::Curves& curves, const std::vector<int>& kept, IrtOutcome& outcome) {
  std::vector<double> squares(data.items), variances(data.items), standardised(data.items), asked(data.items);
  Grid posterior;
  for (const auto& pattern : data.patterns) {
    irt::posteriorOf(pattern, curves, posterior);
    for (const auto& [item, right] : pattern.answers) {
      const auto j = static_cast<std::size_t>(item);
      asked[j] += pattern.weight;
      for (std::size_t q = 0; q < kPoints; ++q) {
        const double p = curves.p[j][q], residual = (right ? 1 : 0) - p, variance = std::max(p * (1 - p), 1e-9);
        const double w = pattern.weight * posterior[q];
        squares[j] += w * residual * residual, variances[j] += w * variance, standardised[j] += w * residual * residual / variance;
      }
    }
  }
  for (std::size_t j = 0; j < data.items; ++j) {
    IrtItem& item = *outcome.items[static_cast<std::size_t>(kept[j])];
    item.n = static_cast<int>(asked[j]);
    item.infit = squares[j] / variances[j];
    item.outfit = standardised[j] / asked[j];
  }
}

std::optional<double> root(double variance) {
  return variance > 0 && std::isfinite(variance) ? std::optional(std::sqrt(variance)) : std::nullopt;
}

void addErrors(const irt::Covariance& cov, bool rasch, const std::vector<int>& kept, IrtOutcome& outcome) {
  if (cov.values.empty()) return;
  for (std::size_t j = 0; j < kept.size(); ++j) {
    IrtItem& item = *outcome.items[static_cast<std::size_t>(kept[j])];
    const std::size_t at_a = rasch ? 0 : 2 * j, at_d = rasch ? j + 1 : 2 * j + 1;
    item.se_a = root(cov.at(at_a, at_a));
    item.se_d = root(cov.at(at_d, at_d));
    if (!item.b) continue;
    const double a = item.a, d = item.d;
    item.se_b = root(d * d / (a * a * a * a) * cov.at(at_a, at_a) + cov.at(at_d, at_d) / (a * a) - 2 * d / (a * a * a) * cov.at(at_a, at_d));
  }
}

}  // namespace

IrtOutcome estimateIrt(const std::vector<IrtPerson>& persons, int items, bool rasch, int answers_min,
                       const std::function<bool(double)>& progress) {
  IrtOutcome outcome;
  outcome.items.resize(static_cast<std::size_t>(items));
  std::vector<int> kept;
  const Data data = dataOf(persons, items, answers_min, kept);
  if (kept.size() < 2) return outcome;
  std::size_t answers = 0;
  double counted = 0;
  for (const auto& pattern : data.patterns) answers += pattern.answers.size(), counted += pattern.weight;
  const double enough = answers > kManyAnswers ? 1e-4 : 1e-7;
  Parameters parameters = startOf(data);
  IrtModel& model = outcome.model;
  for (model.iterations = 0; model.iterations < kIterationsMax && !model.converged; ++model.iterations) {
    const irt::Curves curves = irt::curvesOf(parameters);
    const Expected expected = expect(data, curves);
    model.converged = improve(expected, curves, rasch, parameters) < enough;
    // How many steps remain is not known; what is shown moves on and never reaches the end before the end.
    if (progress && !progress(1 - std::pow(0.98, model.iterations))) break;
  }
  const irt::Curves curves = irt::curvesOf(parameters);
  model.log_likelihood = expect(data, curves).log_likelihood;
  model.persons = static_cast<int>(counted);
  model.items = static_cast<int>(kept.size());
  model.ability_sd = rasch ? parameters.a[0] : 1;
  for (std::size_t j = 0; j < kept.size(); ++j) {
    IrtItem item;
    item.a = parameters.a[j], item.d = parameters.d[j];
    if (std::abs(item.a) >= 0.05) item.b = -item.d / item.a;
    outcome.items[static_cast<std::size_t>(kept[j])] = item;
  }
  addFit(data, curves, kept, outcome);
  addErrors(irt::covarianceOf(data, curves, rasch), rasch, kept, outcome);
  return outcome;
}

}  // namespace invigil::bank
