// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "invigil/assembly/batch.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

/// Papers and the seed stay with whoever holds the exam until the batch is revealed.
bool isSecret(std::string_view name) { return name == "papers.jsonl" || name == "reveal.json"; }


using Json = nlohmann::ordered_json;
constexpr std::size_t kPublishedBytesMax = 512u << 20;

tl::unexpected<Error> wrongUse(const std::string& detail) { return fail(ErrorCode::InvalidInput, "usage", detail); }

Result<assembly::Problem> loadTables(const Arguments& arguments) {
  INVIGIL_TRY(pool, readFile(arguments.value("pool"), kFileBytesMax));
  INVIGIL_TRY(attributes, readFile(arguments.value("attributes"), kFileBytesMax));
  INVIGIL_TRY(constraints, readFile(arguments.value("constraints"), kFileBytesMax));
  std::vector<std::string> off;
  const std::string list = arguments.value("off");
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) off.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return assembly::problemFromTables(pool, attributes, constraints, off);
}

Result<assembly::Problem> loadProblem(const Arguments& arguments) {
  if (arguments.has("pool") && arguments.has("attributes") && arguments.has("constraints")) return loadTables(arguments);
  std::vector<std::string> files = arguments.has("bank") ? arguments.options.at("bank") : std::vector<std::string>{};
  files.insert(files.end(), arguments.files.begin(), arguments.files.end());
  if (files.empty() || !arguments.has("blueprint"))
    return wrongUse("Name --bank and --blueprint, or --pool, --attributes and --constraints.");
  INVIGIL_TRY(blueprint, loadBlueprint(arguments.value("blueprint")));
  std::vector<bank::Bank> banks;
  for (const std::string& file : files) {
    INVIGIL_TRY(bank, loadBank(file));
    banks.push_back(std::move(bank));
  }
  return problemFor(banks, blueprint);
}

Result<int> paperCount(const Arguments& arguments, int otherwise) {
  if (!arguments.has("papers")) return otherwise;
  const std::string text = arguments.value("papers");
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > assembly::kPapersMax)
    return wrongUse("--papers must be 1 to 20000.");
  return count;
}

int refuse(const Error& error) {
  if (error.reason == "usage") return usage(error);
  complain("", error);
  return kRefused;
}

Json toJson(const assembly::Problem& problem, const assembly::Preflight& bounds, int papers) {
  const auto ruleOf = [&](int rule) -> const assembly::Rule& { return problem.rules[static_cast<std::size_t>(rule)]; };
  const auto names = [&](const std::vector<int>& rules) {
    Json out = Json::array();
    for (int rule : rules) out.push_back(ruleOf(rule).name);
    return out;
  };
  Json out{{"feasible", bounds.feasible}, {"broken", Json::array()}};
  for (const auto& broken : bounds.broken)
    out["broken"].push_back({{"rule", ruleOf(broken.rule).name}, {"where", ruleOf(broken.rule).where}, {"missing", broken.missing}, {"excess", broken.excess},
                             {"low", broken.low}, {"high", broken.high}, {"stock", broken.stock}});
  out["conflict"] = names(bounds.conflict);
  if (!bounds.feasible) return out;
  out["exposure_bound"] = bounds.exposure_bound;
  out["overlap_bound"] = bounds.overlapBound(papers);
  out["overlap_bound_endless"] = bounds.overlap_bound;
  out["exposure_rules"] = names(bounds.exposure_rules);
  out["forced"] = Json::array();
  for (const auto& forced : bounds.forced) out["forced"].push_back({{"item", forced.item}, {"rules", names(forced.rules)}});
  return out;
}

void print(const assembly::Problem& problem, const assembly::Preflight& bounds, int papers) {
  const auto nameOf = [&](int rule) { return problem.rules[static_cast<std::size_t>(rule)].name; };
  const auto print = [&](const char* what, const std::vector<int>& rules) {
    std::cout << what;
    for (std::size_t i = 0; i < rules.size(); ++i) std::cout << (i == 0 ? "" : "; ") << nameOf(rules[i]);
    std::cout << "\n";
  };
  std::cout << std::fixed << std::setprecision(4);
  if (!bounds.feasible) {
    std::cout << "不可行：没有试卷能满足全部规则。 / Infeasible: no paper can keep every rule.\n";
    for (const auto& broken : bounds.broken)
      std::cout << "  " << nameOf(broken.rule) << ": " << (broken.missing > 0 ? "至少少 / short by at least " : "至少多 / over by at least ")
                << std::max(broken.missing, broken.excess) << " (" << broken.low << " .. " << broken.high
                << ", 题库中共有 / in the pool: " << broken.stock << ")\n";
    if (bounds.conflict.size() > bounds.broken.size()) print("  相互矛盾的规则 / rules that cannot be kept together: ", bounds.conflict);
    return;
  }
  std::cout << "可行 / Feasible\n  最小可能的最大曝光率 / smallest possible maximum exposure r*: " << bounds.exposure_bound
            << "\n  最小可能的重叠 / smallest possible overlap T*: " << bounds.overlapBound(papers) << " (" << papers
            << " papers), " << bounds.overlap_bound << " (endless)\n";
  if (bounds.exposure_rules.size() <= 10) print("  决定 r* 的规则 / rules that set r*: ", bounds.exposure_rules);
  for (const auto& forced : bounds.forced) print(("  每份试卷都会出现 / on every paper: " + forced.item + "，原因 / because of: ").c_str(), forced.rules);
}

