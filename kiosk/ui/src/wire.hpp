// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <vector>

#include "invigil/sitting/sitting.hpp"

namespace invigil::kiosk {

/// One item with its words.
struct PaperItem {
  sitting::ItemShape shape;
  double points = 0;  ///< at most two decimals
  bool html = false;       ///< stem and options are in the safe subset of docs/formats/item-markup.md
  QString stem;
  QStringList options;
  QString case_id;         ///< empty = stands alone
  bool case_html = false;
  QString case_text;       ///< what the items of a case refer to; empty = stands alone
};

/// The server's Sitting, checked.
struct Paper {
  QString id, title_zh, title_en, name_masked;
  bool finished = false;
  std::int64_t now_ms = 0, started_ms = 0, deadline_ms = 0, no_leaving_before_ms = 0;
  std::int64_t paused_since_ms = 0;  ///< 0 = the clock runs
  std::vector<PaperItem> items;   ///< by position, 1..n without gaps
  std::vector<sitting::Response> responses;
};

/// Errors: InvalidInput bad_sitting (detail says what).
Result<Paper> readPaper(const QJsonObject& json);
QJsonObject writeResponse(const sitting::Response& response);
/// From ResponsesSaved. @param heard  monotonic time of the answer.
sitting::Acknowledged readAcknowledged(const QJsonObject& json, milliseconds heard);

}  // namespace invigil::kiosk
