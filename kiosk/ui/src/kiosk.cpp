// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "kiosk.hpp"

#include "invigil/base/assert.hpp"
#include "invigil/base/text.hpp"

namespace invigil::kiosk {
namespace {

constexpr milliseconds kIdle{150'000};       // nobody there any more: forget what was typed
constexpr int kRetryMs = 2000;

/// Screens that show personal data or wait for a person, before the paper.
bool idlesOut(const QString& screen) {
  static const QStringList screens{"find", "walkin", "choose", "directions", "consent", "confirm", "instructions",
                                   "refused"};
  return screens.contains(screen);
}

}  // namespace

Kiosk* Kiosk::instance_ = nullptr;

Kiosk::Kiosk(const Parts& parts, QObject* parent)
    : QObject(parent), api_(parts.transport), lasting_(parts.transport), eyes_(parts.eyes), reader_(parts.reader), clock_(parts.clock),
      first_language_(parts.language), wipe_ms_(parts.wipe_ms), language_(parts.language), withdrawals_path_(parts.data_dir + "/withdrawals"), hall_(parts.transport, clock_), face_(eyes_),
      sitting_(api_, clock_, parts.data_dir), drawer_(parts.transport, parts.data_dir), proctor_(parts.transport, eyes_, clock_, drawer_),
      recording_(parts.transport, eyes_, clock_, parts.data_dir, [this] { return sitting_.active() && sitting_.saving() != "sent" && sitting_.saving() != "none"; }) {
  INVIGIL_ASSERT(!instance_);
  instance_ = this;
  document_.setKind("resident_id");
  phone_.setKind("phone4");
  listenToReader();
  connect(&eyes_, &Eyes::readyChanged, this, &Kiosk::eyesChanged);
  connect(&eyes_, &Eyes::readyChanged, this, [this] {
    if (std::exchange(awaits_eyes_, false) && screen_ == "face") checkFace();
  });
  connect(&eyes_, &Eyes::frame, this, &Kiosk::picture);
  connect(&eyes_, &Eyes::codeSeen, this, [this](const QString& text) {
    if (screen_ != "find" || find_mode_ != "scan" || busy_) return;
    dropCard();
    setBusy(true);
    api_.findByCode(text.left(64), [this](const Reply& reply) { takeFound(reply); });
  });
  connect(&eyes_, &Eyes::lost, this, [this] {
    if (screen_ == "face") review("no_camera");
    else if (screen_ == "find" && find_mode_ == "scan") setFindMode("code");
  });
  connect(&face_, &FaceModel::impossible, this, [this](const QString& why) { review(why); });
  connect(&face_, &FaceModel::reported, this, [this](const QJsonObject& report) {
    report_ = report;
    deliver();
  });
  connect(&hall_, &HallModel::changed, this, [this] {
    if (screen_ == "connecting" && hall_.known()) show("welcome");
    if (screen_ == "welcome") resumeIfSitting();
    tellEngine();
  });
  connect(&sitting_, &SittingModel::handedIn, this, [this] { show("submitting"); });
  connect(&recording_, &RecordingModel::keyKnown, &drawer_, &IncidentDrawer::open);
  connect(&proctor_, &ProctorModel::recordingForbidden, &recording_, &RecordingModel::forbid);
  connect(&proctor_, &ProctorModel::watchEnded, this, [this] { recording_.begin(sitting_.id()); });
  connect(&proctor_, &ProctorModel::clockStops, &sitting_, &SittingModel::pause);
  connect(&proctor_, &ProctorModel::clockRuns, &sitting_, &SittingModel::resume);
  connect(&proctor_, &ProctorModel::endedByServer, &sitting_, &SittingModel::endedByServer);
  connect(&sitting_, &SittingModel::graded, this, &Kiosk::takeResult);
  second_.setInterval(1000);
  connect(&second_, &QTimer::timeout, this, &Kiosk::second);
  second_.start();
  retry_.setSingleShot(true);
  retry_.setInterval(kRetryMs);
  connect(&retry_, &QTimer::timeout, this, &Kiosk::awaitReviewer);
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, [this] { if (screen_ == "face") checkFace(); });
  catch_up_.setSingleShot(true);
  catch_up_.setInterval(kRetryMs);
  connect(&catch_up_, &QTimer::timeout, this, &Kiosk::catchUp);
  withdraw_again_.setSingleShot(true);
  withdraw_again_.setInterval(kRetryMs);
  connect(&withdraw_again_, &QTimer::timeout, this, &Kiosk::tellWithdrawals);
}

void Kiosk::start() {
  hall_.start();
  // What the last run could not tell before its power went.
  if (const auto kept = readFile(withdrawals_path_.toStdString(), 1 << 16))
    withdrawals_ = QString::fromStdString(*kept).split('\n', Qt::SkipEmptyParts);
  tellWithdrawals();
}

/// The administrator's page shows what this kiosk works with. Told once it is known, and again until the server has it.
void Kiosk::tellEngine() {
  const QJsonObject engine = eyes_.engine();
  if (!hall_.online() || engine.isEmpty() || engine == engine_told_) return;
  api_.engine(engine, [this, engine](const Reply& reply) {
    if (reply.ok()) engine_told_ = engine;
  });
}

Kiosk::~Kiosk() { instance_ = nullptr; }

Kiosk* Kiosk::instance() { return instance_; }

Kiosk* Kiosk::create(QQmlEngine*, QJSEngine*) {
  QJSEngine::setObjectOwnership(instance_, QJSEngine::CppOwnership);
  return instance_;
}

void Kiosk::setLanguage(const QString& language) {
  if (language == language_) return;
  language_ = language;
  emit languageChanged();
}

void Kiosk::show(const QString& screen) {
  alive();
  const bool at_the_paper = screen == "paper" || screen == "map" || screen == "review" || screen == "withdraw";
  if (!at_the_paper) {  // there the camera is monitoring's
    proctor_.end();
    recording_.end();
    if (screen == "face") eyes_.watch();
    else if (screen == "find" && find_mode_ == "scan" && eyes_.hasCamera()) eyes_.scan();
    else eyes_.off();
  }
  if (screen == screen_) return;
  screen_ = screen;
  seekCards();
  emit screenChanged();
}

void Kiosk::setBusy(bool busy) {
  if (busy == busy_) return;
  busy_ = busy;
  emit busyChanged();
}

void Kiosk::fail(const Reply& reply) {
  setBusy(false);
  error_ = reply;
  emit errorChanged();
}

void Kiosk::dismissError() {
  if (error_.error_id.isEmpty()) return;
  error_ = {};
  emit errorChanged();
}

void Kiosk::alive() { touched_ = clock_.monotonic(); }

void Kiosk::setFindMode(const QString& mode) {
  dismissError();
  const bool lacks = (mode == "scan" && !eyes_.hasCamera()) || (mode == "card" && !reader_);
  find_mode_ = lacks ? QStringLiteral("code") : mode;
  emit findModeChanged();
  if (screen_ == "find") show("find");
}

void Kiosk::begin(const QString& mode) {
  walking_in_ = mode == "walkin";
  if (!walking_in_) setFindMode(mode);
  show(walking_in_ ? QStringLiteral("walkin") : QStringLiteral("find"));
}

void Kiosk::find() {
  if (busy_) return;
  dismissError();
  setBusy(true);
  const auto done = [this](const Reply& reply) { takeFound(reply); };
  dropCard();  // it may have been another person's
  if (find_mode_ == "id") api_.findById(document_.kind(), document_.text(), {}, done);
  else api_.findByCode(code_.text(), done);
}

void Kiosk::walkIn(const QString& eligibility_id) {
  if (busy_) return;
  dismissError();
  setBusy(true);
  if (card_number_ != document_.text()) dropCard();
  api_.walkIn(document_.kind(), document_.text(), phone_.text(), eligibility_id, card_names_,
              [this](const Reply& reply) { takeFound(reply); });
}

void Kiosk::confirmData() { show("instructions"); }

void Kiosk::startPaper() {
  if (busy_) return;
  dismissError();
  setBusy(true);
  api_.startSitting(admission_id_, [this](const Reply& reply) { takeSitting(reply); });
}

void Kiosk::resumeIfSitting() {
  const QString active = hall_.state().value("active_admission_id").toString();
  if (active.isEmpty() || !hall_.online() || busy_ || active == resumed_) return;
  resumed_ = active;
  setBusy(true);
  api_.admission(active, [this, active](const Reply& reply) {
    setBusy(false);
    if (!reply.ok()) return resumed_.clear();
    if (reply.body.value("state").toString() != "sitting" || screen_ != "welcome") return;
    admission_id_ = active;
    admission_ = reply.body.toVariantMap();
    emit admissionChanged();
    eyes_.remember(bookingPhotos());
    admission_.remove("reference_photos");
    startPaper();
  });
}

void Kiosk::takeSitting(const Reply& reply) {
  if (!reply.ok()) {
    if (screen_ == "welcome") resumed_.clear();
    return fail(reply);
  }
  setBusy(false);
  if (reply.body.value("state").toString() == "finished") {
    return api_.result(reply.body.value("id").toString(), [this](const Reply& answer) {
      if (answer.ok()) takeResult(answer.body);
      else fail(answer);
    });
  }
  if (auto begun = sitting_.begin(reply.body); !begun) {
    qWarning("sitting: %s %s", begun.error().reason.c_str(), begun.error().detail.c_str());
    Reply broken;
    broken.error_id = QString::fromStdString(begun.error().reason);
    return fail(broken);
  }
  show(sitting_.handingIn() ? QStringLiteral("submitting") : QStringLiteral("paper"));
  if (sitting_.handingIn()) return;
  proctor_.begin(sitting_.id(), QJsonObject::fromVariantMap(hall_.state().value("policy").toMap().value("monitoring").toMap()), sitting_.isPaused());
  // Taken back before the power went, and the server does not know yet.
  if (withdrawals_.contains(admission_id_)) return proctor_.decline();
  recording_.begin(sitting_.id());
}

void Kiosk::openReview() { show("review"); }
void Kiosk::openMap() { show("map"); }
void Kiosk::openWithdraw() { show("withdraw"); }
void Kiosk::backToPaper() { show("paper"); }

void Kiosk::takeResult(const QJsonObject& result) {
  result_ = result.toVariantMap();
  leave_in_ = std::max(10, hall_.state().value("policy").toMap().value("result_seconds", 60).toInt());
  emit resultChanged();
  emit leaveInChanged();
  show("result");
}

/// The server takes the person out of the queue. Said once: where it is lost the booking's end does it.
void Kiosk::tellLeaving() {
  static const QStringList before{"consent", "face", "waiting", "confirm", "instructions"};
  const bool begins = busy_ && screen_ == "instructions";  // the paper may be on its way
  if (admission_id_.isEmpty() || begins || !before.contains(screen_)) return;
  lasting_.leave(admission_id_, false, [](const Reply&) {});
}

void Kiosk::giveUp() {
  if (busy_) return;
  dismissError();
  setBusy(true);
  api_.leave(admission_id_, true, [this](const Reply& reply) {
    if (!reply.ok()) return fail(reply);
    admission_id_.clear();  // nothing to leave any more
    leave();
  });
}

void Kiosk::leave() {
  tellLeaving();
  show("wipe");
  wipe();
  QTimer::singleShot(wipe_ms_, this, [this] {
    if (screen_ == "wipe") show(hall_.known() ? QStringLiteral("welcome") : QStringLiteral("connecting"));
  });
}

void Kiosk::wipe() {
  api_.forget();
  retry_.stop();
  again_.stop();
  catch_up_.stop();
  dropWord();
  face_.reset();
  proctor_.end();
  eyes_.forgetPerson();
  sitting_.wipe();
  dropCard();
  code_.clear();
  document_.setKind("resident_id");
  phone_.clear();
  found_.clear();
  admission_.clear();
  result_.clear();
  admission_id_.clear();
  walking_in_ = awaits_eyes_ = false;
  setBusy(false);
  dismissError();
  setLanguage(first_language_);
  emit foundChanged();
  emit admissionChanged();
  emit resultChanged();
}

void Kiosk::second() {
  if (screen_ == "result") {
    leave_in_ = std::max(0, leave_in_ - 1);
    emit leaveInChanged();
    if (leave_in_ == 0) leave();
  } else if (idlesOut(screen_) && clock_.monotonic() - touched_ > kIdle) {
    leave();
  }
}

}  // namespace invigil::kiosk
