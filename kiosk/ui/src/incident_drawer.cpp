// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "incident_drawer.hpp"

#include <QJsonDocument>
#include <algorithm>

namespace invigil::kiosk {
namespace {
constexpr int kRetryMs = 3000;
}

IncidentDrawer::IncidentDrawer(Transport& transport, const QString& data_dir, QObject* parent) : QObject(parent), api_(transport) {
  auto folder = recording::SegmentFolder::open((data_dir + "/recording").toStdString(), {}, {}, recording::SegmentFolder::Kind::Incident);
  if (!folder) {
    qWarning("incidents: %s", folder.error().detail.c_str());
    return;
  }
  folder_ = std::move(*folder);
  for (recording::Waiting& one : folder_->waiting()) left_.push_back(std::move(one));
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, &IncidentDrawer::sendLeft);
  again_.start(0);
}

void IncidentDrawer::open(const QString& sitting_id, const QByteArray& key) {
  close();
  if (key.size() != static_cast<qsizetype>(key_.size())) return;
  sitting_id_ = sitting_id;
  std::copy(key.begin(), key.end(), key_.begin());
}

void IncidentDrawer::close() {
  sitting_id_.clear();
  key_.fill(0);
}

void IncidentDrawer::keep(const QString& sitting_id, const QJsonObject& report) {
  if (!folder_ || sitting_id_.isEmpty() || sitting_id != sitting_id_) return;
  const auto began = static_cast<std::int64_t>(report.value("began_ms").toDouble());
  const segment::Head head{sitting_id.toStdString(), static_cast<std::uint32_t>(report.value("place").toInt()), began, began, 1};
  const auto sealed = segment::seal(key_, head, QJsonDocument(report).toJson(QJsonDocument::Compact).toStdString());
  const Status kept = sealed ? folder_->add(head, *sealed) : Status(fail(sealed.error()));
  if (!kept) qWarning("incidents: %s", kept.error().detail.c_str());
}

void IncidentDrawer::drop(const QString& sitting_id, int place) {
  if (!folder_) return;
  for (const recording::Waiting& one : folder_->waiting())
    if (one.sitting_id == sitting_id.toStdString() && static_cast<int>(one.number) == place) folder_->remove(one);
}

void IncidentDrawer::bring(const QString& sitting_id, int place) {
  if (!folder_) return;
  const bool idle = left_.empty();
  for (recording::Waiting& one : folder_->waiting())
    if (one.sitting_id == sitting_id.toStdString() && static_cast<int>(one.number) == place) left_.push_back(std::move(one));
  if (idle) again_.start(0);
}

int IncidentDrawer::nextPlace(const QString& sitting_id) const {
  return folder_ ? static_cast<int>(folder_->nextNumber(sitting_id.toStdString())) : 1;
}

void IncidentDrawer::sendLeft() {
  if (left_.empty()) return;
  const auto sealed = folder_->load(left_.front());
  if (!sealed) {  // the disk does not give it back
    qWarning("incidents: %s", sealed.error().detail.c_str());
    left_.pop_front();
    return again_.start(0);
  }
  api_.sealedIncident(QString::fromStdString(left_.front().sitting_id), QByteArray(sealed->data(), static_cast<qsizetype>(sealed->size())), [this, sent = *sealed](const Reply& reply) {
    if (reply.ofTheMoment()) return again_.start(kRetryMs);
    // What is damaged or known otherwise never gets better.
    if (!reply.ok()) qWarning("an incident from the disk was not taken: %s", qPrintable(reply.error_id));
    // A newer word on it may have taken its place meanwhile: that one goes next.
    if (const auto stands = folder_->load(left_.front()); !stands || *stands == sent) {
      folder_->remove(left_.front());
      left_.pop_front();
    }
    sendLeft();
  });
}

}  // namespace invigil::kiosk
