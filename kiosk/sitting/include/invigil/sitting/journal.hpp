// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "invigil/base/result.hpp"
#include "invigil/sitting/sitting.hpp"

namespace invigil::sitting {

/// What a journal held when it was opened.
struct Recovered {
  std::vector<Response> responses;  ///< the highest revision of each position, by position
  bool handed_in = false;           ///< the candidate, or the deadline, had already ended the sitting
  bool by_deadline = false;
  std::size_t bytes_dropped = 0;    ///< a record that a power cut tore, or damage; 0 = the file was whole
};

/// The kiosk's own memory of one sitting: an append-only file of checksummed records. What append() has returned
/// from is on disk. Holds no name and no document number. One thread at a time.
/// Format: docs/formats/kiosk-journal.md.
class Journal {
 public:
  /// Opens or makes DIR/sitting-ID.journal (mode 0600). A torn end is cut off and reported in `recovered`.
  /// Errors: InvalidInput bad_sitting_id; Unavailable cannot_write; Corrupt journal_of_another_sitting.
  static Result<Journal> open(const std::string& dir, const std::string& sitting_id, Recovered& recovered);
  /// Removes what other sittings left behind in DIR, except `sitting_id` (may be empty).
  static void removeOthers(const std::string& dir, const std::string& sitting_id);

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&& other) noexcept;
  ~Journal();

  /// Blocks until the record is on disk (about 1 to 10 ms). After an error the file ends with the last whole record.
  /// Errors: Unavailable cannot_write.
  Status append(const Response& response);
  Status appendHandIn(bool by_deadline);
  /// Deletes the file; append() must not be called again.
  Status remove();
  const std::string& path() const { return path_; }

 private:
  Journal(int fd, std::string path, std::size_t size) : fd_(fd), path_(std::move(path)), size_(size) {}
  Status write(const std::string& record);
  int fd_ = -1;
  std::string path_;
  std::size_t size_ = 0;
};

}  // namespace invigil::sitting
