// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "renewal.hpp"

#include <QPointer>
#include <QSslCertificate>
#include <utility>

namespace invigil::kiosk {
namespace {

constexpr std::chrono::seconds kSoon{5}, kPatient{15};
constexpr minutes kNoNetwork{5};
constexpr std::chrono::hours kEvery{1};

/// Less than a third of its life is left.
bool isDue(const QByteArray& certificate_pem, Instant now) {
  const auto certificates = QSslCertificate::fromData(certificate_pem, QSsl::Pem);
  if (certificates.isEmpty()) return false;
  const Instant begins = fromMillis(certificates.first().effectiveDate().toMSecsSinceEpoch());
  const Instant ends = fromMillis(certificates.first().expiryDate().toMSecsSinceEpoch());
  return 3 * (ends - now) < ends - begins;
}

}  // namespace

Renewal::Renewal(Transport& transport, const HallModel& hall, const Clock& clock, QString data_dir, Identity identity, Use use, QObject* parent)
    : QObject(parent), transport_(transport), hall_(hall), clock_(clock), data_dir_(std::move(data_dir)), identity_(std::move(identity)), use_(std::move(use)) {
  connect(&timer_, &QTimer::timeout, this, &Renewal::look);
  connect(&hall, &HallModel::refused, this, &Renewal::tryBefore);
}

void Renewal::start() { timer_.start(kSoon); }

/// This machine's clock may be far behind.
Instant Renewal::now() const { return hall_.known() ? fromMillis(hall_.serverNow()) : clock_.now(); }

void Renewal::look() {
  timer_.setInterval(hall_.known() ? milliseconds(kEvery) : milliseconds(kNoNetwork));
  tried_before_ = false;
  // The pair from before was not renewed: perhaps the server knows the newest by now.
  if (!asking_) goBackToNewest();
  if (isDue(identity_.certificate_pem, now())) ask();
}

void Renewal::tryBefore(const QString& error_id) {
  if (error_id != QLatin1String("kiosk_unknown") || asking_ || tried_before_ || newest_) return;
  tried_before_ = true;
  auto before = loadBefore(data_dir_, identity_);
  if (!before) return;
  qWarning("the server does not know this kiosk's certificate: trying the one from before");
  newest_ = std::exchange(identity_, std::move(*before));
  use_(identity_);
  ask();
}

void Renewal::goBackToNewest() {
  if (!newest_) return;
  identity_ = *std::exchange(newest_, std::nullopt);
  use_(identity_);
}

void Renewal::ask() {
  if (asking_) return;
  const auto fresh = makeKey();
  if (!fresh) {
    qWarning("the certificate was not renewed: %s", fresh.error().detail.c_str());
    return;
  }
  asking_ = true;
  transport_.send("POST", "/api/v1/kiosk/certificate", {{"csr_pem", QString::fromLatin1(fresh->request_pem)}}, kPatient,
                  [self = QPointer<Renewal>(this), key = fresh->key_pem](const Reply& reply) {
                    if (self) self->take(key, reply);
                  });
}

void Renewal::take(const QByteArray& key_pem, const Reply& reply) {
  asking_ = false;
  if (!reply.ok()) {
    qWarning("the certificate was not renewed: %s", qPrintable(reply.error_id));
    timer_.start(reply.status == 0 ? milliseconds(kNoNetwork) : milliseconds(kEvery));
    // The pair from before is no kiosk's either. One that is only renewed by now is, until the next look.
    if (reply.status == 403 && reply.error_id != QLatin1String("kiosk_certificate_replaced")) goBackToNewest();
    return;
  }
  Identity next = identity_;
  next.key_pem = key_pem;
  next.certificate_pem = reply.body.value("certificate_pem").toString().toLatin1();
  if (!fits(next.key_pem, next.certificate_pem)) {
    qWarning("the certificate was not renewed: the server's answer holds none for the new key");
    return;
  }
  // What is not on the disk is not used: whoever has used a newer one gets no other with the old one.
  if (const Status saved = savePair(data_dir_, next, identity_); !saved) {
    qWarning("the certificate was not renewed: %s", saved.error().detail.c_str());
    return;
  }
  identity_ = std::move(next);
  newest_.reset();
  qInfo("this kiosk has its next certificate");
  use_(identity_);
}

}  // namespace invigil::kiosk
