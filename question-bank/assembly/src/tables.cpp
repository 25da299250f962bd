// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <unordered_map>

#include "digest.hpp"
#include "invigil/assembly/problem.hpp"

namespace invigil::assembly {
namespace {

using Row = std::map<std::string, std::string>;

auto bad(const char* reason, const std::string& where, const std::string& zh, const std::string& en) {
  return fail(ErrorCode::InvalidInput, reason, zh + " / " + en, where);
}

/// RFC 4180: quoted cells may hold commas, line ends and doubled quotes.
Result<std::vector<Row>> readTable(std::string_view text, const std::string& name) {
  std::vector<std::vector<std::string>> lines(1);
  std::string cell;
  bool quoted = false, any = false;
  const auto endCell = [&] { lines.back().push_back(std::move(cell)); cell.clear(); any = false; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') cell += text[++i];
      else if (c == '"') quoted = false;
      else cell += c;
    } else if (c == '"') {
      quoted = any = true;
    } else if (c == ',') {
      endCell();
    } else if (c == '\n') {
      endCell();
      lines.emplace_back();
    } else if (c != '\r') {
      cell += c;
      any = true;
    }
  }
  if (any || !lines.back().empty()) endCell();
  if (lines.back().empty()) lines.pop_back();
  if (quoted || lines.size() < 2 || lines.size() > kItemsMax + 1)
    return bad("bad_table", name, "表格无法读取：需要一行标题和至多 50000 行数据。",
               "The table cannot be read: it needs one header row and at most 50,000 rows, every quote closed.");
  std::vector<Row> rows;
  for (std::size_t r = 1; r < lines.size(); ++r) {
    Row row;
    for (std::size_t c = 0; c < lines[r].size() && c < lines[0].size(); ++c) row[lines[0][c]] = lines[r][c];
    rows.push_back(std::move(row));
  }
  return rows;
}

const std::string& at(const Row& row, const std::string& column) {
  static const std::string kNone;
  const auto found = row.find(column);
  return found == row.end() ? kNone : found->second;
}

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

/// Fisher information of a 3PL or generalised partial credit item at theta = 0, and its expected share of the score.
std::pair<double, double> atTheCut(const Row& row) {
  const double a = number(at(row, "PAR1"));
  if (at(row, "MODEL") == "3PL") {
    const double c = number(at(row, "PAR3")), p = c + (1 - c) / (1 + std::exp(a * number(at(row, "PAR2"))));
    return {p, a * a * (1 - p) / p * (p - c) * (p - c) / ((1 - c) * (1 - c))};
  }
  std::vector<double> weight{1};
  for (const char* name : {"PAR2", "PAR3", "PAR4", "PAR5"})
    if (const std::string& text = at(row, name); !text.empty() && text != "NA")
      weight.push_back(weight.back() * std::exp(-a * number(text)));
  double sum = 0, first = 0, second = 0;
  for (std::size_t k = 0; k < weight.size(); ++k) {
    sum += weight[k];
    first += weight[k] * static_cast<double>(k);
    second += weight[k] * static_cast<double>(k * k);
  }
  first /= sum;
  const double top = std::max<double>(1, static_cast<double>(weight.size() - 1));
  return {first / top, a * a * (second / sum - first * first)};
}

/// "STANDARD %in% c(2, 4) & DOK >= 3": comparisons joined by &.
class Condition {
 public:
  static Result<Condition> parse(const std::string& text, const std::string& where) {
    Condition condition;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('&', begin), text.size());
      const std::string term = trim(text.substr(begin, end - begin));
      Term one;
      for (const char* op : {"%in%", "==", "!=", ">=", "<=", ">", "<"})
        if (const auto found = term.find(op); found != std::string::npos) {
          one.column = trim(term.substr(0, found));
          one.op = op;
          one.addValues(trim(term.substr(found + one.op.size())));
          break;
        }
      if (one.column.empty() || one.values.empty())
        return bad("bad_condition", where, "条件“" + text + "”无法读取。",
                   "The condition '" + text + "' cannot be read: NAME == VALUE, %in% c(…), <, <=, >, >=, joined by &.");
      condition.terms_.push_back(std::move(one));
      begin = end + 1;
    }
    return condition;
  }

  bool holds(const Row& row) const {
    return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) { return term.holds(at(row, term.column)); });
  }
  const std::string& column() const { return terms_.front().column; }

 private:
  struct Term {
    std::string column, op;
    std::vector<std::string> values;

    void addValues(std::string text) {
      if (text.starts_with("c(") && text.ends_with(")")) text = text.substr(2, text.size() - 3);
      for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        std::string value = trim(text.substr(begin, end - begin));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (!value.empty()) values.push_back(std::move(value));
        begin = end + 1;
      }
    }
    bool holds(const std::string& have) const {
      const bool member = std::find(values.begin(), values.end(), have) != values.end();
      if (op == "%in%" || op == "==") return member;
      if (op == "!=") return !member;
      if (have.empty()) return false;
      const double left = number(have), right = number(values.front());
      return op == ">=" ? left >= right : op == "<=" ? left <= right : op == ">" ? left > right : left < right;
    }
  };
  std::vector<Term> terms_;
};

