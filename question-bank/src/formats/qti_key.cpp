// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/qti_key.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

constexpr double kAlike = 1e-9;

QtiKey without(Wording why, const char* code = "type_not_gradable") {
  QtiKey key;
  key.fault = std::move(why);
  key.fault_code = code;
  return key;
}

QtiKey notFollowed() { return without({"评分规则（responseProcessing）不是常见的写法，不能确定哪个答案得分", "own response processing: which answers it rewards is not certain"}); }

QtiKey contradicted() {
  return without({"评分规则（responseProcessing）给分的答案与标明的正确答案（correctResponse）不同，必有一个错", "response processing rewards another answer than correctResponse names: one of the two is wrong"}, "bad_answer");
}

/// The share of the best in percent.
int percentOf(double points, double best) { return points <= 0 || best <= 0 ? 0 : std::clamp(static_cast<int>(std::lround(100 * points / best)), 1, 100); }

std::vector<std::string> namedIds(const QtiDeclared& declared, bool several) {
  if (!declared.correct.empty()) return declared.correct;
  double best = 0;
  for (const auto& one : declared.mapped) best = std::max(best, one.value);
  std::vector<std::string> out;
  for (const auto& one : declared.mapped)
    if (one.value > 0 && (several || one.value > best - kAlike)) out.push_back(one.key);
  return out;
}

/// Of an item that takes one option: the one that is worth most.
void lookAtSingle(const QtiScoring& scoring, const std::vector<std::string>& ids, bool declares, QtiKey& key) {
  std::vector<double> points;
  for (const std::string& id : ids) {
    const auto one = scoring.points({id});
    if (!one) return void(key = notFollowed());
    points.push_back(*one);
  }
  const double best = points.empty() ? 0 : *std::max_element(points.begin(), points.end());
  if (best <= 0) return;  // nothing gets points: it says nothing about what is right
  std::vector<int> right;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i] > best - kAlike) right.push_back(static_cast<int>(i));
    else key.shares = key.shares || std::abs(points[i]) > kAlike;
  if (declares && right != key.options) key = contradicted();
  else key.options = std::move(right);
}

/// Of an item that takes several: nothing near the key may be worth more.
void lookAtSeveral(const QtiScoring& scoring, const std::vector<std::string>& ids, QtiKey& key) {
  std::set<std::set<int>> tried;
  const std::set<int> whole(key.options.begin(), key.options.end());
  for (int i = 0; i < static_cast<int>(ids.size()); ++i) {
    std::set<int> other = whole;
    if (other.erase(i) == 0) other.insert(i);
    tried.insert(std::move(other));
    tried.insert({i});
  }
  const auto worth = [&](const std::set<int>& chosen) {
    std::vector<std::string> response;
    for (int i : chosen) response.push_back(ids[static_cast<std::size_t>(i)]);
    return scoring.points(response);
  };
  if (whole.empty()) return;
  const auto all = worth(whole);
  if (!all) return void(key = notFollowed());
  double best = *all;
  bool shares = false;
  for (const std::set<int>& one : tried) {
    if (one == whole) continue;
    const auto points = worth(one);
    if (!points) return void(key = notFollowed());
    best = std::max(best, *points);
    shares = shares || *points > kAlike;
  }
  if (best > *all + kAlike) return void(key = contradicted());
  key.shares = best > 0 && shares;
}

std::vector<std::string> otherCases(const std::string& text) {
  std::string upper = text, lower = text, mixed = text;
  int letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool small = text[i] >= 'a' && text[i] <= 'z', capital = text[i] >= 'A' && text[i] <= 'Z';
    if (small) upper[i] = static_cast<char>(text[i] - 'a' + 'A');
    if (capital) lower[i] = static_cast<char>(text[i] - 'A' + 'a');
    if (small || capital) mixed[i] = ++letters % 2 == 0 ? upper[i] : lower[i];
  }
  std::vector<std::string> out;
  for (std::string* one : {&upper, &lower, &mixed})
    if (*one != text) out.push_back(std::move(*one));
  return out;
}

AcceptedAnswer textAnswer(const std::string& text, bool case_counts, int percent) {
  AcceptedAnswer answer;
  answer.match = case_counts ? AcceptedAnswer::Match::Exact : AcceptedAnswer::Match::IgnoreCase;
  answer.text = text;
  answer.percent = percent;
  return answer;
}

