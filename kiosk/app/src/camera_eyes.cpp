// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "camera_eyes.hpp"

#include <ZXing/ReadBarcode.h>

#include <QMutexLocker>

#include "camera_eyes_convert.hpp"

// Orders from the screens, and the thread that follows them; what it does at the door and during a sitting is beside.
namespace invigil::kiosk {
namespace {

constexpr int kLookForCameraMs = 10'000, kTendEveryMs = 600'000;

}  // namespace

CameraEyes::CameraEyes(QString camera, QString models_dir, Desk desk, QObject* parent)
    : CameraEyes(camera, std::move(models_dir), std::move(desk), [spec = camera.toStdString()] { return devices::openCamera(spec); }) {
  setParent(parent);
}

CameraEyes::CameraEyes(QString camera, QString models_dir, Desk desk, Opener open)
    : spec_(std::move(camera)), models_dir_(std::move(models_dir)), desk_(std::move(desk)), open_camera_(std::move(open)) {
  qRegisterMetaType<FaceStep>();
  qRegisterMetaType<FaceOutcome>();
  qRegisterMetaType<ConcernChange>();
  qRegisterMetaType<RecordingNews>();
  thread_.reset(QThread::create([this] { work(); }));
  thread_->start();
}

CameraEyes::~CameraEyes() {
  order(Mode::Quit);
  thread_->wait();
}

bool CameraEyes::isReady() const { return QMutexLocker(&mutex_), ready_; }
bool CameraEyes::hasCamera() const { return QMutexLocker(&mutex_), has_camera_; }
bool CameraEyes::shouldSee() const { return QMutexLocker(&mutex_), has_camera_ || (ready_ && expected_); }
bool CameraEyes::canVerify() const { return QMutexLocker(&mutex_), info_.canVerify(); }
QString CameraEyes::kind() const { return QMutexLocker(&mutex_), kind_; }
QString CameraEyes::detector() const { return QMutexLocker(&mutex_), text(info_.detector); }
QString CameraEyes::verifier() const { return QMutexLocker(&mutex_), text(info_.verifier); }
QJsonObject CameraEyes::engine() const {
  const QJsonObject camera = device();
  const QMutexLocker lock(&mutex_);
  if (!ready_) return {};
  const auto name = [](const std::string& value) { return text(value).left(200); };
  return {{"detector", name(info_.detector)}, {"landmarks", name(info_.landmarks)}, {"verifier", name(info_.verifier)},
          {"verifier_sha256", text(info_.verifier_sha256).left(64)}, {"pose", name(info_.pose)}, {"texture", name(info_.texture)},
          {"second", name(info_.second)}, {"camera", camera}};
}
QJsonObject CameraEyes::device() const {
  const QMutexLocker lock(&mutex_);
  return {{"name", text(device_.name).left(128)}, {"driver", text(device_.driver).left(64)}, {"bus", text(device_.bus).left(64)}, {"usb_id", text(device_.usb_id).left(16)}};
}
QString CameraEyes::verifierHash() const { return QMutexLocker(&mutex_), text(info_.verifier_sha256); }

void CameraEyes::off() { order(Mode::Off); }
void CameraEyes::scan() { order(Mode::Scan); }
void CameraEyes::watch() { order(Mode::Watch); }
void CameraEyes::checkFace(const QByteArrayList& references, const FaceRules& rules) {
  order(Mode::Face, references, rules);
}

void CameraEyes::guard(const GuardRules& rules) {
  const QMutexLocker lock(&mutex_);
  order_ = {Mode::Guard, {}, {}, rules, true, order_.number + 1};
  newest_ = {};
  changed_.wakeAll();
}

void CameraEyes::record(const SittingRecording& rules) {
  const QMutexLocker lock(&mutex_);
  recording_ = rules;
  // Nobody watches and nobody records any more: the camera is closed, and is seen to be.
  if (rules.sitting_id.isEmpty() && order_.mode == Mode::Guard && !order_.watches) {
    order_ = {Mode::Off, {}, {}, {}, false, order_.number + 1};
    newest_ = {};
  }
  if (!rules.sitting_id.isEmpty() && order_.mode != Mode::Guard) {
    order_ = {Mode::Guard, {}, {}, {}, false, order_.number + 1};
    newest_ = {};
  }
  changed_.wakeAll();
}

void CameraEyes::remember(const QByteArrayList& references) {
  const QMutexLocker lock(&mutex_);
  remembered_ = references;
  expected_ = !references.empty();
}

void CameraEyes::forgetPerson() {
  const QMutexLocker lock(&mutex_);
  person_ = {};
  remembered_.clear();
  expected_ = false;
  held_.reset();
  left_ = true;
  changed_.wakeAll();
}

void CameraEyes::forgetFilms() { withdrew_ = true; }

/// Between two orders, and now and then while nobody is there.
void CameraEyes::tendMemory() {
  if (withdrew_.exchange(false)) memory_.forgetVisit();
  if (left_.exchange(false)) memory_.nextVisit();
  memory_.expire(SystemClock().monotonic());
}

QByteArray CameraEyes::capture() const {
  QMutexLocker lock(&mutex_);
  const vision::Frame frame = newest_;
  lock.unlock();
  return jpeg(frame);
}

void CameraEyes::order(Mode mode, const QByteArrayList& references, const FaceRules& rules) {
  const QMutexLocker lock(&mutex_);
  order_ = {mode, references, rules, {}, false, order_.number + 1};
  recording_ = {};
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
    engine_->warmUp();
    for (const std::string& caution : info.cautions) qInfo("%s", caution.c_str());
  } else {
    qWarning("no face engine: %s", engine.error().detail.c_str());
  }
  if (!info.canVerify()) qWarning("no face comparison, the remote invigilator admits: %s", info.why_no_verifier.c_str());
  auto camera = open_camera_();
  if (!camera) qWarning("no camera: %s %s", camera.error().reason.c_str(), camera.error().detail.c_str());
  {
    const QMutexLocker lock(&mutex_);
    info_ = std::move(info);
    has_camera_ = camera.has_value();
    kind_ = camera ? text((*camera)->kind()) : QString();
    device_ = camera ? (*camera)->device() : devices::DeviceIdentity{};
    ready_ = true;
  }
  emit readyChanged();
}