bool isOff(const std::string& id, const std::vector<std::string>& off) {
  for (const std::string& one : off) {
    const auto dash = one.find('-');
    if (one == id) return true;
    if (dash == std::string::npos || id.empty() || id[0] != one[0]) continue;
    const double n = number(id.substr(1));
    if (n >= number(one.substr(1, dash - 1)) && n <= number(one.substr(std::min(dash + 2, one.size()))))
      return true;
  }
  return false;
}

class Builder {
 public:
  Builder(std::vector<Row> rows, std::vector<Row> parameters) : rows_(std::move(rows)) {
    for (Row& row : parameters) parameters_.emplace(at(row, "ID"), std::move(row));
  }

  Status exclude(const Row& rule, const std::string& where) {
    INVIGIL_TRY(condition, Condition::parse(at(rule, "CONDITION"), where));
    std::erase_if(rows_, [&](const Row& row) { return condition.holds(row); });
    return {};
  }

  Status start(const Row& length) {
    std::set<std::string> ids;
    for (const Row& row : rows_) {
      const auto found = parameters_.find(at(row, "ID"));
      if (found == parameters_.end() || !ids.insert(at(row, "ID")).second)
        return bad("bad_table", at(row, "ID"), "题目没有参数，或编号重复。", "An item has no parameters, or its id is repeated.");
      const auto [p, info] = atTheCut(found->second);
      const std::string& measured = at(row, "PVALUE").empty() ? at(row, "PVAL") : at(row, "PVALUE");
      Candidate item{at(row, "ID"), sha256Hex(at(row, "ID")), 0, 0, 0, std::llround(info * 1e6)};
      item.p = std::llround((measured.empty() ? p : number(measured)) * 1e6);
      problem.items.push_back(std::move(item));
    }
    addRule(length, at(length, "CONSTRAINT_ID"), [](const Row&) { return true; });
    return {};
  }

  Status add(const Row& rule, const std::string& where) {
    const std::string &kind = at(rule, "TYPE"), &id = at(rule, "CONSTRAINT_ID"), &text = at(rule, "CONDITION");
    if (kind == "Order") return order(text);
    if (kind == "Number" && at(rule, "WHAT") == "Stimulus") {
      stimuli_ = static_cast<int>(problem.rules.size());
      addRule(rule, id, [](const Row&) { return false; });
    } else if (kind == "Number" && text == "Per Stimulus") {
      perValue(rule, id, "STID");
      for (std::size_t r = problem.rules.size(); r-- > 0 && problem.rules[r].name.starts_with(id + " ");) {
        problem.rules[r].if_any = true;
        problem.rules[r].counts_into = stimuli_;
      }
    } else if (kind == "Number" && !rows_.empty() && rows_.front().contains(text)) {
      perValue(rule, id, text);
    } else {
      INVIGIL_TRY(condition, Condition::parse(text, where));
      if (!rows_.empty() && !rows_.front().contains(condition.column()))
        return bad("bad_condition", where, "没有列“" + condition.column() + "”。", "There is no column '" + condition.column() + "'.");
      const auto holds = [&](const Row& row) { return condition.holds(row); };
      if (kind == "Number") {
        addRule(rule, id, holds);
      } else if (kind == "Include") {
        for (std::size_t i = 0; i < rows_.size(); ++i)
          if (condition.holds(rows_[i])) problem.rules.push_back({id + " " + problem.items[i].id, 1, 1, false, -1, {static_cast<int>(i)}});
      } else if (kind == "Enemy" || kind == "AllOrNone") {
        addRule(rule, id, holds);
        Rule& made = problem.rules.back();
        made.if_any = kind == "AllOrNone";
        made.low = made.if_any ? static_cast<int>(made.items.size()) : 0;
        made.high = made.if_any ? made.low : 1;
      } else {
        return bad("bad_table", where, "不认识的规则类型“" + kind + "”。", "There is no rule type '" + kind + "'.");
      }
    }
    return {};
  }

