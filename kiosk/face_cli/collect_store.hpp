// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "collect_lists.hpp"
#include "invigil/base/clock.hpp"
#include "invigil/base/text.hpp"

namespace invigil::face {

struct KeptFrame {
  Bytes jpeg;
  milliseconds at{0};   ///< since the step began
  int faces = 0;
  bool usable = false;  ///< the kiosk would have compared it: the quality gate is passed and the head is not turned away
};

/// What one step gave.
struct StepFrames {
  std::string step;         ///< folder name: a-z, 0-9, _ and -
  std::string role;         ///< "live", "reference", or "" = not in frames.csv
  std::string attack_type;  ///< empty = a live person
  std::string group;        ///< of frames.csv
  bool listed = true;       ///< false: its frames are kept for a look by people, and are in no list
  std::vector<KeptFrame> frames;
};

struct StepSeen {
  std::string step;
  int frames = 0, usable = 0;
  bool readable = true;  ///< false: step.json is broken and the lists do without the step
};
struct SessionSeen {
  long subject = 0, session = 0;
  std::vector<StepSeen> steps;
  std::optional<Consent> consent;
};

/// A folder of recordings: SUBJECT/SESSION/STEP/0001.jpg … and step.json, frames.csv (`verify --templates`), attacks.csv
/// (`pad`), consents.csv. Folders 0700, files 0600. The steps are the truth, the lists follow from them: rows of others
/// stay, and rows that stand already keep what was written into them by hand. A step is there whole or not at all,
/// whatever was interrupted. One process at a time.
class CollectStore {
 public:
  /// Finishes what was interrupted.
  /// @param make  create the folder
  /// Errors: NotFound no_such_folder; Conflict in_use; InvalidInput bad_table (a list has other columns); Unavailable cannot_write.
  static Result<CollectStore> open(const std::string& folder, bool make);

  /// Replaces the row of that session.
  Status consent(const Consent& row);
  /// Replaces the step when it is there.
  Status keep(long subject, long session, const StepFrames& step);
  Status drop(long subject, long session, const std::string& step);
  std::optional<StepSeen> step(long subject, long session, const std::string& name) const;
  /// By subject, then session.
  Result<std::vector<SessionSeen>> list() const;
  /// Everything of a subject, or of one session. Also rows that others wrote about the subject.
  /// @return files that such rows name and that lie outside the subject's folder: they are not deleted.
  /// Errors: NotFound no_such_subject; Unavailable cannot_write.
  Result<std::vector<std::string>> forget(long subject, std::optional<long> session = std::nullopt);

 private:
  /// What is being forgotten, as text.
  struct Gone {
    std::set<std::string> subjects;
    std::set<std::pair<std::string, std::string>> sessions;
    std::vector<std::string> elsewhere;
  };
  CollectStore(std::string folder, std::shared_ptr<const int> lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}
  Status settle(Gone& gone);
  std::string place(long subject, long session) const { return folder_ + "/" + std::to_string(subject) + "/" + std::to_string(session); }

  std::string folder_;
  std::shared_ptr<const int> lock_;  ///< open while the folder is ours
};

}  // namespace invigil::face
