// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "camera_eyes.hpp"

#include <ZXing/ReadBarcode.h>

#include <QMutexLocker>

#include "invigil/vision/admission_check.hpp"
#include "invigil/vision/frame_watch.hpp"

namespace invigil::kiosk {
namespace {

QString text(std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); }

QByteArray jpeg(const vision::Frame& frame) {
  if (frame.empty()) return {};
  const auto bytes = vision::encodeJpeg(frame, 88);
  if (!bytes) return {};
  return QByteArray(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size()));
}

std::span<const std::uint8_t> span(const QByteArray& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

/// The reference photo as an embedding; empty when no face can be taken from it.
vision::Embedding embedReference(vision::FaceEngine& engine, const QByteArray& photo) {
  const auto frame = vision::decodeImage(span(photo));
  if (!frame || engine.look(*frame).faces == 0) return {};
  auto embedding = engine.embed(*frame);
  return embedding ? std::move(*embedding) : vision::Embedding{};
}

constexpr milliseconds kLookEvery{500};
constexpr milliseconds kReopenAfter{3000};

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

CameraEyes::CameraEyes(QString camera, QString models_dir, QObject* parent)
    : Eyes(parent), spec_(std::move(camera)), models_dir_(std::move(models_dir)) {
  qRegisterMetaType<FaceStep>();
  qRegisterMetaType<FaceOutcome>();
  qRegisterMetaType<ConcernChange>();
  thread_.reset(QThread::create([this] { work(); }));
  thread_->start();
}

CameraEyes::~CameraEyes() {
  order(Mode::Quit);
  thread_->wait();
}

bool CameraEyes::hasCamera() const { return QMutexLocker(&mutex_), has_camera_; }
bool CameraEyes::canVerify() const { return QMutexLocker(&mutex_), info_.canVerify(); }
QString CameraEyes::kind() const { return QMutexLocker(&mutex_), kind_; }
QString CameraEyes::detector() const { return QMutexLocker(&mutex_), text(info_.detector); }
QString CameraEyes::verifier() const { return QMutexLocker(&mutex_), text(info_.verifier); }
QString CameraEyes::verifierHash() const { return QMutexLocker(&mutex_), text(info_.verifier_sha256); }

void CameraEyes::off() { order(Mode::Off); }
void CameraEyes::scan() { order(Mode::Scan); }
void CameraEyes::watch() { order(Mode::Watch); }
void CameraEyes::checkFace(const QByteArray& reference_jpeg, const FaceRules& rules) {
  order(Mode::Face, reference_jpeg, rules);
}

void CameraEyes::guard(const GuardRules& rules) {
  const QMutexLocker lock(&mutex_);
  order_ = {Mode::Guard, {}, {}, rules, order_.number + 1};
  newest_ = {};
  changed_.wakeAll();
}

void CameraEyes::forgetPerson() {
  const QMutexLocker lock(&mutex_);
  person_ = {};
}

QByteArray CameraEyes::capture() const {
  QMutexLocker lock(&mutex_);
  const vision::Frame frame = newest_;
  lock.unlock();
  return jpeg(frame);
}

void CameraEyes::order(Mode mode, const QByteArray& reference, const FaceRules& rules) {
  const QMutexLocker lock(&mutex_);
  order_ = {mode, reference, rules, {}, order_.number + 1};
  if (mode == Mode::Off || mode == Mode::Scan) newest_ = {};
  changed_.wakeAll();
}

CameraEyes::Order CameraEyes::current() const { return QMutexLocker(&mutex_), order_; }

void CameraEyes::warmUp() {
  auto engine = vision::FaceEngine::create(models_dir_.toStdString());
  vision::EngineInfo info;
  if (engine) {
    engine_ = std::move(*engine);
    info = engine_->info();
    vision::Frame black{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 16), milliseconds{0}};
    engine_->look(black);
    for (const std::string& caution : info.cautions) qInfo("%s", caution.c_str());
  } else {
    qWarning("no face engine: %s", engine.error().detail.c_str());
  }
  if (!info.canVerify()) qWarning("no face comparison, the remote reviewer admits: %s", info.why_no_verifier.c_str());
  auto camera = devices::openCamera(spec_.toStdString());
  if (!camera) qWarning("no camera: %s %s", camera.error().reason.c_str(), camera.error().detail.c_str());
  {
    const QMutexLocker lock(&mutex_);
    info_ = std::move(info);
    has_camera_ = camera.has_value();
    kind_ = camera ? text((*camera)->kind()) : QString();
  }
  emit readyChanged();
}

void CameraEyes::work() {
  warmUp();
  for (;;) {
    Order order;
    {
      QMutexLocker lock(&mutex_);
      while (order_.mode == Mode::Off) changed_.wait(&mutex_);
      order = order_;
    }
    if (order.mode == Mode::Quit) return;
    follow(order);
  }
}

