// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <iostream>

#include "commands.hpp"
#include "invigil/assembly/paper.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

constexpr std::size_t kBatchBytesMax = 512u << 20;

Result<std::string> prove(const std::string& folder, const std::string& slot) {
  int number = -1;
  const auto [end, error] = std::from_chars(slot.data(), slot.data() + slot.size(), number);
  if (error != std::errc() || end != slot.data() + slot.size() || number < 0)
    return fail(ErrorCode::InvalidInput, "usage", "--slot must be the number of a paper, from 0.");
  INVIGIL_TRY(seal, readFile(folder + "/seal.json", kBatchBytesMax));
  INVIGIL_TRY(papers, readFile(folder + "/papers.jsonl", kBatchBytesMax));
  std::string_view rest = papers;
  for (int n = 0; n < number && !rest.empty(); ++n) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  if (rest.empty()) return fail(ErrorCode::NotFound, "no_such_paper", "批次中没有这份试卷。 / The batch has no paper of this number.");
  return assembly::paperProof(seal, rest.substr(0, rest.find('\n')));
}

int check(const Arguments& arguments) {
  std::string seal;
  if (arguments.has("seal")) {
    auto text = readFile(arguments.value("seal"), kBatchBytesMax);
    if (!text) return complain("", text.error()), kRefused;
    seal = std::move(*text);
  }
  const auto proof = readFile(arguments.value("check"), kFileBytesMax);
  if (!proof) return complain("", proof.error()), kRefused;
  const auto checked = assembly::checkPaperProof(*proof, seal);
  if (!checked) {
    complain(arguments.value("check"), checked.error());
    std::cout << "FAIL\n";
    return kRefused;
  }
  std::cout << "批次 / batch " << checked->batch << ", 试卷 / paper " << checked->paper.slot << " / " << checked->papers << ", "
            << checked->paper.items.size() << " 题 / items\n封存 / sealed under " << checked->papers_root << "\n";
  if (seal.empty()) std::cout << "请与公布的封存值比对，或用 --seal。 / Compare it with the root that was published, or give --seal.\n";
  std::cout << "PASS\n";
  return kDone;
}

}  // namespace

int runProve(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"slot", "out", "check", "seal"}, {});
  if (!arguments) return usage(arguments.error());
  if (arguments->has("check")) return check(*arguments);
  if (arguments->files.size() != 1 || !arguments->has("slot"))
    return usage({ErrorCode::InvalidInput, "usage", "Name the folder of a batch and --slot, or --check PROOF.json.", ""});
  const auto proof = prove(arguments->files.front(), arguments->value("slot"));
  if (!proof && proof.error().reason == "usage") return usage(proof.error());
  if (!proof) return complain("", proof.error()), kRefused;
  if (!arguments->has("out")) {
    std::cout << *proof;
    return kDone;
  }
  if (const auto written = writeFileDurably(arguments->value("out"), *proof, 0600); !written) return complain("", written.error()), kRefused;
  return kDone;
}

}  // namespace invigil::cli
