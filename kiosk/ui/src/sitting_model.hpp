// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QRegularExpression>
#include <QStringList>
#include <QTimer>
#include <QVariantMap>
#include <optional>

#include "api_client.hpp"
#include "invigil/sitting/journal.hpp"
#include "invigil/sitting/sync.hpp"
#include "map_model.hpp"
#include "item_pictures.hpp"
#include "wire.hpp"

namespace invigil::kiosk {

/// The paper on the screen: carries events to the rules (sitting::next) and their effects to journal and server.
class SittingModel final : public QObject {
  Q_OBJECT
  QML_ANONYMOUS
  Q_PROPERTY(bool active READ active NOTIFY paperChanged)
  Q_PROPERTY(QString titleZh READ titleZh NOTIFY paperChanged)
  Q_PROPERTY(QString titleEn READ titleEn NOTIFY paperChanged)
  Q_PROPERTY(QString nameMasked READ nameMasked NOTIFY paperChanged)
  Q_PROPERTY(int total READ total NOTIFY paperChanged)
  Q_PROPERTY(int recoveredBytes READ recoveredBytes NOTIFY paperChanged)
  Q_PROPERTY(int position READ position NOTIFY itemChanged)
  Q_PROPERTY(QString itemType READ itemType NOTIFY itemChanged)
  Q_PROPERTY(double points READ points NOTIFY itemChanged)
  Q_PROPERTY(bool html READ html NOTIFY itemChanged)
  Q_PROPERTY(QString caseText READ caseText NOTIFY itemChanged)
  Q_PROPERTY(QString caseId READ caseId NOTIFY itemChanged)
  Q_PROPERTY(int caseFrom READ caseFrom NOTIFY itemChanged)  ///< the items beside this one that share its material
  Q_PROPERTY(int caseTo READ caseTo NOTIFY itemChanged)
  Q_PROPERTY(QVariantMap casePlaces MEMBER case_places_ NOTIFY casePlacesChanged)  ///< by caseId: how far it was read, whether it is open
  Q_PROPERTY(QVariantList figures READ figures NOTIFY itemChanged)  ///< of material, stem and options: what can be opened large
  Q_PROPERTY(bool caseHtml READ caseHtml NOTIFY itemChanged)
  Q_PROPERTY(QString stem READ stem NOTIFY itemChanged)
  Q_PROPERTY(QStringList options READ options NOTIFY itemChanged)
  Q_PROPERTY(QList<int> chosen READ chosen NOTIFY changed)
  Q_PROPERTY(QString text READ text NOTIFY changed)
  Q_PROPERTY(bool flagged READ flagged NOTIFY changed)
  Q_PROPERTY(int answered READ answered NOTIFY changed)
  Q_PROPERTY(int flags READ flags NOTIFY changed)
  Q_PROPERTY(QString saving READ saving NOTIFY changed)
  Q_PROPERTY(bool handingIn READ handingIn NOTIFY changed)
  Q_PROPERTY(bool byDeadline READ byDeadline NOTIFY changed)
  Q_PROPERTY(bool online READ online NOTIFY changed)
  Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY timeChanged)
  Q_PROPERTY(double share READ share NOTIFY timeChanged)
  Q_PROPERTY(int leaveSeconds READ leaveSeconds NOTIFY timeChanged)
  Q_PROPERTY(QRegularExpression numberPattern READ numberPattern CONSTANT)
  Q_PROPERTY(QRegularExpression textPattern READ textPattern CONSTANT)
  Q_PROPERTY(QAbstractItemModel* map READ map CONSTANT)

 public:
  SittingModel(ApiClient& api, const Clock& clock, QString data_dir, QObject* parent = nullptr);

  /// Starts or goes on, also where the disk takes no journal: then the answers are safe once the server has them, and saving() says so.
  /// Errors: as readPaper and Journal::open, but for cannot_write.
  Status begin(const QJsonObject& sitting_json);
  /// Forgets everything; the journal stays unless the server has acknowledged the submission.
  void wipe();

