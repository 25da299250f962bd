// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "proctoring/recording.hpp"

namespace invigil::server {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kFreeMin = std::int64_t{1} << 30, kFreeLow = std::int64_t{10} << 30;
constexpr int kForgottenAtOnce = 200;

}  // namespace

std::string segmentPath(const App& app, const std::string& sitting_id, std::int64_t number) {
  return app.config.recordings_dir + "/" + sitting_id + "/" + std::to_string(number) + ".segment";
}

StorageState storageState(const App& app, Tx& tx) {
  StorageState out;
  out.bytes = tx.value<std::int64_t>("select bytes from recording_total").value_or(0);
  out.max_bytes = app.config.recordings_bytes_max;
  std::error_code error;
  const fs::space_info space = fs::space(app.config.recordings_dir, error);
  out.free_bytes = error ? 0 : static_cast<std::int64_t>(space.available);
  const auto used = [&](double share) { return out.max_bytes > 0 && static_cast<double>(out.bytes) >= share * static_cast<double>(out.max_bytes); };
  if (out.free_bytes < kFreeMin || used(1)) out.state = "full";
  else if (out.free_bytes < kFreeLow || used(0.9)) out.state = "low";
  return out;
}

void countStored(Tx& tx, std::int64_t bytes) { tx.exec("update recording_total set bytes = bytes + :a", bytes); }

Json storageJson(const StorageState& storage) {
  return {{"bytes", storage.bytes}, {"free_bytes", storage.free_bytes}, {"max_bytes", storage.max_bytes}, {"state", storage.state}};
}

std::int64_t keptUntil(const SittingRow& row) { return row.finished_ms.value_or(row.deadline_ms) + kExamEvidenceKept.count(); }

Status forgetRecordings(App& app, Instant now) {
  INVIGIL_TRY(old, app.store->readNow<std::vector<std::string>>([&](Tx& tx) -> Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    for (auto& [id] : tx.all<std::string>("select sitting_id from recording join sitting on sitting.id = sitting_id "
                                          "where coalesce(finished_ms, deadline_ms) < :a order by random() limit :b",
                                          toMillis(now - kExamEvidenceKept), std::int64_t{kForgottenAtOnce}))
      ids.push_back(id);
    return ids;
  }));
  Status all;  // one that cannot be deleted must not keep the others beyond their date
  for (const std::string& id : old) {
    std::error_code error;
    fs::remove_all(app.config.recordings_dir + "/" + id, error);
    if (error) {  // tried again in an hour: the row stays as long as a file does
      all = fail(ErrorCode::Unavailable, "cannot_write", error.message());
      continue;
    }
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      countStored(tx, -tx.value<std::int64_t>("select coalesce(sum(bytes), 0) from recording_segment where sitting_id = :a", id).value_or(0));
      for (const char* table : {"recording_news", "recording_segment", "recording"})
        tx.exec(std::string("delete from ") + table + " where sitting_id = :a", id);
      audit(tx, now, "policy", "recording_deleted", id);
      return {};
    }));
  }
  return all;
}

}  // namespace invigil::server
