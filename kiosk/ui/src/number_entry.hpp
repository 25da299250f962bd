// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QObject>

namespace invigil::kiosk {

/// What the candidate types on the keypad: a booking code, a document number or the end of a phone number.
class NumberEntry : public QObject {
  Q_OBJECT
  QML_ANONYMOUS
  Q_PROPERTY(QString kind READ kind WRITE setKind NOTIFY changed)
  Q_PROPERTY(QString text READ text NOTIFY changed)
  Q_PROPERTY(QString shown READ shown NOTIFY changed)
  Q_PROPERTY(QString verdict READ verdict NOTIFY changed)
  Q_PROPERTY(bool letters READ letters NOTIFY changed)
  Q_PROPERTY(bool good READ good NOTIFY changed)
  Q_PROPERTY(int lengthMax READ lengthMax NOTIFY changed)

 public:
  using QObject::QObject;
  /// "code", "phone4" or a document type; setting it empties the text
  QString kind() const { return kind_; }
  void setKind(const QString& kind);
  QString text() const { return text_; }
  /// In groups, as people read numbers aloud.
  QString shown() const;
  /// "incomplete", "good", "bad_check", "bad_date", "bad_form"
  QString verdict() const;
  bool good() const { return verdict() == QLatin1String("good"); }
  bool letters() const;
  int lengthMax() const;

  /// One key; characters that this kind cannot have are ignored.
  Q_INVOKABLE void press(const QString& key);
  Q_INVOKABLE void backspace();
  Q_INVOKABLE void clear();

 signals:
  void changed();

 private:
  QString kind_ = QStringLiteral("code"), text_;
};

}  // namespace invigil::kiosk
