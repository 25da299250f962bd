// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

using Json = nlohmann::ordered_json;

Json reportOf(const std::string& file, const bank::ImportReport& report) {
  Json refused = Json::array();
  for (const auto& row : report.refused)
    refused.push_back({{"row", row.row}, {"text", row.text}, {"reason", row.reason}});
  return {{"file", file},           {"ok", true},         {"rows", report.rows},        {"imported", report.imported},
          {"repaired", report.repaired}, {"refused", refused}, {"warnings", report.warnings}};
}

Json reportOf(const std::string& file, const Error& error) {
  return {{"file", file},
          {"ok", false},
          {"error", {{"reason", error.reason}, {"detail", error.detail}, {"where", error.where}}}};
}

Result<bank::Bank> defaultsFrom(const Arguments& arguments, const std::string& file) {
  bank::Bank defaults;
  std::string stem = std::filesystem::path(file).stem().string();
  const bool ascii = stem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  defaults.id = arguments.has("id") ? arguments.value("id") : ascii ? stem : "";
  defaults.title.zh = arguments.has("title") ? arguments.value("title") : stem;
  defaults.category = arguments.value("category");
  if (defaults.category.find_first_not_of("0123456789.") != std::string::npos)
    return fail(ErrorCode::InvalidInput, "usage", "--category must be a number such as 1.2.");
  if (arguments.has("role"))
    for (const std::string& name : arguments.options.at("role")) {
      const auto role = bank::roleFromText(name);
      if (!role)
        return fail(ErrorCode::InvalidInput, "usage",
                    "There is no role '" + name + "': use special_operations, principal or manager.");
      if (std::find(defaults.roles.begin(), defaults.roles.end(), *role) == defaults.roles.end())
        defaults.roles.push_back(*role);
    }
  return defaults;
}

/// Takes the options over the file's own members.
void override(bank::Bank& bank, const bank::Bank& defaults, const Arguments& arguments) {
  if (arguments.has("id")) bank.id = defaults.id;
  if (arguments.has("title")) bank.title = defaults.title;
  if (arguments.has("role")) bank.roles = defaults.roles;
  if (arguments.has("category")) bank.category = defaults.category;
}

class Merge {
 public:
  void add(const std::string& file, bank::ImportedBank imported) {
    if (files_++ == 0) {
      bank = std::move(imported.bank);
      for (const auto& item : bank.items) file_of_[item.id] = file;
      return;
    }
    for (bank::Item& item : imported.bank.items) {
      const auto [found, fresh] = file_of_.try_emplace(item.id, file);
      if (fresh) bank.items.push_back(std::move(item));
      else warnings.push_back(file + ": item " + item.id + " is left out, it is already in " + found->second + ".");
    }
  }
  bank::Bank bank;
  std::vector<std::string> warnings;

 private:
  int files_ = 0;
  std::map<std::string, std::string> file_of_;
};

void print(const std::string& file, const bank::ImportReport& report) {
  std::cout << file << ": " << report.rows << " rows, " << report.imported << " imported (" << report.repaired
            << " repaired), " << report.refused.size() << " refused, " << report.warnings.size() << " warnings\n";
  for (const auto& row : report.refused)
    std::cout << "  row " << row.row << " refused: " << row.reason << " | " << row.text << "\n";
  for (const std::string& warning : report.warnings) std::cout << "  warning: " << warning << "\n";
}

Result<bank::ImportedBank> importFile(const std::string& file, const bank::Bank& defaults) {
  INVIGIL_TRY(text, readFile(file, kFileBytesMax));
  return bank::importJson(text, defaults);
}

}  // namespace

int runImport(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"id", "role", "category", "title", "out", "report"}, {"strict"});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.empty())
    return usage({ErrorCode::InvalidInput, "usage", "Name at least one file to import.", ""});
  Merge merge;
  Json files = Json::array();
  bool failed = false, refused = false;
  for (const std::string& file : arguments->files) {
    const auto defaults = defaultsFrom(*arguments, file);
    if (!defaults) return usage(defaults.error());
    auto imported = importFile(file, *defaults);
    if (!imported) {
      failed = true;
      complain(file, imported.error());
      if (imported.error().reason == "bad_bank" &&
          (imported.error().where == "id" || imported.error().where == "roles"))
        std::cerr << "  Give --id and --role for a question list.\n";
      files.push_back(reportOf(file, imported.error()));
      continue;
    }
    print(file, imported->report);
    refused = refused || !imported->report.refused.empty();
    files.push_back(reportOf(file, imported->report));
    override(imported->bank, *defaults, *arguments);
    merge.add(file, std::move(*imported));
  }
  for (const std::string& warning : merge.warnings) std::cout << "warning: " << warning << "\n";
  if (!failed && merge.bank.items.empty()) {
    failed = true;
    complain("", {ErrorCode::InvalidInput, "no_items", "No row could be imported; no bank is written.", ""});
  }
  if (arguments->has("out") && !failed) {
    if (auto written = writeFileDurably(arguments->value("out"), bank::writeNative(merge.bank)); !written) {
      failed = true;
      complain("", written.error());
    } else {
      std::cout << arguments->value("out") << ": " << merge.bank.items.size() << " items written\n";
    }
  } else if (arguments->has("out")) {
    std::cerr << "Nothing was written to " << arguments->value("out") << ".\n";
  }
  if (arguments->has("report")) {
    const Json report{{"format", "invigil-import-report"}, {"version", 1},           {"ok", !failed},
                      {"items", merge.bank.items.size()},  {"files", files},         {"warnings", merge.warnings}};
    const std::string text = report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (auto written = writeFileDurably(arguments->value("report"), text); !written) {
      failed = true;
      complain("", written.error());
    }
  }
  return failed || (refused && arguments->has("strict")) ? kRefused : kDone;
}

}  // namespace invigil::cli
