// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "proctor_model.hpp"

#include <QJsonArray>
#include <algorithm>
#include <utility>

namespace invigil::kiosk {
namespace {

constexpr int kNoticeMs = 9000;
constexpr int kRetryMs = 3000;
constexpr int kPatienceMs = 1000;      // between two looks at how long a pause has lasted
constexpr milliseconds kKeptEvery{15'000};  // so often the disk learns how long the clock has stood
constexpr milliseconds kAway{60'000};  // without a word of the server, which answers at least every 20 s
constexpr int kPicturesMax = 12;       // of one incident, as on the server
constexpr int kPicturedMax = 200;     // reports that keep their pictures in memory while the server is away

/// One picture at each step: the number is the step, so that a repeat adds nothing.
int stepOf(const QString& measure) { return measure == "pause" ? 4 : measure == "warning" ? 3 : measure == "notice" ? 2 : 1; }

/// @param warnings  so many there were before this kiosk was started anew
GuardRules rulesOf(const QJsonObject& monitoring, int next_place, int warnings) {
  GuardRules rules;
  const int to_pause = monitoring.value("warnings_to_pause").toInt();
  rules.warnings_to_pause = to_pause > 0 ? std::max(1, to_pause - warnings) : 0;
  rules.next_place = next_place;
  for (const QJsonValue& value : monitoring.value("rules").toArray()) {
    const QJsonObject row = value.toObject();
    rules.rows.append({row.value("kind").toString(), row.value("notice_s").toInt(), row.value("warning_s").toInt(), row.value("pause_s").toInt()});
  }
  return rules;
}

}  // namespace

ProctorModel::ProctorModel(Transport& transport, Eyes& eyes, const Clock& clock, IncidentDrawer& drawer, QObject* parent)
    : QObject(parent), api_(transport), eyes_(eyes), clock_(clock), drawer_(drawer) {
  for (QTimer* timer : {&hide_, &again_, &send_again_}) timer->setSingleShot(true);
  connect(&hide_, &QTimer::timeout, this, &ProctorModel::showNext);
  connect(&again_, &QTimer::timeout, this, [this] { ask(false); });
  connect(&send_again_, &QTimer::timeout, this, &ProctorModel::sendNext);
  connect(&patience_, &QTimer::timeout, this, &ProctorModel::lookAtPause);
  connect(&eyes_, &Eyes::concern, this, &ProctorModel::note);
  connect(&drawer_, &IncidentDrawer::opened, this, &ProctorModel::keepWaiting);
  // After a power cut the paper is back before the camera is.
  connect(&eyes_, &Eyes::readyChanged, this, &ProctorModel::watch);
}

void ProctorModel::begin(const QString& sitting_id, const QJsonObject& monitoring, bool is_paused) {
  end();
  sitting_id_ = sitting_id;
  paused_by_server_ = is_paused;
  if (is_paused) {
    paused_at_ = kept_at_ = heard_ = clock_.monotonic();
    patience_.start(kPatienceMs);
  }
  monitoring_ = monitoring;
  ask(false);
}

void ProctorModel::end() {
  for (QTimer* timer : {&hide_, &again_, &patience_}) timer->stop();
  if (watching_) eyes_.off();
  watching_ = wanted_ = declined_ = paused_by_server_ = paused_here_ = false;
  drawer_.close();
  sitting_id_.clear();
  why_.clear();
  message_.clear();
  if (!reports_.empty() && !sending_) send_again_.start(kRetryMs);
  shown_ = {};
  unread_.clear();
  stood_.clear();
  unheard_ = {};
  given_back_told_ = {};
  seen_ = 0;
  server_ms_ = 0;
  time_ = {};
  emit changed();
}

void ProctorModel::decline() {
  declined_ = true;
  if (std::exchange(watching_, false)) eyes_.off();
}

void ProctorModel::ask(bool wait) {
  if (sitting_id_.isEmpty()) return;
  api_.orders(sitting_id_, seen_, wait, [this, id = sitting_id_](const Reply& reply) {
    if (sitting_id_ != id) return;
    if (!reply.ok()) return again_.start(kRetryMs);
    take(reply.body);
    if (!sitting_id_.isEmpty()) ask(true);
  });
}

void ProctorModel::take(const QJsonObject& told) {
  const bool first = time_.deadline_ms == 0;
  heard_ = clock_.monotonic();
  unheard_ = {};
  server_ms_ = static_cast<std::int64_t>(told.value("now_ms").toDouble());
  const sitting::ServerTime time{server_ms_, static_cast<std::int64_t>(told.value("deadline_ms").toDouble()), heard_};
  const bool moved = !first && (time.deadline_ms != time_.deadline_ms || givenBack() != given_back_told_);
  time_ = time;
  if (told.value("state").toString() == "finished") return emit endedByServer();
  wanted_ = told.value("monitor").toBool();
  next_place_ = told.value("next_place").toInt(1);
  warnings_ = told.value("warnings").toInt();
  watch();
  const bool record = told.value("record").toBool();
  if (!record) emit recordingForbidden();
  if (watching_ && !wanted_) {  // consent was taken back, or the site's rules changed
    watching_ = false;
    eyes_.off();
    if (record) {
      emit watchEnded();
    } else {
      eyes_.forgetFilms();
      eyes_.forgetPerson();
    }
  }
  for (const QJsonValue& order : told.value("orders").toArray()) obey(order.toObject());
  const bool stands = told.value("state").toString() == "paused";
  if (stands) {
    why_ = told.value("why").toString();
    message_ = told.value("message").toObject().toVariantMap();
  }
  // The server has heard of our own pause when no report waits; from then on it decides.
  setPaused(stands, paused_here_ && !reports_.empty());
  if (moved && !paused()) emit clockRuns(time_, given_back_told_ = givenBack());
  emit changed();
}

void ProctorModel::watch() {
  if (watching_ || !wanted_ || declined_ || !eyes_.shouldSee()) return;
  watching_ = true;
  // What a restart left on the disk may still be on its way to the server.
  eyes_.guard(rulesOf(monitoring_, std::max(next_place_, drawer_.nextPlace(sitting_id_)), warnings_));
}

void ProctorModel::obey(const QJsonObject& order) {
  const int place = order.value("place").toInt();
  if (place <= seen_) return;
  seen_ = place;
  const QString kind = order.value("kind").toString();
  const QJsonObject text = order.value("text").toObject();
  if (kind == "notice" || kind == "warning") say({kind, {}, text.value("zh").toString(), text.value("en").toString()});
}

void ProctorModel::setPaused(bool by_server, bool here) {
  const bool before = paused();
  paused_by_server_ = by_server;
  paused_here_ = here;
  if (paused() == before) return;
  if (paused()) {
    paused_at_ = kept_at_ = clock_.monotonic();
    patience_.start(kPatienceMs);
    // What the camera asked for is settled by whoever looks now; a person's words still have to be read.
    std::erase_if(unread_, [](const Shown& one) { return !one.concern.isEmpty(); });
    emit clockStops();
  } else {
    patience_.stop();
    emit clockRuns(time_, given_back_told_ = givenBack());
  }
  showNext();
}

/// Nobody looked after a pause and the server is away: the exam goes on, with the time that it stood. Where the server had
/// heard of the pause it lets the clock run at the same time and gives the time back by itself.
void ProctorModel::lookAtPause() {
  const milliseconds now = clock_.monotonic();
  if (now - kept_at_ >= kKeptEvery) keepWaiting();
  const bool away = now - heard_ >= kAway;
  if (now - paused_at_ < std::chrono::minutes(monitoring_.value("pause_minutes_max").toInt(10)) || (!paused_here_ && !away)) return;
  milliseconds told{0};
  for (auto& [place, stood] : stood_) {
    if (stood.until) continue;
    stood.until = now;
    told = std::max(told, now - stood.since);
  }
  if (paused_by_server_ && away) unheard_ += std::max(milliseconds{0}, now - paused_at_ - told);
  setPaused(paused_by_server_ && !away, false);
  keepWaiting();
}

void ProctorModel::keepWaiting() {
  kept_at_ = clock_.monotonic();
  for (Report& waiting : reports_) {
    if (waiting.sitting_id != sitting_id_) continue;
    tellStood(waiting.body);
    drawer_.keep(sitting_id_, waiting.body);
  }
}

void ProctorModel::tellStood(QJsonObject& report) const {
  if (report.value("measure").toString() == "pause") report.insert("stands", paused_here_);
  const auto found = stood_.find(report.value("place").toInt());
  if (found == stood_.end()) return;
  const milliseconds stood = found->second.until.value_or(clock_.monotonic()) - found->second.since;
  report.insert("stood_ms", static_cast<double>(stood.count()));
}

milliseconds ProctorModel::givenBack() const {
  milliseconds sum = unheard_;
  for (const auto& [place, stood] : stood_)
    if (stood.until) sum += *stood.until - stood.since;
  return sum;
}

void ProctorModel::say(const Shown& what) {
  // What the camera's notice asks for is past when a warning has been read; a person's words are not.
  if (what.kind == "notice" && !what.concern.isEmpty() && (paused() || !unread_.empty())) return;
  const auto same = [&](const Shown& one) { return !what.concern.isEmpty() && one.concern == what.concern; };
  if (std::any_of(unread_.begin(), unread_.end(), same)) return;  // it is still to be read
  if (shown_.kind == "notice" && shown_.concern.isEmpty()) unread_.push_back(shown_);
  unread_.push_back(what);
  if (shown_.kind != "warning") showNext();
}

/// A warning stays at the head until it is acknowledged, also through a pause.
void ProctorModel::showNext() {
  hide_.stop();
  shown_ = {};
  if (!paused() && !unread_.empty()) {
    // Warnings first: what is under them may be read for a moment only.
    const auto warning = std::find_if(unread_.begin(), unread_.end(), [](const Shown& one) { return one.kind == "warning"; });
    const auto next = warning != unread_.end() ? warning : unread_.begin();
    shown_ = *next;
    if (shown_.kind == "notice") {
      unread_.erase(next);
      hide_.start(kNoticeMs);
    }
  }
  emit changed();
}

void ProctorModel::acknowledge() {
  if (shown_.kind != "warning") return;
  unread_.erase(std::find_if(unread_.begin(), unread_.end(), [](const Shown& one) { return one.kind == "warning"; }));
  showNext();
}

void ProctorModel::note(const ConcernChange& change) {
  if (sitting_id_.isEmpty() || !watching_) return;
  QJsonObject report = reportOf(change);
  // A newer word on an incident that still waits takes its place, pictures and all.
  for (Report& waiting : reports_) {
    const bool same = waiting.sitting_id == sitting_id_ && waiting.body.value("place") == report.value("place");
    if (!same || (sending_ && &waiting == &reports_.front())) continue;
    QJsonArray pictures = waiting.body.value("evidence").toArray();
    for (const QJsonValue& picture : report.value("evidence").toArray())
      if (pictures.size() < 4) pictures.append(picture);
    report.insert("evidence", pictures);
    waiting.body = report;
    drawer_.keep(sitting_id_, report);
    report = {};
    break;
  }
  if (!report.isEmpty()) {
    drawer_.keep(sitting_id_, report);
    reports_.push_back({sitting_id_, report});
  }
  sparePictures();
  if (change.risen && change.measure == "pause") {
    if (!paused()) {
      why_ = change.concern;
      message_.clear();
    }
    if (!paused()) stood_[change.place] = {clock_.monotonic(), {}};
    setPaused(paused_by_server_, true);
  } else if (change.risen && (change.measure == "notice" || change.measure == "warning")) {
    say({change.measure, change.concern, {}, {}});
  } else if (change.ended_ago_ms >= 0 && shown_.kind == "notice" && shown_.concern == change.concern) {
    showNext();
  }
  sendNext();
}

/// However long the server is away, what was seen is told; the pictures of the least grave go first, the oldest of them.
void ProctorModel::sparePictures() {
  const auto pictured = [](const Report& one) { return !one.body.value("evidence").toArray().isEmpty(); };
  if (std::count_if(reports_.begin(), reports_.end(), pictured) <= kPicturedMax) return;
  Report* least = nullptr;
  for (Report& one : reports_) {
    if (!pictured(one) || (sending_ && &one == &reports_.front())) continue;
    if (!least || stepOf(one.body.value("measure").toString()) < stepOf(least->body.value("measure").toString())) least = &one;
  }
  if (least) least->body.insert("evidence", QJsonArray());
}

QJsonObject ProctorModel::reportOf(const ConcernChange& change) const {
  const auto now = static_cast<double>(server_ms_ + (clock_.monotonic() - heard_).count());
  QJsonArray evidence;
  const int step = stepOf(change.measure);
  if (!change.picture.isEmpty() && step <= kPicturesMax)
    evidence.append(QJsonObject{{"place", change.ended_ago_ms >= 0 ? step + 4 : step}, {"at_ms", now}, {"jpeg", QString::fromLatin1(change.picture.toBase64())}});
  return {{"place", change.place},
          {"kind", change.concern},
          {"began_ms", now - static_cast<double>(change.began_ago_ms)},
          {"ended_ms", change.ended_ago_ms < 0 ? QJsonValue() : QJsonValue(now - static_cast<double>(change.ended_ago_ms))},
          {"measure", change.measure},
          {"score", change.score},
          {"engine", QString(eyes_.detector() + ", " + eyes_.verifier()).left(200)},
          {"evidence", evidence}};
}

void ProctorModel::sendNext() {
  if (sending_ || reports_.empty()) return;
  sending_ = true;
  if (reports_.front().sitting_id == sitting_id_) tellStood(reports_.front().body);
  api_.reportIncident(reports_.front().sitting_id, reports_.front().body, [this, id = reports_.front().sitting_id](const Reply& reply) {
    sending_ = false;
    if (reply.ofTheMoment()) return send_again_.start(kRetryMs);
    if (!reply.ok()) qWarning("an incident was not taken: %s", qPrintable(reply.error_id));
    const int place = reports_.front().body.value("place").toInt();
    reports_.pop_front();
    const bool newer = std::any_of(reports_.begin(), reports_.end(), [&](const Report& one) { return one.sitting_id == id && one.body.value("place").toInt() == place; });
    // Where the exam goes on at another seat, what lies sealed on the disk still counts: the seal says whose it is.
    if (reply.error_id == "admission_other_seat") drawer_.bring(id, place);
    else if (!newer) drawer_.drop(id, place);
    if (id == sitting_id_ && !newer) stood_.erase(place);
    if (reply.ok() && id == sitting_id_) take(reply.body);
    sendNext();
  });
}

}  // namespace invigil::kiosk
