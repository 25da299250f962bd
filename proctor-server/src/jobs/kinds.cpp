// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/bulk.hpp"
#include "banking/imports.hpp"
#include "grading/regrade.hpp"
#include "jobs/jobs.hpp"
#include "papers/papers.hpp"
#include "statistics/statistics.hpp"

namespace invigil::server {

const std::vector<JobKind>& jobKinds() {
  static const std::vector<JobKind> kinds = {
      {"import_read", "读取题库文件", "Reading a bank file", readImportWork, undoImportWork},
      {"import_accept", "导入题库", "Taking an import into the bank", acceptImportWork, undoImportWork},
      {"regrade", "更正答案后重新评分", "Regrading after a corrected key", regradeWork, undoRegrade},
      {"statistics", "计算题目统计", "Computing item statistics", statisticsWork, undoStatistics},
      {"bulk_edit", "批量修改题目", "Changing many items", bulkEditWork, undoBulkEdit},
      {"seal_batch", "组卷并封存", "Assembling and sealing papers", sealBatchWork, undoSealBatch},
      {"audit_batch", "核验试卷批次", "Auditing a batch of papers", auditBatchWork, undoAuditBatch}};
  return kinds;
}

}  // namespace invigil::server
