// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/qti_scoring.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "formats/qti_item.hpp"
#include "formats/texts.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

constexpr int kDepthMax = 60;
constexpr std::size_t kNodesMax = 2000;      ///< of one item's processing: it is followed for every answer that is tried
constexpr std::size_t kConstantsMax = 300;
constexpr std::size_t kTurnsMax = 1000;

std::string truth(bool is_true) { return is_true ? "true" : "false"; }
bool isTrue(const std::vector<std::string>& value) { return value.size() == 1 && (value[0] == "true" || value[0] == "1"); }

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::optional<double> number(const std::vector<std::string>& value) { return value.size() == 1 ? decimalNumber(value[0]) : std::nullopt; }

/// "5 5" or "5" as below and above.
std::pair<double, double> toleranceOf(const std::string& text) {
  const std::string words = trim(text);
  const std::size_t blank = words.find_first_of(" \t\n");
  const auto below = decimalNumber(words.substr(0, blank)), above = blank == std::string::npos ? below : decimalNumber(trim(words.substr(blank)));
  return {std::abs(below.value_or(0)), std::abs(above.value_or(below.value_or(0)))};
}

std::vector<pugi::xml_node> elementsOf(const pugi::xml_node& node) {
  std::vector<pugi::xml_node> out;
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_element) out.push_back(child);
  return out;
}

std::string exactText(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

}  // namespace

std::pair<double, double> aroundValue(double middle, const std::string& mode, std::pair<double, double> tolerance) {
  if (mode == "absolute") return {middle - tolerance.first, middle + tolerance.second};
  if (mode == "relative") return {middle - std::abs(middle) * tolerance.first / 100, middle + std::abs(middle) * tolerance.second / 100};
  return {middle, middle};
}

QtiDeclared qtiDeclared(const pugi::xml_node& item, const std::string& identifier) {
  QtiDeclared out;
  out.identifier = identifier;
  for (const pugi::xml_node& node : item.children()) {
    if (plainName(node.name()) != "responsedeclaration" || attributeNamed(node, "identifier") != identifier) continue;
    out.base_type = attributeNamed(node, "basetype");
    out.cardinality = attributeNamed(node, "cardinality");
    for (const pugi::xml_node& value : childNamed(node, "correctresponse").children()) out.correct.push_back(trim(value.text().get()));
    const pugi::xml_node mapping = childNamed(node, "mapping");
    out.other = decimalNumber(attributeNamed(mapping, "defaultvalue")).value_or(0);
    out.at_least = decimalNumber(attributeNamed(mapping, "lowerbound"));
    out.at_most = decimalNumber(attributeNamed(mapping, "upperbound"));
    for (const pugi::xml_node& entry : mapping.children()) {
      const auto value = decimalNumber(attributeNamed(entry, "mappedvalue"));
      if (plainName(entry.name()) == "mapentry" && value) out.mapped.push_back({attributeNamed(entry, "mapkey"), *value, attributeNamed(entry, "casesensitive") != "false"});
    }
  }
  std::erase(out.correct, "");
  return out;
}

QtiScoring::QtiScoring(const pugi::xml_node& item, const QtiDeclared& declared) : item_(item), processing_(childNamed(item, "responseprocessing")), declared_(declared) {
  if (!processing_.first_child())
    for (const char* name : {"template", "templatelocation"})
      if (template_.empty()) template_ = lowered(std::string(lastPart(attributeNamed(processing_, name))));
  look(processing_, 0);
  int numbers = 0;
  for (const pugi::xml_node& node : item.children()) {
    if (plainName(node.name()) != "outcomedeclaration") continue;
    Values value;
    for (const pugi::xml_node& one : elementsOf(childNamed(node, "defaultvalue"))) value.push_back(trim(one.text().get()));
    const std::string type = attributeNamed(node, "basetype");
    if (value.empty() && (type == "float" || type == "integer")) value = {"0"};
    const std::string identifier = attributeNamed(node, "identifier");
    defaults_[identifier] = value;
    // Some items keep their score under another name; where several numbers are set nobody knows which.
    if (!set_.contains("SCORE") && set_.contains(identifier) && (type == "float" || type == "integer")) score_ = numbers++ == 0 ? identifier : "SCORE";
  }
  defaults_.emplace(score_, Values{"0"});
  speaks_ = !template_.empty() || set_.contains(score_);
}

