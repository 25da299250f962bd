// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "invigil/base/text.hpp"
#include "invigil/segment/segment.hpp"

namespace invigil::recording {

/// How much of the disk recordings may take while they wait for the network.
struct DiskRules {
  std::int64_t bytes_max = std::int64_t{4} << 30;  ///< of all segments together, also those put aside
  std::int64_t free_min = std::int64_t{1} << 30;   ///< what stays free for everything else, answers above all
};

/// What the disk still bears.
enum class Room {
  Plenty,
  Short,   ///< three quarters of the budget are used, or less than twice free_min is left
  None     ///< the budget is used up, or free_min is reached
};

/// @param before  what it was: leaving a worse state takes a tenth more room than entering it.
Room roomOf(std::int64_t used, std::int64_t free, const DiskRules& rules, Room before);

/// One sealed segment that the server has not acknowledged yet.
struct Waiting {
  std::string path, sitting_id;
  std::uint32_t number = 0;
  std::int64_t bytes = 0;
};

/// The kiosk's folder of sealed segments. What add() has returned from is on disk; a power cut leaves whole files only.
/// Holds no state of its own: several objects and threads may use one folder.
class SegmentFolder {
 public:
  using FreeBytes = std::function<std::int64_t(const std::string&)>;
  /// What a folder's files hold; each kind has its own files and numbers. A Report is an incident's that nothing seals.
  enum class Kind { Film, Incident, Report };
  /// Makes the folder (mode 0700) and removes what a power cut left half written.
  /// @param free  how much of the file system is left; empty = as it is.
  /// Errors: Unavailable cannot_write.
  static Result<SegmentFolder> open(const std::string& dir, const DiskRules& rules = {}, FreeBytes free = {}, Kind kind = Kind::Film);

  /// Blocks until the file is on disk. Errors: Unavailable cannot_write.
  Status add(const segment::Head& head, const std::string& sealed) const;
  /// Oldest first.
  std::vector<Waiting> waiting() const;
  /// Errors: as readFile.
  Result<std::string> load(const Waiting& one) const { return readFile(one.path, segment::kBytesMax); }
  /// The server has it, or can never take it.
  void remove(const Waiting& one) const;
  /// The server does not take it, and it may be all there is of that time: it waits no longer, but stays in the folder for a person
  /// and within the budget. @return its new path. Errors: Unavailable cannot_write.
  Result<std::string> putAside(const Waiting& one) const;
  /// One more than the highest number that waits for this sitting; 1 when none does.
  std::uint32_t nextNumber(const std::string& sitting_id) const;
  Room room(Room before) const;

 private:
  SegmentFolder(std::string dir, const DiskRules& rules, FreeBytes free, Kind kind)
      : dir_(std::move(dir)), rules_(rules), free_(std::move(free)), kind_(kind) {}
  std::string dir_;
  DiskRules rules_;
  FreeBytes free_;
  Kind kind_;
};

}  // namespace invigil::recording
