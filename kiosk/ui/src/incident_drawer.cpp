// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "incident_drawer.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <utility>

namespace invigil::kiosk {
namespace {

using recording::SegmentFolder;
using recording::Waiting;

constexpr int kRetryMs = 3000;

std::string jsonOf(const QJsonObject& report) { return QJsonDocument(report).toJson(QJsonDocument::Compact).toStdString(); }

/// What may lie on a disk unsealed. It is read after a restart only, when nobody has watched since: it lasted as long as there are pictures
/// of it, which is how the server reads a sealed one.
std::string plainOf(QJsonObject report) {
  if (report.value("ended_ms").isNull()) {
    double last = report.value("began_ms").toDouble();
    const QJsonArray pictures = report.value("evidence").toArray();
    for (const QJsonValue& picture : pictures) last = std::max(last, picture.toObject().value("at_ms").toDouble());
    report.insert("ended_ms", last);
  }
  report.insert("evidence", QJsonArray());
  return jsonOf(report);
}

std::optional<Waiting> waitingOf(const SegmentFolder& folder, const QString& sitting_id, int place) {
  for (Waiting& one : folder.waiting())
    if (one.sitting_id == sitting_id.toStdString() && static_cast<int>(one.number) == place) return std::move(one);
  return std::nullopt;
}

void dropFrom(const std::optional<SegmentFolder>& folder, const QString& sitting_id, int place) {
  if (!folder) return;
  if (const auto one = waitingOf(*folder, sitting_id, place)) folder->remove(*one);
}

}  // namespace

IncidentDrawer::IncidentDrawer(Transport& transport, const QString& data_dir, QObject* parent)
    : QObject(parent), api_(transport), dir_((data_dir + "/recording").toStdString()) {
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, &IncidentDrawer::sendLeft);
  if (!haveFolders()) return;
  for (Waiting& one : sealed_->waiting()) left_.push_back({std::move(one), true});
  for (Waiting& one : plain_->waiting()) left_.push_back({std::move(one), false});
  again_.start(0);
}

bool IncidentDrawer::haveFolders() {
  const std::pair<Folder*, SegmentFolder::Kind> wanted[]{{&sealed_, SegmentFolder::Kind::Incident}, {&plain_, SegmentFolder::Kind::Report}};
  for (const auto& [folder, kind] : wanted) {
    if (*folder) continue;
    auto made = SegmentFolder::open(dir_, {}, {}, kind);
    if (!made) {
      qWarning("incidents: %s", made.error().detail.c_str());
      return false;
    }
    *folder = std::move(*made);
  }
  return true;
}

void IncidentDrawer::open(const QString& sitting_id, const QByteArray& key) {
  close();
  if (key.size() != static_cast<qsizetype>(key_.size())) return;
  sitting_id_ = sitting_id;
  std::copy(key.begin(), key.end(), key_.begin());
  emit opened();
}

void IncidentDrawer::close() {
  sitting_id_.clear();
  key_.fill(0);
}

Status IncidentDrawer::keepSealed(const segment::Head& head, const QJsonObject& report) const {
  INVIGIL_TRY(sealed, segment::seal(key_, head, jsonOf(report)));
  return sealed_->add(head, sealed);
}

void IncidentDrawer::keep(const QString& sitting_id, const QJsonObject& report) {
  if (!haveFolders()) return;
  const int place = report.value("place").toInt();
  const auto began = static_cast<std::int64_t>(report.value("began_ms").toDouble());
  const segment::Head head{sitting_id.toStdString(), static_cast<std::uint32_t>(place), began, began, 1};
  const bool key = !sitting_id_.isEmpty() && sitting_id == sitting_id_;
  const Status kept = key ? keepSealed(head, report) : plain_->add(head, plainOf(report));
  if (!kept) qWarning("incidents: %s", kept.error().detail.c_str());
  else if (key) dropFrom(plain_, sitting_id, place);  // from before the key came
}

void IncidentDrawer::drop(const QString& sitting_id, int place) {
  dropFrom(sealed_, sitting_id, place);
  dropFrom(plain_, sitting_id, place);
}

void IncidentDrawer::bring(const QString& sitting_id, int place) {
  auto one = sealed_ ? waitingOf(*sealed_, sitting_id, place) : std::nullopt;
  if (!one) return;
  const bool idle = left_.empty();
  left_.push_back({std::move(*one), true});
  if (idle) again_.start(0);
}

int IncidentDrawer::nextPlace(const QString& sitting_id) const {
  std::uint32_t next = 1;
  for (const Folder* folder : {&sealed_, &plain_})
    if (*folder) next = std::max(next, (*folder)->nextNumber(sitting_id.toStdString()));
  return static_cast<int>(next);
}

void IncidentDrawer::sendLeft() {
  if (left_.empty()) return;
  const Left& one = left_.front();
  const auto content = (one.sealed ? sealed_ : plain_)->load(one.file);
  if (!content) {  // the disk does not give it back
    qWarning("incidents: %s", content.error().detail.c_str());
    left_.pop_front();
    return again_.start(0);
  }
  const QString sitting_id = QString::fromStdString(one.file.sitting_id);
  const QByteArray bytes = QByteArray::fromStdString(*content);
  const auto answered = [this, sent = *content](const Reply& reply) { leftAnswered(sent, reply); };
  if (one.sealed) api_.sealedIncident(sitting_id, bytes, answered);
  else api_.reportIncident(sitting_id, QJsonDocument::fromJson(bytes).object(), answered);
}

void IncidentDrawer::leftAnswered(const std::string& sent, const Reply& reply) {
  if (reply.ofTheMoment()) return again_.start(kRetryMs);
  // What is damaged or known otherwise never gets better.
  if (!reply.ok()) qWarning("an incident from the disk was not taken: %s", qPrintable(reply.error_id));
  const Left& one = left_.front();
  const SegmentFolder& folder = *(one.sealed ? sealed_ : plain_);
  // A newer word on it may have taken its place meanwhile: that one goes next.
  if (const auto stands = folder.load(one.file); !stands || *stands == sent) {
    if (one.sealed || reply.error_id != "admission_other_seat") folder.remove(one.file);
    left_.pop_front();
  }
  sendLeft();
}

}  // namespace invigil::kiosk
