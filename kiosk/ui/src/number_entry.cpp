// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "number_entry.hpp"

#include "invigil/sitting/identity_number.hpp"

namespace invigil::kiosk {
namespace {
constexpr int kCodeMax = 12, kCodeMin = 6;
}

void NumberEntry::setKind(const QString& kind) {
  kind_ = kind;
  text_.clear();
  emit changed();
}

int NumberEntry::lengthMax() const {
  if (kind_ == "code") return kCodeMax;
  if (kind_ == "phone4") return 4;
  return sitting::numberLengthMax(kind_.toStdString());
}

bool NumberEntry::letters() const { return kind_ == "code" || sitting::needsLetters(kind_.toStdString()); }

QString NumberEntry::shown() const {
  const bool eighteen = lengthMax() == 18 && !(text_.size() && text_[0].isLetter());
  QString out;
  for (qsizetype i = 0; i < text_.size(); ++i) {
    const bool gap = eighteen ? (i == 6 || i == 14) : (i > 0 && i % 4 == 0);
    if (gap) out += QLatin1Char(' ');
    out += text_[i];
  }
  return out;
}

QString NumberEntry::verdict() const {
  if (kind_ == "code") return text_.size() >= kCodeMin ? "good" : "incomplete";
  if (kind_ == "phone4") return text_.size() == 4 ? "good" : "incomplete";
  switch (sitting::checkNumber(kind_.toStdString(), text_.toStdString())) {
    case sitting::NumberState::Good: return "good";
    case sitting::NumberState::BadCheck: return "bad_check";
    case sitting::NumberState::BadDate: return "bad_date";
    case sitting::NumberState::BadForm: return "bad_form";
    case sitting::NumberState::Incomplete: break;
  }
  return "incomplete";
}

void NumberEntry::press(const QString& key) {
  for (const QChar typed : key.toUpper()) {
    const bool digit = typed >= u'0' && typed <= u'9';
    const bool letter = typed >= u'A' && typed <= u'Z';
    if (text_.size() >= lengthMax() || !(digit || (letter && (letters() || (typed == u'X' && kind_ != "phone4")))))
      continue;
    text_ += typed;
  }
  emit changed();
}

void NumberEntry::backspace() {
  text_.chop(1);
  emit changed();
}

void NumberEntry::clear() {
  text_.clear();
  emit changed();
}

}  // namespace invigil::kiosk