void CameraEyes::work() {
  warmUp();
  for (;;) {
    Order order;
    {
      QMutexLocker lock(&mutex_);
      tendMemory();
      while (order_.mode == Mode::Off) {
        const bool called = changed_.wait(&mutex_, QDeadlineTimer(has_camera_ ? kTendEveryMs : kLookForCameraMs));
        tendMemory();
        if (called || has_camera_) continue;
        lock.unlock();
        open(Mode::Off);  // plugged in after the program began
        lock.relock();
      }
      order = order_;
    }
    if (order.mode == Mode::Quit) return;
    follow(order);
  }
}

/// The camera, or null. What is plugged in now, or that nothing is, becomes known: cameras are replaced while kiosks run. Not while
/// somebody sits: there a camera first has to be the right one, and one that is gone is missed.
std::unique_ptr<devices::CameraSource> CameraEyes::open(Mode mode) {
  auto opened = open_camera_();
  std::unique_ptr<devices::CameraSource> camera = opened ? std::move(*opened) : nullptr;
  bool changed = false;
  {
    const QMutexLocker lock(&mutex_);
    if (mode == Mode::Guard && (has_camera_ || !camera)) return camera;
    changed = has_camera_ != (camera != nullptr);
    has_camera_ = camera != nullptr;
    if (camera) {
      kind_ = text(camera->kind());
      device_ = camera->device();
    }
  }
  if (changed) emit readyChanged();
  return camera;
}

/// Whether it is the camera that this visit's face check saw with, else the first one that watches: nobody puts another one, or a
/// program, in its place meanwhile.
bool CameraEyes::rightDevice(const devices::CameraSource& camera) {
  const devices::DeviceIdentity now = camera.device();
  const QMutexLocker lock(&mutex_);
  if (!held_) {
    held_ = device_ = now;
    kind_ = text(camera.kind());
  }
  if (now.driver == held_->driver && now.usb_id == held_->usb_id && now.name == held_->name) return true;
  qWarning("the camera '%s' (%s) is another than the one of admission and is not used", now.name.c_str(), now.driver.c_str());
  return false;
}

void CameraEyes::follow(const Order& order) {
  std::unique_ptr<devices::CameraSource> camera = open(order.mode);
  if (!camera && order.mode != Mode::Guard) {
    emit lost();
    QMutexLocker lock(&mutex_);
    while (order_.number == order.number) changed_.wait(&mutex_);
    return;
  }
  Order now = order;
  int failures = 0;
  while (now.mode != Mode::Off && now.mode != Mode::Quit) {
    if (now.mode == Mode::Guard) {
      guardSitting(now, camera);
      followRecording();
    } else if (!camera) {
      return;  // what is wanted now begins with opening it
    } else if (now.mode == Mode::Face) {
      checkOnce(now, *camera);
      const QMutexLocker lock(&mutex_);
      if (order_.number == now.number) {
        order_.mode = Mode::Watch;
        order_.references.clear();  // the next try brings them again
      }
    } else if (const auto frame = camera->grab()) {
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
