// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/recording/recorder.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace invigil::recording {
namespace {

constexpr milliseconds kHole{3000};    // longer without a picture: the next one begins a segment
constexpr milliseconds kAgain{10'000};
constexpr milliseconds kEarly{20};     // cameras are not punctual
constexpr std::size_t kQueueMax = 10;  // two seconds: a disk may take that long
constexpr int kNice = 5;

}  // namespace

std::string_view newsName(News::What what) {
  switch (what) {
    case News::What::Began: return "began";
    case News::What::Slower: return "slower";
    case News::What::Normal: return "normal";
    case News::What::Stopped: return "stopped";
    case News::What::Ended: return "ended";
  }
  return "";
}

SegmentMaker::SegmentMaker(RecordRules rules, SegmentFolder folder, Tell tell)
    : rules_(std::move(rules)), folder_(std::move(folder)), tell_(std::move(tell)), film_(rules_.film),
      next_number_(std::max(rules_.first_number, folder_.nextNumber(rules_.sitting_id))) {}

milliseconds SegmentMaker::interval() const {
  return milliseconds{1000} / (room_ == Room::Plenty ? std::clamp(rules_.frames_per_second, 1, 15) : 1);
}

void SegmentMaker::take(const vision::Frame& frame, Instant at) {
  const auto stands = [&] { return again_ && at < *again_; };
  if (stands()) return;
  if (!film_.empty()) {
    if (at <= film_.last()) return;
    if (at - film_.last() > kHole || at - film_.began() >= rules_.segment || !film_.fits(frame)) close();
    if (stands()) return;
  }
  if (film_.empty()) look(at);
  if (stands()) return;
  if (auto added = film_.add(frame, at); !added) {
    close();
    // A picture of no use is left out; a coder that fails is another matter.
    if (added.error().code == ErrorCode::Internal) stop(at, "encoder_failed");
    return;
  }
  if (!began_) say(News::What::Began, at);
  began_ = true;
}

/// Before a segment begins: what does the disk bear?
void SegmentMaker::look(Instant at) {
  const Room before = room_;
  room_ = folder_.room(room_);
  if (room_ == Room::None) return stop(at, "disk_full");
  again_.reset();
  const bool stood = why_stopped_ == "disk_full";
  if (stood) why_stopped_.clear();
  if (room_ == Room::Short && (stood || before == Room::Plenty)) say(News::What::Slower, at, "disk_short");
  else if (room_ == Room::Plenty && (stood || before != Room::Plenty)) say(News::What::Normal, at);
}

void SegmentMaker::close() {
  if (film_.empty()) return;
  const Instant last = film_.last();
  const auto done = film_.finish(interval());
  if (!done) return stop(last, "encoder_failed");
  const segment::Head head{rules_.sitting_id, next_number_, toMillis(done->began), toMillis(done->ended), done->frames};
  const auto sealed = segment::seal(rules_.key, head, done->webm);
  if (!sealed) return stop(last, "encoder_failed");
  if (!folder_.add(head, *sealed)) return stop(last, "disk_failed");
  ++next_number_;
  // What failed before works again only now that a segment is on the disk.
  if (!why_stopped_.empty()) say(News::What::Normal, done->began);
  why_stopped_.clear();
}

void SegmentMaker::stop(Instant at, const char* why) {
  again_ = at + kAgain;
  if (why_stopped_ == why) return;  // said already
  why_stopped_ = why;
  say(News::What::Stopped, at, why);
}

void SegmentMaker::end(Instant at) {
  close();
  if (began_) say(News::What::Ended, at);
}

void SegmentMaker::say(News::What what, Instant at, std::string why) { tell_({what, at, std::move(why), next_number_ - 1}); }

Recorder::Recorder(RecordRules rules, SegmentFolder folder, SegmentMaker::Tell tell)
    : maker_(std::move(rules), std::move(folder), std::move(tell)) {
  interval_ms_ = maker_.interval().count();
  thread_ = std::thread([this] { work(); });
}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void Recorder::offer(const vision::Frame& frame, Instant at) {
  const std::lock_guard lock(mutex_);
  newest_ = std::max(newest_, at);
  if (at + kEarly < due_) return;
  due_ = std::max(due_, at - kEarly) + milliseconds{interval_ms_.load()};
  if (queue_.size() >= kQueueMax) queue_.pop_front();
  queue_.push_back({frame, at});
  came_.notify_one();
}

void Recorder::work() {
  // Answers and the screen come first.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNice);
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait(lock, [this] { return over_ || !queue_.empty(); });
    if (queue_.empty()) break;
    const Offered one = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    maker_.take(one.frame, one.at);
    interval_ms_ = maker_.interval().count();
    lock.lock();
  }
  const Instant at = newest_;
  lock.unlock();
  maker_.end(at);
}

}  // namespace invigil::recording
