// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <string_view>

#include "invigil/vision/frame.hpp"

/// Between the vision library's texts and pictures and Qt's.
namespace invigil::kiosk {

inline QString text(std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); }

/// Empty where the frame is. No wider than the film of a sitting: four pictures of one incident have to fit into a report, whatever
/// sizes a camera has.
inline QByteArray jpeg(const vision::Frame& frame) {
  if (frame.empty()) return {};
  const auto bytes = vision::encodeJpeg(frame, 88, 640);
  if (!bytes) return {};
  return QByteArray(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size()));
}

}  // namespace invigil::kiosk
