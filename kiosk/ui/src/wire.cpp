// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <QJsonArray>
#include <algorithm>

namespace invigil::kiosk {
namespace {

constexpr std::int64_t kShownMax = 86'400'000;  // as openapi.yaml

std::int64_t whole(const QJsonObject& json, const char* name) {
  return static_cast<std::int64_t>(json.value(QLatin1String(name)).toDouble());
}

auto bad(const char* what) { return fail(ErrorCode::InvalidInput, "bad_sitting", what, "wire.cpp"); }

sitting::ItemType typeOf(const QString& name) {
  if (name == "true_false") return sitting::ItemType::TrueFalse;
  if (name == "numeric") return sitting::ItemType::Numeric;
  if (name == "short_text") return sitting::ItemType::ShortText;
  return name == "multiple_choice" ? sitting::ItemType::MultipleChoice : sitting::ItemType::SingleChoice;
}

sitting::Response readResponse(const QJsonObject& json) {
  sitting::Response response;
  response.position = json.value("position").toInt();
  response.revision = json.value("revision").toInt();
  response.flagged = json.value("flagged").toBool();
  response.shown_ms = whole(json, "shown_ms");
  for (const QJsonValue& option : json.value("chosen").toArray()) response.chosen.push_back(option.toInt());
  response.text = json.value("text").toString().toStdString();
  std::sort(response.chosen.begin(), response.chosen.end());
  return response;
}

}  // namespace

Result<Paper> readPaper(const QJsonObject& json) {
  Paper paper;
  paper.id = json.value("id").toString();
  if (paper.id.isEmpty()) return bad("no id");
  paper.finished = json.value("state").toString() == "finished";
  paper.title_zh = json.value("title").toObject().value("zh").toString();
  paper.title_en = json.value("title").toObject().value("en").toString();
  paper.name_masked = json.value("name_masked").toString();
  paper.now_ms = whole(json, "now_ms");
  paper.started_ms = whole(json, "started_ms");
  paper.deadline_ms = whole(json, "deadline_ms");
  paper.no_leaving_before_ms = whole(json, "no_leaving_before_ms");
  paper.paused_since_ms = whole(json, "paused_since_ms");
  if (paper.now_ms <= 0 || paper.deadline_ms <= paper.started_ms) return bad("times");
  const QJsonArray items = json.value("items").toArray();
  for (qsizetype i = 0; i < items.size(); ++i) {
    const QJsonObject from = items[i].toObject();
    if (from.value("position").toInt() != i + 1) return bad("positions have a gap");
    PaperItem item;
    item.points = from.value("points").toDouble();
    item.html = from.value("markup").toString() == "html";
    item.stem = from.value("stem").toString();
    const QJsonObject material = from.value("stimulus").toObject();
    item.case_id = material.value("id").toString();
    item.case_html = material.value("markup").toString() == "html";
    item.case_text = material.value("text").toString();
    for (const QJsonValue& option : from.value("options").toArray()) item.options.append(option.toString());
    item.shape = {typeOf(from.value("type").toString()), static_cast<int>(item.options.size())};
    const bool answerable = isTyped(item.shape.type) ? item.options.isEmpty() : item.options.size() >= 2 && item.options.size() <= 8;
    if (item.stem.isEmpty() || !answerable) return bad("an item has no words");
    paper.items.push_back(std::move(item));
  }
  if (paper.items.empty() && !paper.finished) return bad("no items");
  for (const QJsonValue& response : json.value("responses").toArray())
    paper.responses.push_back(readResponse(response.toObject()));
  return paper;
}

QJsonObject writeResponse(const sitting::Response& response) {
  QJsonArray chosen;
  for (const int option : response.chosen) chosen.append(option);
  QJsonObject out{{"position", response.position},
                  {"revision", response.revision},
                  {"chosen", chosen},
                  {"flagged", response.flagged},
                  {"shown_ms", static_cast<qint64>(std::clamp<std::int64_t>(response.shown_ms, 0, kShownMax))}};
  if (!response.text.empty()) out["text"] = QString::fromStdString(response.text);
  return out;
}

sitting::Acknowledged readAcknowledged(const QJsonObject& json, milliseconds heard) {
  sitting::Acknowledged out;
  for (const QJsonValue& value : json.value("saved").toArray()) {
    const QJsonObject saved = value.toObject();
    out.saved.emplace_back(saved.value("position").toInt(), saved.value("revision").toInt());
  }
  out.time = {whole(json, "now_ms"), whole(json, "deadline_ms"), heard};
  return out;
}

}  // namespace invigil::kiosk
