// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidcheck.h>

#include <QByteArray>
#include <QtTest>

namespace invigil::test {

/// Checks a property with RapidCheck, repeatably: the seed is fixed unless RC_PARAMS says otherwise.
template <class Property>
void checkProperty(const char* says, Property property) {
  if (qEnvironmentVariableIsEmpty("RC_PARAMS")) qputenv("RC_PARAMS", "seed=20261123");
  QVERIFY2(rc::check(says, property), says);
}

}  // namespace invigil::test
