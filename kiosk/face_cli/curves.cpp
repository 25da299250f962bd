// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "curves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace invigil::face {
namespace {

constexpr int kWidth = 1080, kHeight = 520, kTop = 70, kBottom = 450;
// Colours that people with any colour vision tell apart (Okabe and Ito), darkest first.
constexpr std::array kColours{"#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999"};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

struct Svg {
  std::string out;
  void text(double x, double y, const std::string& words, const char* more = "") {
    out += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + more + ">" + escaped(words) + "</text>\n";
  }
  void line(double x1, double y1, double x2, double y2, const char* colour) {
    out += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) +
           "\" stroke=\"" + colour + "\"/>\n";
  }
  void path(const std::string& points, const char* colour, double width, const char* fill = "none") {
    out += "<polyline points=\"" + points + "\" fill=\"" + fill + "\" fill-opacity=\"0.25\" stroke=\"" + colour +
           "\" stroke-width=\"" + number(width) + "\"/>\n";
  }
};

void det(Svg& svg, const std::vector<NamedScores>& sets) {
  static constexpr double kLeft = 70, kRight = 500, kFloor = 0.001;
  auto place = [](double rate) { return (std::log10(std::max(rate, kFloor)) + 3) / 3; };
  auto x = [&](double far) { return kLeft + (kRight - kLeft) * place(far); };
  auto y = [&](double frr) { return kBottom - (kBottom - kTop) * place(frr); };
  for (const double tick : {0.001, 0.01, 0.1, 1.0}) {
    svg.line(x(tick), kTop, x(tick), kBottom, "#dddddd");
    svg.line(kLeft, y(tick), kRight, y(tick), "#dddddd");
    const std::string label = tick < 0.01 ? "0.1 %" : std::to_string(std::lround(100 * tick)) + " %";
    svg.text(x(tick), kBottom + 18, label, "text-anchor=\"middle\"");
    svg.text(kLeft - 6, y(tick) + 4, label, "text-anchor=\"end\"");
  }
  svg.line(x(kFloor), y(kFloor), x(1), y(1), "#bbbbbb");
  svg.text((kLeft + kRight) / 2, kBottom + 40, "FAR: impostor comparisons accepted", "text-anchor=\"middle\"");
  svg.text(kLeft, kTop - 12, "FRR: genuine comparisons rejected");
  double legend = kTop + 16;
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (!sets[i].scores->complete()) continue;
    const char* colour = kColours[drawn++ % kColours.size()];
    std::string points;
    double last_x = -1, last_y = -1;
    for (const double threshold : sets[i].scores->thresholds()) {
      const double px = x(sets[i].scores->far(threshold).value()), py = y(sets[i].scores->frr(threshold).value());
      // A staircase: between two thresholds only one of the rates changes.
      if (last_x >= 0 && px != last_x && py != last_y) points += number(px) + "," + number(last_y) + " ";
      if (px != last_x || py != last_y) points += number(px) + "," + number(py) + " ";
      last_x = px;
      last_y = py;
    }
    svg.path(points, colour, i == 0 ? 2.5 : 1.5);
    char label[160];
    std::snprintf(label, sizeof label, "%s: EER %.1f %% (%zu / %zu)", sets[i].name.c_str(),
                  100 * sets[i].scores->equalError().rate, sets[i].scores->genuine().size(),
                  sets[i].scores->impostor().size());
    svg.line(kRight - 190, legend - 4, kRight - 170, legend - 4, colour);
    svg.text(kRight - 164, legend, label, "font-size=\"11\"");
    legend += 16;
  }
}

void spread(Svg& svg, const Scores& scores, double sign) {
  constexpr double kLeft = 590, kRight = 1040;
  constexpr int kBins = 40;
  const auto all = scores.thresholds();
  if (all.size() < 2) return;
  const double low = all.front(), high = std::max(all[all.size() - 2], low + 1e-6);
  auto shares = [&](const std::vector<double>& values) {
    std::array<double, kBins> bins{};
    for (const double v : values) bins[static_cast<std::size_t>(std::clamp(static_cast<int>((v - low) / (high - low) * kBins), 0, kBins - 1))] += 1;
    for (double& bin : bins) bin /= std::max<double>(1, static_cast<double>(values.size()));
    return bins;
  };
  const auto genuine = shares(scores.genuine()), impostor = shares(scores.impostor());
  const double top = std::max({0.01, *std::max_element(genuine.begin(), genuine.end()), *std::max_element(impostor.begin(), impostor.end())});
  auto draw = [&](const std::array<double, kBins>& bins, const char* colour) {
    std::string points = number(kLeft) + "," + number(kBottom) + " ";
    for (int i = 0; i < kBins; ++i)
      for (const int edge : {i, i + 1})
        points += number(kLeft + (kRight - kLeft) * edge / kBins) + "," +
                  number(kBottom - (kBottom - kTop) * bins[static_cast<std::size_t>(i)] / top) + " ";
    svg.path(points + number(kRight) + "," + number(kBottom), colour, 1.5, colour);
  };
  draw(impostor, kColours[2]);
  draw(genuine, kColours[1]);
  for (int i = 0; i <= 4; ++i) {
    char label[32];
    std::snprintf(label, sizeof label, "%.2f", sign * (low + (high - low) * i / 4));
    svg.text(kLeft + (kRight - kLeft) * i / 4, kBottom + 18, label, "text-anchor=\"middle\"");
  }
  svg.line(kLeft, kBottom, kRight, kBottom, "#888888");
  svg.text((kLeft + kRight) / 2, kBottom + 40, sign > 0 ? "similarity (cosine)" : "distance", "text-anchor=\"middle\"");
  svg.text(kLeft, kTop - 12, "Share of the comparisons: impostor (orange), genuine (blue)");
}

}  // namespace

std::string drawCurves(const std::string& title, const std::vector<NamedScores>& sets, double sign) {
  Svg svg;
  svg.out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(kWidth) + " " + std::to_string(kHeight) +
            "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  svg.text(20, 28, title, "font-size=\"16\"");
  det(svg, sets);
  if (!sets.empty()) spread(svg, *sets.front().scores, sign);
  return svg.out + "</svg>\n";
}

}  // namespace invigil::face
