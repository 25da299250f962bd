// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "published.hpp"

namespace invigil::assembly {
namespace {

using Json = nlohmann::json;

/// Walks the entries in order and says what does not fit together.
class LogCheck {
 public:
  LogCheck(const Files& files, Audit& audit) : files_(files), audit_(audit), freeze_(Json::parse(files.at("freeze.json"))), seal_(Json::parse(files.at("seal.json"))) {}

  void run(bool must_be_revealed) {
    std::istringstream lines(files_.at("log.txt"));
    for (std::string line; std::getline(lines, line);) {
      ++audit_.log_entries;
      if (line.size() < 66 || line[64] != ' ') return failed("行的格式不对", "The line is not HASH ENTRY.");
      const std::string hash = line.substr(0, 64), text = line.substr(65);
      if (sha256Hex(text) != hash) return failed("内容与哈希不符", "The entry is not the one that was hashed.");
      const Json entry = Json::parse(text);
      if (entry.at("previous") != previous_ || entry.at("place") != audit_.log_entries || entry.at("batch") != freeze_.at("batch"))
        return failed("与前一条不相连", "It does not follow the entry before it.");
      previous_ = hash;
      one(entry.at("event"), entry.at("data"));
    }
    if (!sealed_) failed("缺少冻结或封存", "The freeze or the seal is missing.");
    if (must_be_revealed && !revealed_) failed("缺少公开", "The log does not end with the reveal.");
  }

 private:
  void one(const std::string& event, const Json& data) {
    if (revealed_) return failed("公开之后还有记录", "Something follows the reveal.");
    if (event == "freeze") {
      if (audit_.log_entries != 1) failed("冻结了两次", "The batch was frozen twice.");
      if (data.at("seed_commitment") != freeze_.at("seed_commitment") || data.at("papers") != freeze_.at("papers"))
        failed("与 freeze.json 不符", "It names another seed or number of papers than freeze.json.");
      frozen_ = true;
    } else if (event == "seal") {
      if (!frozen_ || sealed_) failed("封存了两次或在冻结之前", "The batch was sealed twice, or before the freeze.");
      if (data.at("freeze_sha256") != sha256Hex(files_.at("freeze.json")) || data.at("papers_root") != seal_.at("papers_root"))
        failed("与封存的文件不符", "It names another freeze.json or papers_root.");
      sealed_ = true;
    } else if (event == "take") {
      take(data.at("slot"), data.at("leaf"));
    } else {
      for (const Json& slot : data.at("slots"))
        if (!gone_.insert(slot.get<int>()).second) failed("撤下了已用的试卷", "A paper was withdrawn that was taken or withdrawn before.");
      revealed_ = event == "reveal";
      if (revealed_ && gone_.size() != seal_.at("leaves").size()) failed("有试卷既没有使用也没有撤下", "A paper was neither taken nor withdrawn.");
    }
  }

  void take(int slot, const std::string& leaf) {
    ++audit_.takes;
    const Json& leaves = seal_.at("leaves");
    if (!sealed_) failed("封存之前就取了卷", "A paper was taken before the seal.");
    if (slot < 0 || static_cast<std::size_t>(slot) >= leaves.size() || leaves[static_cast<std::size_t>(slot)] != leaf)
      failed("所取试卷不是封存的那一份", "The paper taken is not the sealed one.");
    if (!gone_.insert(slot).second) failed("同一份试卷用了两次", "A paper was taken twice, or after it was withdrawn.");
  }

  void failed(const std::string& zh, const std::string& en) {
    const std::string line = std::to_string(audit_.log_entries);
    audit_.failures.push_back("log.txt: 第 " + line + " 行：" + zh + "。 / Line " + line + ": " + en);
  }

  const Files& files_;
  Audit& audit_;
  const Json freeze_, seal_;
  std::string previous_;
  bool frozen_ = false, sealed_ = false, revealed_ = false;
  std::set<int> gone_;  ///< slots that were taken or withdrawn
};

}  // namespace

void checkLog(const Files& files, Audit& audit, bool revealed) {
  try {
    LogCheck(files, audit).run(revealed);
  } catch (const std::exception&) {
    audit.failures.push_back("log.txt: 第 " + std::to_string(audit.log_entries) + " 行无法读取。 / Line " + std::to_string(audit.log_entries) + " cannot be read.");
  }
}

}  // namespace invigil::assembly