  /// The clock stands, or runs again to the deadline that the server told.
  void pause() { feed(sitting::Paused{clock_.monotonic()}); }
  void resume(const sitting::ServerTime& time, milliseconds given_back) { feed(sitting::Resumed{time, clock_.monotonic(), given_back}); }
  /// The server has ended the sitting by itself: fetches the result.
  void endedByServer() { if (state_ && state_->phase == sitting::Phase::Running) askResult(); }
  QString id() const { return paper_.id; }

  Q_INVOKABLE void choose(int option);
  /// The whole answer of a numeric or short_text item, as it now stands; what cannot be typed is not taken.
  Q_INVOKABLE void type(const QString& text);
  Q_INVOKABLE void toggleFlag();
  Q_INVOKABLE void goTo(int position);
  Q_INVOKABLE void goToFirstOpen();
  Q_INVOKABLE void handIn();

  bool active() const { return state_.has_value(); }
  QString titleZh() const { return paper_.title_zh; }
  QString titleEn() const { return paper_.title_en; }
  QString nameMasked() const { return paper_.name_masked; }
  int total() const { return static_cast<int>(paper_.items.size()); }
  int recoveredBytes() const { return recovered_bytes_; }
  int position() const { return state_ ? state_->current : 0; }
  QString itemType() const;
  double points() const { return state_ ? item().points : 0; }
  bool html() const { return state_ && item().html; }
  bool caseHtml() const { return state_ && item().case_html; }
  QString caseText() const { return state_ ? item().case_text : QString(); }
  QString caseId() const { return state_ ? item().case_id : QString(); }
  int caseFrom() const { return caseSpan().first; }
  int caseTo() const { return caseSpan().second; }
  QVariantList figures() const;
  QString stem() const { return state_ ? item().stem : QString(); }
  QStringList options() const;
  QList<int> chosen() const;
  QString text() const { return state_ ? QString::fromStdString(state_->at(position()).response.text) : QString(); }
  bool flagged() const { return state_ && state_->at(position()).response.flagged; }
  int answered() const { return state_ ? state_->answered() : 0; }
  int flags() const { return state_ ? state_->flagged() : 0; }
  /// "none" nothing to save yet, "typing" a moment before it is saved, "unsaved", "saved" on this kiosk only, "sent"
  QString saving() const;
  bool isPaused() const { return state_ && state_->paused_at; }
  bool handingIn() const { return state_ && state_->phase != sitting::Phase::Running; }
  bool byDeadline() const { return state_ && state_->by_deadline; }
  bool online() const { return sync_.online(); }
  int secondsLeft() const;
  double share() const;
  int leaveSeconds() const;
  static QRegularExpression numberPattern();
  static QRegularExpression textPattern();
  const ItemPictures& pictures() const { return pictures_; }
  MapModel* map() { return &map_; }

 signals:
  void paperChanged();
  void itemChanged();
  void changed();
  void timeChanged();
  void casePlacesChanged();
  void handedIn();
  void graded(const QJsonObject& result);

 private:
  const PaperItem& item() const { return paper_.items[static_cast<std::size_t>(state_->current - 1)]; }
  std::pair<int, int> caseSpan() const;
  /// What the candidate did: the item on the screen first gets its time.
  void did(const sitting::Event& event);
  void feed(const sitting::Event& event);
  void act(const sitting::Effect& effect);
  void write(const sitting::Response& response);
  Status catchUpJournal();
  void pump();
  void sendBatch(const std::vector<sitting::Response>& batch);
  void sendSubmission();
  void askResult();
  void failed();
  void tick();

  ApiClient& api_;
  const Clock& clock_;
  const QString data_dir_;
  ItemPictures pictures_{api_};
  Paper paper_;
  std::optional<sitting::State> state_;
  std::optional<sitting::Journal> journal_;  ///< none while the disk takes none
  sitting::Sync sync_;
  bool want_submission_ = false;
  int recovered_bytes_ = 0;
  QVariantMap case_places_;
  MapModel map_;
  QTimer timer_, settle_;
};

}  // namespace invigil::kiosk