Json toJson(const assembly::Audit& audit) {
  Json out{{"batch", audit.batch}, {"papers", audit.papers}, {"violations", audit.violations}, {"overlap", audit.overlap},
           {"overlap_bound", audit.overlap_bound}, {"exposure_max", audit.exposure_max},
           {"exposure_bound", audit.exposure_bound}, {"difficulty_mean", audit.difficulty_mean},
           {"difficulty_sd", audit.difficulty_sd}, {"information_mean", audit.information_mean},
           {"information_cv", audit.information_cv}, {"neighbour_overlap", audit.neighbour_overlap},
           {"neighbour_common_max", audit.neighbour_common_max}, {"pool_use", audit.pool_use},
           {"seconds_per_paper", audit.seconds_per_paper}, {"log_entries", audit.log_entries}, {"takes", audit.takes},
           {"failures", audit.failures}};
  out["verdict"] = audit.failures.empty() ? "PASS" : "FAIL";
  return out;
}

void print(const std::string& folder, const assembly::Audit& audit) {
  std::cout << std::fixed << std::setprecision(5) << folder << ": " << audit.papers << " 份试卷 / papers\n";
  std::cout << "  违反规则 / violating papers: " << audit.violations << "\n  最大曝光率 / maximum exposure: " << audit.exposure_max
            << " (r* " << audit.exposure_bound << ")\n  重叠 / overlap T: " << audit.overlap << " (T* " << audit.overlap_bound
            << ")\n  平均难度 / mean difficulty: " << audit.difficulty_mean << ", SD " << audit.difficulty_sd
            << "\n  信息量 / information CV: " << audit.information_cv << "\n  邻座重叠 / neighbour overlap, 30 seats: "
            << audit.neighbour_overlap << ", 最多相同 / most in common: " << audit.neighbour_common_max
            << "\n  题库使用 / pool use: " << audit.pool_use << "\n";
  if (audit.log_entries > 0)
    std::cout << "  记录 / log: " << audit.log_entries << " 条 / entries, " << audit.takes << " 次取卷 / papers taken\n";
  for (const std::string& failure : audit.failures) std::cout << "  ! " << failure << "\n";
  std::cout << (audit.failures.empty() ? "PASS" : "FAIL") << "\n";
}

}  // namespace

int runPreflight(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"bank", "blueprint", "pool", "attributes", "constraints", "off", "papers"}, {"json"});
  if (!arguments) return usage(arguments.error());
  const auto papers = paperCount(*arguments, 1000);
  if (!papers) return usage(papers.error());
  const auto problem = loadProblem(*arguments);
  if (!problem) return refuse(problem.error());
  const auto bounds = assembly::preflight(*problem);
  if (!bounds) return refuse(bounds.error());
  if (arguments->has("json")) std::cout << toJson(*problem, *bounds, *papers).dump(1) << "\n";
  else print(*problem, *bounds, *papers);
  return bounds->feasible ? kDone : kRefused;
}

int runAssemble(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"bank", "blueprint", "pool", "attributes", "constraints", "off", "papers",
                                                "seed", "out", "batch", "beacon"}, {});
  if (!arguments) return usage(arguments.error());
  if (!arguments->has("papers") || !arguments->has("seed") || !arguments->has("out"))
    return usage({ErrorCode::InvalidInput, "usage", "assemble needs --papers, --seed and --out.", ""});
  const auto papers = paperCount(*arguments, 0);
  if (!papers) return usage(papers.error());
  const auto bytes = fromHex(arguments->value("seed"));
  Seed seed{};
  if (!bytes || bytes->size() != seed.size())
    return usage({ErrorCode::InvalidInput, "usage", "--seed must be 64 hex digits.", ""});
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  const auto problem = loadProblem(*arguments);
  if (!problem) return refuse(problem.error());
  const auto files = assembly::assembleBatch(*problem, arguments->has("batch") ? arguments->value("batch") : problem->id,
                                             *papers, seed, arguments->value("beacon"));
  if (!files) return refuse(files.error());
  std::error_code error;
  std::filesystem::create_directories(arguments->value("out"), error);
  for (const auto& [name, content] : *files)
    if (const auto written = writeFileDurably(arguments->value("out") + "/" + name, content, isSecret(name) ? 0600 : 0644); !written)
      return refuse(written.error());
  std::cout << *papers << " 份试卷已封存 / papers sealed: " << arguments->value("out") << "\n";
  return kDone;
}

int runAudit(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {}, {"json"});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.empty()) return usage({ErrorCode::InvalidInput, "usage", "Name the folder of a batch.", ""});
  std::vector<assembly::Audit> audits;
  for (const std::string& folder : arguments->files) {
    assembly::Files files;
    for (const char* name : {"freeze.json", "papers.jsonl", "seal.json", "reveal.json", "log.txt"})
      if (auto text = readFile(folder + "/" + name, kPublishedBytesMax)) files[name] = std::move(*text);
    audits.push_back(assembly::auditBatch(files));
  }
  assembly::findSealedTwice(audits);
  Json all = Json::array();
  bool passed = true;
  for (std::size_t i = 0; i < audits.size(); ++i) {
    passed = passed && audits[i].failures.empty();
    if (arguments->has("json")) all.push_back(toJson(audits[i]));
    else print(arguments->files[i], audits[i]);
  }
  if (arguments->has("json")) std::cout << (all.size() == 1 ? all.front() : all).dump(1) << "\n";
  return passed ? kDone : kRefused;
}

}  // namespace invigil::cli
