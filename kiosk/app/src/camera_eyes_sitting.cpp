// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QMutexLocker>
#include <algorithm>
#include <optional>

#include "camera_eyes.hpp"
#include "camera_eyes_convert.hpp"
#include "invigil/vision/frame_watch.hpp"

// Watch and recording while somebody sits; on the worker thread.
namespace invigil::kiosk {
namespace {

constexpr milliseconds kLookEvery{500};
constexpr milliseconds kReopenAfter{3000};
constexpr milliseconds kDeskAgain{10'000};  // as a recorder whose disk is full

vision::MonitorRules monitorRules(const GuardRules& rules) {
  vision::MonitorRules out;
  out.warnings_to_pause = rules.warnings_to_pause;
  for (const GuardRules::Row& row : rules.rows)
    if (const auto concern = vision::concernOf(row.concern.toStdString()))
      out.of[static_cast<std::size_t>(*concern)] = {row.notice_s, row.warning_s, row.pause_s};
  return out;
}

ConcernChange changeOf(const vision::IncidentChange& change, milliseconds now) {
  ConcernChange out;
  out.place = change.place;
  out.concern = text(vision::concernName(change.concern));
  out.measure = text(vision::measureName(change.measure));
  out.risen = change.risen;
  out.began_ago_ms = (now - change.began).count();
  if (change.ended) out.ended_ago_ms = std::max<qint64>(0, (now - *change.ended).count());
  out.score = change.score;
  return out;
}

}  // namespace

void CameraEyes::followRecording() {
  SittingRecording wanted;
  {
    const QMutexLocker lock(&mutex_);
    wanted = recording_;
  }
  const milliseconds now = SystemClock().monotonic();
  const bool same = wanted.sitting_id == recorded_.sitting_id;
  if (same && (!desk_again_ || now < *desk_again_)) return;
  const bool told = same;  // once for a sitting
  desk_again_.reset();
  recorder_.reset();  // closes the running segment
  recorded_ = wanted;
  if (wanted.sitting_id.isEmpty()) return;
  recording::RecordRules rules;
  if (wanted.key.size() != static_cast<qsizetype>(rules.key.size())) return qWarning("recording: the key has a wrong size");
  std::copy(wanted.key.begin(), wanted.key.end(), rules.key.begin());
  rules.sitting_id = wanted.sitting_id.toStdString();
  rules.first_number = static_cast<std::uint32_t>(std::max(1, wanted.first_number));
  rules.frames_per_second = wanted.frames_per_second;
  rules.segment = seconds{std::clamp(wanted.segment_seconds, 1, 600)};
  auto folder = recording::SegmentFolder::open(desk_.dir.toStdString(), desk_.disk);
  if (!folder) {
    // No film without a disk, but an exam: the hall record says what is missing.
    desk_again_ = now + kDeskAgain;
    if (told) return;
    qWarning("recording: %s", folder.error().detail.c_str());
    emit recordingNews({wanted.sitting_id, text(recording::newsName(recording::News::What::Stopped)), QStringLiteral("disk_failed"),
                        now.count() + wanted.server_ahead_ms, static_cast<int>(rules.first_number) - 1});
    return;
  }
  recorder_ = std::make_unique<recording::Recorder>(std::move(rules), std::move(*folder), [this, id = wanted.sitting_id](const recording::News& news) {
    emit recordingNews({id, text(recording::newsName(news.what)), QString::fromStdString(news.why), toMillis(news.at), static_cast<int>(news.segments)});
  });
}

void CameraEyes::guardSitting(const Order& order, std::unique_ptr<devices::CameraSource>& camera) {
  const SystemClock clock;
  vision::Embedding person;
  QByteArrayList remembered;
  {
    const QMutexLocker lock(&mutex_);
    person = person_;
    if (person.empty() && order.watches) remembered = remembered_;
  }
  if (!remembered.empty()) {
    person = describe(remembered).first;
    const QMutexLocker lock(&mutex_);
    if (remembered_.empty()) person = {};  // forgotten meanwhile
    person_ = person;
    remembered_.clear();
  }
  // A file that runs in a circle and a drawing repeat themselves; a camera never does. Without an engine nothing here
  // can find a face, but a recording needs none, and no picture at all is still noticed.
  const bool repeats = spec_.startsWith("file:") || spec_.startsWith("simulated:");
  std::optional<vision::FrameWatch> watch;
  if (engine_ && order.watches) watch.emplace(*engine_, std::move(person), !repeats);
  if (camera && !rightDevice(*camera)) camera.reset();
  vision::Monitor monitor(monitorRules(order.guard), order.guard.next_place);
  milliseconds looked{0}, seen = clock.monotonic();
  const auto tell = [&](const std::vector<vision::IncidentChange>& changes, const vision::Frame& frame) {
    for (const vision::IncidentChange& one : changes) {
      ConcernChange change = changeOf(one, clock.monotonic());
      change.picture = jpeg(frame);
      emit concern(change);
    }
  };
  while (current().number == order.number) {
    followRecording();
    std::optional<vision::Frame> frame;
    if (camera)
      if (auto grabbed = camera->grab()) frame = std::move(*grabbed);
    const milliseconds now = clock.monotonic();
    if (frame) seen = now;
    if (frame && recorder_) recorder_->offer(*frame, fromMillis(now.count() + recorded_.server_ahead_ms));
    if (now - looked < kLookEvery) {
      if (!frame) QThread::msleep(50);
      continue;
    }
    looked = now;
    if (frame) {
      if (watch) {
        const vision::Sighting sighting = watch->look(*frame, now);
        memory_.sit(*frame, sighting.face);
        tell(monitor.feed(sighting), *frame);
      } else if (order.watches) {
        tell(monitor.feed({.at = now, .face = true}), *frame);
      }
      continue;
    }
    if (order.watches) tell(monitor.feed({.at = now, .picture = false}), {});
    if (now - seen > kReopenAfter) {
      seen = now;
      camera.reset();  // one that hangs still holds its device, which opens for one at a time
      if (auto again = open(Mode::Guard); again && rightDevice(*again)) camera = std::move(again);
    }
  }
  if (order.watches) tell(monitor.stop(clock.monotonic()), {});
  memory_.stand();
}

}  // namespace invigil::kiosk