/// What the declaration alone says: values of the mapping by their share of the best, then the others that are right.
std::vector<AcceptedAnswer> declaredTexts(const QtiDeclared& declared) {
  std::vector<AcceptedAnswer> out;
  double best = 0;
  for (const auto& one : declared.mapped) best = std::max(best, one.value);
  std::set<std::string_view> known;
  for (const auto& one : declared.mapped)
    if (one.value > 0) out.push_back(textAnswer(one.key, one.case_counts, percentOf(one.value, best))), known.insert(one.key);
  for (const std::string& text : declared.correct)
    if (known.insert(text).second) out.push_back(textAnswer(text, true, 100));
  return out;
}

/// A number that is tried, and whether the points may change just there.
struct Probe {
  double value = 0;
  bool turn = false;
  int percent = 0;
};

std::vector<Probe> probesOf(const std::vector<double>& turns, bool whole_numbers) {
  std::vector<Probe> out;
  if (turns.empty()) return out;
  if (whole_numbers) {
    std::set<double> numbers;
    for (double one : turns)
      for (double near : {std::floor(one) - 1, std::floor(one), std::ceil(one), std::ceil(one) + 1}) numbers.insert(near);
    for (double one : numbers) out.push_back({one, true});
  } else {
    for (std::size_t i = 0; i < turns.size(); ++i) {
      if (i > 0) out.push_back({turns[i - 1] / 2 + turns[i] / 2});
      out.push_back({turns[i], true});
    }
  }
  out.insert(out.begin(), {turns.front() - 2 - std::abs(turns.front())});
  out.push_back({turns.back() + 2 + std::abs(turns.back())});
  return out;
}

int percentAt(const std::vector<AcceptedAnswer>& answers, double value) {
  int percent = 0;
  for (const AcceptedAnswer& one : answers) {
    const double low = decimalNumber(one.text).value_or(0), high = decimalNumber(one.upper).value_or(0);
    if (value >= low - kAlike * std::max(1.0, std::abs(low)) && value <= high + kAlike * std::max(1.0, std::abs(high))) percent = std::max(percent, one.percent);
  }
  return percent;
}

/// The ranges that get points; nothing where one has no end, or an end that is no part of it.
std::optional<std::vector<AcceptedAnswer>> rangesOf(const std::vector<Probe>& probes) {
  std::set<int, std::greater<>> levels;
  for (const Probe& one : probes)
    if (one.percent > 0) levels.insert(one.percent);
  std::vector<AcceptedAnswer> out;
  for (int level : levels)
    for (std::size_t i = 0; i < probes.size(); ++i) {
      if (probes[i].percent < level) continue;
      std::size_t last = i;
      while (last + 1 < probes.size() && probes[last + 1].percent >= level) ++last;
      if (i == 0 || last + 1 == probes.size() || !probes[i].turn || !probes[last].turn) return std::nullopt;
      auto range = rangeBetween(decimalText(probes[i].value), decimalText(probes[last].value), level);
      if (!range) return std::nullopt;
      const bool known = std::any_of(out.begin(), out.end(), [&](const AcceptedAnswer& one) { return one.text == range->text && one.upper == range->upper; });
      if (!known) out.push_back(std::move(*range));
      i = last;
    }
  return out;
}

}  // namespace

QtiKey qtiKey(const pugi::xml_node& item, const QtiDeclared& declared, const std::vector<std::string>& ids) {
  const bool several = declared.cardinality == "multiple";
  QtiKey key;
  if (ids.size() > kOptionsMax) return without({"选项超过 26 个", "there are more than 26 options"}, "too_many_options");  // before each is compared with each
  const std::vector<std::string> named = namedIds(declared, several);
  const std::set<std::string> all(named.begin(), named.end());
  std::set<std::string> right = all;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (right.erase(ids[i]) > 0) key.options.push_back(static_cast<int>(i));
  for (const std::string& one : named)
    if (std::count(ids.begin(), ids.end(), one) > 1) return without({"有几个选项的标识都是 " + one + "，分不清哪个正确", "several options have the identifier " + one + ": which of them is right is not certain"}, "bad_answer");
  if (!right.empty()) return without({"答案 " + *right.begin() + " 不在选项之中", "the key " + *right.begin() + " is none of the options"}, "key_off_options");
  if (declared.correct.empty())
    for (const auto& one : declared.mapped) key.shares = key.shares || (one.value != 0 && (one.value != declared.mapped.front().value || !all.contains(one.key)));
  const QtiScoring scoring(item, declared);
  if (scoring.speaks()) {
    if (several) lookAtSeveral(scoring, ids, key);
    else lookAtSingle(scoring, ids, !declared.correct.empty(), key);
  }
  if (!several && key.options.size() > 1)
    return without({"只能选一个，却有几个选项各自都算对", "one option is to be chosen and several are right, each alone"}, "bad_answer");
  return key;
}

