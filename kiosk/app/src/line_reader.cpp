// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "line_reader.hpp"

#include <memory>

namespace invigil::kiosk {
namespace {

QString text(std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); }

QDate dateOf(std::chrono::year_month_day day) {
  return QDate(static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())), static_cast<int>(static_cast<unsigned>(day.day())));
}

QByteArray bytesOf(const Bytes& bytes) { return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())); }

devices::CardReader::Settings settings(const QString& line, const QStringList& decoder) {
  devices::CardReader::Settings out;
  if (auto parsed = devices::parseCardLine(line.toStdString())) out.line = std::move(*parsed);
  for (const QString& word : decoder) out.decoder.push_back(word.toStdString());
  return out;
}

}  // namespace

LineReader::LineReader(const QString& line, const QStringList& decoder, QObject* parent)
    : IdReader(parent), kind_(line.startsWith("simulated:") ? QStringLiteral("simulated") : QStringLiteral("serial")),
      reader_(settings(line, decoder), [this](devices::CardNews news) {
        auto held = std::make_shared<devices::CardNews>(std::move(news));
        QMetaObject::invokeMethod(this, [this, held] {
          take(*held);
          devices::wipe(held->photo);
        });
      }) {}

void LineReader::decode(const QByteArray& photo) { reader_.decode(Bytes(photo.begin(), photo.end())); }

void LineReader::take(const devices::CardNews& news) {
  using What = devices::CardNews::What;
  switch (news.what) {
    case What::Line:
      fault_ = text(news.reason);
      // What is wrong with the reader, never what it read.
      if (!fault_.isEmpty()) qWarning("ID-card reader: %s", news.reason.c_str());
      emit faultChanged();
      return;
    case What::Trouble: emit cardFailed(text(news.reason)); return;
    case What::Photo:
      if (news.photo.empty()) qWarning("ID-card photo: %s", news.reason.c_str());
      emit photoReady(bytesOf(news.photo));
      return;
    case What::Card: break;
  }
  CardSeen seen{text(devices::idTypeOf(news.card.kind)), text(news.card.number), {}, dateOf(news.card.valid_from), {}, bytesOf(news.photo)};
  for (const std::string* name : {&news.card.name, &news.card.name_latin})
    if (!name->empty()) seen.names.append(text(*name));
  if (news.card.valid_until) seen.until = dateOf(*news.card.valid_until);
  emit cardSeen(seen);
  seen.photo.fill('\0');
}

}  // namespace invigil::kiosk
