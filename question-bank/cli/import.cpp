// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "commands.hpp"
#include "import_report.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

constexpr std::size_t kTitleMax = 200;  ///< characters

tl::unexpected<Error> usageError(std::string detail) { return fail(ErrorCode::InvalidInput, "usage", std::move(detail)); }

/// The head of a bank as the options say, else by the file's name. Errors: InvalidInput usage.
Result<bank::Bank> defaultsFrom(const Arguments& arguments, const std::string& file) {
  bank::Bank defaults;
  const std::string stem = std::filesystem::path(file).stem().string();
  defaults.id = arguments.has("id") ? arguments.value("id") : bank::isBankId(stem) ? stem : "bank";
  if (!bank::isBankId(defaults.id)) return usageError("--id is 1 to 64 of a-z, 0-9 and -.");
  defaults.title.zh = arguments.has("title") ? arguments.value("title") : firstCharacters(stem.empty() ? "题库" : stem, kTitleMax);
  if (defaults.title.zh.empty() || codePoints(defaults.title.zh) > kTitleMax) return usageError("--title is 1 to 200 characters.");
  defaults.category = arguments.value("category");
  if (defaults.category.size() > 16 || defaults.category.find_first_not_of("0123456789.") != std::string::npos)
    return usageError("--category must be a number such as 1.2.");
  if (!arguments.has("role")) defaults.roles = {bank::Role::SpecialOperations};
  else
    for (const std::string& name : arguments.options.at("role")) {
      const auto role = bank::roleFromText(name);
      if (!role) return usageError("There is no role '" + name + "': use special_operations, principal or manager.");
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

/// The part of what came of all files that one of them has: rows = imported + duplicates + refused.
bank::Collected partOf(const bank::Collected& all, const std::string& file) {
  bank::Collected part;
  const auto take = [&](const std::vector<bank::Finding>& from, std::vector<bank::Finding>& into) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(into), [&](const bank::Finding& one) { return one.place.file == file; });
  };
  take(all.repaired, part.repaired), take(all.duplicates, part.duplicates), take(all.look_alikes, part.look_alikes);
  take(all.refused, part.refused), take(all.notes, part.notes);
  part.counts.imported = static_cast<int>(std::count_if(all.places.begin(), all.places.end(), [&](const bank::Place& place) { return place.file == file; }));
  std::set<std::tuple<std::string, int, int>> repaired;  // a row may be repaired in several ways
  for (const bank::Finding& one : part.repaired) repaired.emplace(one.place.sheet, one.place.row, one.place.column);
  part.counts.repaired = static_cast<int>(repaired.size());
  part.counts.duplicates = static_cast<int>(part.duplicates.size());
  part.counts.refused = static_cast<int>(part.refused.size());
  part.counts.rows = part.counts.imported + part.counts.duplicates + part.counts.refused;
  return part;
}

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

Result<bank::BankReading> importFile(const std::string& file, const Arguments& arguments, const bank::Bank& defaults) {
  INVIGIL_TRY(bytes, readFile(file, kFileBytesMax));
  std::optional<bank::ColumnMap> map;
  if (arguments.has("map")) {
    INVIGIL_TRY(text, readFile(arguments.value("map"), kFileBytesMax));
    INVIGIL_TRY(parsed, bank::parseColumnMap(text));
    map = std::move(parsed);
  }
  return bank::readBankReading(bytes, file, arguments.value("format"), map, defaults);
}

/// Nothing where the file holds rows, whatever became of them.
std::optional<Error> holdsNothing(const bank::Reading& reading) {
  if (!reading.items.empty() || !reading.refused.empty()) return std::nullopt;
  std::string notes;
  for (const auto& note : reading.notes) notes += " " + note.what.zh + " / " + note.what.en;
  return Error{ErrorCode::InvalidInput, "no_items", "The file holds no questions that could be recognised." + notes, ""};
}

struct Import {
  std::vector<FileReport> files;  ///< once each, as named; what was found in them comes later
  std::vector<bank::Reading> readings;  ///< of those that could be read
  std::optional<bank::Bank> about;  ///< of the first
  std::vector<bank::Finding> warnings;
};

bank::Finding aboutFile(const std::string& file, const char* code, bank::Wording what) {
  bank::Finding one;
  one.place.file = file;
  one.code = code;
  one.what = std::move(what);
  return one;
}

