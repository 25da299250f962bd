// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sitting_model.hpp"

#include <QJsonArray>
#include <QRandomGenerator>
#include <algorithm>

#include "invigil/base/typed.hpp"
#include "item_text.hpp"

namespace invigil::kiosk {

using namespace sitting;

namespace {
/// From the first key that is not on disk yet: at most this much typing is lost in a power cut, and no more than this
/// often goes anything to disk and server.
constexpr int kSettleMs = 500;
}  // namespace

SittingModel::SittingModel(ApiClient& api, const Clock& clock, QString data_dir, QObject* parent)
    : QObject(parent), api_(api), clock_(clock), data_dir_(std::move(data_dir)) {
  timer_.setInterval(200);
  connect(&timer_, &QTimer::timeout, this, &SittingModel::tick);
  settle_.setInterval(kSettleMs);
  settle_.setSingleShot(true);
  connect(&settle_, &QTimer::timeout, this, [this] { feed(Settle{}); });
}

Status SittingModel::begin(const QJsonObject& sitting_json) {
  INVIGIL_TRY(paper, readPaper(sitting_json));
  Recovered recovered;
  auto journal = Journal::open(data_dir_.toStdString(), paper.id.toStdString(), recovered);
  // The server's clock runs already. A full disk is no reason to keep somebody from a paper whose answers the server can take; what could be
  // read of an earlier journal counts all the same.
  if (!journal && journal.error().reason != "cannot_write") return fail(journal.error());
  if (!journal) qWarning("journal: %s", journal.error().detail.c_str());
  Journal::removeOthers(data_dir_.toStdString(), paper.id.toStdString());
  std::vector<ItemShape> shapes;
  for (const PaperItem& item : paper.items) shapes.push_back(item.shape);
  const ServerTime time{paper.now_ms, paper.deadline_ms, clock_.monotonic()};
  state_ = start(paper.id.toStdString(), std::move(shapes), paper.started_ms, time, paper.responses,
                 recovered.responses);
  paper_ = std::move(paper);
  pictures_.load(paper_);
  journal_.reset();
  if (journal) journal_.emplace(std::move(*journal));
  recovered_bytes_ = static_cast<int>(recovered.bytes_dropped);
  sync_ = {};
  want_submission_ = false;
  map_.show(*state_);
  emit paperChanged();
  emit itemChanged();
  emit changed();
  emit timeChanged();
  timer_.start();
  feed(Shown{clock_.monotonic()});
  if (recovered.handed_in) feed(HandIn{});
  else if (paper_.paused_since_ms > 0) feed(Paused{milliseconds{paper_.paused_since_ms} + state_->offset});  // no deadline passes in a pause
  tick();
  return {};
}

void SittingModel::wipe() {
  timer_.stop();
  settle_.stop();
  map_.clear();
  state_.reset();
  journal_.reset();
  paper_ = {};
  case_places_.clear();
  pictures_.clear();
  emit itemChanged();
  emit changed();
  emit paperChanged();
}

QStringList SittingModel::options() const {
  if (!state_) return {};
  return item().options;
}

QVariantList SittingModel::figures() const {
  QVariantList out;
  if (!state_) return out;
  const auto add = [&](const QString& place, const QString& text, bool html) {
    int number = 0;
    for (const QVariant& one : html ? figuresIn(text) : QVariantList()) {
      QVariantMap figure = one.toMap();
      figure["place"] = place;
      figure["number"] = number++;
      out.append(figure);
    }
  };
  add(QStringLiteral("case"), item().case_text, item().case_html);
  add(QStringLiteral("stem"), item().stem, item().html);
  for (qsizetype i = 0; i < item().options.size(); ++i) add(QString(QChar(static_cast<char16_t>(u'A' + i))), item().options[i], item().html);
  return out;
}

std::pair<int, int> SittingModel::caseSpan() const {
  if (!state_ || item().case_id.isEmpty()) return {0, 0};
  const auto same = [&](int place) { return place >= 1 && place <= total() && paper_.items[static_cast<std::size_t>(place - 1)].case_id == item().case_id; };
  int from = position(), to = from;
  while (same(from - 1)) --from;
  while (same(to + 1)) ++to;
  return {from, to};
}

void SittingModel::choose(int option) { did(Choose{option}); }
void SittingModel::type(const QString& text) {
  did(Typed{text.toStdString()});
  if (state_ && state_->typing() && !settle_.isActive()) settle_.start();
}
void SittingModel::toggleFlag() { did(ToggleFlag{}); }
void SittingModel::goTo(int position) { did(GoTo{position}); }
void SittingModel::goToFirstOpen() {
  if (const int open = state_ ? state_->firstOpen() : 0) did(GoTo{open});
}
void SittingModel::handIn() { did(HandIn{}); }

void SittingModel::did(const Event& event) {
  feed(Shown{clock_.monotonic()});
  feed(event);
}

void SittingModel::feed(const Event& event) {
  if (!state_) return;
  const int before = state_->current;
  const Phase phase = state_->phase;
  Next outcome = next(std::move(*state_), event);
  state_ = std::move(outcome.state);
  for (const Effect& effect : outcome.effects) {
    act(effect);
    if (!state_) return;
  }
  map_.show(*state_);
  if (state_->current != before) emit itemChanged();
  emit changed();
  if (phase == Phase::Running && state_->phase == Phase::HandingIn) emit handedIn();
}

void SittingModel::act(const Effect& effect) {
  if (const auto* response = std::get_if<WriteJournal>(&effect)) write(response->response);
  else if (const auto* end = std::get_if<WriteHandIn>(&effect)) {
    Status written = journal_ ? Status() : catchUpJournal();
    if (written) written = journal_->appendHandIn(end->by_deadline);
    if (!written) qWarning("journal: %s", written.error().detail.c_str());
  } else if (std::holds_alternative<SendResponses>(effect)) pump();
  else if (std::holds_alternative<SendSubmission>(effect)) {
    want_submission_ = true;
    pump();
  } else if (std::holds_alternative<RemoveJournal>(effect) && journal_) {
    if (auto removed = journal_->remove(); !removed) qWarning("journal: %s", removed.error().detail.c_str());
  }
}

void SittingModel::write(const Response& response) {
  const Status written = journal_ ? journal_->append(response) : catchUpJournal();
  if (!written) journal_.reset();  // what it lacks now, the next answer writes
  if (!written) qWarning("journal: %s", written.error().detail.c_str());
  // After this call returns the screen may say "saved", not before.
  if (written) feed(JournalWrote{response.position, response.revision});
  else feed(JournalFailed{});
}

/// The disk took no journal when the paper began, or an answer since, and may by now: then all that the server does not have goes into it.
Status SittingModel::catchUpJournal() {
  Recovered known;  // what could be read of it the paper has had since it began
  INVIGIL_TRY(journal, Journal::open(data_dir_.toStdString(), paper_.id.toStdString(), known));
  const std::vector<Response> waiting = state_->unsent();
  for (const Response& one : waiting) INVIGIL_CHECK(journal.append(one));
  journal_.emplace(std::move(journal));
  for (const Response& one : waiting) feed(JournalWrote{one.position, one.revision});
  return {};
}

void SittingModel::pump() {
  if (!state_ || !sync_.ready(clock_.monotonic())) return;
  const auto batch = Sync::batch(*state_);
  if (!batch.empty()) sendBatch(batch);
  else if (want_submission_ && state_->phase == Phase::HandingIn) sendSubmission();
}

void SittingModel::sendBatch(const std::vector<Response>& batch) {
  QJsonArray out;
  for (const Response& response : batch) out.append(writeResponse(response));
  sync_.sent();
  api_.saveResponses(paper_.id, out, [this](const Reply& reply) {
    if (!state_) return;
    if (reply.ok()) {
      sync_.succeeded();
      feed(readAcknowledged(reply.body, clock_.monotonic()));
      return pump();
    }
    if (reply.status != 409 && reply.status != 410) return failed();
    // The server may have closed the sitting: its deadline came first.
    askResult();
  });
}

void SittingModel::sendSubmission() {
  sync_.sent();
  api_.submit(paper_.id, [this](const Reply& reply) {
    if (!state_) return;
    if (reply.ok()) {
      sync_.succeeded();
      feed(SubmissionAccepted{});
      timer_.stop();
      emit graded(reply.body);
    } else if (reply.worthRepeating()) {
      failed();
    } else {
      askResult();
    }
  });
}

void SittingModel::askResult() {
  api_.result(paper_.id, [this](const Reply& reply) {
    if (!state_) return;
    if (!reply.ok()) return failed();
    sync_.succeeded();
    if (state_->phase == Phase::Running) {
      sync_.sent();  // nothing may go out between the two
      state_->paused_at.reset();  // the invigilator may have ended it in a pause
      feed(Tick{state_->deadline});
    }
    feed(SubmissionAccepted{});
    timer_.stop();
    emit graded(reply.body);
  });
}

void SittingModel::failed() {
  sync_.failed(clock_.monotonic(), QRandomGenerator::global()->generateDouble());
  emit changed();
}

void SittingModel::tick() {
  if (!state_) return;
  if (state_->phase == Phase::Running && clock_.monotonic() >= state_->deadline) feed(Tick{clock_.monotonic()});
  pump();
  emit timeChanged();
}

QString SittingModel::itemType() const {
  if (!state_) return {};
  switch (item().shape.type) {
    case ItemType::TrueFalse: return QStringLiteral("true_false");
    case ItemType::MultipleChoice: return QStringLiteral("multiple_choice");
    case ItemType::Numeric: return QStringLiteral("numeric");
    case ItemType::ShortText: return QStringLiteral("short_text");
    case ItemType::SingleChoice: break;
  }
  return QStringLiteral("single_choice");
}

QRegularExpression SittingModel::numberPattern() {
  return QRegularExpression(QStringLiteral("^[0-9.+\\-eE]{0,%1}$").arg(kTypedCharactersMax));
}

QRegularExpression SittingModel::textPattern() {
  QString signs;
  for (const std::string_view sign : kTypedSigns) signs += QString::fromUtf8(sign.data(), static_cast<qsizetype>(sign.size()));
  return QRegularExpression(QStringLiteral("^[0-9A-Za-z %1]{0,%2}$").arg(QRegularExpression::escape(signs)).arg(kTypedCharactersMax));
}

QList<int> SittingModel::chosen() const {
  QList<int> out;
  if (state_)
    for (const int option : state_->at(position()).response.chosen) out.append(option);
  return out;
}

QString SittingModel::saving() const {
  if (!state_) return QStringLiteral("none");
  if (state_->typing()) return QStringLiteral("typing");
  if (!state_->allSaved()) return QStringLiteral("unsaved");
  if (!state_->unsent().empty()) return QStringLiteral("saved");
  const bool touched = std::any_of(state_->entries.begin(), state_->entries.end(),
                                   [](const Entry& e) { return e.response.revision > 0; });
  return touched ? QStringLiteral("sent") : QStringLiteral("none");
}

int SittingModel::secondsLeft() const {
  return state_ ? static_cast<int>((state_->timeLeft(clock_.monotonic()).count() + 999) / 1000) : 0;
}

double SittingModel::share() const {
  if (!state_ || state_->duration.count() <= 0) return 0;
  return static_cast<double>(state_->timeLeft(clock_.monotonic()).count()) /
         static_cast<double>(state_->duration.count());
}

int SittingModel::leaveSeconds() const {
  if (!state_) return 0;
  const milliseconds until = milliseconds{paper_.no_leaving_before_ms} + state_->offset;
  return static_cast<int>(std::max<std::int64_t>(0, (until - clock_.monotonic()).count() + 999) / 1000);
}

}  // namespace invigil::kiosk
