-- A person's words to the candidate in both languages.
alter table admission add column reason_en text not null default '';
-- Since when somebody has been in the queue of the remote invigilator: a kiosk that is started anew does not send them to its end.
alter table admission add column queued_since_ms bigint;
-- What was filmed after this moment is not kept.
alter table admission add column withdrawn_ms bigint;
