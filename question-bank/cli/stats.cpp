// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <iomanip>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "commands.hpp"
#include "invigil/bank/statistics.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json orNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json irtJson(const std::optional<bank::IrtItem>& item) {
  if (!item) return nullptr;
  return {{"n", item->n}, {"a", item->a}, {"d", item->d}, {"b", orNull(item->b)}, {"se_a", orNull(item->se_a)}, {"se_d", orNull(item->se_d)},
          {"se_b", orNull(item->se_b)}, {"infit", item->infit}, {"outfit", item->outfit}};
}

Json modelJson(const std::optional<bank::IrtModel>& model) {
  if (!model) return nullptr;
  return {{"persons", model->persons}, {"items", model->items}, {"iterations", model->iterations}, {"converged", model->converged},
          {"log_likelihood", model->log_likelihood}, {"ability_sd", model->ability_sd}};
}

Json itemJson(const bank::ItemStatistics& item, const std::string& stem) {
  Json options = Json::array(), drift = Json::array();
  for (const auto& o : item.options)
    options.push_back({{"option", std::string(1, static_cast<char>('A' + o.option))}, {"right", o.right}, {"count", o.count}, {"share", o.share},
                       {"point_biserial", orNull(o.point_biserial)}, {"mean_rest", orNull(o.mean_rest)}, {"curve", o.curve}});
  for (const auto& m : item.drift) drift.push_back({{"month", m.month}, {"n", m.n}, {"facility", m.facility}});
  Json out{{"item", item.id}, {"n", item.n}, {"max", item.max}, {"facility", item.facility}, {"sd", item.sd},
           {"point_biserial", orNull(item.point_biserial)}, {"item_rest", orNull(item.item_rest)},
           {"discrimination_index", orNull(item.discrimination_index)}, {"discrimination_efficiency", orNull(item.discrimination_efficiency)},
           {"upper_lower", orNull(item.upper_lower)}, {"effective_weight", orNull(item.effective_weight)},
           {"alpha_if_deleted", orNull(item.alpha_if_deleted)}, {"left_open", item.left_open}, {"lower_seconds", orNull(item.lower_seconds)}, {"median_seconds", orNull(item.median_seconds)},
           {"upper_seconds", orNull(item.upper_seconds)},
           {"options", options}, {"drift", drift}, {"rasch", irtJson(item.rasch)}, {"two_pl", irtJson(item.two_pl)}, {"flags", item.flags}};
  if (!stem.empty()) out["stem"] = stem;
  return out;
}

Json testJson(const bank::TestStatistics& test) {
  return {{"sittings", test.sittings}, {"items", test.items}, {"same_paper", test.same_paper}, {"scale", test.scale}, {"mean", test.mean},
          {"median", test.median}, {"sd", test.sd}, {"smallest", test.smallest}, {"largest", test.largest}, {"skewness", orNull(test.skewness)},
          {"kurtosis", orNull(test.kurtosis)}, {"alpha", orNull(test.alpha)}, {"kr21", orNull(test.kr21)}, {"sem", orNull(test.sem)},
          {"histogram", test.histogram}, {"rasch", modelJson(test.rasch)}, {"two_pl", modelJson(test.two_pl)}};
}

std::string shown(const std::optional<double>& value, int digits = 3) {
  if (!value) return "-";
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << *value;
  return out.str();
}

