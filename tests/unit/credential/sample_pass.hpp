// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/credential/credential.hpp"

namespace invigil::test {

constexpr const char* kIssuer = "杭州市安全生产考试中心";

/// A realistic pass: the longest shipped blueprint and titles.
inline credential::TheoryPass samplePass() {
  credential::TheoryPass pass;
  pass.id = "7K3M9QXWPA24";
  pass.issuer = kIssuer;
  pass.name = "欧阳小明";
  pass.id_digest = Bytes(16, 0xA5);
  pass.blueprint = "special-operations-low-voltage";
  pass.title_zh = "低压电工作业 · 理论考试";
  pass.title_en = "Low-voltage electrician · theory exam";
  pass.role = "special_operations";
  pass.category = "1.2";
  pass.points_x100 = 9200;
  pass.sat_at = fromMillis(1795415400000);
  pass.issued_at = fromMillis(1795415460000);
  pass.expires_at = fromMillis(1826951460000);
  return pass;
}

inline Instant soonAfter(const credential::TheoryPass& pass) { return pass.issued_at + minutes(10); }

}  // namespace invigil::test