QtiKey qtiTexts(const pugi::xml_node& item, const QtiDeclared& declared) {
  QtiKey key;
  key.answers = declaredTexts(declared);
  const QtiScoring scoring(item, declared);
  if (!scoring.speaks()) return key;
  std::vector<std::pair<std::string, bool>> texts;  // and whether its case counts where it has no letters
  constexpr std::size_t kTried = 200;
  if (declared.mapped.size() + declared.correct.size() + scoring.constants().size() > kTried) return notFollowed();
  const auto add = [&](const std::string& text, bool case_counts) {
    if (!text.empty() && std::none_of(texts.begin(), texts.end(), [&](const auto& one) { return one.first == text; })) texts.emplace_back(text, case_counts);
  };
  for (const auto& one : declared.mapped) add(one.key, one.case_counts);
  for (const std::string& one : declared.correct) add(one, !scoring.ignoresCase());
  for (const std::string& one : scoring.constants()) add(one, !scoring.ignoresCase());
  const auto nonsense = scoring.points({"\xE2\x80\xBB no such answer"});
  if (!nonsense) return notFollowed();
  std::vector<double> points;
  for (const auto& [text, case_counts] : texts) {
    const auto one = scoring.points({text});
    if (!one) return notFollowed();
    points.push_back(*one);
  }
  const double best = points.empty() ? 0 : *std::max_element(points.begin(), points.end());
  if (*nonsense > 0) return notFollowed();  // every text gets something
  if (best <= 0) return key;
  key.answers.clear();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& [text, case_counts] = texts[i];
    const int percent = percentOf(points[i], best);
    if (percent == 0) continue;
    bool counts = case_counts;
    const auto others = otherCases(text);
    if (!others.empty()) counts = std::any_of(others.begin(), others.end(), [&](const std::string& other) { return scoring.points({other}).value_or(0) < points[i] - kAlike; });
    if (scoring.points({"~" + text + "~"}).value_or(0) > 0) return notFollowed();  // it is looked for within what is typed
    key.answers.push_back(textAnswer(text, counts, percent));
  }
  for (const std::string& text : declared.correct)
    if (std::none_of(key.answers.begin(), key.answers.end(), [&](const AcceptedAnswer& one) { return one.text == text && one.percent == 100; })) return contradicted();
  return key;
}

QtiKey qtiNumbers(const pugi::xml_node& item, const QtiDeclared& declared) {
  QtiKey key;
  for (const AcceptedAnswer& one : declaredTexts(declared)) {
    auto range = rangeOf(one.text, "0", one.percent);
    if (!range) return without({"“" + one.text + "”不是数", "'" + one.text + "' is not a number"}, "bad_answer");
    key.answers.push_back(std::move(*range));
  }
  const QtiScoring scoring(item, declared);
  if (!scoring.speaks()) {  // some item says no more than <equal tolerance="0.5">
    if (const auto around = scoring.tolerance()) for (AcceptedAnswer& one : key.answers) {
      const auto [low, high] = aroundValue(*decimalNumber(one.text), around->first, around->second);
      if (auto range = low < high ? rangeBetween(decimalText(low), decimalText(high), one.percent) : std::nullopt) one = std::move(*range);
    }
    return key;
  }
  if (scoring.turningPoints().empty()) return key.answers.empty() ? key : notFollowed();
  std::vector<Probe> probes = probesOf(scoring.turningPoints(), declared.base_type == "integer");
  std::vector<double> points;
  for (const Probe& one : probes) {
    const auto got = scoring.pointsOfNumber(one.value);
    if (!got) return notFollowed();
    points.push_back(*got);
  }
  const double best = points.empty() ? 0 : *std::max_element(points.begin(), points.end());
  if (best <= 0) return key;
  bool agrees = true;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    probes[i].percent = percentOf(points[i], best);
    agrees = agrees && probes[i].percent == percentAt(key.answers, probes[i].value);
  }
  for (const std::string& text : declared.correct)
    if (const auto value = decimalNumber(text); value && percentOf(scoring.pointsOfNumber(*value).value_or(0), best) != 100) return contradicted();
  if (agrees) return key;
  auto ranges = rangesOf(probes);
  if (!ranges) return notFollowed();
  key.answers = std::move(*ranges);
  return key;
}

}  // namespace invigil::bank::formats
