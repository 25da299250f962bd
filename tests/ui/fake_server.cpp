// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "fake_server.hpp"

#include <QBuffer>
#include <QImage>
#include <QPainter>

namespace invigil::kiosk::test {
namespace {

constexpr double kNow = 1795441560000.0;  // a Monday afternoon in Shanghai
constexpr double kMinute = 60000.0;
constexpr int kItems = 100;
constexpr int kFormulaItem = 89, kRichItem = 90, kNumberItem = 91, kWordItem = 92;

QJsonObject wording(const QString& zh, const QString& en) { return {{"zh", zh}, {"en", en}}; }
// The longest names in use: what holds them holds all.
QJsonObject title() { return wording("危险化学品经营单位安全生产管理人员", "Work-safety manager of a hazardous-chemicals dealer"); }

const QString kConsentZh = QStringLiteral(
    "为确认参加考试的是您本人，本考场请求用摄像头拍摄您的面部，并与您预约时提供的照片比对。\n\n"
    "一、只用于本次入场核对，不作其他用途。\n二、面部特征在本机计算，核对后按规定时间删除。\n"
    "三、您可以不同意。选择“转人工核对”，由远程监考员核对，考试内容、时间和成绩都不受影响。\n"
    "四、您可以随时撤回同意，并要求删除预约照片。");
const QString kConsentEn = QStringLiteral(
    "To make sure that it is you who sits the exam, this hall asks to take pictures of your face and to compare them "
    "with the photo from your booking.\n\n1. Used for this admission only.\n2. Face features are computed on this "
    "machine and deleted on schedule.\n3. You may decline. The remote invigilator then checks your identity; paper, time "
    "and result stay the same.\n4. You may withdraw consent at any time and have the photo deleted.");

QJsonObject richCase() {
  return {{"id", "case-1"}, {"markup", "html"},
          {"text", "<p>某厂检修低压配电柜，<b>未验电</b>即挂接地线，造成触电。接地电阻 \\( R_{\\mathrm{E}} = 12\\,\\Omega \\)。</p>"
                   "<ul><li>作业人 2 名</li><li>监护人缺席</li></ul>"}};
}

/// Everything an item can show: a case, a table, a picture, raised and lowered signs.
QJsonObject richItem() {
  return {{"position", kRichItem}, {"type", "multiple_choice"}, {"points", 1.5}, {"markup", "html"},
          {"stimulus", richCase()},
          {"stem", "<p>根据图和表，回路电流 <i>I</i><sub>1</sub> 与功率 10<sup>3</sup> W 的说法，正确的有（ ）。</p>"
                   "<p><img src=\"media:0123456789abcdef0123456789abcdef.png\" alt=\"接线图\"></p>"
                   "<table><tbody><tr><th>回路</th><th>电压</th><th>电流</th></tr><tr><td>照明</td><td>220 V</td><td>5 A</td></tr>"
                   "<tr><td>动力</td><td>380 V</td><td>20 A</td></tr></tbody></table>"},
          {"options", QJsonArray{"照明回路的功率是 1.1×10<sup>3</sup> W", "动力回路 <b>不需要</b> 保护", "A &lt; B"}}};
}

/// What LaTeX in an exam looks like: on the line, tall, in an option, in a table.
QJsonObject formulaItem() {
  return {{"position", kFormulaItem}, {"type", "single_choice"}, {"points", 1}, {"markup", "html"}, {"stimulus", richCase()},
          {"stem", "<p>三相负载的功率 \\( P = \\sqrt{3}\\,U_{\\mathrm{L}} I_{\\mathrm{L}} \\cos\\varphi \\)，其中 \\( I_{\\mathrm{L}} \\) 为线电流。已知 "
                   "\\( \\frac{1}{R} = \\sum_{i=1}^{n} \\frac{1}{R_i} \\)，则总电阻 \\( R \\) 等于（ ）。</p>"
                   "<table><tbody><tr><th>量</th><th>式</th></tr><tr><td>阻抗</td><td>\\( |Z| = \\sqrt{R^2 + \\left( \\omega L - \\frac{1}{\\omega C} \\right)^2} \\)</td></tr></tbody></table>"},
          {"options", QJsonArray{"\\( \\dfrac{R_1 R_2}{R_1 + R_2} \\)", "\\( R_1 + R_2 \\ge 4\\,\\Omega \\)", "\\( x = \\begin{cases} 1, &amp; t &lt; 0 \\\\ \\mathrm{e}^{-t/\\tau}, &amp; t \\ge 0 \\end{cases} \\)", "\\( \\vec{F} \\perp \\overline{AB} \\)"}}};
}

QJsonObject item(int position, bool long_words) {
  if (position <= 40)
    return {{"position", position}, {"type", "true_false"}, {"points", 1},
            {"stem", "电工作业人员在潮湿场所检修低压线路前，应当先停电、验电，并挂好接地线和标示牌，然后才能开始工作。"},
            {"options", QJsonArray{"正确", "错误"}}};
  if (position <= 80) {
    QString stem = "在潮湿场所检修低压线路时，使用手持照明灯具，其额定电压最高不应超过多少？";
    if (long_words) stem = stem.repeated(7);
    return {{"position", position}, {"type", "single_choice"}, {"points", 1}, {"stem", stem},
            {"options", QJsonArray{"12 V", "24 V", "36 V", "220 V，但须有人监护"}}};
  }
  if (position == kRichItem) return richItem();
  if (position == kFormulaItem) return formulaItem();
  if (position == kNumberItem || position == kWordItem)
    return {{"position", position}, {"type", position == kNumberItem ? "numeric" : "short_text"}, {"points", 2}, {"options", QJsonArray{}},
            {"stem", position == kNumberItem ? "某照明回路电压 220 V、电流 5 A，它的功率是多少千瓦？" : "写出保护接零系统 TN-S 中保护线的代号。"}};
  return {{"position", position}, {"type", "multiple_choice"}, {"points", 1},
          {"stem", "发现有人触电时，下列做法中正确的有哪些？"},
          {"options", QJsonArray{"立即切断电源", "用干燥的木棒挑开电线", "直接用手去拉触电的人",
                                 "脱离电源后检查呼吸和心跳，需要时马上做心肺复苏，同时请人拨打 120"}}};
}

}  // namespace

FakeServer::FakeServer() = default;

void FakeServer::send(const QByteArray& verb, const QString& path, const QJsonObject& body,
                      std::chrono::milliseconds, Done done) {
  seen.append(QString::fromLatin1(verb) + " " + path.section('?', 0, 0));
  if (verb != "GET") bodies[path.section('/', -1)] = last_body = body;
  if (path.contains("wait_ms") && reachable && admission_state_ == "waiting") {
    waiting_ = std::move(done);
    return;
  }
  if (path.contains("/orders") && path.contains("wait_ms") && reachable) {
    orders_after_ = path.section("seen=", 1).section('&', 0, 0).toInt();
    if (hall(orders_after_).value("orders").toArray().isEmpty()) {
      waiting_orders_ = std::move(done);
      return;
    }
  }
  Reply reply;
  const bool swallowed = !swallow_once.isEmpty() && path.endsWith(swallow_once);
  if (swallowed) swallow_once.clear();
  if (reachable && !swallowed) reply = answer(verb, path, body);
  else reply.error_id = "unreachable";
  if (!lose_once.isEmpty() && path.endsWith(lose_once)) {
    lose_once.clear();
    reply = {};
    reply.error_id = "unreachable";
  }
  if (hold_incidents && path.endsWith("/incidents")) {
    held_.append([done = std::move(done), reply] { done(reply); });
    return;
  }
  QTimer::singleShot(0, this, [done = std::move(done), reply] { done(reply); });
}

void FakeServer::release() {
  hold_incidents = false;
  for (const auto& one : std::exchange(held_, {})) one();
}

void FakeServer::fetch(const QString& path, std::chrono::milliseconds, Fetched done) {
  seen.append("GET " + path);
  QByteArray png;
  if (reachable) {
    QImage picture(2400, 900, QImage::Format_RGB32);
    picture.fill(Qt::white);
    QPainter painter(&picture);
    painter.setPen(QPen(Qt::darkBlue, 24));
    painter.drawRect(60, 60, 2280, 780);
    painter.drawLine(60, 450, 2340, 450);
    painter.drawEllipse(QPoint(1200, 450), 200, 200);
    painter.end();
    QBuffer out(&png);
    picture.save(&out, "PNG");
  }
  QTimer::singleShot(0, this, [done = std::move(done), png] { done(png); });
}

void FakeServer::put(const QString& path, const QByteArray& bytes, std::chrono::milliseconds, Done done) {
  seen.append("PUT " + path.section('?', 0, 0));
  Reply reply;
  reply.error_id = "unreachable";
  if (reachable && !refuse_segments.isEmpty() && bytes.contains(refuse_holding)) {
    reply.status = refuse_segments == "recordings_full" ? 503 : refuse_segments == "admission_other_seat" ? 409 : 422;
    reply.error_id = refuse_segments;
  } else if (reachable && path.contains("sealed-incident") && refuse_incidents != 0 && refuse_incidents != 409) {
    reply.status = refuse_incidents;
    reply.error_id = "kiosk_unknown";
  } else if (reachable) {
    (path.contains("sealed-incident") ? sealed_incidents : segments).append(bytes);
    reply = {};
    reply.status = 200;
    reply.body = {{"number", 1}, {"damaged", false}};
  }
  QTimer::singleShot(0, this, [done = std::move(done), reply] { done(reply); });
}

void FakeServer::decide(const QString& state) {
  admission_state_ = state;
  if (!waiting_) return;
  Reply reply;
  reply.status = 200;
  reply.body = admission();
  std::exchange(waiting_, {})(reply);
}

QJsonObject FakeServer::hall(int after) const {
  QJsonArray orders;
  for (const QJsonValue& order : orders_)
    if (order.toObject().value("place").toInt() > after) orders.append(order);
  return {{"state", hall_state}, {"monitor", monitored}, {"record", recorded}, {"next_place", incidents.size() + 1}, {"warnings", warnings}, {"why", hall_why}, {"message", wording(pause_zh, pause_en)},
          {"paused_since_ms", hall_state == "paused" ? QJsonValue(kNow) : QJsonValue()}, {"now_ms", kNow + minutes_past * kMinute},
          {"deadline_ms", kNow + (120 + minutes_given) * kMinute}, {"seen", orders_.size()}, {"orders", orders}};
}

void FakeServer::order(const QString& kind, const QString& zh, const QString& en) {
  orders_.append(QJsonObject{{"place", orders_.size() + 1}, {"kind", kind}, {"text", wording(zh, en)}, {"at_ms", kNow}});
  if (!waiting_orders_) return;
  Reply reply;
  reply.status = 200;
  reply.body = hall(orders_after_);
  std::exchange(waiting_orders_, {})(reply);
}

Reply FakeServer::answer(const QByteArray&, const QString& path, const QJsonObject& body) {
  Reply reply;
  reply.status = 200;
  if (path.contains("/orders")) {
    reply.body = hall(path.section("seen=", 1).section('&', 0, 0).toInt());
  } else if (path.endsWith("/incidents") && refuse_incidents != 0) {
    reply.status = refuse_incidents;
    reply.error_id = refuse_incidents == 409 ? "admission_other_seat" : "kiosk_unknown";
  } else if (path.endsWith("/incidents")) {
    incidents.append(body);
    if (body.value("measure").toString() == "pause" && body.value("ended_ms").isNull() && body.value("stands").toBool()) {
      hall_state = "paused";
      hall_why = body.value("kind").toString();
    }
    reply.body = hall(1000);
  } else if (path.endsWith("/recording") && refuse_recording != 0) {
    reply.status = refuse_recording;
    reply.error_id = "busy";
  } else if (path.endsWith("/recording")) {
    reply.body = {{"record", recorded}, {"film_key", recorded || monitored ? QString::fromLatin1(QByteArray(32, 'k').toBase64()) : QString()}, {"frames_per_second", 5},
                  {"segment_seconds", 30}, {"next_number", 3}, {"now_ms", kNow}};
  } else if (path.endsWith("/recording-news")) {
    recording_news.append(body);
    reply.body = {{"number", 0}, {"damaged", false}};
  } else if (path.endsWith("/state")) {
    reply.body = state();
  } else if (path.endsWith("/find") || path.endsWith("/walkin")) {
    if (!refuse_id.isEmpty()) {
      reply.status = 429;
      reply.error_id = std::exchange(refuse_id, {});
      reply.error_zh = "查得太快了，为了保护大家的信息，请一分钟后再试。";
      reply.error_en = "Too many look-ups; to protect everybody's data, please try again in a minute.";
      return reply;
    }
    if (outcome == "ready") admission_state_ = active.isEmpty() ? "new" : admission_state_;
    reply.body = found();
    if (outcome == "choose" && body.contains("eligibility_id")) {
      outcome = "ready";
      reply.body = found();
    }
  } else if (path.endsWith("/consent")) {
    given = body.value("given").toBool() ? "given" : "declined";
    admission_state_ = given == "given" ? after_consent : QStringLiteral("waiting");
    if (!body.value("given").toBool()) why = "declined";
    reply.body = admission();
  } else if (path.endsWith("/withdraw")) {
    if (admission_state_ == "face" || admission_state_ == "waiting") admission_state_ = "waiting";
    why = given = "declined";
    reply.body = admission();
  } else if (path.endsWith("/leave")) {
    reply.body = admission();
  } else if (path.endsWith("/engine")) {
    engine = body;
    reply.body = {{"ok", true}};
  } else if (path.endsWith("/face")) {
    const QString id = body.value("liveness").toObject().value("challenge_id").toString();
    const bool stale = id != admission().value("challenge").toObject().value("id").toString();
    if (face_status != 0 || admission_state_ != "face" || stale) {
      reply.status = face_status != 0 ? face_status : 409;
      reply.error_id = face_status != 0 ? "capture_not_jpeg" : stale ? "challenge_stale" : "admission_wrong_state";
      return reply;
    }
    ++face_reports;
    admission_state_ = after_face;
    reply.body = admission();
  } else if (path.endsWith("/review")) {
    admission_state_ = "waiting";
    why = body.value("why").toString();
    reply.body = admission();
  } else if (path.contains("/admissions/")) {
    reply.body = admission();
  } else if (path.endsWith("/sittings") && starts_refused > 0) {
    --starts_refused;
    reply.status = 503;
    reply.error_id = "papers_not_ready";
    reply.error_zh = "试卷正在准备，请等一分钟再开始；如果还不行，请联系工作人员。";
    reply.error_en = "Papers are being prepared; please wait a minute and start again, or call the staff.";
  } else if (path.endsWith("/sittings")) {
    admission_state_ = "sitting";
    reply.body = sitting();
  } else if (path.endsWith("/responses")) {
    if (closed) {
      reply.status = 409;
      reply.error_id = "sitting_finished";
      return reply;
    }
    QJsonArray acked;
    for (const QJsonValue& value : body.value("responses").toArray()) {
      const QJsonObject response = value.toObject();
      QJsonObject& kept = saved[response.value("position").toInt()];
      if (response.value("revision").toInt() > kept.value("revision").toInt()) kept = response;
      acked.append(QJsonObject{{"position", response.value("position")}, {"revision", kept.value("revision")}});
    }
    if (lose_acks) {
      reply.status = 0;
      reply.error_id = "unreachable";
      return reply;
    }
    reply.body = {{"saved", acked}, {"now_ms", kNow}, {"deadline_ms", kNow + 120 * kMinute}};
  } else if (path.endsWith("/submit") || path.endsWith("/result")) {
    submissions += path.endsWith("/submit");
    admission_state_ = "finished";
    reply.body = result();
  }
  return reply;
}

QJsonObject FakeServer::state() {
  return {{"kiosk_id", "k1"}, {"now_ms", kNow}, {"site_name", wording("襄阳市全天候智慧考场", "Xiangyang day-and-night exam hall")},
          {"time_zone", "Asia/Shanghai"}, {"utc_offset_minutes", 480}, {"room", "1 号厅"}, {"seat_label", "A07"},
          {"always_open", true}, {"open_now", true}, {"free_seats", 6}, {"sitting_now", 2},
          {"next_start_ms", kNow + 44 * kMinute}, {"next_name_masked", "李**"}, {"walk_in", true}, {"demo", false},
          {"active_admission_id", active},
          {"face_consent", QJsonObject{{"kind", "face_check"}, {"version", "2026-1"}, {"zh", kConsentZh}, {"en", kConsentEn}}},
          {"policy", QJsonObject{{"camera_kinds", QJsonArray{"camera", "simulated"}}, {"admit_min", 0.45},
                                 {"refuse_below", 0.35}, {"face_tries_max", 3}, {"face_seconds_max", 15},
                                 {"entry_before_minutes", 15}, {"entry_after_minutes", 30},
                                 {"no_leaving_minutes", no_leaving_minutes}, {"result_seconds", 60},
                                 {"monitoring", QJsonObject{{"enabled", true}, {"warnings_to_pause", 4}, {"pause_minutes_max", 10},
                                    {"rules", QJsonArray{QJsonObject{{"kind", "absent"}, {"notice_s", 5}, {"warning_s", 20}, {"pause_s", 60}}}}}}}}};
}

QJsonObject FakeServer::found() const {
  QJsonArray choices;
  if (outcome == "choose")
    choices = {QJsonObject{{"eligibility_id", "e1"}, {"title", title()}, {"is_makeup", false}},
               QJsonObject{{"eligibility_id", "e2"}, {"title", wording("安全生产管理人员", "Work-safety manager")}, {"is_makeup", true}}};
  const bool none = outcome == "none" || outcome == "choose";
  return {{"outcome", outcome}, {"admission_id", outcome == "ready" ? "a1" : ""}, {"name_masked", none ? "" : "王*"},
          {"title", title()}, {"site_name", wording("襄阳市全天候智慧考场", "Xiangyang day-and-night exam hall")},
          {"room", none ? "" : "2 号厅"}, {"seat_label", none ? "" : "B03"}, {"start_ms", none ? 0 : kNow + 30 * kMinute},
          {"entry_from_ms", none ? 0 : kNow + 15 * kMinute}, {"entry_until_ms", none ? 0 : kNow + 60 * kMinute},
          {"choices", choices}};
}

QJsonObject FakeServer::admission() const {
  const QJsonObject challenge{{"id", "challenge-" + QString::number(1 + face_reports)}, {"actions", QJsonArray{"turn_left", "blink"}}, {"seconds_each", 5}};
  const bool again = admission_state_ == "face" && face_reports > 0;
  return {{"challenge", admission_state_ == "face" ? QJsonValue(challenge) : QJsonValue(QJsonValue::Null)},
          {"advice", why == "asked_again" ? wording(reason, reason_en) : again ? wording("请等屏幕提示出来，再做那一个动作。", "Please wait for the prompt, then make just that one movement.") : wording("", "")},
          {"id", "a1"}, {"state", admission_state_}, {"consent", given}, {"why", why}, {"reason", wording(reason, reason_en)}, {"tries_left", 2},
          {"reference_photos", photos && (admission_state_ == "face" || admission_state_ == "sitting") ? QJsonArray{"SlBFRw==", "SlBFRzI="} : QJsonArray()},
          {"name", admission_state_ == "admitted" ? "王强" : ""}, {"name_masked", "王*"},
          {"id_masked", "4403**********1512"}, {"title", title()}, {"minutes", 120}, {"minutes_now", minutes_now}, {"items", kItems},
          {"pass_points", 80}, {"points_max", 100}, {"waiting_since_ms", QJsonValue::Null}};
}

QJsonObject FakeServer::sitting() {
  QJsonArray items, responses;
  for (int i = 1; i <= kItems; ++i) items.append(item(i, long_words));
  for (const auto& [position, response] : saved) responses.append(response);
  return {{"id", "s1"}, {"state", "running"}, {"title", title()}, {"name_masked", "王*"}, {"now_ms", kNow + minutes_past * kMinute},
          {"paused_since_ms", hall_state == "paused" || paused_at_start ? QJsonValue(kNow) : QJsonValue()}, {"started_ms", kNow}, {"deadline_ms", kNow + 120 * kMinute},
          {"no_leaving_before_ms", kNow + no_leaving_minutes * kMinute}, {"pass_points", 80}, {"points_max", 100},
          {"items", items}, {"responses", responses}};
}

QJsonObject FakeServer::result() const {
  const auto topic = [](const char* zh, const char* en, int points, int max) {
    return QJsonObject{{"id", en}, {"title", wording(zh, en)}, {"points", points}, {"points_max", max}};
  };
  QJsonObject out{{"sitting_id", "s1"}, {"points", passed ? 92 : 64}, {"points_max", 100}, {"pass_points", 80},
                  {"passed", passed}, {"submitted_by", "candidate"}, {"finished_ms", kNow}, {"attempts_left", passed ? 0 : 1},
                  {"topics", QJsonArray{topic("安全生产法律法规", "Law", 12, 12), topic("触电事故与急救", "Electric shock and first aid", 17, 18),
                                        topic("防雷与接地", "Lightning and earthing", 10, 15),
                                        topic("低压电器与配电", "Low-voltage apparatus", 29, 30),
                                        topic("电工工具与仪表", "Tools and instruments", 24, 25)}},
                  {"credential", QJsonValue::Null}};
  if (passed)
    out["credential"] = QJsonObject{{"id", "7F3C-1E20-B8A4"}, {"text", "IV1:" + QString("6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3").repeated(11)},
                                    {"issued_ms", kNow}, {"expires_ms", kNow + 365 * 24 * 60 * kMinute}};
  return out;
}

void FakeEyes::look(const char* what) {
  mode = QString::fromLatin1(what);
  QImage picture(640, 480, QImage::Format_RGB32);
  for (int y = 0; y < 480; ++y)
    for (int x = 0; x < 640; ++x) picture.setPixel(x, y, qRgb(120 + x / 8, 110 + y / 8, 100));
  QTimer::singleShot(0, this, [this, picture] { emit frame(picture); });
}

}  // namespace invigil::kiosk::test
