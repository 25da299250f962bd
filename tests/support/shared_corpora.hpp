// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>
#include <QFileInfo>
#include <QString>
#include <QtGlobal>
#include <string>

namespace invigil::test {

/// A file of the shared test corpora: below $INVIGIL_SHARED, else in ../shared beside the source folder. They are not
/// part of the project, so a machine without them is all right. Empty when the file is absent.
inline QString sharedFile(const QString& relative) {
  const QString root = qEnvironmentVariable("INVIGIL_SHARED", QStringLiteral(INVIGIL_SOURCE_DIR "/../shared"));
  const QFileInfo file(root + QLatin1Char('/') + relative);
  return file.exists() ? file.absoluteFilePath() : QString();
}

/// The bytes of a file that is known to be there.
inline std::string readAll(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) qFatal("cannot open %s", qPrintable(path));
  return file.readAll().toStdString();
}

}  // namespace invigil::test

/// Declares `variable` as the path of a shared file, or skips the test with a message.
#define SHARED_FILE_OR_SKIP(variable, relative)                                                       \
  const QString variable = ::invigil::test::sharedFile(relative);                                     \
  if (variable.isEmpty())                                                                             \
  QSKIP(qPrintable(QStringLiteral("shared test corpora are absent (set INVIGIL_SHARED): ") + (relative)))
