// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

using Json = nlohmann::ordered_json;

Json findingJson(const bank::Finding& one) {
  return {{"sheet", one.place.sheet}, {"row", one.place.row}, {"column", one.place.column}, {"text", one.text},
          {"reason", one.what.zh + " / " + one.what.en}, {"code", one.code}};
}

Json findingsJson(const std::vector<bank::Finding>& findings) {
  Json list = Json::array();
  for (const auto& one : findings) list.push_back(findingJson(one));
  return list;
}

/// Look-alikes, a line for each group, and what else is to be known.
std::vector<std::string> warningsOf(const bank::Collected& read) {
  std::vector<std::string> lines;
  for (const auto* findings : {&read.look_alikes, &read.notes})
    for (const bank::Finding& one : *findings) {
      std::string line = one.what.zh + " / " + one.what.en + (one.text.empty() ? "" : ": " + one.text);
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
    }
  return lines;
}

Json reportOf(const std::string& file, const bank::BankFile& read) {
  const bank::Collected& c = read.collected;
  return {{"file", file}, {"ok", true}, {"format", read.format}, {"rows", c.counts.rows}, {"imported", c.counts.imported},
          {"repaired", c.counts.repaired}, {"duplicates", c.counts.duplicates}, {"refused", findingsJson(c.refused)},
          {"duplicate_rows", findingsJson(c.duplicates)}, {"repairs", findingsJson(c.repaired)}, {"warnings", warningsOf(c)}};
}

Json reportOf(const std::string& file, const Error& error) {
  return {{"file", file},
          {"ok", false},
          {"rows", 0}, {"imported", 0}, {"repaired", 0}, {"duplicates", 0}, {"refused", Json::array()},
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
  void add(const std::string& file, bank::Collected imported) {
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

void print(const std::string& file, const bank::Collected& read) {
  const auto& counts = read.counts;
  const auto warnings = warningsOf(read);
  std::cout << file << ": " << counts.rows << " rows, " << counts.imported << " imported (" << counts.repaired << " repaired), ";
  if (counts.duplicates > 0) std::cout << counts.duplicates << " duplicates, ";
  std::cout << counts.refused << " refused, " << warnings.size() << " warnings\n";
  for (const auto& one : read.refused)
    std::cout << "  " << (one.place.sheet.empty() ? "" : one.place.sheet + " ") << "row " << one.place.row << " refused: " << one.what.zh << " / "
              << one.what.en << " | " << one.text << "\n";
  for (const std::string& warning : warnings) std::cout << "  warning: " << warning << "\n";
}

Result<bank::BankFile> importFile(const std::string& file, const Arguments& arguments, const bank::Bank& defaults) {
  INVIGIL_TRY(bytes, readFile(file, kFileBytesMax));
  std::optional<bank::ColumnMap> map;
  if (arguments.has("map")) {
    INVIGIL_TRY(text, readFile(arguments.value("map"), kFileBytesMax));
    INVIGIL_TRY(parsed, bank::parseColumnMap(text));
    map = std::move(parsed);
  }
  INVIGIL_TRY(read, bank::readBankFile(bytes, file, arguments.value("format"), map, defaults));
  if (read.collected.bank.id.empty()) return fail(ErrorCode::InvalidInput, "bad_bank", "The bank's id must be 1 to 64 of a-z, 0-9 and -.", "id");
  if (read.collected.bank.roles.empty()) return fail(ErrorCode::InvalidInput, "bad_bank", "A question list needs a title and a role for its bank.", "roles");
  if (read.collected.counts.rows == 0) {
    std::string notes;
    for (const auto& note : read.collected.notes) notes += " " + note.what.zh + " / " + note.what.en;
    return fail(ErrorCode::InvalidInput, "no_items", "The file holds no questions that could be recognised." + notes);
  }
  return read;
}

}  // namespace

int runImport(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"id", "role", "category", "title", "out", "bank", "report", "map", "map-out", "format"}, {"strict"});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.empty())
    return usage({ErrorCode::InvalidInput, "usage", "Name at least one file to import.", ""});
  Merge merge;
  Json files = Json::array();
  bool failed = false, refused = false;
  for (const std::string& file : arguments->files) {
    const auto defaults = defaultsFrom(*arguments, file);
    if (!defaults) return usage(defaults.error());
    auto imported = importFile(file, *arguments, *defaults);
    if (!imported) {
      failed = true;
      complain(file, imported.error());
      if (imported.error().reason == "bad_bank" &&
          (imported.error().where == "id" || imported.error().where == "roles"))
        std::cerr << "  Give --id and --role for a question list.\n";
      files.push_back(reportOf(file, imported.error()));
      continue;
    }
    print(file, imported->collected);
    refused = refused || !imported->collected.refused.empty();
    files.push_back(reportOf(file, *imported));
    if (arguments->has("map-out") && !imported->map.empty())
      if (auto written = writeFileDurably(arguments->value("map-out"), bank::writeColumnMap(imported->map)); !written) {
        failed = true;
        complain("", written.error());
      }
    override(imported->collected.bank, *defaults, *arguments);
    merge.add(file, std::move(imported->collected));
  }
  for (const std::string& warning : merge.warnings) std::cout << "warning: " << warning << "\n";
  if (!failed && merge.bank.items.empty()) {
    failed = true;
    complain("", {ErrorCode::InvalidInput, "no_items", "No row could be imported; no bank is written.", ""});
  }
  const std::string out = arguments->has("bank") ? arguments->value("bank") : arguments->value("out");
  if (!out.empty() && !failed) {
    if (auto written = writeFileDurably(out, bank::writeNative(merge.bank)); !written) {
      failed = true;
      complain("", written.error());
    } else {
      std::cout << out << ": " << merge.bank.items.size() << " items written\n";
    }
  } else if (!out.empty()) {
    std::cerr << "Nothing was written to " << out << ".\n";
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
