// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "invigil/recording/film.hpp"
#include "invigil/recording/segment_folder.hpp"

namespace invigil::recording {

struct RecordRules {
  std::string sitting_id;
  segment::Key key{};
  std::uint32_t first_number = 1;    ///< of the next segment
  int frames_per_second = 5;         ///< 1..15
  milliseconds segment{30'000};      ///< a power cut loses at most this much
  FilmRules film;
};

/// What belongs in the hall record.
struct News {
  enum class What {
    Began,    ///< the first picture is in
    Slower,   ///< one picture a second from here on: the disk runs short
    Normal,   ///< all pictures again
    Stopped,  ///< no pictures from here on; `why` says what is wrong, the recorder tries again every 10 s
    Ended     ///< the sitting's recording is complete
  };
  What what = What::Began;
  Instant at{};
  std::string why;             ///< "disk_short", "disk_full", "disk_failed", "encoder_failed" or empty
  std::uint32_t segments = 0;  ///< the number of the last segment so far; 0 = none
};
/// "began", "slower", "normal", "stopped", "ended".
std::string_view newsName(News::What what);

/// Turns pictures into sealed segments in a folder, by the rules and by what the disk bears. No thread, no clock.
class SegmentMaker {
 public:
  using Tell = std::function<void(const News&)>;
  SegmentMaker(RecordRules rules, SegmentFolder folder, Tell tell);
  /// The time between two pictures as it now is.
  milliseconds interval() const;
  /// Codes the picture, and closes the segment when it is long enough or a hole came before the picture. Waits for the
  /// disk then. @param at  server time; a picture that is not newer than the one before is left out.
  void take(const vision::Frame& frame, Instant at);
  /// Closes the running segment; the last call.
  void end(Instant at);

 private:
  void close();
  void look(Instant at);
  void stop(Instant at, const char* why);
  void say(News::What what, Instant at, std::string why = {});

  RecordRules rules_;
  SegmentFolder folder_;
  Tell tell_;
  Film film_;
  std::uint32_t next_number_;
  Room room_ = Room::Plenty;
  std::optional<Instant> again_;  ///< stopped until then
  std::string why_stopped_;
  bool began_ = false;
};

/// A SegmentMaker on its own thread, of low priority, behind a short queue: who offers a picture never waits, and the
/// oldest waiting picture goes when the queue is full. Thread-safe.
class Recorder {
 public:
  /// @param tell  called on the recorder's thread
  Recorder(RecordRules rules, SegmentFolder folder, SegmentMaker::Tell tell);
  /// Closes the running segment; takes as long as coding and writing it.
  ~Recorder();
  /// Copies the picture when one is due. @param at  server time
  void offer(const vision::Frame& frame, Instant at);

 private:
  void work();
  struct Offered {
    vision::Frame frame;
    Instant at;
  };
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Offered> queue_;
  bool over_ = false;
  Instant due_{}, newest_{};
  std::atomic<std::int64_t> interval_ms_;
  SegmentMaker maker_;  ///< the thread's
  std::thread thread_;
};

}  // namespace invigil::recording
