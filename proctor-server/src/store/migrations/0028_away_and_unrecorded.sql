-- A person has let a paused sitting run again while its kiosk could not hear it: it stands here too until the kiosk is back.
alter table sitting_hold add column resume_wanted_ms bigint;
alter table sitting_hold add column resume_actor text not null default '';
-- The key (sealed) of a sitting that is watched over and not recorded: its kiosk seals reports of incidents with it. A row of
-- recording would say that film is missing. Where both are, it is one key. Exam evidence: goes with the pictures.
create table incident_key (
  sitting_id text primary key references sitting(id), key text not null, made_ms bigint not null);