void printTable(const bank::Statistics& statistics, std::ostream& out) {
  const auto& t = statistics.test;
  out << t.sittings << " sittings, " << t.items << " items" << (t.same_paper ? "" : ", papers differ (scores in percent)") << "\n"
      << "score: mean " << shown(t.mean) << " of " << shown(t.scale, 0) << ", median " << shown(t.median) << ", SD " << shown(t.sd) << ", from "
      << shown(t.smallest, 2) << " to " << shown(t.largest, 2) << "\n"
      << "alpha (KR-20 for marks 0 and 1) " << shown(t.alpha, 6) << ", KR-21 " << shown(t.kr21, 6) << ", standard error of measurement " << shown(t.sem) << "\n";
  if (t.rasch) out << "Rasch: log-likelihood " << shown(t.rasch->log_likelihood, 4) << ", SD of ability " << shown(t.rasch->ability_sd, 4) << " logits\n";
  if (t.two_pl) out << "2PL: log-likelihood " << shown(t.two_pl->log_likelihood, 4) << "\n";
  const auto column = [&](const std::string& text, int width) { out << std::setw(width) << text << " "; };
  out << "\n" << std::left << std::setw(16) << "item" << std::right;
  for (const char* name : {"n", "facility", "SD", "r total", "r rest", "D 27%", "eff. %", "a if del", "Rasch d", "se", "2PL a", "se", "2PL b", "se"}) column(name, 8);
  out << " flags\n";
  for (const auto& item : statistics.items) {
    out << std::left << std::setw(16) << item.id << std::right;
    column(std::to_string(item.n), 8);
    for (const auto& value : {std::optional(item.facility), std::optional(item.sd), item.point_biserial, item.item_rest, item.upper_lower}) column(shown(value), 8);
    column(shown(item.discrimination_efficiency, 1), 8);
    column(shown(item.alpha_if_deleted), 8);
    column(item.rasch ? shown(item.rasch->d) : "-", 8), column(item.rasch ? shown(item.rasch->se_d) : "-", 8);
    column(item.two_pl ? shown(item.two_pl->a) : "-", 8), column(item.two_pl ? shown(item.two_pl->se_a) : "-", 8);
    column(item.two_pl ? shown(item.two_pl->b) : "-", 8), column(item.two_pl ? shown(item.two_pl->se_b) : "-", 8);
    for (const std::string& flag : item.flags) out << " " << flag;
    out << "\n";
  }
}

/// Number of options, key and stem where the bank knows the item ("ID" or "BANK/ID").
std::map<std::string, std::string> takeFromBank(const bank::Bank& known, bank::ResponseTable& table) {
  std::map<std::string, const bank::Item*> items;
  for (const auto& item : known.items) items[item.id] = items[known.id + "/" + item.id] = &item;
  std::map<std::string, std::string> stems;
  for (auto& column : table.items) {
    const auto found = items.find(column.id);
    if (found == items.end()) continue;
    stems[column.id] = firstCharacters(found->second->stem, 80);
    column.options = std::max(column.options, static_cast<int>(found->second->options.size()));
    column.key = 0;
    for (int right : found->second->key) column.key |= 1u << right;
  }
  return stems;
}

}  // namespace

int runStats(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"bank", "out", "rasch-min", "two-pl-min"}, {"json"});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.size() != 1) return usage({ErrorCode::InvalidInput, "usage", "Name one file of responses.", ""});
  bank::StatisticsOptions options;
  for (const auto& [name, value] : {std::pair<const char*, int*>{"rasch-min", &options.rasch_min}, {"two-pl-min", &options.two_pl_min}})
    if (arguments->has(name)) {
      const std::string text = arguments->value(name);
      if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos)
        return usage({ErrorCode::InvalidInput, "usage", "--" + std::string(name) + " is a number of answers.", ""});
      *value = std::stoi(text);
    }
  const std::string file = arguments->files.front();
  auto bytes = readFile(file, kFileBytesMax);
  if (!bytes) return complain(file, bytes.error()), kRefused;
  auto table = bank::parseResponses(*bytes);
  if (!table) return complain(file, table.error()), kRefused;
  std::map<std::string, std::string> stems;
  if (arguments->has("bank")) {
    const std::string bank_file = arguments->value("bank");
    const auto known = readAnyBank(bank_file);
    if (!known) return complain(bank_file, known.error()), kRefused;
    stems = takeFromBank(known->bank, *table);
  }
  const bank::Statistics statistics = bank::computeStatistics(*table, options);
  std::ostringstream out;
  if (arguments->has("json")) {
    Json items = Json::array();
    for (const auto& item : statistics.items) items.push_back(itemJson(item, stems[item.id]));
    out << Json{{"test", testJson(statistics.test)}, {"items", items}}.dump(2) << "\n";
  } else {
    printTable(statistics, out);
  }
  if (!arguments->has("out")) {
    std::cout << out.str();
    return kDone;
  }
  const std::string target = arguments->value("out");
  if (auto written = writeFileDurably(target, out.str()); !written) return complain(target, written.error()), kRefused;
  return kDone;
}

}  // namespace invigil::cli
