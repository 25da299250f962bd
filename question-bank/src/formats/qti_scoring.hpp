// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace invigil::bank::formats {

/// What a response declaration says is right: values, and what each is worth.
struct QtiDeclared {
  struct Mapped {
    std::string key;
    double value = 0;
    bool case_counts = true;
  };
  std::string identifier, base_type, cardinality;
  std::vector<std::string> correct;
  std::vector<Mapped> mapped;
  double other = 0;                             ///< of what is not mapped
  std::optional<double> at_least, at_most;      ///< what the mapping gives altogether
  bool isNumber() const { return base_type == "integer" || base_type == "float"; }
};
QtiDeclared qtiDeclared(const pugi::xml_node& item, const std::string& identifier);

/// Smallest and largest number around the middle; @param mode  exact, absolute or relative (in percent)
std::pair<double, double> aroundValue(double middle, const std::string& mode, std::pair<double, double> tolerance);

/// The points that an item's own response processing gives for a response: the part of QTI's expressions that says whether an answer
/// is right. Source: IMS QTI 2.1 Assessment Test, Section, and Item Information Model, 8 and 15.
class QtiScoring {
 public:
  QtiScoring(const pugi::xml_node& item, const QtiDeclared& declared);

  /// It says what responses are worth.
  bool speaks() const { return speaks_; }
  /// Nothing where the processing cannot be followed. @param response  empty = no answer
  std::optional<double> points(const std::vector<std::string>& response) const;
  /// Mode and size that some comparison of numbers names; nothing where none does.
  std::optional<std::pair<std::string, std::pair<double, double>>> tolerance() const { return tolerances_.empty() ? std::nullopt : std::optional(tolerances_.back()); }
  std::optional<double> pointsOfNumber(double response) const;
  /// Numbers at which the points may change; none where there are too many to look at.
  std::vector<double> turningPoints() const;
  /// Values that the processing itself compares with.
  const std::vector<std::string>& constants() const { return constants_; }
  /// Some comparison leaves the case of letters out of account.
  bool ignoresCase() const { return ignores_case_; }

 private:
  using Values = std::vector<std::string>;  ///< empty = QTI's NULL
  using Known = std::optional<Values>;      ///< nothing = cannot be followed
  struct Run {
    Values response;
    std::map<std::string, Known> outcomes;
    bool ended = false;
  };

  void look(const pugi::xml_node& node, int depth);
  void statements(Run& run, const std::vector<pugi::xml_node>& nodes, std::size_t first, int depth) const;
  void condition(Run& run, const std::vector<pugi::xml_node>& branches, int depth) const;
  /// What is set below it may be anything from now on.
  void forget(Run& run, const pugi::xml_node& below, int depth) const;
  Known value(const Run& run, const pugi::xml_node& node, int depth) const;
  Known logic(const Run& run, const std::string& name, const std::vector<pugi::xml_node>& inner, int depth) const;
  Known variable(const Run& run, const std::string& name) const;
  Known mapped(const Run& run) const;
  Known isEqual(const pugi::xml_node& node, const Values& a, const Values& b, bool second_is_given) const;
  static Known folded(bool adds, const std::vector<Values>& parts);
  /// Names of expressions of two operands that are NULL where one of them is.
  static bool two(const std::string& name);
  bool same(const std::string& a, const std::string& b) const;
  bool sameAll(Values a, Values b, bool any) const;

  pugi::xml_node item_, processing_;
  const QtiDeclared& declared_;
  std::string template_, score_ = "SCORE";
  std::set<std::string> set_;  ///< outcomes that the processing sets
  std::map<std::string, Known> defaults_;
  std::vector<std::string> constants_;
  std::vector<std::pair<std::string, std::pair<double, double>>> tolerances_;
  bool speaks_ = false, too_long_ = false, ignores_case_ = false;
  std::size_t nodes_ = 0;
};

}  // namespace invigil::bank::formats
