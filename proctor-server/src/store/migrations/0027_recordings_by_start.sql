-- The list of recordings walks the sittings, newest first. Whether one is over stands in the index too: the rows themselves are
-- long, each with its whole paper.
create index sitting_by_start on sitting(started_ms, id, finished_ms);
-- What a person has still to decide: few, where incidents that nothing came of are many.
drop index incident_undecided;
create index incident_to_decide on incident(sitting_id) where decision = '' and measure <> 'nothing';
