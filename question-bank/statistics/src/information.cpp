// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "irt_data.hpp"

namespace invigil::bank::irt {
namespace {

/// Above so many products only the two parameters of an item are taken together: between items little is shared then.
constexpr double kProductsMax = 3e9;

/// Gauss-Jordan with row pivots; empty when singular.
std::vector<double> inverse(std::vector<double> m, std::size_t n) {
  std::vector<double> out(n * n);
  for (std::size_t i = 0; i < n; ++i) out[i * n + i] = 1;
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t best = c;
    for (std::size_t r = c + 1; r < n; ++r)
      if (std::abs(m[r * n + c]) > std::abs(m[best * n + c])) best = r;
    const double pivot = m[best * n + c];
    if (!(std::abs(pivot) > 1e-10)) return {};
    for (std::size_t k = 0; k < n; ++k) {
      std::swap(m[c * n + k], m[best * n + k]), std::swap(out[c * n + k], out[best * n + k]);
      m[c * n + k] /= pivot, out[c * n + k] /= pivot;
    }
    for (std::size_t r = 0; r < n; ++r) {
      const double factor = m[r * n + c];
      if (r == c || factor == 0) continue;
      for (std::size_t k = 0; k < n; ++k) m[r * n + k] -= factor * m[c * n + k], out[r * n + k] -= factor * out[c * n + k];
    }
  }
  return out;
}

/// Sums over the posterior of r_j r_l, theta r_j r_l, theta^2 r_j r_l.
struct Products {
  double zero = 0, one = 0, two = 0;
};

Products productsOf(const Grid& x, const Grid& y, const Grid& theta) {
  Products sum;
  for (std::size_t q = 0; q < kPoints; ++q) {
    const double v = x[q] * y[q];
    sum.zero += v, sum.one += v * theta[q], sum.two += v * theta[q] * theta[q];
  }
  return sum;
}

/// Louis: information = expected complete information - variance of the complete score given the answers.
void addPattern(const Data::Pattern& pattern, const Curves& curves, bool full, std::vector<double>& info, std::size_t size) {
  Grid posterior;
  posteriorOf(pattern, curves, posterior);
  const std::size_t m = pattern.answers.size();
  std::vector<Grid> residual(m), weighted(m);
  std::vector<double> mean_d(m), mean_a(m);
  for (std::size_t k = 0; k < m; ++k) {
    const auto [item, right] = pattern.answers[k];
    const Grid& p = curves.p[static_cast<std::size_t>(item)];
    for (std::size_t q = 0; q < kPoints; ++q) {
      residual[k][q] = (right ? 1 : 0) - p[q];
      weighted[k][q] = posterior[q] * residual[k][q];
      mean_d[k] += weighted[k][q];
      mean_a[k] += weighted[k][q] * curves.theta[q];
    }
  }
  for (std::size_t k = 0; k < m; ++k) {
    const auto j = static_cast<std::size_t>(pattern.answers[k].first);
    const std::size_t a = 2 * j, d = 2 * j + 1;
    double dd = 0, ad = 0, aa = 0;
    for (std::size_t q = 0; q < kPoints; ++q) {
      const double v = posterior[q] * curves.p[j][q] * (1 - curves.p[j][q]), t = curves.theta[q];
      dd += v, ad += v * t, aa += v * t * t;
    }
    info[a * size + a] += pattern.weight * aa, info[d * size + d] += pattern.weight * dd;
    info[a * size + d] += pattern.weight * ad, info[d * size + a] += pattern.weight * ad;
    for (std::size_t l = full ? 0 : k; l < (full ? m : k + 1); ++l) {
      const auto i = static_cast<std::size_t>(pattern.answers[l].first);
      const std::size_t b = 2 * i, e = 2 * i + 1;
      const Products s = productsOf(weighted[k], residual[l], curves.theta);
      info[a * size + b] -= pattern.weight * (s.two - mean_a[k] * mean_a[l]);
      info[a * size + e] -= pattern.weight * (s.one - mean_a[k] * mean_d[l]);
      info[d * size + b] -= pattern.weight * (s.one - mean_d[k] * mean_a[l]);
      info[d * size + e] -= pattern.weight * (s.zero - mean_d[k] * mean_d[l]);
    }
  }
}

/// The same information when all slopes are one parameter.
std::vector<double> withOneSlope(const std::vector<double>& info, std::size_t items) {
  const std::size_t size = 2 * items, n = items + 1;
  std::vector<double> out(n * n);
  for (std::size_t j = 0; j < items; ++j)
    for (std::size_t l = 0; l < items; ++l) {
      out[0] += info[2 * j * size + 2 * l];
      out[l + 1] += info[2 * j * size + 2 * l + 1];
      out[(l + 1) * n] += info[(2 * l + 1) * size + 2 * j];
      out[(j + 1) * n + l + 1] = info[(2 * j + 1) * size + 2 * l + 1];
    }
  return out;
}

}  // namespace

Covariance covarianceOf(const Data& data, const Curves& curves, bool rasch) {
  double products = 0;
  for (const auto& pattern : data.patterns) products += 3.0 * kPoints * static_cast<double>(pattern.answers.size() * pattern.answers.size());
  const std::size_t size = 2 * data.items;
  const bool full = products <= kProductsMax && size <= 600;
  Covariance out;
  if (!full && size > 6000) return out;
  std::vector<double> info(size * size);
  for (const auto& pattern : data.patterns) addPattern(pattern, curves, full, info, size);
  if (full) {
    out.size = rasch ? data.items + 1 : size;
    out.values = inverse(rasch ? withOneSlope(info, data.items) : std::move(info), out.size);
    return out;
  }
  // Item by item; under Rasch the slope is known so well from all of them that it is taken as given.
  out.size = rasch ? data.items + 1 : size;
  out.values.assign(out.size * out.size, 0);
  for (std::size_t j = 0; j < data.items; ++j) {
    const std::size_t a = 2 * j, d = 2 * j + 1;
    const double aa = info[a * size + a], ad = info[a * size + d], dd = info[d * size + d], det = aa * dd - ad * ad;
    if (rasch) {
      out.values[(j + 1) * out.size + j + 1] = 1 / dd;
      continue;
    }
    out.values[a * size + a] = dd / det, out.values[d * size + d] = aa / det;
    out.values[a * size + d] = out.values[d * size + a] = -ad / det;
  }
  return out;
}

}  // namespace invigil::bank::irt
