// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "camera_eyes.hpp"

#include <ZXing/ReadBarcode.h>

#include <QJsonDocument>
#include <QMutexLocker>
#include <algorithm>
#include <optional>

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

constexpr milliseconds kLookEvery{500};
constexpr milliseconds kReopenAfter{3000};
constexpr int kLookForCameraMs = 10'000, kTendEveryMs = 600'000;

vision::MonitorRules monitorRules(const GuardRules& rules) {
  vision::MonitorRules out;
  out.warnings_to_pause = rules.warnings_to_pause;
  for (const GuardRules::Row& row : rules.rows)
    if (const auto concern = vision::concernOf(row.concern.toStdString()))
      out.of[static_cast<std::size_t>(*concern)] = {row.notice_s, row.warning_s, row.pause_s};
  return out;
}

vision::AdmissionRules admissionRules(const FaceRules& rules) {
  vision::AdmissionRules out;
  out.bands = {.admit = rules.admit, .refuse = rules.refuse};
  out.bands.time_max = seconds{rules.seconds_max};
  out.limits.each = seconds{rules.action_seconds};
  out.texture_frames = rules.texture_frames;
  out.light = rules.light;
  for (const QString& name : rules.actions)
    if (const auto action = vision::actionOf(name.toStdString())) out.actions.push_back(*action);
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
  if (!info.canVerify()) qWarning("no face comparison, the remote reviewer admits: %s", info.why_no_verifier.c_str());
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
        open();  // plugged in after the program began
        lock.relock();
      }
      order = order_;
    }
    if (order.mode == Mode::Quit) return;
    follow(order);
  }
}

/// The camera, or null. The first one that is found after a start without any becomes known.
std::unique_ptr<devices::CameraSource> CameraEyes::open() {
  auto camera = open_camera_();
  if (!camera) return nullptr;
  {
    const QMutexLocker lock(&mutex_);
    if (has_camera_) return std::move(*camera);
    has_camera_ = true;
    kind_ = text((*camera)->kind());
    device_ = (*camera)->device();
  }
  emit readyChanged();
  return std::move(*camera);
}

/// Whether it is the camera that the face check saw with: nobody puts another one, or a program, in its place meanwhile.
bool CameraEyes::sameDevice(const devices::CameraSource& camera) const {
  const devices::DeviceIdentity now = camera.device();
  const QMutexLocker lock(&mutex_);
  if (now.driver == device_.driver && now.usb_id == device_.usb_id && now.name == device_.name) return true;
  qWarning("the camera '%s' (%s) is another than the one of admission and is not used", now.name.c_str(), now.driver.c_str());
  return false;
}

void CameraEyes::follow(const Order& order) {
  std::unique_ptr<devices::CameraSource> camera = open();
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

vision::Reference CameraEyes::describe(const QByteArrayList& photos) {
  if (!engine_ || photos.empty()) return {};
  std::vector<vision::Frame> frames;
  for (const QByteArray& one : photos) {
    auto photo = vision::decodeImage(span(one));
    frames.push_back(photo ? std::move(*photo) : vision::Frame());  // the places stay
  }
  return vision::describeReference(*engine_, frames);
}

void CameraEyes::checkOnce(const Order& order, devices::CameraSource& camera) {
  FaceOutcome outcome;
  vision::Reference reference = describe(order.references);
  for (const std::size_t place : reference.used) outcome.used.append(static_cast<int>(place));
  if (reference.first.empty()) {
    outcome.impossible = reference.mixed ? QStringLiteral("photos_differ") : QStringLiteral("no_model");
    emit faceDone(outcome);
    return;
  }
  {
    // The camera may have been changed since the program began, and not by us.
    const QMutexLocker lock(&mutex_);
    device_ = camera.device();
    kind_ = text(camera.kind());
  }
  vision::FaceAdmission admission(*engine_, std::move(reference), admissionRules(order.rules), &memory_);
  vision::FaceAdmission::Step step;
  int failures = 0;
  while (!step.finished && current().number == order.number) {
    const auto frame = camera.grab();
    if (!frame) {
      if (++failures > 5) return emit lost();
      continue;
    }
    failures = 0;
    show(*frame);
    // The camera's own time: a drawn candidate on a slow machine moves in its own seconds.
    step = admission.feed(*frame, frame->at);
    const std::string_view prompt = step.prompt ? vision::actionName(*step.prompt) : std::string_view();
    camera.prompt(prompt);
    const QColor screen = step.screen ? QColor(step.screen->red, step.screen->green, step.screen->blue) : QColor();
    if (screen.isValid()) camera.screen(screen.redF(), screen.greenF(), screen.blueF());
    else camera.screen(-1, 0, 0);
    emit faceStep({text(vision::hintName(step.hint)), step.face_found, step.quality_ok, text(prompt), step.phase != vision::Challenge::Phase::Settle,
                   static_cast<int>(step.place), static_cast<int>(step.of), step.time_left, screen});
  }
  camera.prompt({});
  camera.screen(-1, 0, 0);
  if (!step.finished) return;
  const vision::AdmissionOutcome& seen = admission.outcome();
  if (seen.similarity >= order.rules.admit) {
    const QMutexLocker lock(&mutex_);
    person_ = admission.person();
  }
  outcome = {QString(), seen.similarity, seen.frames, seen.timed_out, jpeg(seen.best), QJsonDocument::fromJson(QByteArray::fromStdString(vision::livenessReport(seen, {}))).object(), outcome.used};
  emit faceDone(outcome);
}

void CameraEyes::followRecording() {
  SittingRecording wanted;
  {
    const QMutexLocker lock(&mutex_);
    wanted = recording_;
  }
  if (wanted.sitting_id == recorded_.sitting_id) return;
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
  if (!folder) return qWarning("recording: %s", folder.error().detail.c_str());
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
  if (camera && !sameDevice(*camera)) camera.reset();
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
      if (auto again = open(); again && sameDevice(*again)) camera = std::move(again);
    }
  }
  if (order.watches) tell(monitor.stop(clock.monotonic()), {});
  memory_.stand();
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