/// What the head of the bank says that nobody has said.
void tellHead(const std::string& file, const Arguments& arguments, const bank::Bank& about, Import& import) {
  if (arguments.has("id") && arguments.has("role")) return;
  std::string said = arguments.has("id") ? "" : "--id " + about.id;
  if (!arguments.has("role")) said += (said.empty() ? "" : " ") + std::string("--role ") + std::string(bank::toText(about.roles.front()));
  import.warnings.push_back(aboutFile(file, "bank_head_assumed", {"没有说明题库的编号或适用对象，按 " + said + " 处理", "not told of which bank; taken as " + said}));
}

/// Errors: InvalidInput usage; those of writing the map.
Status readFiles(const Arguments& arguments, Import& import) {
  std::set<std::string> named;
  bool mapped = false;
  for (const std::string& file : arguments.files) {
    if (!named.insert(file).second) {
      import.warnings.push_back(aboutFile(file, "named_twice", {"写了两次，只读一次", "named twice; it is read once"}));
      continue;
    }
    INVIGIL_TRY(defaults, defaultsFrom(arguments, file));
    auto read = importFile(file, arguments, defaults);
    std::optional<Error> fault = read ? holdsNothing(read->reading) : std::optional(read.error());
    // A map is wanted most where the columns were not recognised.
    if (read && arguments.has("map-out") && !read->map.empty()) {
      if (std::exchange(mapped, true)) return usageError("--map-out writes the columns of one table; name one.");
      INVIGIL_CHECK(writeFileDurably(arguments.value("map-out"), bank::writeColumnMap(read->map)));
    }
    if (fault) {
      complain(file, *fault);
      import.files.push_back({file, "", {}, std::move(fault)});
      continue;
    }
    override(read->about, defaults, arguments);
    if (!import.about) {
      import.about = read->about;
      if (!read->reading.own) tellHead(file, arguments, read->about, import);
    } else if (read->reading.own && (read->about.id != import.about->id || read->about.title != import.about->title || read->about.roles != import.about->roles || read->about.category != import.about->category)) {
      import.warnings.push_back(aboutFile(file, "bank_head_not_taken", {"它自己的题库编号、名称、适用对象和类别没有采用", "its own id, title, roles and category of the bank were not taken"}));
    }
    import.files.push_back({file, read->format, {}, std::nullopt});
    import.readings.push_back(std::move(read->reading));
  }
  return {};
}

}  // namespace

int runImport(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"id", "role", "category", "title", "out", "bank", "report", "map", "map-out", "format"}, {"strict"});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.empty())
    return usage({ErrorCode::InvalidInput, "usage", "Name at least one file to import.", ""});
  Import import;
  bool failed = false;
  const auto complained = [&](const Error& error) { complain("", error), failed = true; };
  if (auto read = readFiles(*arguments, import); !read) {
    if (read.error().reason == "usage") return usage(read.error());
    complained(read.error());
  }
  failed = failed || std::any_of(import.files.begin(), import.files.end(), [](const FileReport& one) { return one.error.has_value(); });
  const bank::Collected all = bank::collect(std::move(import.readings), import.about.value_or(bank::Bank{}));
  for (FileReport& one : import.files) {
    if (one.error) continue;
    one.found = partOf(all, one.file);
    print(one.file, one.found);
  }
  for (const bank::Finding& warning : import.warnings) std::cout << "warning: " << warningLine(warning) << "\n";
  if (!failed && all.bank.items.empty()) complained({ErrorCode::InvalidInput, "no_items", "No row could be imported; no bank is written.", ""});
  const std::string out = arguments->has("bank") ? arguments->value("bank") : arguments->value("out");
  if (!out.empty() && failed) std::cerr << "Nothing was written to " << out << ".\n";
  else if (!out.empty()) {
    if (auto written = writeFileDurably(out, bank::writeNative(all.bank)); !written) complained(written.error());
    else std::cout << out << ": " << all.bank.items.size() << " items written\n";
  }
  if (arguments->has("report")) {
    const ImportReport report{!failed, all.bank.id, all.bank.items.size(), std::move(import.files), std::move(import.warnings)};
    if (auto written = writeReport(report, arguments->value("report")); !written) complained(written.error());
  }
  return failed || (!all.refused.empty() && arguments->has("strict")) ? kRefused : kDone;
}

}  // namespace invigil::cli