void QtiScoring::look(const pugi::xml_node& node, int depth) {
  if (depth > kDepthMax || ++nodes_ > kNodesMax) return void(too_long_ = true);
  for (const pugi::xml_node& child : node.children()) {
    const std::string name = plainName(child.name());
    if (constants_.size() + tolerances_.size() > kConstantsMax) return void(too_long_ = true);
    if (name == "setoutcomevalue") set_.insert(attributeNamed(child, "identifier"));
    if (name == "basevalue") constants_.push_back(trim(child.text().get()));
    if (name == "equal") tolerances_.emplace_back(attributeNamed(child, "tolerancemode"), toleranceOf(attributeNamed(child, "tolerance")));
    if (name == "stringmatch" && attributeNamed(child, "casesensitive") == "false") ignores_case_ = true;
    look(child, depth + 1);
  }
}

std::optional<double> QtiScoring::points(const Values& response) const {
  Run run{response, defaults_};
  Known score;
  if (template_.empty()) {
    if (too_long_) return std::nullopt;
    statements(run, elementsOf(processing_), 0, 0);
    score = run.outcomes[score_];
  } else if (template_.starts_with("match_correct") || template_.starts_with("cc2_match")) {
    score = Values{!response.empty() && sameAll(response, declared_.correct, declared_.cardinality == "single") ? "1" : "0"};
  } else if (template_.find("map_response") != std::string::npos && template_.find("point") == std::string::npos) {
    score = mapped(run);
  }
  if (!score) return std::nullopt;
  if (score->empty()) return 0;
  if (score->front() == "true" || score->front() == "false") return isTrue(*score) ? 1 : 0;
  return number(*score);
}

std::optional<double> QtiScoring::pointsOfNumber(double response) const { return points({exactText(response)}); }

void QtiScoring::statements(Run& run, const std::vector<pugi::xml_node>& nodes, std::size_t first, int depth) const {
  for (std::size_t i = first; i < nodes.size() && !run.ended; ++i) {
    const std::string name = plainName(nodes[i].name()), target = attributeNamed(nodes[i], "identifier");
    const auto inner = elementsOf(nodes[i]);
    if (depth > kDepthMax) run.outcomes[score_] = std::nullopt;
    else if (name == "responsecondition") condition(run, inner, depth + 1);
    else if (name == "setoutcomevalue") run.outcomes[target] = inner.size() == 1 ? value(run, inner[0], depth + 1) : std::nullopt;
    else if (name == "lookupoutcomevalue") run.outcomes[target] = std::nullopt;
    else if (name == "responseprocessingfragment") statements(run, inner, 0, depth + 1);
    else if (name == "exitresponse") run.ended = true;
    else run.outcomes[score_] = std::nullopt;
  }
}

void QtiScoring::condition(Run& run, const std::vector<pugi::xml_node>& branches, int depth) const {
  for (const pugi::xml_node& branch : branches) {
    const auto inner = elementsOf(branch);
    if (plainName(branch.name()) == "responseelse") return statements(run, inner, 0, depth);
    const Known holds = inner.empty() ? Known() : value(run, inner[0], depth);
    if (holds && !isTrue(*holds)) continue;
    if (holds) return statements(run, inner, 1, depth);
    for (const pugi::xml_node& one : branches) forget(run, one, depth);  // any of them might be the one
    return;
  }
}

void QtiScoring::forget(Run& run, const pugi::xml_node& below, int depth) const {
  if (depth > kDepthMax) return void(run.outcomes[score_] = std::nullopt);
  for (const pugi::xml_node& child : elementsOf(below)) {
    const std::string name = plainName(child.name());
    if (name == "setoutcomevalue" || name == "lookupoutcomevalue") run.outcomes[attributeNamed(child, "identifier")] = std::nullopt;
    else if (name == "exitresponse") run.outcomes[score_] = std::nullopt;
    else forget(run, child, depth + 1);
  }
}

QtiScoring::Known QtiScoring::variable(const Run& run, const std::string& name) const {
  if (name == declared_.identifier) return run.response;
  if (const auto known = run.outcomes.find(name); known != run.outcomes.end()) return known->second;
  for (const pugi::xml_node& node : item_.children())  // a button for a hint, which nobody pressed
    if (plainName(node.name()) == "responsedeclaration" && attributeNamed(node, "identifier") == name) return Values();
  return std::nullopt;
}

