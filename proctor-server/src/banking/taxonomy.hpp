// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/call.hpp"

/// The topic tree of the three roles, as dated data (rules/taxonomy-2026.json). Thread-safe.
namespace invigil::server {

/// Taxonomy of openapi.yaml.
const Json& taxonomyTree();

/// True when `topic` is `ancestor` or stands below it.
bool topicIsUnder(const std::string& topic, const std::string& ancestor);

/// "('so-1', 'so-1.1', …)": `ancestor` and everything below it. A topic the tree does not know gives a list without hits.
std::string topicsUnderSql(const std::string& ancestor);

}  // namespace invigil::server
