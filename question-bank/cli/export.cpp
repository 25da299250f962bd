// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {

int runExport(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"format", "out", "lost"}, {});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.size() != 1) return usage({ErrorCode::InvalidInput, "usage", "Name one bank.", ""});
  const auto known = bank::exportFormats();
  const std::string format = arguments->value("format"), file = arguments->files.front(), target = arguments->value("out");
  const bool piped = !arguments->has("out");  // then what is told goes to stderr
  std::ostream& tell = piped ? std::cerr : std::cout;
  if (std::find(known.begin(), known.end(), format) == known.end())
    return usage({ErrorCode::InvalidInput, "usage", "--format is native_json, csv, xlsx, gift, moodle_xml, qti21 or qti30.", ""});
  const auto refused = [](const std::string& about, const Error& error) { return complain(about, error), kRefused; };
  const auto read = readAnyBank(file);
  if (!read) return refused(file, read.error());
  const bank::Collected& collected = *read;
  if (collected.bank.items.empty()) return refused(file, {ErrorCode::InvalidInput, "no_items", "The file holds no questions that could be recognised.", ""});
  auto written = bank::writeBankFile(collected.bank, format);
  if (!written) return refused(target, written.error());
  if (piped) std::cout.write(written->bytes.data(), static_cast<std::streamsize>(written->bytes.size())).flush();
  else if (auto done = writeFileDurably(target, written->bytes); !done) return refused(target, done.error());
  if (!std::cout) return refused("", {ErrorCode::Unavailable, "cannot_write", "The output could not be written.", ""});
  nlohmann::ordered_json lost = nlohmann::ordered_json::array();
  std::size_t left_out = 0;
  for (const bank::Finding& one : written->lost) {
    left_out += one.code == "left_out";
    tell << "  " << one.text << ": " << one.what.zh << " / " << one.what.en << "\n";
    lost.push_back({{"item", one.text}, {"code", one.code}, {"reason", one.what.zh + " / " + one.what.en}});
  }
  tell << (piped ? "" : target + ": ") << collected.bank.items.size() - left_out << " items written, " << left_out << " left out\n";
  if (collected.counts.refused > 0) tell << "  " << collected.counts.refused << " rows of " << file << " could not be read; 'invigil-bank import' lists them.\n";
  if (!arguments->has("lost")) return kDone;
  if (auto done = writeFileDurably(arguments->value("lost"), lost.dump(2) + "\n"); !done) return refused(arguments->value("lost"), done.error());
  return kDone;
}

}  // namespace invigil::cli