bool QtiScoring::same(const std::string& a, const std::string& b) const {
  if (a == b) return true;
  if (declared_.base_type == "string") return false;  // "1.0" is not "1" where it is typed as a text
  const auto x = decimalNumber(a), y = decimalNumber(b);
  return x && y && *x == *y;
}

/// @param any  several right values of a response of one value: some editors mean any of them
bool QtiScoring::sameAll(Values a, Values b, bool any) const {
  if (any && a.size() == 1) return std::any_of(b.begin(), b.end(), [&](const std::string& one) { return same(a[0], one); });
  if (a.size() != b.size() || a.empty()) return false;
  if (declared_.cardinality != "ordered") std::sort(a.begin(), a.end()), std::sort(b.begin(), b.end());
  return std::equal(a.begin(), a.end(), b.begin(), [&](const std::string& x, const std::string& y) { return same(x, y); });
}

QtiScoring::Known QtiScoring::mapped(const Run& run) const {
  double sum = 0;
  Values values = run.response;
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (const std::string& one : values) {
    const auto found = std::find_if(declared_.mapped.begin(), declared_.mapped.end(), [&](const auto& entry) {
      return same(entry.key, one) || (!entry.case_counts && lowered(entry.key) == lowered(one));
    });
    sum += found == declared_.mapped.end() ? declared_.other : found->value;
  }
  if (declared_.at_least) sum = std::max(sum, *declared_.at_least);
  if (declared_.at_most) sum = std::min(sum, *declared_.at_most);
  return Values{exactText(sum)};
}

QtiScoring::Known QtiScoring::isEqual(const pugi::xml_node& node, const Values& a, const Values& b, bool second_is_given) const {
  // By the letter the tolerance lies around the first of the two; what authors and editors mean is around the right answer.
  const auto middle = number(second_is_given ? a : b), given = number(second_is_given ? b : a);
  if (!middle || !given) return a.empty() || b.empty() ? Known(Values()) : std::nullopt;
  const auto [low, high] = aroundValue(*middle, attributeNamed(node, "tolerancemode"), toleranceOf(attributeNamed(node, "tolerance")));
  const bool above = attributeNamed(node, "includelowerbound") == "false" && low < high ? *given > low : *given >= low;
  const bool below = attributeNamed(node, "includeupperbound") == "false" && low < high ? *given < high : *given <= high;
  return Values{truth(above && below)};
}

QtiScoring::Known QtiScoring::logic(const Run& run, const std::string& name, const std::vector<pugi::xml_node>& inner, int depth) const {
  const bool all = name == "and";
  bool unknown = false, null = false;
  for (const pugi::xml_node& one : inner) {
    const Known part = value(run, one, depth);
    if (!part) unknown = true;
    else if (part->empty()) null = true;
    else if (isTrue(*part) != all) return Values{truth(!all)};
  }
  if (unknown) return std::nullopt;
  return null ? Values() : Values{truth(all)};
}

