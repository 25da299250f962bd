// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <QUrl>

#include "invigil/base/result.hpp"

class QCoreApplication;

namespace invigil::kiosk {

struct Options {
  QUrl server;
  QString data_dir, ca_file, enrol_code, camera = QStringLiteral("auto"), models_dir;
  QString id_card;            ///< where the ID-card reader is, as devices::parseCardLine; empty = there is none
  QStringList wlt_decoder;    ///< the program for the chip's photo and its arguments; empty = photos are not decoded
  double recording_gib = 4;   ///< what recordings may take on this disk while they wait for the network
  QString language = QStringLiteral("zh");
  bool windowed = false;
  QSize window{1920, 1080};
};

/// Reads the command line of `app`; prints and exits for --help and --version. Errors: InvalidInput bad_option.
Result<Options> readOptions(const QCoreApplication& app);

/// The name of a variable in the environment that would load foreign code into the kiosk; empty = none.
/// Call before QGuiApplication exists.
QString injectedCode();

}  // namespace invigil::kiosk
