// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/item_search.hpp"
#include "jobs/jobs.hpp"

/// One change for many items: either fields, which give each item a new version, or a move of the table in lifecycle.cpp.
namespace invigil::server {

/// Work of the job bulk_edit; the result is a BulkResult of openapi.yaml.
Result<Json> bulkEditWork(App& app, JobRun& run);
void undoBulkEdit(App& app, const JobRun& run, const Error& error);

Routes bulkRoutes();

}  // namespace invigil::server