  Problem problem;

 private:
  template <class Holds>
  void addRule(const Row& rule, const std::string& name, const Holds& holds) {
    Rule made{name, static_cast<int>(number(at(rule, "LB"))), static_cast<int>(number(at(rule, "UB"))), false, -1, {}};
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (holds(rows_[i])) made.items.push_back(static_cast<int>(i));
    problem.rules.push_back(std::move(made));
  }
  void perValue(const Row& rule, const std::string& id, const std::string& column) {
    std::set<std::string> values;
    for (const Row& row : rows_) values.insert(at(row, column));
    for (const std::string& value : values)
      if (!value.empty()) addRule(rule, id + " " + value, [&](const Row& row) { return at(row, column) == value; });
  }
  Status order(const std::string& column) {
    std::map<std::string, int> rank;
    for (const Row& row : rows_) rank.emplace(at(row, column), 0);
    int next = 0;
    for (auto& [value, number_of] : rank) number_of = next++;
    for (std::size_t i = 0; i < rows_.size(); ++i) problem.items[i].part = rank[at(rows_[i], column)];
    return {};
  }

  std::vector<Row> rows_;
  std::unordered_map<std::string, Row> parameters_;
  int stimuli_ = -1;
};

}  // namespace

Result<Problem> problemFromTables(std::string_view pool_csv, std::string_view attributes_csv,
                                  std::string_view constraints_csv, const std::vector<std::string>& off) {
  INVIGIL_TRY(parameters, readTable(pool_csv, "pool"));
  INVIGIL_TRY(attributes, readTable(attributes_csv, "attributes"));
  INVIGIL_TRY(rules, readTable(constraints_csv, "constraints"));
  std::erase_if(rules, [&](const Row& rule) { return at(rule, "ONOFF") == "OFF" || isOff(at(rule, "CONSTRAINT_ID"), off); });
  Builder builder(std::move(attributes), std::move(parameters));
  for (const Row& rule : rules)
    if (at(rule, "TYPE") == "Exclude") INVIGIL_CHECK(builder.exclude(rule, "constraints, " + at(rule, "CONSTRAINT_ID")));
  const bool length = !rules.empty() && at(rules[0], "TYPE") == "Number" && at(rules[0], "WHAT") == "Item" &&
                      at(rules[0], "CONDITION").empty() && at(rules[0], "LB") == at(rules[0], "UB") &&
                      number(at(rules[0], "LB")) >= 1 && number(at(rules[0], "LB")) <= 1000;
  if (!length)
    return bad("bad_table", "constraints, row 1", "第一条规则必须是试卷题数（1 至 1000，LB = UB）。",
               "The first constraint must be the length of the paper: Number, Item, no condition, LB = UB, 1 to 1000.");
  INVIGIL_CHECK(builder.start(rules[0]));
  for (std::size_t r = 1; r < rules.size(); ++r)
    if (at(rules[r], "TYPE") != "Exclude") INVIGIL_CHECK(builder.add(rules[r], "constraints, " + at(rules[r], "CONSTRAINT_ID")));
  builder.problem.id = "constraint-table";
  return std::move(builder.problem);
}

}  // namespace invigil::assembly
