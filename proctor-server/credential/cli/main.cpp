// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "invigil/credential/credential.hpp"

namespace {

using namespace invigil;
using credential::TheoryPass;
using Json = nlohmann::ordered_json;

constexpr std::string_view kHelp = R"(invigil-verify: checks the theory pass of an Invigil QR code, offline.

  invigil-verify --trust TRUST.json [--at 2026-11-23T14:30:00Z] [--json] TEXT

TEXT is the text of the QR code (INV1:... or INV2:...), or - to read it from standard input.
--at asks about another instant (UTC) than now.
Exit codes: 0 valid, 1 not valid, 2 the command line or the trust list is wrong.
)";

struct Wanted {
  std::string trust, text;
  Instant at;
  bool json = false;
};

int usage(const std::string& what) {
  std::cerr << what << "\nTry 'invigil-verify --help'.\n";
  return 2;
}

std::optional<Instant> parseUtc(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, end = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute, &second, &end) !=
          6 ||
      static_cast<std::size_t>(end) != text.size())
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  const Instant at = std::chrono::sys_days{date} + std::chrono::hours{hour} + minutes{minute} + seconds{second};
  if (!date.ok() || formatUtc(at) != text) return std::nullopt;
  return at;
}

std::string grouped(const std::string& id) {
  return id.size() == 12 ? id.substr(0, 4) + "-" + id.substr(4, 4) + "-" + id.substr(8) : id;
}

void printText(const TheoryPass& pass) {
  const auto line = [](std::string_view zh, std::string_view en, const std::string& value) {
    std::cout << "  " << zh << " / " << en << ": " << value << "\n";
  };
  std::cout << "有效：理论成绩凭证 / VALID: theory pass\n"
            << "  本凭证不是上岗证 / not a permission to work\n";
  line("凭证编号", "number", grouped(pass.id));
  line("姓名", "name", pass.name);
  line("考试", "exam", pass.title_en.empty() ? pass.title_zh : pass.title_zh + " / " + pass.title_en);
  if (!pass.category.empty()) line("作业类别", "category", pass.category);
  line("成绩", "result", invigil::credential::pointsText(pass.points_x100) + "/" + invigil::credential::pointsText(pass.points_max_x100));
  if (!pass.replaces.empty()) line("更正后换发，代替", "corrected, replaces", grouped(pass.replaces));
  line("考试时间", "sat", formatUtc(pass.sat_at));
  line("签发机构", "issuer", pass.issuer);
  line("签发时间", "issued", formatUtc(pass.issued_at));
  line("有效期至", "valid until", credential::dayOf(pass.expires_at) + " 24:00 (UTC+8)");
}

Json pointsNumber(int points_x100) {
  if (points_x100 % 100 == 0) return points_x100 / 100;
  return points_x100 / 100.0;
}

void printJson(const TheoryPass& pass) {
  const Json out{{"valid", true},
                 {"id", pass.id},
                 {"issuer", pass.issuer},
                 {"name", pass.name},
                 {"id_digest", toHex(pass.id_digest)},
                 {"blueprint", pass.blueprint},
                 {"title", {{"zh", pass.title_zh}, {"en", pass.title_en}}},
                 {"role", pass.role},
                 {"category", pass.category},
                 {"points", pointsNumber(pass.points_x100)},
                 {"points_max", pointsNumber(pass.points_max_x100)},
                 {"replaces", pass.replaces},
                 {"sat_at", formatUtc(pass.sat_at)},
                 {"issued_at", formatUtc(pass.issued_at)},
                 {"expires_at", formatUtc(pass.expires_at)},
                 {"last_day", credential::dayOf(pass.expires_at)},
                 {"not_a_work_permit", pass.not_a_work_permit}};
  std::cout << out.dump(1) << "\n";
}

/// Fills `wanted`; the sentence that is returned says what is wrong with the command line.
std::string readArguments(int argc, char** argv, Wanted& wanted) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json") {
      wanted.json = true;
    } else if ((word == "--trust" || word == "--at") && i + 1 < argc) {
      const std::string value = argv[++i];
      if (word == "--trust") {
        wanted.trust = value;
      } else if (const auto at = parseUtc(value)) {
        wanted.at = *at;
      } else {
        return "--at must be a UTC instant such as 2026-11-23T14:30:00Z.";
      }
    } else if (word.starts_with("--")) {
      return "There is no option '" + word + "', or its value is missing.";
    } else if (wanted.text.empty()) {
      wanted.text = word;
    } else {
      return "Give one TEXT; quote it, for it may hold spaces.";
    }
  }
  if (wanted.trust.empty() || wanted.text.empty()) return "Give --trust FILE and TEXT.";
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--help" || std::string_view(argv[i]) == "-h") {
      std::cout << kHelp;
      return 0;
    }
  Wanted wanted;
  wanted.at = SystemClock().now();
  if (const std::string wrong = readArguments(argc, argv, wanted); !wrong.empty()) return usage(wrong);
  if (wanted.text == "-") {
    std::getline(std::cin, wanted.text);
    if (wanted.text.ends_with('\r')) wanted.text.pop_back();
  }
  const auto file = readFile(wanted.trust, 1 << 20);
  if (!file) return usage(file.error().detail);
  const auto trust = credential::TrustList::parse(*file);
  if (!trust) return usage(trust.error().detail);
  const auto pass = credential::verify(wanted.text, *trust, wanted.at);
  if (pass) {
    if (wanted.json) printJson(*pass);
    else printText(*pass);
    return 0;
  }
  if (wanted.json)
    std::cout << Json{{"valid", false}, {"reason", pass.error().reason}, {"detail", pass.error().detail}}.dump(1)
              << "\n";
  else
    std::cout << "无效 / NOT VALID: " << pass.error().detail << "\n";
  return 1;
}
