// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "recording_model.hpp"

#include <QCryptographicHash>
#include <algorithm>

namespace invigil::kiosk {
namespace {

constexpr int kRetryMs = 3000, kLookMs = 2000, kPauseMaxMs = 60'000;
constexpr std::size_t kNewsMax = 200;
constexpr milliseconds kAsideFirst{60'000}, kAsideMost{60 * 60'000};
constexpr int kRefusalsMax = 12;  // about eight hours; a restart tries again

/// The server will never take this segment; every other refusal may pass.
bool hopeless(const QString& error_id) {
  static const QStringList ids{"bad_segment", "segment_elsewhere", "no_recording", "no_such_sitting"};
  return ids.contains(error_id);
}

}  // namespace

RecordingModel::RecordingModel(Transport& transport, Eyes& eyes, const Clock& clock, const QString& data_dir, std::function<bool()> busy,
                               QObject* parent)
    : QObject(parent), api_(transport), eyes_(eyes), clock_(clock), busy_(std::move(busy)), dir_((data_dir + "/recording").toStdString()) {
  if (!haveFolder()) qWarning("recording: the disk takes no folder");
  for (QTimer* timer : {&again_, &tell_again_, &next_}) timer->setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, &RecordingModel::ask);
  connect(&tell_again_, &QTimer::timeout, this, &RecordingModel::sendNews);
  connect(&next_, &QTimer::timeout, this, &RecordingModel::upload);
  connect(&eyes_, &Eyes::recordingNews, this, [this](const RecordingNews& news) {
    if (news_.size() < kNewsMax)
      news_.push_back({news.sitting_id, {{"what", news.what}, {"why", news.why}, {"at_ms", news.at_ms}, {"segments", news.segments}}});
    sendNews();
  });
  // After a power cut the paper is back before the camera is.
  connect(&eyes_, &Eyes::readyChanged, this, &RecordingModel::ask);
  next_.start(kLookMs);
}

void RecordingModel::begin(const QString& sitting_id) {
  end();
  sitting_id_ = sitting_id;
  forbidden_ = false;
  ask();
}

void RecordingModel::forbid() {
  if (recording_) eyes_.record({});
  recording_ = false;
  forbidden_ = true;
}

void RecordingModel::end() {
  again_.stop();
  sitting_id_.clear();
  if (recording_) eyes_.record({});
  recording_ = false;
}

/// Where the disk refused it at the start it is looked for again, or what waits there would wait for a restart.
bool RecordingModel::haveFolder() {
  if (folder_) return true;
  if (auto folder = recording::SegmentFolder::open(dir_)) folder_ = std::move(*folder);
  return folder_.has_value();
}

/// Also without a folder: only where the server has made a key does the hall record learn that nothing can be kept here.
void RecordingModel::ask() {
  if (sitting_id_.isEmpty() || recording_ || !eyes_.shouldSee()) return;
  api_.recording(sitting_id_, [this, id = sitting_id_](const Reply& reply) {
    if (sitting_id_ != id || recording_) return;
    if (reply.ok()) take(reply.body);
    else if (reply.ofTheMoment()) again_.start(kRetryMs);
    else qWarning("no recording: %s", qPrintable(reply.error_id));
  });
}

void RecordingModel::take(const QJsonObject& order) {
  SittingRecording rules;
  rules.sitting_id = sitting_id_;
  rules.key = QByteArray::fromBase64(order.value("film_key").toString().toLatin1());
  // Also where nothing is recorded: reports of incidents are sealed with it.
  if (!rules.key.isEmpty()) emit keyKnown(rules.sitting_id, rules.key);
  if (!order.value("record").toBool() || forbidden_) return;
  rules.first_number = std::max(order.value("next_number").toInt(1), static_cast<int>(nextNumber(sitting_id_)));
  rules.frames_per_second = order.value("frames_per_second").toInt(5);
  rules.segment_seconds = order.value("segment_seconds").toInt(30);
  rules.server_ahead_ms = static_cast<qint64>(order.value("now_ms").toDouble()) - clock_.monotonic().count();
  recording_ = true;
  eyes_.record(rules);
}

/// A segment that was uploaded while the server's order travelled is neither in the order nor in the folder any more.
std::uint32_t RecordingModel::nextNumber(const QString& sitting_id) const {
  return std::max(folder_ ? folder_->nextNumber(sitting_id.toStdString()) : 1U, highest_.value(sitting_id) + 1);
}

void RecordingModel::sendNews() {
  if (telling_ || news_.empty()) return;
  telling_ = true;
  api_.recordingNews(news_.front().sitting_id, news_.front().body, [this](const Reply& reply) {
    telling_ = false;
    if (reply.ofTheMoment()) return tell_again_.start(kRetryMs);
    if (!reply.ok()) qWarning("recording: %s", qPrintable(reply.error_id));
    news_.pop_front();
    sendNews();
  });
}

void RecordingModel::upload() {
  next_.start(kLookMs);
  if (uploading_ || busy_() || !haveFolder()) return;
  const std::vector<recording::Waiting> waiting = folder_->waiting();
  for (const recording::Waiting& one : waiting) {
    std::uint32_t& highest = highest_[QString::fromStdString(one.sitting_id)];
    highest = std::max(highest, one.number);
  }
  for (const recording::Waiting& one : waiting) {
    if (unreadable_.contains(QString::fromStdString(one.path))) continue;
    const auto refused = refused_.constFind(QString::fromStdString(one.path));
    if (refused != refused_.cend() && (refused->times >= kRefusalsMax || clock_.monotonic() < refused->not_before)) continue;
    const auto sealed = folder_->load(one);
    if (!sealed) {
      // Stays on the disk for who wants to save it; the server shows the gap.
      qWarning("recording: %s", sealed.error().detail.c_str());
      unreadable_.insert(QString::fromStdString(one.path));
      continue;
    }
    const QByteArray bytes(sealed->data(), static_cast<qsizetype>(sealed->size()));
    const QString sha256 = QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    uploading_ = true;
    return api_.keepSegment(QString::fromStdString(one.sitting_id), sha256, bytes, [this, one](const Reply& reply) { uploaded(one, reply); });
  }
}

void RecordingModel::uploaded(const recording::Waiting& one, const Reply& reply) {
  uploading_ = false;
  if (reply.ok() || hopeless(reply.error_id)) {
    if (!reply.ok()) qWarning("a segment of a recording was not taken: %s", qPrintable(reply.error_id));
    folder_->remove(one);
    refused_.remove(QString::fromStdString(one.path));
    failures_ = 0;
    return next_.start(0);
  }
  if (reply.error_id == "segment_differs") {
    if (const auto path = folder_->putAside(one)) {
      qWarning("the server has another segment of this number; this one stays as %s", path->c_str());
      refused_.remove(QString::fromStdString(one.path));
      failures_ = 0;
      return next_.start(0);
    }
  }
  if (!reply.ofTheMoment()) {
    // Behind it may wait what the server takes. This one comes again later, less and less often; the server shows the gap.
    Refused& refused = refused_[QString::fromStdString(one.path)];
    qWarning("a segment of a recording is put aside: %s", qPrintable(reply.error_id));
    refused.not_before = clock_.monotonic() + std::min(kAsideMost, kAsideFirst * (1 << std::min(refused.times, 6)));
    ++refused.times;
    failures_ = 0;
    return;
  }
  failures_ = std::min(failures_ + 1, 10);
  next_.start(std::min(kPauseMaxMs, kLookMs << std::min(failures_, 5)));
}

}  // namespace invigil::kiosk