void CameraEyes::follow(const Order& order) {
  auto camera = devices::openCamera(spec_.toStdString());
  if (!camera) {
    emit lost();
    QMutexLocker lock(&mutex_);
    while (order_.number == order.number) changed_.wait(&mutex_);
    return;
  }
  Order now = order;
  int failures = 0;
  while (now.mode != Mode::Off && now.mode != Mode::Quit) {
    if (now.mode == Mode::Guard) {
      guardSitting(now, *camera);
    } else if (now.mode == Mode::Face) {
      checkOnce(now, **camera);
      const QMutexLocker lock(&mutex_);
      if (order_.number == now.number) order_.mode = Mode::Watch;
    } else if (const auto frame = (*camera)->grab()) {
      failures = 0;
      show(*frame);
      if (now.mode == Mode::Scan) readCode(*frame);
    } else if (++failures > 5) {
      emit lost();
      return;
    }
    now = current();
  }
  last_code_.clear();
}

void CameraEyes::checkOnce(const Order& order, devices::CameraSource& camera) {
  FaceOutcome outcome;
  const vision::Embedding reference = engine_ ? embedReference(*engine_, order.reference) : vision::Embedding{};
  if (reference.empty()) {
    emit faceDone(outcome);
    return;
  }
  const SystemClock clock;
  vision::Bands bands{.admit = order.rules.admit, .refuse = order.rules.refuse};
  bands.time_max = seconds{order.rules.seconds_max};
  vision::AdmissionCheck check(reference, bands, clock.monotonic());
  vision::Frame best;
  float best_sharpness = -1;
  vision::AdmissionCheck::Step step;
  int failures = 0;
  while (!step.finished && current().number == order.number) {
    const auto frame = camera.grab();
    if (!frame) {
      if (++failures > 5) return emit lost();
      continue;
    }
    failures = 0;
    show(*frame);
    const vision::Look look = engine_->look(*frame);
    std::optional<vision::Embedding> embedding;
    if (look.usable())
      if (auto made = engine_->embed(*frame)) embedding = std::move(*made);
    if (best.empty() || (look.usable() && look.sharpness > best_sharpness)) {
      best = *frame;
      if (look.usable()) best_sharpness = look.sharpness;
    }
    step = check.feed(look, embedding, clock.monotonic());
    emit faceStep({text(vision::hintName(step.hint)), step.face_found, step.quality_ok, step.frames_kept,
                   step.frames_needed});
  }
  if (!step.finished) return;
  if (step.similarity >= order.rules.admit) {
    const QMutexLocker lock(&mutex_);
    person_ = check.person();
  }
  outcome = {true, step.similarity, step.frames_kept, step.timed_out, jpeg(best)};
  emit faceDone(outcome);
}

void CameraEyes::guardSitting(const Order& order, std::unique_ptr<devices::CameraSource>& camera) {
  const SystemClock clock;
  vision::Embedding person;
  {
    QMutexLocker lock(&mutex_);
    person = person_;
    while (!engine_ && order_.number == order.number) changed_.wait(&mutex_);  // nothing here can find a face
  }
  if (!engine_ || current().number != order.number) return;
  // A file that runs in a circle and a drawing repeat themselves; a camera never does.
  vision::FrameWatch watch(*engine_, std::move(person), camera->kind() == "camera");
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
    const auto frame = camera->grab();
    const milliseconds now = clock.monotonic();
    if (frame) seen = now;
    if (now - looked < kLookEvery) {
      if (!frame) QThread::msleep(50);
      continue;
    }
    looked = now;
    if (frame) {
      tell(monitor.feed(watch.look(*frame, now)), *frame);
      continue;
    }
    tell(monitor.feed({.at = now, .picture = false}), {});
    if (now - seen > kReopenAfter) {
      seen = now;
      if (auto again = devices::openCamera(spec_.toStdString())) camera = std::move(*again);
    }
  }
  tell(monitor.stop(clock.monotonic()), {});
}

void CameraEyes::show(const vision::Frame& frame) {
  {
    const QMutexLocker lock(&mutex_);
    if (order_.mode != Mode::Scan && order_.mode != Mode::Off) newest_ = frame;
  }
  if (picture_pending_.exchange(true)) return;
  QImage picture(frame.bgr.data(), frame.width, frame.height, frame.width * 3, QImage::Format_BGR888);
  QMetaObject::invokeMethod(this, [this, picture = picture.convertToFormat(QImage::Format_RGB32)] {
    picture_pending_ = false;
    emit this->frame(picture);
  });
}

void CameraEyes::readCode(const vision::Frame& frame) {
  const ZXing::ImageView view(frame.bgr.data(), frame.width, frame.height, ZXing::ImageFormat::BGR);
  const auto hints = ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode);
  const auto found = ZXing::ReadBarcode(view, hints);
  if (!found.isValid()) return;
  const QString code = QString::fromStdString(found.text());
  if (code == last_code_) return;
  last_code_ = code;
  emit codeSeen(code);
}

}  // namespace invigil::kiosk
