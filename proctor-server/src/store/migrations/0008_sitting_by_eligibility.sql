-- A regrade asks, for everyone it touches, which of the person's sittings passed.
create index sitting_by_eligibility on sitting(eligibility_id, finished_ms, passed);
