// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QElapsedTimer>
#include <QImage>
#include <QQmlEngine>
#include <QTimer>
#include <QVariantMap>

#include "api_client.hpp"
#include "eyes.hpp"
#include "face_model.hpp"
#include "hall_model.hpp"
#include "id_reader.hpp"
#include "number_entry.hpp"
#include "proctor_model.hpp"
#include "recording_model.hpp"
#include "sitting_model.hpp"

namespace invigil::kiosk {

/// The way of one candidate through the kiosk: which screen is shown, and what each button does.
class Kiosk final : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_SINGLETON
  Q_PROPERTY(QString screen READ screen NOTIFY screenChanged)
  Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)
  Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
  Q_PROPERTY(QString errorId READ errorId NOTIFY errorChanged)
  Q_PROPERTY(QString errorZh READ errorZh NOTIFY errorChanged)
  Q_PROPERTY(QString errorEn READ errorEn NOTIFY errorChanged)
  Q_PROPERTY(QVariantMap found READ found NOTIFY foundChanged)
  Q_PROPERTY(QVariantMap admission READ admission NOTIFY admissionChanged)
  Q_PROPERTY(QVariantMap result READ result NOTIFY resultChanged)
  Q_PROPERTY(int leaveIn READ leaveIn NOTIFY leaveInChanged)
  Q_PROPERTY(QString findMode READ findMode WRITE setFindMode NOTIFY findModeChanged)
  Q_PROPERTY(bool hasCamera READ hasCamera NOTIFY eyesChanged)
  Q_PROPERTY(bool canVerify READ canVerify NOTIFY eyesChanged)
  Q_PROPERTY(bool hasReader READ hasReader CONSTANT)
  Q_PROPERTY(QString readerFault READ readerFault NOTIFY readerChanged)
  Q_PROPERTY(invigil::kiosk::HallModel* hall READ hall CONSTANT)
  Q_PROPERTY(invigil::kiosk::NumberEntry* code READ code CONSTANT)
  Q_PROPERTY(invigil::kiosk::NumberEntry* document READ document CONSTANT)
  Q_PROPERTY(invigil::kiosk::NumberEntry* phone READ phone CONSTANT)
  Q_PROPERTY(invigil::kiosk::FaceModel* face READ face CONSTANT)
  Q_PROPERTY(invigil::kiosk::SittingModel* sitting READ sitting CONSTANT)
  Q_PROPERTY(invigil::kiosk::ProctorModel* proctor READ proctor CONSTANT)

 public:
  struct Parts {
    Transport& transport;
    Eyes& eyes;
    const Clock& clock;
    QString data_dir;
    QString language = QStringLiteral("zh");  ///< at the start and after each candidate
    int wipe_ms = 1600;                         ///< how long the wipe screen stays
    IdReader* reader = nullptr;                 ///< for ID cards; none where the kiosk has none
  };
  explicit Kiosk(const Parts& parts, QObject* parent = nullptr);
  ~Kiosk() override;
  static Kiosk* instance();
  static Kiosk* create(QQmlEngine* engine, QJSEngine*);
  void start();

  QString screen() const { return screen_; }
  QString language() const { return language_; }
  void setLanguage(const QString& language);
  bool busy() const { return busy_; }
  QString errorId() const { return error_.error_id; }
  QString errorZh() const { return error_.error_zh; }
  QString errorEn() const { return error_.error_en; }
  QVariantMap found() const { return found_; }
  QVariantMap admission() const { return admission_; }
  QVariantMap result() const { return result_; }
  int leaveIn() const { return leave_in_; }
  QString findMode() const { return find_mode_; }
  void setFindMode(const QString& mode);
  bool hasCamera() const { return eyes_.hasCamera(); }
  bool canVerify() const { return eyes_.canVerify(); }
  bool hasReader() const { return reader_ != nullptr; }
  QString readerFault() const { return reader_ ? reader_->fault() : QString(); }
  HallModel* hall() { return &hall_; }
  NumberEntry* code() { return &code_; }
  NumberEntry* document() { return &document_; }
  NumberEntry* phone() { return &phone_; }
  FaceModel* face() { return &face_; }
  SittingModel* sitting() { return &sitting_; }
  ProctorModel* proctor() { return &proctor_; }

  Q_INVOKABLE void begin(const QString& mode);          ///< card, scan, code, id or walkin
  Q_INVOKABLE void find();                              ///< with what was typed
  Q_INVOKABLE void walkIn(const QString& eligibility_id = {});
  Q_INVOKABLE void consent(bool given);
  /// Takes the consent to the face check back: photo and captures are deleted at once.
  Q_INVOKABLE void withdrawConsent();
  Q_INVOKABLE void openWithdraw();                      ///< the question, over the paper
  Q_INVOKABLE void giveUp();                            ///< cancels the booking before the paper, and leaves
  Q_INVOKABLE void askReviewer();
  Q_INVOKABLE void confirmData();
  Q_INVOKABLE void startPaper();
  Q_INVOKABLE void openReview();                        ///< of the answers, before handing in
  Q_INVOKABLE void openMap();
  Q_INVOKABLE void backToPaper();
  Q_INVOKABLE void leave();                             ///< wipe, then welcome
  Q_INVOKABLE void dismissError();
  Q_INVOKABLE void alive();                             ///< somebody touched something

 signals:
  void screenChanged();
  void languageChanged();
  void busyChanged();
  void errorChanged();
  void foundChanged();
  void admissionChanged();
  void resultChanged();
  void leaveInChanged();
  void findModeChanged();
  void eyesChanged();
  void readerChanged();
  void picture(const QImage& picture);

 private:
  void show(const QString& screen);
  void setBusy(bool busy);
  void fail(const Reply& reply);
  void takeFound(const Reply& reply);
  void takeAdmission(const Reply& reply);
  void followAdmission();
  /// Sends what the server has yet to answer: the report of the try first, then the call for the reviewer.
  void deliver();
  void takeVerdict(const Reply& reply, bool of_report);
  /// Where an answer was lost: asks how the admission stands, and sends again what has not arrived. Until then no other check
  /// begins: a report that never came would cost no try, and its challenge would be asked twice.
  void catchUp();
  bool owesWord() const { return !report_.isEmpty() || !review_why_.isEmpty(); }
  void dropWord();
  /// A consent that was taken back is told until the server has heard it, also after the person has left.
  void tellWithdrawals();
  void keepWithdrawals() const;
  void takeWithdrawal(const Reply& reply);
  void listenToReader();
  void seekCards();
  bool cardWanted() const;
  void takeCard(const CardSeen& card);
  void failCard(const QString& reason);
  void dropCard();
  void sendConsent(bool given);
  void checkFace();
  QByteArrayList bookingPhotos() const;
  void review(const QString& why);
  void awaitReviewer();
  /// For the reviewer, where somebody who consented comes to them without a check: no photo to compare with, no try left.
  void takePicture();
  void tellEngine();
  void resumeIfSitting();
  void takeSitting(const Reply& reply);
  void takeResult(const QJsonObject& result);
  void wipe();
  void second();
  void tellLeaving();

  static Kiosk* instance_;
  ApiClient api_, lasting_;  ///< the second is never told to forget
  Eyes& eyes_;
  IdReader* const reader_;
  QString card_number_;      ///< of the card that was read, with what it brought; in memory only, until dropCard()
  QStringList card_names_;
  QByteArray chip_, chip_photo_;  ///< the photo as on the chip, and as a picture after the consent
  bool decoding_ = false;
  const Clock& clock_;
  const QString first_language_;
  const int wipe_ms_;
  QString screen_ = QStringLiteral("connecting"), language_;
  QString find_mode_ = QStringLiteral("scan");
  QString admission_id_, resumed_;
  bool busy_ = false, walking_in_ = false, awaits_eyes_ = false;
  QJsonObject report_;   ///< of the last try, until the server has answered; in memory only, as the two after it
  QString review_why_;   ///< why a person is to look, until the server has answered
  bool delivering_ = false, telling_withdrawal_ = false;
  QStringList withdrawals_;  ///< admissions whose person took the consent back, until the server has answered; on the disk too
  const QString withdrawals_path_;
  Reply error_;
  QVariantMap found_, admission_, result_;
  int leave_in_ = 0;
  milliseconds touched_{0};
  QJsonObject engine_told_;
  HallModel hall_;
  NumberEntry code_, document_, phone_;
  FaceModel face_;
  SittingModel sitting_;
  IncidentDrawer drawer_;
  ProctorModel proctor_;
  RecordingModel recording_;
  QTimer second_, retry_, again_, catch_up_, withdraw_again_;
};

}  // namespace invigil::kiosk