QtiScoring::Known QtiScoring::value(const Run& run, const pugi::xml_node& node, int depth) const {
  if (depth > kDepthMax) return std::nullopt;
  const std::string name = plainName(node.name());
  const auto inner = elementsOf(node);
  if (name == "basevalue") return Values{trim(node.text().get())};
  if (name == "variable") return variable(run, attributeNamed(node, "identifier"));
  if (name == "null") return Values();
  const bool ours = attributeNamed(node, "identifier") == declared_.identifier;
  if (name == "correct") return ours ? Known(declared_.correct) : std::nullopt;
  if (name == "mapresponse") return ours ? mapped(run) : std::nullopt;
  if (name == "and" || name == "or") return logic(run, name, inner, depth + 1);
  std::vector<Values> parts;
  for (const pugi::xml_node& one : inner) {
    Known part = value(run, one, depth + 1);
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
  }
  const bool null = std::any_of(parts.begin(), parts.end(), [](const Values& one) { return one.empty(); });
  if (name == "isnull" && parts.size() == 1) return Values{truth(parts[0].empty())};
  if (name == "multiple" || name == "ordered") {
    Values out;
    for (Values& one : parts) std::move(one.begin(), one.end(), std::back_inserter(out));
    return out;
  }
  if (parts.empty() || (name == "not" && parts.size() != 1)) return std::nullopt;
  if (name == "sum" || name == "product") return null ? Known(Values()) : folded(name == "sum", parts);
  if (name == "not") return null ? Values() : Values{truth(!isTrue(parts[0]))};
  if (parts.size() != 2) return std::nullopt;
  if (null) return two(name) ? Known(Values()) : std::nullopt;
  const bool any = declared_.cardinality == "single" && (plainName(inner[0].name()) == "correct" || plainName(inner[1].name()) == "correct");
  if (name == "match") return Values{truth(any ? sameAll(parts[parts[0].size() == 1 ? 0 : 1], parts[parts[0].size() == 1 ? 1 : 0], true) : sameAll(parts[0], parts[1], false))};
  if (name == "member") return Values{truth(std::any_of(parts[1].begin(), parts[1].end(), [&](const std::string& one) { return same(one, parts[0][0]); }))};
  if (name == "contains")
    return Values{truth(std::all_of(parts[1].begin(), parts[1].end(), [&](const std::string& one) { return std::find(parts[0].begin(), parts[0].end(), one) != parts[0].end(); }))};
  if (name == "equal") return isEqual(node, parts[0], parts[1], plainName(inner[1].name()) == "variable" && attributeNamed(inner[1], "identifier") == declared_.identifier);
  if (name == "stringmatch") {
    const bool any_case = attributeNamed(node, "casesensitive") == "false";
    const auto fits = [&](const std::string& x, const std::string& y) {
      const std::string a = any_case ? lowered(x) : x, b = any_case ? lowered(y) : y;
      return attributeNamed(node, "substring") == "true" ? a.find(b) != std::string::npos : a == b;
    };
    if (parts[0].size() > 1 || parts[1].size() > 1) {
      if (!any) return std::nullopt;
      const std::size_t many = parts[0].size() > 1 ? 0 : 1;
      return Values{truth(std::any_of(parts[many].begin(), parts[many].end(), [&](const std::string& one) { return many == 0 ? fits(one, parts[1][0]) : fits(parts[0][0], one); }))};
    }
    return Values{truth(fits(parts[0][0], parts[1][0]))};
  }
  const auto x = number(parts[0]), y = number(parts[1]);
  if (!x || !y) return std::nullopt;
  if (name == "lt") return Values{truth(*x < *y)};
  if (name == "lte") return Values{truth(*x <= *y)};
  if (name == "gt") return Values{truth(*x > *y)};
  if (name == "gte") return Values{truth(*x >= *y)};
  if (name == "subtract") return Values{exactText(*x - *y)};
  return std::nullopt;
}

QtiScoring::Known QtiScoring::folded(bool adds, const std::vector<Values>& parts) {
  double out = adds ? 0 : 1;
  for (const Values& part : parts)
    for (const std::string& one : part) {
      const auto x = decimalNumber(one);
      if (!x) return std::nullopt;
      out = adds ? out + *x : out * *x;
    }
  return Values{exactText(out)};
}

bool QtiScoring::two(const std::string& name) {
  static const std::set<std::string> kOfTwo{"match", "member", "contains", "equal", "stringmatch", "lt", "lte", "gt", "gte", "subtract"};
  return kOfTwo.contains(name);
}

std::vector<double> QtiScoring::turningPoints() const {
  std::set<double> middles, out;
  const auto add = [&](const std::string& text) {
    if (const auto value = decimalNumber(text)) middles.insert(*value);
  };
  for (const std::string& one : declared_.correct) add(one);
  for (const auto& one : declared_.mapped) add(one.key);
  for (const std::string& one : constants_) add(one);
  const std::set<std::pair<std::string, std::pair<double, double>>> tolerances(tolerances_.begin(), tolerances_.end());
  for (double middle : middles) {
    out.insert(middle);
    for (const auto& [mode, tolerance] : tolerances) {
      const auto [low, high] = aroundValue(middle, mode, tolerance);
      out.insert(low), out.insert(high);
    }
    if (out.size() > kTurnsMax) return {};
  }
  return {out.begin(), out.end()};
}

}  // namespace invigil::bank::formats
