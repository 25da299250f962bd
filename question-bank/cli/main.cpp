// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "commands.hpp"

namespace {

constexpr std::string_view kHelp = R"(invigil-bank: item banks for Invigil, an unattended exam hall.

  invigil-bank import FILE... [--id ID] [--role ROLE]... [--category NUMBER] [--title TEXT] [--format FORMAT]
                      [--map MAP.json] [--map-out MAP.json] [--bank BANK.json] [--report REPORT] [--strict]
      Reads native banks, question lists in JSON ([{category, title, choices, answer}, ...]) and tables (CSV and TSV in
      UTF-8, UTF-16 or GB 18030; XLSX and XLS), GIFT, Aiken, Moodle XML, QTI 2.1 to 3.0 and lines NUMBER#STEM#RIGHT$WRONG
      into one native bank, --bank (--out is the same), which is written anew: to add to a bank, name it as the first FILE.
      Every row is imported, a duplicate, or listed with the reason why not. --strict: a refused row makes the exit code 1.
      Without --id the bank is called after the first FILE, or "bank"; without --role it is for special_operations.
      REPORT says all of this: a spreadsheet where its name ends in .xlsx, JSON otherwise.
      Which column of a table is what is guessed; --map-out writes the guess, also where it is not enough, --map takes it
      back, mended.
      FORMAT is native_json, loose_json, csv, xlsx, xls, gift, aiken, moodle_xml, qti or hash_lines, else the content says
      it. ROLE is special_operations, principal or manager; NUMBER is the work category, e.g. 1.2.

  invigil-bank check FILE... [--blueprint BLUEPRINT.json]...
      Says whether native banks are well-formed, counts their items by type and topic, and with --blueprint says
      whether papers that keep every rule, enemies too, can be made from all of them together.

  invigil-bank export BANK --format FORMAT [--out FILE] [--lost LOST.json]
      Writes a bank (in any format that import reads) as native_json, csv, xlsx, gift, moodle_xml, qti21 or qti30, to FILE
      or the standard output. What the format cannot carry is listed, and in LOST.json; importing FILE gives the same items
      but for that.

  invigil-bank draw --bank BANK.json... --blueprint BLUEPRINT.json --seed HEX [--json] [--with-keys]
      Draws one paper by the counts of parts and topics, to look at; enemies and the other rules of papers are not kept
      (enemies that meet are named): papers of an exam come from assemble. The same files and seed (64 hex digits) give the
      same paper everywhere.
      Without --with-keys no answer key is printed.

  invigil-bank preflight (--bank BANK.json... --blueprint BLUEPRINT.json | --pool POOL.csv --attributes ATTRIBUTES.csv
                      --constraints RULES.csv [--off C14-C20,C33]) [--papers M] [--json]
      Says before anybody sits whether papers can keep every rule, which rule not and by how much, the smallest possible
      maximum exposure and overlap, and the items that would be on every paper.

  invigil-bank assemble (as preflight) --papers M --seed HEX --out DIR [--batch NAME] [--beacon TEXT]
      Assembles and seals a batch of M papers: freeze.json, papers.jsonl, seal.json, reveal.json in DIR.

  invigil-bank audit DIR... [--json]
      Recomputes a batch from the published files alone and prints violations, exposure and overlap beside their bounds,
      balance of the papers, PASS or FAIL. Several DIR: also finds a batch that was sealed twice.

  invigil-bank prove DIR --slot N [--out FILE]
  invigil-bank prove --check PROOF.json [--seal seal.json]
      Writes the proof that one paper is under the seal, or checks one: without the seed and without the other papers.

  invigil-bank stats RESPONSES.csv [--bank BANK] [--json] [--out FILE] [--rasch-min N] [--two-pl-min N]
      What sittings say about items: facility, discrimination, distractors, reliability, Rasch and 2PL, and flags.
      RESPONSES.csv has one row a sitting (a column an item) or one row a response: docs/formats/responses-csv.md.
      Parameters are estimated from 100 (Rasch) and 500 (2PL) answers an item on; --rasch-min, --two-pl-min change that.

Exit codes: 0 done, 1 the data is wrong, 2 the command line is wrong.
)";

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words)
    if (word == "--help" || word == "-h") {
      std::cout << kHelp;
      return invigil::cli::kDone;
    }
  if (words.empty()) {
    std::cerr << kHelp;
    return invigil::cli::kUsage;
  }
  const std::string command = words.front();
  words.erase(words.begin());
  if (command == "import") return invigil::cli::runImport(words);
  if (command == "check") return invigil::cli::runCheck(words);
  if (command == "draw") return invigil::cli::runDraw(words);
  if (command == "assemble") return invigil::cli::runAssemble(words);
  if (command == "preflight") return invigil::cli::runPreflight(words);
  if (command == "audit") return invigil::cli::runAudit(words);
  if (command == "prove") return invigil::cli::runProve(words);
  if (command == "export") return invigil::cli::runExport(words);
  if (command == "stats") return invigil::cli::runStats(words);
  return invigil::cli::usage({invigil::ErrorCode::InvalidInput, "usage", "There is no command '" + command + "'.", ""});
}
